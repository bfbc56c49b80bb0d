// Kappa paradox: four numbers of a 2 by 2 table; the kernel says what the coefficients are.

function render({ model, el }) {
  const uid = newId("paradox");
  const most = model.get("most");
  const names = ["both coders say yes", "only coder a says yes", "only coder b says yes",
                 "neither coder says yes"];
  const use = (cells) => {
    model.set("cells", cells);
    model.save_changes();
    update();
  };

  const presets = make("div", { className: "rw-bar", attrs: {
    role: "group", "aria-label": "Examples" } },
    ...Object.entries(model.get("presets")).map(([name, cells]) => make("button", {
      type: "button", textContent: name, onclick: () => use([...cells]) })));

  const inputs = names.map((name, n) => {
    const input = make("input", { type: "number", min: 0, max: most, step: 1,
      attrs: { "aria-label": `Coding units: ${name}`, inputmode: "numeric" } });
    input.addEventListener("change", () => {
      const cells = [...model.get("cells")];
      if (!Number.isNaN(input.valueAsNumber)) {
        cells[n] = Math.min(most, Math.max(0, Math.round(input.valueAsNumber)));
      }
      use(cells);
    });
    return input;
  });
  const cell = (n) => make("td", { className: n % 3 === 0 ? "rw-agreed" : "" }, inputs[n]);
  const totals = ["a-yes", "a-no", "b-yes", "b-no", "all"].map(() => make("td", {
    className: "rw-count" }));
  const head = (scope, text) => make("th", { scope, textContent: text });
  const table = make("table", { className: "rw-cells" },
    make("caption", { textContent: "Coding units with each pair of answers (framed: the coders agree)" }),
    make("thead", {}, make("tr", {}, make("td"), head("col", "b: yes"), head("col", "b: no"),
      head("col", "total"))),
    make("tbody", {},
      make("tr", {}, head("row", "a: yes"), cell(0), cell(1), totals[0]),
      make("tr", {}, head("row", "a: no"), cell(2), cell(3), totals[1]),
      make("tr", {}, head("row", "total"), totals[2], totals[3], totals[4])));

  // It moves units between the two cells of agreement: the agreement itself stays.
  const shift = make("input", { type: "range", id: `${uid}-shift`, min: 0, step: 1 });
  shift.addEventListener("input", () => {
    const [both, onlyA, onlyB, neither] = model.get("cells");
    const agreed = both + neither;
    // Neither cell may pass its limit.
    const yes = Math.min(most, Math.max(agreed - most, Number(shift.value)));
    use([yes, onlyA, onlyB, agreed - yes]);
  });
  const shiftField = make("div", { className: "rw-shift" },
    make("label", { htmlFor: shift.id, textContent:
      "How common is the code? Left: agreement on no. Right: agreement on yes." }), shift);

  const told = make("p", { className: "rw-told", attrs: { role: "status" } });
  const picture = make("div", { className: "rw-picture", attrs: { role: "img" } });
  const body = make("tbody");
  const values = make("table", { className: "rw-values" },
    make("caption", { textContent: "The five coefficients, and the agreement expected by chance" }),
    make("thead", {}, make("tr", {}, head("col", "coefficient"), head("col", "value"),
      head("col", "by chance"))), body);

  el.append(widgetRoot("paradox", "Kappa paradox",
    make("p", { className: "rw-place", textContent: model.get("title") }),
    presets, table, shiftField, told, picture,
    make("p", { className: "rw-quiet", textContent:
      "Bar: the coefficient, from -1 to 1. Diamond: the agreement that it expects by chance." }),
    values));

  const percent = (value) => `${(50 * (Math.max(-1, Math.min(1, value)) + 1)).toFixed(2)}%`;
  function bar(row) {
    const track = make("div", { className: "rw-track" }, make("div", { className: "rw-zero" }));
    if (row.at !== null) {
      const [from, to] = [Math.min(0, row.at), Math.max(0, row.at)];
      const fill = make("div", { className: "rw-fill" });
      fill.style.left = percent(from);
      fill.style.width = `${(50 * (to - from)).toFixed(2)}%`;
      track.append(fill);
    }
    if (row.chance !== null) {
      const mark = make("div", { className: "rw-chance" });
      mark.style.left = percent(row.chance);
      track.append(mark);
    }
    return make("div", { className: "rw-row" }, make("div", {},
      make("span", { textContent: row.name }), make("span", { textContent: row.short })), track);
  }

  function update() {
    const cells = model.get("cells");
    const [both, onlyA, onlyB, neither] = cells;
    inputs.forEach((input, n) => {
      if (input.valueAsNumber !== cells[n]) input.value = cells[n];
    });
    [both + onlyA, onlyB + neither, both + onlyB, onlyA + neither,
     both + onlyA + onlyB + neither].forEach((sum, n) => { totals[n].textContent = sum; });
    shift.max = both + neither;
    shift.value = both;
    shift.setAttribute("aria-valuetext", `${both} agreed yes, ${neither} agreed no`);
    shift.disabled = both + neither === 0;
    const rows = model.get("rows");
    picture.replaceChildren(...rows.map(bar), make("div", { className: "rw-scale" },
      ...["-1", "0", "1"].map((text) => make("span", { textContent: text }))));
    picture.setAttribute("aria-label", `Bars from -1 to 1: ${
      rows.map((row) => `${row.name} ${row.short}`).join(", ")}`);
    body.replaceChildren(...rows.map((row) => make("tr", {}, head("row", row.name),
      make("td", { className: "rw-count", textContent: row.value }),
      make("td", { className: "rw-count", textContent: row.expected })
    )));
    if (told.textContent !== model.get("told")) told.textContent = model.get("told");
  }
  const changes = "change:cells change:rows change:told";
  model.on(changes, update);
  update();
  return () => model.off(changes, update);
}

export default { render };
