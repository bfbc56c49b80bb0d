// Passage reader: one passage at a time, by keys or buttons.

function render({ model, el }) {
  const uid = newId("reader");
  const held = new Map(); // article id -> content sent by the kernel
  const hidden = new Set(); // labels whose marks are switched off
  let drawnLabels = null;

  const article = () => model.get("locator").slice(0, 3);
  const content = () => held.get(article());

  const select = make("select", { id: `${uid}-article` });
  for (const choice of model.get("choices")) {
    select.append(make("option", { value: choice.id, textContent: choice.label }));
  }
  const button = (text, step) =>
    make("button", { type: "button", textContent: text, onclick: () => go(step) });
  const first = button("First", "first");
  const previous = button("Previous", -1);
  const next = button("Next", 1);
  const last = button("Last", "last");
  const place = make("p", { className: "rw-place", attrs: { role: "status" } });
  const box = make("div", { className: "rw-box", tabIndex: 0, attrs: {
    role: "group", "aria-label": "Passage", "aria-describedby": `${uid}-help` } });
  const help = make("p", { id: `${uid}-help`, className: "rw-quiet",
    textContent: "In the passage: arrow keys move, Home and End go to the first and last." });
  const filters = make("details", { className: "rw-filters" });

  el.append(widgetRoot("reader", "Passage reader",
    make("div", { className: "rw-bar" },
      make("label", { htmlFor: select.id, textContent: "Article" }), select,
      first, previous, next, last),
    place, box, help, filters));

  function go(step) {
    const rows = content()?.segments;
    if (!rows) return;
    const at = rows.findIndex((row) => row.locator === model.get("locator"));
    const to = step === "first" ? 0 : step === "last" ? rows.length - 1
      : Math.min(rows.length - 1, Math.max(0, at + step));
    model.set("locator", rows[to].locator);
    model.save_changes();
  }

  const keys = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1,
                 Home: "first", End: "last" };
  box.addEventListener("keydown", (event) => {
    if (!(event.key in keys) || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    go(keys[event.key]);
  });
  select.addEventListener("change", () => ask(select.value, true));

  function mark(text, numbers, data) {
    const shown = numbers.filter((n) => !hidden.has(data.labels[n]));
    if (!shown.length) return document.createTextNode(text);
    return make("mark", { className: data.classes[shown.at(-1)], textContent: text,
      title: shown.map((n) => data.labels[n]).join(", ") });
  }

  // What is marked, by label: the key to the colours, and their text equivalent.
  function key(row, data) {
    const groups = new Map();
    for (const [words, n] of row.marks) {
      if (hidden.has(data.labels[n])) continue;
      groups.set(n, [...(groups.get(n) ?? []), `“${words}”`]);
    }
    if (!groups.size) return [];
    return [make("ul", {}, ...[...groups].sort(([a], [b]) => a - b).map(([n, words]) =>
      make("li", {}, mark(data.labels[n], [n], data), `: ${words.join(", ")}`)))];
  }

  function draw() {
    const data = content();
    if (!data) { box.replaceChildren(make("p", { textContent: "Run this cell to read here." })); return; }
    const at = data.segments.findIndex((row) => row.locator === model.get("locator"));
    const row = data.segments[at];
    select.value = data.article;
    place.textContent = `${row.locator}, ${at + 1} of ${data.segments.length}`;
    // Not "disabled": a button that is disabled under the finger loses the keyboard focus.
    for (const node of [first, previous]) node.setAttribute("aria-disabled", at === 0);
    for (const node of [next, last]) {
      node.setAttribute("aria-disabled", at === data.segments.length - 1);
    }
    const text = row.pieces
      ? make("p", {}, ...row.pieces.map(([piece, n]) => mark(piece, n, data)))
      : make("p", { textContent: row.digest });
    const note = row.pieces ? []
      : [make("p", { className: "rw-quiet", textContent: data.note })];
    box.replaceChildren(text, ...key(row, data), ...note);
    if (drawnLabels !== data.article) drawFilters(data);
  }

  function drawFilters(data) {
    drawnLabels = data.article;
    const set = make("fieldset", {}, make("legend", {
      textContent: model.get("highlight") === "phrases" ? "Show phrases about" : "Show mentions of",
    }));
    data.labels.forEach((label, n) => {
      const input = make("input", { type: "checkbox", checked: !hidden.has(label),
        id: `${uid}-f${n}`, onchange: () => {
          input.checked ? hidden.delete(label) : hidden.add(label);
          draw();
        } });
      set.append(make("div", { className: "rw-choice" }, input, make("label",
        { htmlFor: input.id }, make("mark", { className: data.classes[n], textContent: label }))));
    });
    filters.replaceChildren(make("summary", { textContent: "Choose what is marked" }), set);
    filters.hidden = !data.labels.length;
  }

  function ask(id, move) {
    if (held.has(id)) return arrive(id, move);
    wanted = { id, move };
    model.send({ ask: id });
  }
  let wanted = null;
  function arrive(id, move) {
    if (move) {
      model.set("locator", held.get(id).segments[0].locator);
      model.save_changes();
    }
    draw();
  }
  const onMessage = (message) => {
    held.set(message.article, message);
    if (wanted?.id === message.article) {
      const { id, move } = wanted;
      wanted = null;
      arrive(id, move);
    } else if (message.article === article()) draw();
  };
  const onLocator = () => (held.has(article()) ? draw() : ask(article(), false));
  model.on("msg:custom", onMessage);
  model.on("change:locator", onLocator);
  draw();
  ask(article(), false);
  return () => {
    model.off("msg:custom", onMessage);
    model.off("change:locator", onLocator);
  };
}

export default { render };
