// How the timeline draws its part of time: one lane for each track, all years below them.

const touches = (row, [from, to]) => row.parts.some(([first, last]) =>
  (!first || time(first) <= to) && (!last || time(last) + DAY >= from));

const NARROW = { " (depends)": "*" };

function picture({ items, view, width, least, most, suffix, horizon, selected, lanes, choose }) {
  const [from, to] = view, row = 17;
  const x = (when) => Math.max(0, Math.min(width, ((when - from) / (to - from)) * width));
  const svg = draw("svg", { width, class: "rw-lines", role: "img" });
  const back = draw("g", {}), front = draw("g", {});
  svg.append(back, front);
  let y = horizon.text ? 18 : 2;
  const top = y;
  for (const lane of lanes) {
    const mine = items.filter((item) => item.track === lane.name);
    const before = mine.filter((item) => !touches(item, view) && start(item) < from).length;
    const after = mine.filter((item) => !touches(item, view) && start(item) > to).length;
    front.append(draw("line", { x1: 0, x2: width, y1: y, y2: y, class: "rw-lane" }));
    const rest = [before && `${before} before`, after && `${after} after`].filter(Boolean);
    const name = lane.name + (rest.length ? ` (${rest.join(", ")} this part)` : "");
    front.append(draw("text", { x: 2, y: y + 13, class: "rw-tick rw-strong" },
      name.length * 8 < width ? name : lane.name));
    y += 18;
    const ends = []; // the right end of what stands in each row so far
    for (const item of mine.filter((found) => touches(found, view))) {
      // In a narrow drawing words would take the room of the marks.
      const words = suffix(item);
      const label = item.id + item.qualifier + (width > 480 ? words : NARROW[words] ?? "");
      const [left, right] = extent(item, x, width), room = label.length * 7.6 + 9;
      const turn = right + room > width && left - room > 0;
      const [a, b] = turn ? [left - room, right] : [left, right + room];
      let place = ends.findIndex((end) => end + 4 < a);
      if (place < 0) place = ends.length;
      ends[place] = b;
      front.append(mark(item, label, x, from, to, y + place * row, {
        left, right, turn, chosen: item.id === selected, quiet: words === " (later)",
        choose }));
    }
    y += Math.max(1, ends.length) * row + 6;
  }
  const bottom = y + 20, height = bottom + 52;
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  svg.setAttribute("height", height);
  svg.setAttribute("aria-label", `${isoDay(from)} to ${isoDay(to)}. The list below holds the `
    + `same events.`);
  timeAxis(back, x, from, to, 0, width, bottom);
  if (horizon.text) back.append(limit(horizon, x, width, top, bottom - 18));
  const all = overview(items, view, width, least, most);
  all.setAttribute("transform", `translate(0,${bottom + 14})`);
  svg.append(all);
  return svg;
}

const start = (row) => Math.min(...row.parts.map(([first]) => (first ? time(first) : -Infinity)));

function extent(item, x, width) {
  const points = item.parts.flatMap(([first, last]) => [
    first ? x(time(first)) : 0, last ? x(time(last) + (first === last ? 0 : DAY)) : width]);
  const day = item.parts.every(([first, last]) => first === last) ? 5 : 0;
  return [Math.min(...points) - day, Math.max(...points, Math.min(...points) + 3) + day];
}

// One event: its mark by precision, its name beside it.
function mark(item, label, x, from, to, y, { left, right, turn, chosen, quiet, choose }) {
  const group = draw("g", { class: `rw-event${chosen ? " rw-chosen" : ""}${quiet
    ? " rw-later" : ""}` });
  group.append(draw("title", {}, `${item.id} ${item.date} ${item.sentence}`));
  // A wider field than the mark: easier to hit.
  group.append(draw("rect", { x: left - 4, y, width: right - left + 8, height: 17,
    class: "rw-hit" }));
  if (item.parts.length > 1) {
    group.append(draw("line", { x1: left, x2: right, y1: y + 8, y2: y + 8, class: "rw-dots" }));
  }
  for (const [first, last] of item.parts) {
    if (first && first === last) {
      const at = x(time(first));
      group.append(draw("polygon", { points: `${at - 5},${y + 8} ${at},${y + 3} ${at + 5},${
        y + 8} ${at},${y + 13}`, class: item.kind === "one of" ? "rw-hollow" : "rw-day" }));
    } else {
      group.append(timeBar(x, first, last, from, to, y + 3, 10,
        ["month", "year"].includes(item.kind) || item.parts.length > 1 ? "rw-pale" : "rw-bar2"));
    }
  }
  group.append(draw("text", { x: turn ? left - 7 : right + 7, y: y + 12, class: "rw-tick",
    "text-anchor": turn ? "end" : "start" }, label));
  group.addEventListener("click", () => choose(item));
  return group;
}

// The days on which the article can have been published; behind them lies what came later.
function limit(horizon, x, width, top, bottom) {
  const group = draw("g", {});
  const a = horizon.first ? x(time(horizon.first)) : 0;
  const b = horizon.last ? x(time(horizon.last) + DAY) : width;
  if (b < width) group.append(draw("rect", { x: b, y: top, width: width - b,
    height: bottom - top, class: "rw-beyond" }));
  if (b <= 0 || a >= width) return group;
  group.append(draw("rect", { x: a, y: top, width: Math.max(2, b - a), height: bottom - top,
    class: "rw-published" }));
  const label = `published ${horizon.text}`;
  group.append(draw("text", { x: Math.max(0, Math.min(a, width - label.length * 8)), y: top - 4,
    class: "rw-tick rw-strong" }, label));
  return group;
}

// All years on one line, with the part on view: the far events stay in sight.
function overview(items, view, width, least, most) {
  const x = (when) => ((when - least) / (most - least)) * width;
  const group = draw("g", { class: "rw-overview" });
  group.append(draw("text", { x: width, y: 33, class: "rw-tick", "text-anchor": "end" },
    "all years"));
  timeAxis(group, x, least, most, 0, width - 60, 36);
  for (const item of items) {
    const at = x(Math.max(least, start(item)));
    group.append(draw("line", { x1: at, x2: at, y1: 4, y2: 14, class: "rw-dash" }));
  }
  group.append(draw("rect", { x: x(view[0]), y: 1, height: 16, class: "rw-window",
    width: Math.max(4, x(view[1]) - x(view[0])) }));
  return group;
}
