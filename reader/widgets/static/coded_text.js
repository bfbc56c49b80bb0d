// A text with labels. The text itself stays one piece, so that the browser's own caret,
// selection and screen reader work on it; labels are drawn behind and beneath it.

// The kernel counts characters, the browser counts halves of some of them.
const codeLength = (text) => [...text].length;
const unitsAt = (text, at) => [...text].slice(0, at).join("").length;

// A code as a learner meets it everywhere: short form, then whose voice if not the author's.
const tagOf = (row) => row.code + (row.voice === "author" ? "" : ` ${row.voice}`);

// A code with its name, and not twice the same.
const fullName = (code, name) => (name.startsWith(code) ? name : `${code} ${name}`);

// `attrs` are those of the text's element.
function codedText(attrs) {
  const text = make("div", { className: "rw-words", attrs });
  const layer = make("div", { className: "rw-layer", attrs: { "aria-hidden": "true" } });
  const node = make("div", { className: "rw-coded" }, layer, text);
  let marks = [], chosen = null, picked = null;

  // Marks that overlap get lanes, so that each line can be seen.
  function lanes() {
    const placed = [];
    for (const mark of [...marks].sort((a, b) => a.start - b.start || b.end - a.end)) {
      const used = placed.filter((p) => p.end > mark.start && p.start < mark.end).map((p) => p.lane);
      let lane = 0;
      while (used.includes(lane)) lane += 1;
      placed.push({ ...mark, lane });
    }
    return placed;
  }

  function draw() {
    const inner = text.firstChild;
    if (!inner || !node.isConnected) return;
    const placed = lanes();
    const depth = placed.length ? Math.max(...placed.map((p) => p.lane)) + 1 : 0;
    text.style.lineHeight = `calc(1.2em + ${depth ? 12 + depth * 4 : 8}px)`;
    const frame = node.getBoundingClientRect(), drawn = [], taken = new Map();
    const boxesOf = ({ start, end }) => {
      const range = document.createRange();
      range.setStart(inner, Math.min(start, inner.length));
      range.setEnd(inner, Math.min(end, inner.length));
      return [...range.getClientRects()].filter((box) => box.width > 0.5);
    };
    const lay = (part, box, more = 0) => {
      Object.assign(part.style, { left: `${box.left - frame.left}px`,
        top: `${box.top - frame.top}px`, width: `${box.width}px`,
        height: `${box.height + more}px` });
      drawn.push(part);
    };
    for (const mark of placed) {
      const on = mark.id !== undefined && mark.id === chosen;
      boxesOf(mark).forEach((box, n) => {
        lay(make("mark", { className: `${mark.mark}${on ? " rw-on-it" : ""}` }), box,
          mark.lane * 4 - 2);
        if (n || !mark.label) return;
        const tag = make("span", { className: `rw-tag${on ? " rw-on-it" : ""}`,
          textContent: mark.label });
        const line = Math.round(box.top), left = Math.max(box.left - frame.left,
          taken.get(line) ?? 0);
        const width = mark.label.length * 6.6 + 6;
        const at = Math.max(0, Math.min(left, frame.width - width));
        taken.set(line, at + width + 3);
        Object.assign(tag.style, { left: `${at}px`,
          top: `${box.bottom - frame.top + depth * 4 - 3}px` });
        drawn.push(tag);
      });
    }
    if (picked) {
      for (const box of boxesOf(picked)) lay(make("div", { className: "rw-picked" }), box);
    }
    layer.replaceChildren(...drawn);
  }

  // Only a new width moves the words; a new height is what drawing itself makes.
  let width = 0;
  const observer = new ResizeObserver(() => {
    if (node.clientWidth !== width) { width = node.clientWidth; draw(); }
  });
  observer.observe(node);
  return {
    node, text, draw,
    show(words, found, on = null, span = null) {
      if (text.textContent !== words) text.replaceChildren(document.createTextNode(words));
      [marks, chosen, picked] = [found, on, span];
      draw();
    },
    end: () => observer.disconnect(),
  };
}
