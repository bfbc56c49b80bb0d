// Picking words in a text, with the browser's own caret and selection. The text can't be changed.

// `data` gives the segment on view, `picked` the words picked now (positions in the article);
// `follow` is told what the learner picks (null: nothing), `update` that the focus came or went.
function textPicker(element, { data, picked, follow, update }) {
  const WORD = /[\p{L}\p{N}'’-]/u;
  let caret = 0, seen = 0, pressed = false;
  const toUnits = (at) => unitsAt(data().text, at - data().start);
  const toArticle = (units) => data().start + codeLength(data().text.slice(0, units));
  const focused = () => document.activeElement === element && Boolean(data()?.text);

  function select(from, to) {
    const node = element.firstChild;
    if (node) getSelection().setBaseAndExtent(node, Math.min(from, node.length), node,
      Math.min(to, node.length));
  }
  // Both ends of the selection, and the one that moves.
  function ends() {
    const now = getSelection(), node = element.firstChild;
    if (!focused() || !now.rangeCount || !node) return null;
    const range = now.getRangeAt(0), inner = document.createRange();
    if (!range.intersectsNode(element)) return null;
    inner.selectNodeContents(node);
    const at = (container, offset) => (container === node ? offset
      : inner.comparePoint(container, offset) > 0 ? node.length : 0);
    return [at(range.startContainer, range.startOffset), at(range.endContainer, range.endOffset),
      at(now.focusNode, now.focusOffset)];
  }
  function look() {
    const found = ends();
    if (!found) return;
    const { text } = data(), before = picked();
    let [from, to] = found;
    caret = found[2];
    while (from < to && /\s/.test(text[from])) from += 1;
    while (to > from && /\s/.test(text[to - 1])) to -= 1;
    const now = from < to ? { start: toArticle(from), end: toArticle(to) } : null;
    if (now ? now.start === before?.start && now.end === before?.end
      : !before && seen === caret) return;
    seen = caret;
    follow(now);
  }
  // A mouse picks whole words; for less there are the keys.
  function snap() {
    const found = ends();
    if (!found || found[0] === found[1]) return;
    const { text } = data(), word = (at) => WORD.test(text[at] ?? "");
    let [from, to] = found;
    while (from < to && !word(from)) from += 1;
    while (to > from && !word(to - 1)) to -= 1;
    if (from === to) return;
    while (word(from - 1)) from -= 1;
    while (word(to)) to += 1;
    select(from, to);
  }
  function place() {
    if (!focused()) return;
    const words = picked();
    if (words) select(toUnits(words.start), toUnits(words.end));
    else select(caret, caret);
  }

  const released = () => {
    if (pressed) setTimeout(snap);
    pressed = false;
  };
  element.addEventListener("pointerdown", () => { pressed = true; });
  for (const name of ["beforeinput", "dragstart", "drop"]) {
    element.addEventListener(name, (event) => event.preventDefault());
  }
  // What a browser does not let us refuse is taken back.
  element.addEventListener("input", update);
  element.addEventListener("focus", () => {
    if (!pressed) place();
    update();
  });
  element.addEventListener("blur", update);
  document.addEventListener("selectionchange", look);
  document.addEventListener("pointerup", released);
  return {
    look, place, caret: () => toArticle(caret),
    begin: () => { [caret, seen] = [0, 0]; },
    end: () => {
      document.removeEventListener("selectionchange", look);
      document.removeEventListener("pointerup", released);
    },
  };
}
