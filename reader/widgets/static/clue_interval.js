// Clues on a time line: the learner chooses clues, the kernel says which days are left.

function render({ model, el }) {
  const uid = newId("clues");
  const clues = model.get("clues");
  const told = make("p", { className: "rw-place", attrs: { role: "status" } });
  const set = make("fieldset", {}, make("legend", { textContent: model.get("title") }));
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
    set.append(make("div", { className: "rw-choice" }, input, make("label", { htmlFor: input.id,
      textContent: `${n + 1}. ${clue.label} (${limits}${clue.evidence ? "; " + clue.evidence : ""})` })));
    return input;
  });
  const picture = make("div", { className: "rw-line" });
  el.append(widgetRoot("clues", "Clues and days", set, picture, told));

  function update() {
    const chosen = new Set(model.get("selected"));
    inputs.forEach((input, n) => { input.checked = chosen.has(n); });
    told.textContent = model.get("told");
    const width = Math.min(640, Math.max(260, picture.clientWidth || 640));
    picture.replaceChildren(line(clues, chosen, model.get("days"), model.get("told"), width));
  }
  // Drawn for the width there is, so that the letters stay readable on a narrow screen.
  let drawn = 0;
  const observer = new ResizeObserver(() => {
    if (picture.clientWidth !== drawn) { drawn = picture.clientWidth; update(); }
  });
  model.on("change:selected change:days change:told", update);
  update();
  observer.observe(picture);
  return () => {
    observer.disconnect();
    model.off("change:selected change:days change:told", update);
  };
}

function line(clues, chosen, days, told, width) {
  const known = clues.flatMap((clue) => [clue.first, clue.last]).filter(Boolean).map(time);
  const pad = Math.max(7 * DAY, (Math.max(...known) - Math.min(...known)) * 0.08);
  const from = Math.min(...known) - pad, to = Math.max(...known) + pad;
  const gutter = 62, row = 20, height = clues.length * row + 58;
  const x = (when) => gutter + ((when - from) / (to - from)) * (width - gutter - 10);
  const svg = draw("svg", { viewBox: `0 0 ${width} ${height}`, width, height,
    role: "img", "aria-label": told });
  timeAxis(svg, x, from, to, gutter, width - 10, height);
  clues.forEach((clue, n) => {
    svg.append(draw("text", { x: 0, y: n * row + 15, class: "rw-tick" }, `clue ${n + 1}`));
    svg.append(timeBar(x, clue.first, clue.last, from, to, n * row + 6, 10,
      chosen.has(n) ? "rw-on" : "rw-off"));
  });
  const y = clues.length * row + 8;
  svg.append(draw("text", { x: 0, y: y + 14, class: "rw-tick rw-strong" },
    days.length ? "possible" : "no day"));
  if (days.length) svg.append(timeBar(x, days[0], days[1], from, to, y, 20, "rw-left"));
  return svg;
}

export default { render };
