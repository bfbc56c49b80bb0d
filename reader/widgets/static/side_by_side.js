// Two passages beside each other; below, which codes stand in which, and in whose voice.

function render({ model, el }) {
  const uid = newId("pair");
  const codes = model.get("codes"), rows = model.get("rows");
  const held = new Map();
  const sides = ["left", "right"].map((name) => {
    const select = make("select", { id: `${uid}-${name}` }, ...model.get("choices")[name].map(
      (key) => make("option", { value: key, textContent: key })));
    select.addEventListener("change", () => {
      const other = model.get(name === "left" ? "right" : "left");
      if (select.value === other) {
        told.textContent = `${other} is on the other side already.`;
        select.value = model.get(name);
        return;
      }
      model.set(name, select.value);
      model.save_changes();
    });
    const heading = make("p", { className: "rw-place", id: `${uid}-${name}-head` });
    const coded = codedText({});
    const body = make("div");
    const node = make("section", { className: "rw-side", attrs: {
      "aria-labelledby": heading.id } }, heading, body);
    const choice = make("div", { className: "rw-field" }, make("label", { htmlFor: select.id,
      textContent: `Passage on the ${name}` }), select);
    choice.hidden = select.options.length < 2;
    return { name, select, heading, coded, body, node, choice };
  });
  const told = make("p", { className: "rw-quiet", attrs: { role: "status" } });
  const table = make("table", { className: "rw-codes" });
  const nothing = make("p", { className: "rw-quiet", textContent: "No codes are shown here." });
  el.append(widgetRoot("pair", "Two passages side by side",
    make("div", { className: "rw-bar" }, ...sides.map((side) => side.choice)), told,
    make("div", { className: "rw-two" }, ...sides.map((side) => side.node)), table, nothing));

  const mark = (code, words) => make("mark", { className: codes[code].mark, textContent: words,
    title: codes[code].name });

  function drawSide(side) {
    const locator = model.get(side.name), data = held.get(locator);
    side.select.value = locator;
    side.heading.textContent = locator + (data ? ` ${data.source}` : "");
    if (!data) {
      side.body.replaceChildren(make("p", { textContent: "Run this cell to read here." }));
      return;
    }
    const mine = rows.filter((row) => row.locator === locator);
    const isWhole = (row) => row.start === data.start && row.end === data.end;
    const whole = mine.filter(isWhole), parts = mine.filter((row) => !isWhole(row));
    const said = make("p", { className: "rw-whole" }, ...(whole.length ? ["Whole segment: "] : []),
      ...whole.flatMap((row) => [mark(row.code, tagOf(row)), " "]));
    if (data.text !== null) {
      // What the marks in the text say, for who cannot see them.
      const listed = parts.map((row) => make("li", {}, mark(row.code, tagOf(row)), ` “${
        [...data.text].slice(row.start - data.start, row.end - data.start).join("")}”`));
      const key = make("details", {}, make("summary", { textContent: "Labels as a list" }),
        make("ul", {}, ...listed));
      side.body.replaceChildren(said, side.coded.node, ...(listed.length ? [key] : []));
      side.coded.show(data.text, parts.map((row) => ({
        start: unitsAt(data.text, row.start - data.start),
        end: unitsAt(data.text, row.end - data.start), mark: codes[row.code].mark,
        label: tagOf(row) })));
      return;
    }
    const words = (row) => data.phrases.find((one) => one.start === row.start
      && one.end === row.end)?.words;
    side.body.replaceChildren(said, make("p", { textContent: data.digest }),
      make("ul", {}, ...parts.map((row) => make("li", {}, mark(row.code, tagOf(row)),
        words(row) ? ` “${words(row)}”` : ` characters ${row.start} to ${row.end}`))),
      make("p", { className: "rw-quiet", textContent: data.note }));
  }

  function drawTable() {
    const compared = model.get("compared");
    table.hidden = !compared.length;
    nothing.hidden = compared.length > 0;
    const cell = (tag, words, attrs = {}) => make(tag, { attrs }, words);
    table.replaceChildren(
      make("caption", { textContent: "Codes, and in whose voice" }),
      make("thead", {}, make("tr", {}, cell("th", "code", { scope: "col" }),
        ...sides.map((side) => cell("th", model.get(side.name), { scope: "col" })))),
      make("tbody", {}, ...compared.map((row) => make("tr", {},
        make("th", { attrs: { scope: "row" } }, mark(row.code, row.code),
          fullName(row.code, row.name).slice(row.code.length)),
        ...row.cells.map((words) => cell("td", words, words.startsWith("not ")
          ? { class: "rw-quiet" } : {}))))));
  }

  function update() {
    for (const side of sides) {
      const locator = model.get(side.name);
      if (!held.has(locator)) model.send({ ask: locator });
      drawSide(side);
    }
    drawTable();
  }
  const changed = () => {
    update();
    told.textContent = `On view: ${model.get("left")} and ${model.get("right")}.`;
  };
  const onMessage = (message) => {
    held.set(message.locator, message);
    for (const side of sides) if (model.get(side.name) === message.locator) drawSide(side);
  };
  model.on("msg:custom", onMessage);
  model.on("change:left change:right", changed);
  model.on("change:compared", drawTable);
  update();
  return () => {
    for (const side of sides) side.coded.end();
    model.off("msg:custom", onMessage);
    model.off("change:left change:right", changed);
    model.off("change:compared", drawTable);
  };
}

export default { render };
