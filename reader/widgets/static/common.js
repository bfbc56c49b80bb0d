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

// JupyterLab would take arrow keys, Enter and Space from the controls, to move between cells
// and to put the focus back on the cell. Tab is left alone: it must lead out again.
const widgetRoot = (label, ...children) => {
  const root = make("div", { className: "rw", attrs: {
    role: "group", "aria-label": label, "data-lm-suppress-shortcuts": "true" } }, ...children);
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Tab") event.stopPropagation();
  });
  return root;
};

const DAY = 86400000;
const time = (iso) => Date.parse(`${iso}T00:00:00Z`);
