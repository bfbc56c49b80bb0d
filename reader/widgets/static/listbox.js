// A list of which one item is chosen, by arrow keys or a press.
function listbox(label, onChoose) {
  const id = newId("list");
  const node = make("ul", { className: "rw-list", tabIndex: 0, attrs: {
    role: "listbox", "aria-label": label } });
  let keys = [], at = -1;
  node.addEventListener("keydown", (event) => {
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: keys.length - 1 }[event.key];
    if (to === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    if (keys.length) onChoose(keys[Math.min(keys.length - 1, Math.max(0, to))]);
  });
  return { node, show(items, chosen) {
    keys = items.map((item) => item.key);
    at = keys.indexOf(chosen);
    node.replaceChildren(...items.map((item, n) => make("li", { id: `${id}-${n}`,
      onclick: () => onChoose(item.key),
      attrs: { role: "option", "aria-selected": n === at } }, ...item.parts)));
    node.removeAttribute("aria-activedescendant");
    if (at < 0) return;
    node.setAttribute("aria-activedescendant", `${id}-${at}`);
    const { offsetTop: top, offsetHeight: height } = node.children[at];
    if (top < node.scrollTop) node.scrollTop = top;
    else if (top + height > node.scrollTop + node.clientHeight) {
      node.scrollTop = top + height - node.clientHeight;
    }
  } };
}
