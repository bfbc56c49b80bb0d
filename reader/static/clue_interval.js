// Clues on a time line: the learner chooses clues, the kernel says which days are left.

const SVG = "http://www.w3.org/2000/svg";
const make = (tag, attrs = {}, ...children) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attrs)) node.setAttribute(name, value);
  node.append(...children);
  return node;
};
const draw = (tag, attrs, text) => {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attrs)) node.setAttribute(name, value);
  if (text !== undefined) node.textContent = text;
  return node;
};
const DAY = 86400000;
const time = (iso) => Date.parse(`${iso}T00:00:00Z`);

function render({ model, el }) {
  const uid = "clues-" + Math.random().toString(36).slice(2, 10);
  const clues = model.get("clues");
  const told = make("p", { role: "status", class: "rw-place" });
  const set = make("fieldset", {}, make("legend", {}, model.get("title")));
  const inputs = clues.map((clue, n) => {
    const input = make("input", { type: "checkbox", id: `${uid}-${n}` });
    input.addEventListener("change", () => {
      const chosen = new Set(model.get("selected"));
      input.checked ? chosen.add(n) : chosen.delete(n);
      model.set("selected", [...chosen].sort((a, b) => a - b));
      model.save_changes();
    });
    const limits = [clue.first && `not before ${clue.first}`, clue.last && `not after ${clue.last}`]
      .filter(Boolean).join(", ");
    set.append(make("div", {}, input, make("label", { for: input.id },
      `${n + 1}. ${clue.label} (${limits}${clue.evidence ? "; " + clue.evidence : ""})`)));
    return input;
  });
  const picture = make("div", { class: "rw-line" });
  el.append(make("div", { class: "rw", role: "group", "aria-label": "Clues and days" },
    set, picture, told));

  function update() {
    const chosen = new Set(model.get("selected"));
    inputs.forEach((input, n) => { input.checked = chosen.has(n); });
    told.textContent = model.get("told");
    picture.replaceChildren(line(clues, chosen, model.get("days"), model.get("told")));
  }
  model.on("change:selected change:days change:told", update);
  update();
  return () => model.off("change:selected change:days change:told", update);
}

function line(clues, chosen, days, told) {
  const known = clues.flatMap((clue) => [clue.first, clue.last]).filter(Boolean).map(time);
  const pad = Math.max(7 * DAY, (Math.max(...known) - Math.min(...known)) * 0.08);
  const from = Math.min(...known) - pad, to = Math.max(...known) + pad;
  const width = 640, row = 18, height = clues.length * row + 56;
  const x = (when) => 24 + ((when - from) / (to - from)) * (width - 36);
  const svg = draw("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": told });
  for (let year = new Date(from).getUTCFullYear(), month = new Date(from).getUTCMonth() + 1;;
       month += 1) {
    const start = Date.UTC(year, month, 1);
    if (start > to) break;
    svg.append(draw("line", { x1: x(start), x2: x(start), y1: 0, y2: height - 18, class: "rw-grid" }));
    const name = new Date(start).toISOString().slice(0, 7);
    if (x(start) < width - 40) {
      svg.append(draw("text", { x: x(start) + 2, y: height - 4, class: "rw-tick" }, name));
    }
  }
  clues.forEach((clue, n) => {
    const left = clue.first ? x(time(clue.first)) : x(from);
    const right = clue.last ? x(time(clue.last) + DAY) : x(to);
    svg.append(draw("text", { x: 2, y: n * row + 14, class: "rw-tick" }, String(n + 1)));
    svg.append(draw("rect", { x: left, width: Math.max(2, right - left), y: n * row + 5, height: 9,
      class: chosen.has(n) ? "rw-on" : "rw-off" }));
  });
  if (days.length) {
    const left = days[0] ? x(time(days[0])) : x(from);
    const right = days[1] ? x(time(days[1]) + DAY) : x(to);
    svg.append(draw("rect", { x: left, width: Math.max(3, right - left), y: clues.length * row + 8,
      height: 18, class: "rw-left" }));
  }
  return svg;
}

export default { render };
