// Unit checker: two figures and an operation; the kernel says what comes out, or why nothing.

function render({ model, el }) {
  const uid = newId("units");
  const choices = model.get("choices");
  const facts = [["value", "figure"], ["unit", "unit"], ["universe", "universe"],
                 ["as_of", "as of"], ["source", "source"]];

  const field = (label, control) => make("div", { className: "rw-field" },
    make("label", { htmlFor: control.id, textContent: label }), control);
  function list(name, options, label) {
    const select = make("select", { id: `${uid}-${name}` });
    for (const [value, text] of options) select.append(make("option", { value, textContent: text }));
    select.addEventListener("change", () => {
      model.set(name, select.value);
      model.save_changes();
    });
    return [field(label, select), select];
  }
  const figures = choices.map((c) => [c.figure, `${c.figure}: ${c.value} ${c.unit}`]);
  const [firstField, first] = list("first", figures, "First figure");
  const [operationField, operation] = list("operation",
    Object.entries(model.get("operations")), "Compute");
  const [secondField, second] = list("second", figures, "Second figure");
  const swap = make("button", { type: "button", textContent: "Change places", onclick: () => {
    const before = model.get("first");
    model.set("first", model.get("second"));
    model.set("second", before);
    model.save_changes();
  } });

  const reason = make("input", { type: "text", id: `${uid}-reason`, maxLength: 200, attrs: {
    "aria-describedby": `${uid}-help` } });
  const useReason = () => {
    model.set("reason", reason.value);
    model.save_changes();
  };
  reason.addEventListener("change", useReason);
  const help = make("p", { id: `${uid}-help`, className: "rw-quiet", textContent:
    "Only for figures whose universes are worded differently. Enter uses your reason; an empty "
    + "line takes it back." });

  const body = make("tbody");
  const heads = [make("th", { scope: "col" }), make("th", { scope: "col" })];
  const table = make("table", { className: "rw-facts" },
    make("caption", { textContent: "What the two figures say of themselves" }),
    make("thead", {}, make("tr", {}, make("td"), ...heads)), body);
  const told = make("p", { className: "rw-told", attrs: { role: "status" } });

  el.append(widgetRoot("units", "Unit checker",
    make("p", { className: "rw-place", textContent: model.get("title") }),
    firstField, operationField, secondField, swap, field("Why they belong together", reason),
    help, told, table));

  function update() {
    for (const [name, node] of [["first", first], ["second", second], ["operation", operation],
                                ["reason", reason]]) {
      if (node.value !== model.get(name)) node.value = model.get(name);
    }
    const pair = [model.get("first"), model.get("second")].map(
      (name) => choices.find((c) => c.figure === name));
    pair.forEach((item, n) => { heads[n].textContent = item.figure; });
    body.replaceChildren(...facts.map(([key, words]) => make("tr", {},
      make("th", { scope: "row", textContent: words }),
      ...pair.map((item) => make("td", { textContent: item[key] || "not said",
        className: key === "unit" && pair[0].unit !== pair[1].unit ? "rw-apart" : "" })))));
    told.textContent = model.get("told");
    told.classList.toggle("rw-works", model.get("works"));
  }
  const names = "change:first change:second change:operation change:reason change:told change:works";
  model.on(names, update);
  update();
  return () => model.off(names, update);
}

export default { render };
