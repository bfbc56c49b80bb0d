// Annotator: labels on segments and words. The kernel keeps the rows and says what was done;
// here is only what is on view, what is picked, and which row is chosen.

function render({ model, el }) {
  const uid = newId("annotator");
  const segments = model.get("segments");
  const codes = new Map(); // code -> name, definition, mark
  for (const family of model.get("families")) {
    for (const code of family.codes) codes.set(code.code, code);
  }
  const held = new Map(), asked = new Set(); // contents of segments, sent by the kernel
  let back = false; // the focus waits at the list of segments for the text to come
  let span = null; // picked words, as positions in the article; null: the whole segment
  let chosen = 0; // id of the chosen row
  let waiting = null;

  const locator = () => model.get("locator");
  const index = () => segments.findIndex((segment) => segment.locator === locator());
  const segment = () => segments[index()];
  const here = () => held.get(locator());
  const entries = () => model.get("entries");
  const rowsOf = (name) => entries().filter((row) => row.locator === name);
  const entry = () => entries().find((row) => row.id === chosen);
  const isWhole = (row) => {
    const place = segments.find((one) => one.locator === row.locator);
    return row.start === place.start && row.end === place.end;
  };
  // What is picked, if it is less than all.
  const part = () => (span && !isWhole({ ...span, locator: locator() }) ? span : null);
  const same = (a, b) => a && b && a.start === b.start && a.end === b.end;

  // --- the page ----------------------------------------------------------------------------

  const button = (text, onclick, more = {}) => make("button", { type: "button", onclick,
    textContent: text, ...more });
  const field = (text, control) => make("div", { className: "rw-field" },
    make("label", { htmlFor: control.id, textContent: text }), control);
  // A press on a label must not take the focus, and with it the selection, from the text.
  const stay = (event) => event.preventDefault();

  const previous = button("Previous", () => move(-1));
  const next = button("Next", () => move(1));
  const select = make("select", { id: `${uid}-segment`, onchange: () => go(select.value) });
  const place = make("p", { className: "rw-place" });
  const whole = make("p", { className: "rw-whole" });
  const coded = codedText({ contenteditable: "true", role: "textbox", "aria-readonly": "true",
    "aria-multiline": "true", inputmode: "none", spellcheck: "false", autocorrect: "off",
    tabindex: "0", "aria-describedby": `${uid}-target` });
  const digest = make("p");
  const phrases = listbox("What a label goes on", (key) => {
    pick(key ? here().phrases.find((one) => `${one.start}` === key.split("-")[0]
      && `${one.end}` === key.split("-")[1]) : null);
  });
  const offer = make("p", { className: "rw-quiet", textContent: "Without a copy of the article, a "
    + "label goes on the whole segment or on a phrase that the course quotes from it:" });
  const note = make("p", { className: "rw-quiet" });
  const box = make("div", { className: "rw-box" });
  const target = make("strong");
  const clear = button("Pick the whole segment", () => pick(null), { onmousedown: stay });
  const palette = labelPalette({ model, apply, say: (text) => say(text),
    leave: () => reading().focus() });
  const undo = button("Undo", () => send({ do: "undo" }), { onmousedown: stay });
  const redo = button("Redo", () => send({ do: "redo" }), { onmousedown: stay });
  const told = make("p", { className: "rw-told", attrs: { role: "status" }, textContent:
    "Pick words, or leave the whole segment picked; then press the number of a label." });
  const heading = make("p", { className: "rw-place" });
  const rows = listbox("Rows", (id) => choose(id, true));
  const none = make("p", { className: "rw-quiet", textContent: "No rows yet." });
  const voice = make("select", { id: `${uid}-voice`, onchange: () =>
    send({ do: "voice", id: chosen, voice: voice.value }) },
    ...model.get("voices").map((name) => make("option", { value: name, textContent: name })));
  const why = make("input", { type: "text", id: `${uid}-note`, maxLength: 200 });
  const remove = button("Remove this row", () => send({ do: "remove", id: chosen }));
  const which = make("p", { className: "rw-which" });
  const detail = make("div", { className: "rw-detail", attrs: { role: "group",
    "aria-label": "Chosen row" } }, which, make("div", { className: "rw-bar" },
    field("Voice", voice), remove), field("Note", why));

  const below = make("div", {}, detail, keysHelp());
  const left = make("div", {},
    make("div", { className: "rw-bar" }, previous, field("Segment", select), next, undo, redo),
    place, whole, box, told,
    make("div", { className: "rw-bar rw-target" }, make("span", { id: `${uid}-target` },
      "A label goes on ", target), clear));
  const right = make("div", {}, ...palette.nodes,
    make("div", { className: "rw-rows" }, heading, rows.node, none), below);
  const desk = make("div", { className: "rw-desk" }, left, right);
  // Wide: the chosen row below the text. Narrow: after the rows, where it pushes no label away.
  const observer = new ResizeObserver(() => {
    const wide = desk.clientWidth >= 680;
    if (wide === desk.classList.contains("rw-wide")) return;
    desk.classList.toggle("rw-wide", wide);
    (wide ? left : right).append(below);
  });
  observer.observe(desk);
  el.append(widgetRoot("annotator", model.get("title"), desk));

  function keysHelp() {
    const lines = [["arrow keys", "move the caret in the text; with Shift they pick words; with "
      + "Ctrl (on a Mac: Option) they go word by word"],
      ["1 to 9", "label what is picked; nothing picked: the whole segment"],
      ["0", "no code applies to the segment"], ["V", "next voice for the chosen row"],
      ["Delete", "remove the chosen row"], ["Enter", "in the text: choose the row at the caret, "
        + "then the next one there"], ["Escape", "pick the whole segment again"],
      ["Page Up, Page Down", "segment before, segment after"],
      ["Ctrl+Z, Ctrl+Y", "undo, redo"], ["M", "more labels"], ["F", "find a label"]];
    return make("details", {}, make("summary", { textContent: "Keys" }),
      make("dl", {}, ...lines.flatMap(([key, words]) => [
        make("dt", {}, make("kbd", { textContent: key })), make("dd", { textContent: words })])),
      make("p", { className: "rw-quiet", textContent: "The mouse picks whole words; Shift and "
        + "arrow keys pick single characters. A press on marked words chooses their row." }));
  }

  // --- what is said to the kernel ------------------------------------------------------------

  const say = (text) => { told.textContent = text; };
  function send(message) {
    model.send(message);
    clearTimeout(waiting);
    waiting = setTimeout(() => say("The kernel has not answered. It may be busy; if it was "
      + "restarted, run this cell again."), 5000);
  }
  function ask(name) {
    if (held.has(name) || asked.has(name)) return;
    asked.add(name);
    model.send({ ask: name });
  }
  function apply(code) {
    const { start, end } = (code === "none" ? null : span) ?? segment();
    send({ do: "add", locator: locator(), start, end, code });
  }

  // --- moving and picking --------------------------------------------------------------------

  function go(name) {
    model.set("locator", name);
    model.save_changes();
  }
  function move(step) {
    const to = segments[index() + step];
    if (to) go(to.locator);
    else say(step < 0 ? "This is the first segment." : "This is the last segment.");
  }
  function arrive() {
    [span, chosen] = [null, 0];
    picker.begin();
    ask(locator());
    update();
    const count = rowsOf(locator()).length;
    say(`${locator()}, ${index() + 1} of ${segments.length}. Rows here: ${count}.`);
  }

  const toUnits = (at) => unitsAt(here().text, at - here().start);
  const inText = () => document.activeElement === coded.text;
  const picker = textPicker(coded.text, { data: here, picked: () => span, follow, update });

  function pick(words) {
    span = words && { start: words.start, end: words.end };
    if (!span || !same(entry(), span)) chosen = 0;
    picker.place();
    update();
  }
  function choose(id, pickIt) {
    chosen = id;
    const row = entry();
    if (row && row.locator !== locator()) {
      go(row.locator); // everything is let go of there
      chosen = id;
    }
    if (row && pickIt) {
      span = isWhole(row) ? null : { start: row.start, end: row.end };
      if (span) picker.place();
    }
    update();
  }

  function follow(words) {
    const before = chosen;
    span = words;
    if (span) { if (!same(entry(), span)) chosen = 0; }
    else if (!underCaret().includes(chosen)) chosen = underCaret()[0] ?? 0;
    update();
    if (chosen && chosen !== before) say(`Chosen: ${inWords(entry())}.`);
  }
  // The rows of marked words at the caret, the shortest first.
  const underCaret = () => rowsOf(locator()).filter((row) => !isWhole(row)
    && row.start <= picker.caret() && picker.caret() <= row.end)
    .sort((a, b) => a.end - a.start - (b.end - b.start)).map((row) => row.id);

  // --- keys ----------------------------------------------------------------------------------

  desk.addEventListener("keydown", (event) => {
    const { key } = event;
    const typed = event.target.matches("input"), list = event.target.matches("select");
    const control = event.ctrlKey || event.metaKey;
    // The browser tells of a new selection a little later than of a key.
    if (event.target === coded.text) picker.look();
    if (control && !typed && /^[zy]$/i.test(key)) {
      send({ do: /y/i.test(key) || event.shiftKey ? "redo" : "undo" });
    } else if (event.target === coded.text && (control || event.altKey)) {
      // The browser moves the caret, picks or copies; the notebook is not to hear of it.
      if (/^(Arrow.*|Home|End|[acx])$/i.test(key)) event.stopPropagation();
      return;
    } else if (control || event.altKey || typed || list) return;
    else if (key === "PageUp" || key === "PageDown") move(key === "PageUp" ? -1 : 1);
    else if (/^[1-9]$/.test(key)) {
      const code = palette.code(Number(key));
      if (code) apply(code);
      else say(`There is no label ${key} here.`);
    } else if (key === "0") apply("none");
    else if (key === "Delete" || key === "Backspace") send({ do: "remove", id: chosen });
    else if (/^v$/i.test(key)) send({ do: "voice", id: chosen });
    else if (/^m$/i.test(key)) palette.turn(event.shiftKey ? -1 : 1);
    else if (/^f$/i.test(key)) palette.find();
    else if (key === "Escape") pick(null);
    else if (key === "Enter" && event.target === coded.text) {
      const ids = underCaret();
      if (ids.length) {
        choose(ids[(ids.indexOf(chosen) + 1) % ids.length], false);
        say(`Chosen: ${inWords(entry())}.`);
      } else say("No row is at the caret.");
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });
  why.addEventListener("change", () => send({ do: "note", id: chosen, note: why.value }));

  // --- what is on view -----------------------------------------------------------------------

  const nameOf = (row) => (row.code === "none" ? "none of the codes applies"
    : codes.get(row.code).name);
  const markOf = (row) => codes.get(row.code)?.mark ?? "";
  function wordsOf(row) {
    const data = held.get(row.locator);
    if (isWhole(row)) return "whole segment";
    const phrase = data?.phrases.find((one) => same(one, row));
    if (phrase) return `“${phrase.words}”`;
    if (!data?.text) return `characters ${row.start} to ${row.end}`;
    const text = [...data.text].slice(row.start - data.start, row.end - data.start).join("");
    return `“${text.length > 60 ? `${text.slice(0, 36)} … ${text.slice(-18)}` : text}”`;
  }
  const inWords = (row) => `${fullName(row.code, nameOf(row))}, ${row.voice}, ${wordsOf(row)}`;

  function drawText() {
    const data = here(), mine = rowsOf(locator());
    const wide = mine.filter(isWhole);
    whole.replaceChildren(`Whole segment: ${wide.length ? "" : "no label yet"}`,
      ...wide.flatMap((row) => [
      make("mark", { className: `${markOf(row)}${row.id === chosen ? " rw-on-it" : ""}`,
        textContent: tagOf(row), title: nameOf(row) }), " "]));
    if (!data) {
      // Until the kernel has sent the text: the focus must not leave the widget with the old one.
      const inside = box.contains(document.activeElement);
      box.replaceChildren(make("p", { textContent: "Run this cell to code here." }));
      if (inside) {
        back = true;
        select.focus();
      }
      return;
    }
    place.textContent = `${data.locator}, ${index() + 1} of ${segments.length}. ${data.source}`;
    note.textContent = data.note;
    if (data.text !== null) {
      coded.text.setAttribute("aria-label", `Text of ${data.locator}`);
      if (!box.contains(coded.node)) box.replaceChildren(coded.node);
      coded.show(data.text, mine.filter((row) => !isWhole(row)).map((row) => ({ id: row.id,
        start: toUnits(row.start), end: toUnits(row.end), mark: markOf(row), label: tagOf(row) })),
        chosen, part() && !inText() ? { start: toUnits(span.start), end: toUnits(span.end) } : null);
      return;
    }
    digest.textContent = data.digest;
    if (!box.contains(phrases.node)) box.replaceChildren(digest, offer, phrases.node, note);
    const keyOf = (one) => `${one.start}-${one.end}`;
    phrases.show([{ key: "", parts: ["The whole segment"] }, ...data.phrases.map((one) => ({
      key: keyOf(one), parts: [`“${one.words}” `, ...mine.filter((row) => same(row, one))
        .flatMap((row) => [make("mark", { className: markOf(row), textContent: tagOf(row) }), " "])],
    }))], span ? keyOf(span) : "");
  }

  const reading = () => (here()?.text ? coded.text : here() ? phrases.node : select);
  // What is hidden must not take the focus with it.
  function reveal(node, shown) {
    if (!shown && node.contains(document.activeElement)) {
      reading().focus();
    }
    node.hidden = !shown;
  }

  function drawRows() {
    const all = entries(), row = entry();
    const done = new Set(all.map((one) => one.locator)).size;
    heading.textContent = `Rows: ${all.length}, in ${done} of ${segments.length} segments`;
    reveal(rows.node, all.length > 0);
    rows.show(all.map((one) => ({ key: one.id, parts: [
      make("span", { className: "rw-where", textContent: one.locator }), " ",
      make("mark", { className: markOf(one), textContent: one.code }),
      ` ${[wordsOf(one), one.code === "none" ? "" : one.voice,
        one.coder === model.get("coder") ? "" : `coder ${one.coder}`,
        one.note && `note: ${one.note}`].filter(Boolean).join(" · ")}`] })), chosen);
    none.hidden = all.length > 0;
    reveal(detail, Boolean(row));
    if (row) {
      which.textContent = `Chosen: ${row.locator}, ${fullName(row.code, nameOf(row))}, ${
        wordsOf(row)}`;
      voice.value = row.voice;
      if (document.activeElement !== why) why.value = row.note;
    }
    for (const one of all) ask(one.locator);
  }

  function update() {
    if (chosen && !entry()) chosen = 0;
    const data = here(), steps = model.get("steps");
    select.replaceChildren(...segments.map((one) => {
      const count = rowsOf(one.locator).length;
      return make("option", { value: one.locator, textContent: one.locator
        + (count ? ` (${count} row${count === 1 ? "" : "s"})` : "") });
    }));
    select.value = locator();
    previous.setAttribute("aria-disabled", index() === 0);
    next.setAttribute("aria-disabled", index() === segments.length - 1);
    undo.setAttribute("aria-disabled", !steps[0]);
    redo.setAttribute("aria-disabled", !steps[1]);
    target.textContent = part() && data ? wordsOf({ ...span, locator: locator() })
      : "the whole segment";
    reveal(clear, Boolean(part()));
    drawText();
    drawRows();
  }

  const onMessage = (message) => {
    if (message.locator) {
      held.set(message.locator, message);
      update();
      if (back && here() && document.activeElement === select) reading().focus();
      if (here()) back = false;
      return;
    }
    clearTimeout(waiting);
    if (message.chosen !== null) chosen = message.chosen;
    update();
    say(message.told);
  };
  model.on("msg:custom", onMessage);
  model.on("change:entries change:steps", update);
  model.on("change:locator", arrive);
  ask(locator());
  update();
  return () => {
    clearTimeout(waiting);
    observer.disconnect();
    for (const part of [coded, picker, palette]) part.end();
    model.off("msg:custom", onMessage);
    model.off("change:entries change:steps", update);
    model.off("change:locator", arrive);
  };
}

export default { render };
