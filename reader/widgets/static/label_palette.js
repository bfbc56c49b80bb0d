// The labels with their numbers: a family at a time, nine at a time, or those that are looked for.

// `apply` is told a code, `say` a sentence; `leave` takes the focus when a search is over.
function labelPalette({ model, apply, say, leave }) {
  const uid = newId("palette"), page = 9;
  let at = 0, wanted = "";
  // A press on a label must not take the focus, and with it the selection, from the text.
  const stay = (event) => event.preventDefault();
  const field = (text, control) => make("div", { className: "rw-field" },
    make("label", { htmlFor: control.id, textContent: text }), control);

  const groups = model.get("families");
  const family = make("select", { id: `${uid}-family` }, ...groups.map((one) =>
    make("option", { value: one.id, textContent: one.label })));
  const choice = field("Labels of", family);
  choice.hidden = groups.length < 2;
  const palette = make("div", { className: "rw-palette", attrs: { role: "toolbar",
    "aria-label": "Labels" } });
  const find = make("input", { type: "text", id: `${uid}-find`, size: 12, attrs: {
    autocomplete: "off" } });
  const more = make("button", { type: "button", onclick: () => turn(1), onmousedown: stay });
  const finder = make("div", { className: "rw-bar" }, field("Find a label", find), more);
  const meanings = make("details", {});

  const offered = () => groups.find((one) => one.id === model.get("family")).codes;
  const matching = () => {
    const begins = (code) => [code.code, code.name].some((text) =>
      text.toLowerCase().startsWith(wanted));
    const all = offered().filter((code) =>
      `${code.code} ${code.name}`.toLowerCase().includes(wanted));
    return wanted ? [...all.filter(begins), ...all.filter((code) => !begins(code))] : all;
  };
  const shown = () => matching().slice(at * page, (at + 1) * page);

  function turn(step) {
    const pages = Math.ceil(matching().length / page);
    if (pages < 2) return say("All labels are shown.");
    at = (at + step + pages) % pages;
    draw();
    return say(`Labels ${at * page + 1} to ${at * page + shown().length}: from ${
      shown()[0].name} to ${shown().at(-1).name}.`);
  }

  const chip = (key, code, name, mark, title) => make("button", { type: "button", tabIndex: -1,
    title, onmousedown: stay, onclick: () => apply(code), attrs: { "aria-keyshortcuts": key } },
    make("kbd", { textContent: key }), " ", make("mark", { className: mark, textContent: code }),
    fullName(code, name).slice(code.length));

  function draw() {
    const total = matching().length, had = palette.contains(document.activeElement);
    family.value = model.get("family");
    palette.replaceChildren(...shown().map((code, n) => chip(`${n + 1}`, code.code, code.name,
      code.mark, code.definition)), chip("0", "none", "of them applies", "",
      "I have read the segment, and none of the codes applies to it."));
    palette.firstChild.tabIndex = 0;
    if (had) palette.firstChild.focus();
    finder.hidden = offered().length <= page;
    more.hidden = total <= page;
    more.textContent = `More (${at * page + 1} to ${at * page + shown().length} of ${total})`;
    meanings.replaceChildren(make("summary", { textContent: "What the labels mean" }),
      make("dl", {}, ...offered().flatMap((code) => [
        make("dt", {}, make("mark", { className: code.mark, textContent: code.code })),
        make("dd", { textContent: code.name === code.code ? code.definition
          : `${code.name}: ${code.definition}` })])));
  }

  family.addEventListener("change", () => {
    model.set("family", family.value);
    model.save_changes();
  });
  palette.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const all = [...palette.children];
    const to = all[(all.indexOf(document.activeElement) + step + all.length) % all.length];
    for (const node of all) node.tabIndex = node === to ? 0 : -1;
    to.focus();
  });
  function search(text) {
    [wanted, at] = [text.trim().toLowerCase(), 0];
    draw();
  }
  find.addEventListener("input", () => {
    search(find.value);
    const all = matching();
    if (!wanted) return;
    say(all.length ? `Labels found: ${all.length}. Enter takes ${
      fullName(all[0].code, all[0].name)}.` : "No label has these letters.");
  });
  find.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== "Escape") return;
    event.preventDefault();
    if (event.key === "Enter" && wanted && matching().length) apply(matching()[0].code);
    find.value = "";
    search("");
    leave();
  });
  const changed = () => {
    find.value = "";
    search("");
  };
  model.on("change:family", changed);
  draw();
  return {
    nodes: [choice, palette, finder, meanings], turn,
    code: (number) => shown()[number - 1]?.code,
    find: () => { if (!finder.hidden) find.focus(); },
    end: () => model.off("change:family", changed),
  };
}
