// What the widgets share; `reader.widgets.base.script` puts it in front of each of them.
// Every text enters the page as text (textContent), never as markup: some of it comes from
// files that readers add.

const make = (tag, properties = {}, ...children) => {
  const { attrs = {}, ...rest } = properties;
  const node = Object.assign(document.createElement(tag), rest);
  for (const [name, value] of Object.entries(attrs)) node.setAttribute(name, value);
  node.append(...children);
  return node;
};

const draw = (tag, attrs, text) => {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attrs)) node.setAttribute(name, value);
  if (text !== undefined) node.textContent = text;
  return node;
};

const newId = (name) => `${name}-${Math.random().toString(36).slice(2, 10)}`;

// JupyterLab and Notebook would take arrow keys, letters and Enter from the controls, to move
// between cells, to edit them and to put the focus back on the cell. They listen at the document
// and look for this attribute between the focused element and the one that their rule names,
// which in Notebook is the focused element itself. So it is set there, and on the window: before
// they look. Keys with Ctrl or Cmd are theirs, except for editing: otherwise Ctrl+S would save the
// web page. Tab must lead out again. `kind` keeps the style of one widget away from another's.
const OURS = "data-lm-suppress-shortcuts";
const widgetRoot = (kind, label, ...children) => {
  const root = make("div", { className: `rw rw-${kind}`, attrs: {
    role: "group", "aria-label": label, [OURS]: "true" } }, ...children);
  const theirs = ({ key, target, ctrlKey, metaKey }) => (ctrlKey || metaKey)
    && !(target.matches("input, textarea, [contenteditable]")
      && /^([acvxyz]|Arrow.*|Home|End)$/i.test(key))
    && !(kind === "annotator" && /^[yz]$/i.test(key));
  const before = (event) => {
    if (!root.contains(event.target)) return;
    for (const node of [root, event.target]) node.toggleAttribute(OURS, !theirs(event));
  };
  root.addEventListener("focusin", () => window.addEventListener("keydown", before, true));
  root.addEventListener("focusout", () => window.removeEventListener("keydown", before, true));
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Tab" && !theirs(event)) event.stopPropagation();
  });
  return root;
};

const DAY = 86400000;
const time = (iso) => Date.parse(`${iso}T00:00:00Z`);

// --- lines of time ----------------------------------------------------------------------

const isoDay = (when) => new Date(when).toISOString().slice(0, 10);

// Lines and labels of days, months or years: as many as fit beside each other.
function timeAxis(svg, x, from, to, left, right, height) {
  const room = right - left, span = to - from;
  const days = [1, 2, 7, 14].find((n) => (span / DAY / n) * 84 <= room);
  const months = [1, 2, 3, 6, 12, 24, 60, 120].find((n) => (span / (30.4 * DAY) / n) * 62 <= room)
    ?? 240;
  const year = new Date(from).getUTCFullYear();
  const start = months > 12 ? year - (year % (months / 12)) : year;
  const tick = (n) => (days ? (Math.ceil(from / DAY) + n * days) * DAY
    : Date.UTC(start, n * months, 1));
  for (let n = 0; tick(n) <= to; n += 1) {
    const at = tick(n);
    if (at < from) continue;
    svg.append(draw("line", { x1: x(at), x2: x(at), y1: 0, y2: height - 18, class: "rw-grid" }));
    const label = isoDay(at).slice(0, days ? 10 : months < 12 ? 7 : 4);
    if (x(at) + label.length * 7.4 > right) continue; // it would be cut
    svg.append(draw("text", { x: x(at), y: height - 4, class: "rw-tick" }, label));
  }
}

// A bar from the first day to the last; an open end is drawn as an arrow.
function timeBar(x, first, last, from, to, y, height, kind) {
  const left = first ? x(time(first)) : x(from);
  const right = Math.max(left + 3, last ? x(time(last) + DAY) : x(to));
  const points = [[left + (first ? 0 : 8), y], [right - (last ? 0 : 8), y]];
  if (!last) points.push([right, y + height / 2]);
  points.push([right - (last ? 0 : 8), y + height], [left + (first ? 0 : 8), y + height]);
  if (!first) points.push([left, y + height / 2]);
  return draw("polygon", { points: points.map((p) => p.join(",")).join(" "), class: kind });
}
