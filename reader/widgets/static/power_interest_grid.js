// A grid of power (to the right) and interest (upwards). The learner places actors with the
// pointer, the arrow keys or two numbers; another placement is shown as hollow marks, no verdict.

const STEP = 0.5, LEAP = 2, RADIUS = 14;
const fit = (value) => Math.min(10, Math.max(0, Math.round(value * 100) / 100));
const snap = (value) => fit(Math.round(value / STEP) * STEP);

function render({ model, el }) {
  const uid = newId("grid");
  const actors = model.get("actors");
  const nameOf = new Map(actors.map((actor) => [actor.id, actor.name]));

  const select = make("select", { id: `${uid}-actor` }, ...actors.map((actor) =>
    make("option", { value: actor.id, textContent: `${actor.id} ${actor.name}` })));
  const number = (what) => make("input", { type: "number", min: 0, max: 10, step: STEP,
    id: `${uid}-${what}` });
  const power = number("power"), interest = number("interest");
  const off = make("button", { type: "button", textContent: "Take off the grid" });
  const other = make("select", { id: `${uid}-other` });
  const field = (text, input) => make("div", { className: "rw-field" },
    make("label", { htmlFor: input.id, textContent: text }), input);

  const svg = draw("svg", { "aria-hidden": "true" });
  const box = make("div", { className: "rw-plane", tabIndex: 0, attrs: { role: "application",
    "aria-label": "Grid of power and interest", "aria-describedby": `${uid}-help` } }, svg);
  const help = make("p", { className: "rw-quiet", id: `${uid}-help`, textContent:
    "Drag a mark; or go to the grid with Tab and use the arrow keys (with Shift: larger steps), " +
    "Page Up and Page Down for another actor, Delete to take it off. A click places an actor " +
    "that is not on the grid yet." });
  const told = make("p", { className: "rw-place", attrs: { role: "status" } });
  const about = make("p", { className: "rw-quiet" });
  const list = make("ul");
  el.append(widgetRoot("power", model.get("title"),
    make("p", { className: "rw-place", textContent: model.get("title") }),
    make("div", { className: "rw-bar" }, field("Actor", select), field("Power", power),
      field("Interest", interest), off),
    make("div", { className: "rw-pair" }, make("div", {}, box, told, help),
      make("div", {}, field("Compare with", other), about, list))));

  // --- state -----------------------------------------------------------------------------

  const chosen = () => model.get("selected");
  const placeOf = (id) => model.get("places")[id];
  const index = () => actors.findIndex((actor) => actor.id === chosen());

  function choose(id) {
    model.set("selected", id);
    model.save_changes();
  }
  function put(id, place) {
    const places = { ...model.get("places") };
    if (place) places[id] = place.map(fit);
    else delete places[id];
    model.set("places", places);
    model.save_changes();
  }

  // --- in words --------------------------------------------------------------------------

  const quadrant = ([p, i]) =>
    model.get("quadrants")[+(p >= model.get("cut"))][+(i >= model.get("cut"))];
  const words = (place) => (place
    ? `power ${place[0]}, interest ${place[1]}, ${quadrant(place)}` : "not placed");
  const reference = () => model.get("choices").find((c) => c.id === model.get("reference"));
  const sentence = (id, lead, place = placeOf(id)) => `${nameOf.get(id)} (${id}): ${words(place)}.`
    + (reference() ? ` ${lead ?? `Beside it, ${reference().label}`}: ${
      words(model.get("other")[id])}.` : "");

  // --- the picture -----------------------------------------------------------------------

  let size = 0, scale = null;
  function drawGrid() {
    const width = Math.min(460, Math.max(220, box.clientWidth || 460));
    const pad = { left: 34, right: 20, top: 38, bottom: 58 }, side = width - pad.left - pad.right;
    const height = side + pad.top + pad.bottom;
    scale = { x: (p) => pad.left + (p / 10) * side, y: (i) => pad.top + (1 - i / 10) * side,
      back: (x, y) => [((x - pad.left) / side) * 10, (1 - (y - pad.top) / side) * 10] };
    const { x, y } = scale, cut = model.get("cut"), [low, high] = model.get("quadrants");
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    svg.setAttribute("width", width);
    const parts = [draw("rect", { x: x(0), y: y(10), width: side, height: side, class: "rw-off" })];
    const line = (a, b, c, d, name) => draw("line", { x1: a, y1: b, x2: c, y2: d, class: name });
    for (let n = 1; n < 10; n += 1) {
      parts.push(line(x(n), y(0), x(n), y(10), "rw-grid"), line(x(0), y(n), x(10), y(n), "rw-grid"));
    }
    parts.push(line(x(cut), y(0), x(cut), y(10), "rw-cut"), line(x(0), y(cut), x(10), y(cut), "rw-cut"));
    const label = (tx, ty, text, anchor, name = "rw-tick", more = {}) =>
      parts.push(draw("text", { x: tx, y: ty, class: name, "text-anchor": anchor, ...more }, text));
    for (const n of [0, cut, 10]) {
      label(x(n), y(0) + 16, n, "middle");
      label(x(0) - 6, y(n) + 4, n, "end");
    }
    label(x(5), height - 8, "power →", "middle", "rw-tick rw-strong");
    label(0, 0, "interest →", "middle", "rw-tick rw-strong",
      { transform: `translate(11 ${y(5) - (side > 250 ? 60 : 45)}) rotate(-90)` });
    // Outside the grid, where no mark can lie on them.
    for (const [names, at] of [[low, cut / 2], [high, (cut + 10) / 2]]) {
      label(x(at), y(0) + 34, names[0], "middle", "rw-quadrant");
      label(x(at), y(10) - 20, names[1], "middle", "rw-quadrant");
    }

    const places = model.get("places"), shown = model.get("reference") ? model.get("other") : {};
    // Marks at one point would hide each other: they are drawn beside each other.
    const spread = (all) => {
      const groups = new Map();
      for (const { id } of actors) {
        if (all[id]) groups.set(`${all[id]}`, [...(groups.get(`${all[id]}`) ?? []), id]);
      }
      return (id) => {
        const group = groups.get(`${all[id]}`);
        const shift = (group.indexOf(id) - (group.length - 1) / 2) * RADIUS * 1.8;
        return [x(all[id][0]) + shift, y(all[id][1])];
      };
    };
    const own = spread(places), foreign = spread(shown);
    for (const { id } of actors.filter((actor) => shown[actor.id])) {
      const [cx, cy] = foreign(id), group = draw("g", { class: "rw-hollow" });
      if (places[id]) {
        const [ox, oy] = own(id);
        group.append(line(ox, oy, cx, cy, ""));
      }
      group.append(draw("circle", { cx, cy, r: RADIUS - 2 }), draw("text", { x: cx, y: cy }, id));
      parts.push(group);
    }
    // The chosen mark comes last, so that it lies on top.
    const order = actors.map((actor) => actor.id).filter((id) => places[id])
      .sort((a, b) => (a === chosen()) - (b === chosen()));
    for (const id of order) {
      const [cx, cy] = own(id);
      const group = draw("g", { class: `rw-actor${id === chosen() ? " rw-chosen" : ""}`,
        "data-actor": id, transform: `translate(${cx} ${cy})` });
      group.append(draw("title", {}, sentence(id)), draw("circle", { r: RADIUS }),
        draw("text", {}, id));
      parts.push(group);
    }
    svg.replaceChildren(...parts);
  }

  function update() {
    const id = chosen(), place = placeOf(id), choices = model.get("choices");
    select.value = id;
    [power, interest].forEach((input, n) => { input.value = place ? place[n] : ""; });
    off.setAttribute("aria-disabled", !place);
    other.replaceChildren(make("option", { value: "", textContent: "nothing" }),
      ...choices.map((c) => make("option", { value: c.id, textContent: c.label })));
    other.value = model.get("reference");
    about.textContent = reference() ? ["Hollow, dashed marks:", `${reference().label}.`,
      reference().about, "Neither placement is the right one."].filter(Boolean).join(" ") : "";
    told.textContent = sentence(id);
    list.replaceChildren(...actors.map((actor) => make("li",
      { textContent: sentence(actor.id, "Hollow mark") })));
    if (!drag) drawGrid();
  }

  // --- the learner -----------------------------------------------------------------------

  const say = (text) => { told.textContent = text; };
  select.addEventListener("change", () => choose(select.value));
  other.addEventListener("change", () => {
    model.set("reference", other.value);
    model.save_changes();
  });
  off.addEventListener("click", () => put(chosen(), null));
  for (const input of [power, interest]) {
    input.addEventListener("change", () => {
      const both = [power, interest].map((one) => (one.value === "" ? NaN : Number(one.value)));
      if (both.some((value) => value < 0 || value > 10)) say("A rating is a number from 0 to 10.");
      else if (both.some(Number.isNaN)) say("Give a number for power and one for interest.");
      else put(chosen(), both);
    });
  }

  const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1] };
  const turns = { PageUp: -1, PageDown: 1 };
  box.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key in arrows) {
      // The first arrow key puts an actor into the middle.
      const place = placeOf(chosen()), step = event.shiftKey ? LEAP : STEP;
      put(chosen(), place ? place.map((v, n) => v + step * arrows[event.key][n])
        : [model.get("cut"), model.get("cut")]);
    } else if (event.key in turns) {
      choose(actors[(index() + turns[event.key] + actors.length) % actors.length].id);
    } else if (event.key === "Delete" || event.key === "Backspace") put(chosen(), null);
    else return;
    event.preventDefault();
  });

  const at = (event) => {
    const frame = svg.getBoundingClientRect(), zoom = frame.width / svg.viewBox.baseVal.width;
    return scale.back((event.clientX - frame.left) / zoom, (event.clientY - frame.top) / zoom)
      .map(snap);
  };
  let drag = null;
  svg.addEventListener("pointerdown", (event) => {
    const mark = event.target.closest("[data-actor]");
    if (!mark || event.button !== 0) return;
    event.preventDefault();
    box.focus({ preventScroll: true });
    const id = mark.getAttribute("data-actor");
    choose(id);
    // Choosing drew the marks anew.
    drag = { id, place: null, mark: svg.querySelector(`[data-actor="${id}"]`) };
    svg.setPointerCapture(event.pointerId);
  });
  svg.addEventListener("pointermove", (event) => {
    if (!drag) return;
    drag.place = at(event);
    drag.mark.setAttribute("transform",
      `translate(${scale.x(drag.place[0])} ${scale.y(drag.place[1])})`);
    say(sentence(drag.id, undefined, drag.place));
  });
  const drop = (keep) => {
    if (!drag) return;
    const { id, place } = drag;
    drag = null;
    if (keep && place) put(id, place);
    update();
  };
  svg.addEventListener("pointerup", () => drop(true));
  svg.addEventListener("pointercancel", () => drop(false));
  svg.addEventListener("click", (event) => {
    if (!event.target.closest("[data-actor]") && !placeOf(chosen())) put(chosen(), at(event));
  });

  // Drawn for the width there is, so that the letters stay readable on a narrow screen.
  const observer = new ResizeObserver(() => {
    if (box.clientWidth !== size && !drag) { size = box.clientWidth; drawGrid(); }
  });
  const changes = "change:places change:selected change:other change:choices change:reference";
  model.on(changes, update);
  update();
  observer.observe(box);
  return () => {
    observer.disconnect();
    model.off(changes, update);
  };
}

export default { render };
