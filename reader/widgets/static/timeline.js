// Events on tracks along a line of time, with what an article could have known of them.

const WORDS = { yes: "came after the event", no: "came before the event",
  depends: "depends on the day" };
const MARKS = "Diamond: a day. Full bar: from the first day to the last. Dashed bar: a month or "
  + "year, the day is not known. Arrow: an open end. Diamonds on a dotted line: several days, "
  + "hollow where one of them is meant. ~ about, ? uncertain, % both. Behind the name of an "
  + "event: (depends) or (later) than the article; in a narrow window * and slanted. Orange "
  + "field: the days on which the article can have been published. Grey field: what lies after "
  + "them.";

function render({ model, el }) {
  const uid = newId("timeline");
  const rows = model.get("rows");
  const days = rows.flatMap((row) => row.parts.flat()).filter(Boolean).map(time);
  const span = Math.max(...days) - Math.min(...days);
  const least = Math.min(...days) - span / 20 - 7 * DAY;
  const most = Math.max(...days) + span / 20 + 7 * DAY;
  let view = model.get("view").map(time), followed = model.get("horizon").text;

  // --- controls ---------------------------------------------------------------------------
  const field = (id, text, node) => [make("label", { htmlFor: `${uid}-${id}`, textContent: text }),
    Object.assign(node, { id: `${uid}-${id}` })];
  const article = make("select", {}, make("option", { value: "", textContent: "none: no horizon" }),
    ...model.get("choices").map((c) => make("option", { value: c.id, textContent: c.label })));
  const published = make("input", { type: "text", size: 14, spellcheck: false });
  const later = make("input", { type: "checkbox" });
  const set = (name, value) => { model.set(name, value); model.save_changes(); };
  article.addEventListener("change", () => set("article", article.value));
  later.addEventListener("change", () => set("hindsight", later.checked));
  published.addEventListener("change", () => model.send({ published: published.value }));
  const tracks = make("fieldset", { className: "rw-tracks" },
    make("legend", { textContent: "Tracks" }));
  const boxes = model.get("lanes").map((lane) => {
    const box = make("input", { type: "checkbox" });
    box.addEventListener("change", () => set("tracks", model.get("lanes").map((l) => l.name)
      .filter((name) => (name === lane.name ? box.checked : model.get("tracks").includes(name)))));
    tracks.append(make("div", { className: "rw-choice", title: lane.about },
      ...field(`t-${lane.name}`, lane.name, box).reverse()));
    return box;
  });
  const button = (text, action) => make("button", { type: "button", textContent: text,
    onclick: action });
  const told = make("p", { id: `${uid}-told`, className: "rw-place", attrs: { role: "status" } });
  const note = make("p", { className: "rw-box rw-note" });
  const seen = make("p", { className: "rw-quiet", attrs: { role: "status" } });
  const chart = make("div", { className: "rw-chart", tabIndex: 0, attrs: { role: "group",
    "aria-label": "Line of time", "aria-describedby": `${uid}-help` } });
  const help = make("p", { id: `${uid}-help`, className: "rw-quiet", textContent:
    "On the line: left and right arrow move it, + and - zoom, 0 goes back, Home and End show the "
    + "first and last event. In the list: up and down arrow, Home, End." });
  const list = make("ul", { className: "rw-list", attrs: { role: "listbox",
    "aria-label": "Events" } });
  const detail = make("div", { className: "rw-box rw-detail", attrs: { role: "region",
    "aria-label": "Chosen event" } });
  const root = widgetRoot("timeline", model.get("title"),
    make("div", { className: "rw-bar" }, ...field("article", "Article", article),
      ...field("published", "published (EDTF)", published)),
    make("div", { className: "rw-choice" }, ...field("later", "Show what came later", later)
      .reverse()),
    tracks, told, note,
    make("div", { className: "rw-bar" }, button("Earlier", () => move(-0.25)),
      button("Later", () => move(0.25)), button("Zoom in", () => zoom(0.5)),
      button("Zoom out", () => zoom(2)), button("First view", () => look("first")),
      button("All years", () => look("all"))),
    chart, seen, help,
    make("details", {}, make("summary", { textContent: "What the marks mean" }),
      make("p", { textContent: MARKS })),
    make("div", { className: "rw-pair" }, list, detail));
  el.append(root);

  // --- the part on view -------------------------------------------------------------------
  function show(from, to, keep = true) {
    const length = Math.min(most - least, Math.max(7 * DAY, to - from));
    const middle = (from + to) / 2;
    const start = Math.min(most - length, Math.max(least, middle - length / 2));
    view = [start, start + length];
    if (keep) set("view", view.map(isoDay));
    drawChart();
  }
  const move = (part) => show(...view.map((end) => end + (view[1] - view[0]) * part));
  function zoom(factor, at = (view[0] + view[1]) / 2) {
    show(at - (at - view[0]) * factor, at + (view[1] - at) * factor);
  }
  const look = (what) => (what === "all" ? show(least, most)
    : show(...model.get("first_view").map(time)));
  function reach(row) {
    if (touches(row, view)) return;
    const half = (view[1] - view[0]) / 2, at = time(row.parts.flat().find(Boolean));
    show(at - half, at + half);
  }
  chart.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const items = shown();
    const action = { ArrowLeft: () => move(-0.2), ArrowRight: () => move(0.2),
      "+": () => zoom(0.5), "=": () => zoom(0.5), "-": () => zoom(2), 0: () => look("first"),
      Home: () => items.length && reach(items[0]), End: () => items.length && reach(items.at(-1)),
    }[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
  const whereIs = (event) => {
    const box = chart.getBoundingClientRect();
    return view[0] + ((event.clientX - box.left) / box.width) * (view[1] - view[0]);
  };
  chart.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    zoom(event.deltaY > 0 ? 1.25 : 0.8, whereIs(event));
  }, { passive: false });
  let drag = null;
  chart.addEventListener("pointerdown", (event) => {
    if (event.button === 0) drag = { x: event.clientX, view, moved: false };
  });
  chart.addEventListener("pointermove", (event) => {
    if (!drag || Math.abs(event.clientX - drag.x) < 5 && !drag.moved) return;
    // Only now: a captured pointer would take the click from the marks.
    if (!drag.moved) chart.setPointerCapture(event.pointerId);
    drag.moved = true;
    const by = ((drag.x - event.clientX) / chart.clientWidth) * (drag.view[1] - drag.view[0]);
    show(drag.view[0] + by, drag.view[1] + by, false);
  });
  for (const name of ["pointerup", "pointercancel"]) {
    chart.addEventListener(name, () => {
      if (drag?.moved) set("view", view.map(isoDay));
      drag = null;
    });
  }

  // --- the list ---------------------------------------------------------------------------
  const knows = (row) => model.get("knowledge")[row.id];
  const shown = () => rows.filter((row) => model.get("tracks").includes(row.track)
    && (model.get("hindsight") || knows(row) !== "no"));
  const suffix = (row) => ({ depends: " (depends)", no: " (later)" }[knows(row)] ?? "");
  function drawList() {
    const items = shown();
    const chosen = items.find((row) => row.id === model.get("selected")) ?? items[0];
    const held = list.contains(document.activeElement);
    list.replaceChildren(...items.map((row) => make("li", { id: `${uid}-${row.id}`,
      tabIndex: row === chosen ? 0 : -1, onclick: () => choose(row), attrs: { role: "option",
        "aria-selected": row === chosen } }, make("strong", {
      textContent: `${row.id}${suffix(row)} ${row.date}` }), ` ${row.sentence}`)));
    const current = list.querySelector('[aria-selected="true"]');
    if (held) current?.focus({ preventScroll: true });
    if (current) {
      // Not scrollIntoView: it would move the whole notebook too.
      const above = current.offsetTop - list.offsetTop;
      if (above < list.scrollTop) list.scrollTop = above;
      const under = above + current.offsetHeight - list.clientHeight;
      if (under > list.scrollTop) list.scrollTop = under;
    }
    drawDetail(chosen);
  }
  function choose(row) {
    set("selected", row.id);
    document.getElementById(`${uid}-${row.id}`)?.focus({ preventScroll: true });
    reach(row);
  }
  list.addEventListener("keydown", (event) => {
    const items = shown();
    const at = items.findIndex((row) => row.id === model.get("selected"));
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (to === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    const row = items[Math.max(0, Math.min(items.length - 1, to))];
    if (row) choose(row);
  });
  function drawDetail(row) {
    if (!row) { detail.replaceChildren("No event is on view."); return; }
    const facts = [["date", `${row.date} (${row.precise})`], ["track", row.track],
      ...Object.entries(row.facts)];
    if (knows(row)) facts.push(["article", WORDS[knows(row)]]);
    detail.replaceChildren(make("p", {}, make("strong", { textContent: `${row.id}. ` }),
      row.sentence), make("dl", {}, ...facts.flatMap(([name, value]) => [
      make("dt", { textContent: name }), make("dd", { textContent: value })])));
  }

  // --- the drawing ------------------------------------------------------------------------
  function drawChart() {
    const items = shown();
    const width = chart.clientWidth || 640;
    chart.replaceChildren(picture({ items, view, width, least, most, suffix,
      horizon: model.get("horizon"), selected: model.get("selected"), choose,
      lanes: model.get("lanes").filter((lane) => model.get("tracks").includes(lane.name)) }));
    const here = items.filter((row) => touches(row, view)).length;
    seen.textContent = `On view: ${isoDay(view[0])} to ${isoDay(view[1])}, `
      + `${here} of ${items.length} events.`;
  }
  function update() {
    article.value = model.get("article");
    // What was typed stays where it can be corrected.
    if (!model.get("fault")) {
      published.value = model.get("published") || model.get("horizon").text || "";
    }
    published.setAttribute("aria-invalid", Boolean(model.get("fault")));
    if (model.get("fault")) published.setAttribute("aria-describedby", told.id);
    else published.removeAttribute("aria-describedby");
    later.checked = model.get("hindsight");
    boxes.forEach((box, n) => {
      box.checked = model.get("tracks").includes(model.get("lanes")[n].name);
    });
    told.textContent = model.get("fault") || model.get("told");
    note.hidden = !(model.get("hindsight") && model.get("horizon").text);
    note.textContent = note.hidden ? "" : model.get("note");
    drawList();
    drawChart();
    // A new horizon has to be in sight, wherever the line was.
    const { text, first, last } = model.get("horizon");
    if (text !== followed && (first || last)) reach({ parts: [[first, last]] });
    followed = text;
  }
  const looked = () => {
    const wanted = model.get("view");
    if (wanted.join() !== view.map(isoDay).join()) show(...wanted.map(time), false);
  };
  let drawn = 0;
  const observer = new ResizeObserver(() => {
    if (chart.clientWidth !== drawn) { drawn = chart.clientWidth; drawChart(); }
  });
  const changes = ["knowledge", "hindsight", "tracks", "selected", "told", "fault"]
    .map((name) => `change:${name}`).join(" ");
  model.on(changes, update);
  model.on("change:view", looked);
  update();
  observer.observe(chart);
  return () => {
    observer.disconnect();
    model.off(changes, update);
    model.off("change:view", looked);
  };
}

export default { render };
