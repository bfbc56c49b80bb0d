"""One page of the site: a notebook as HTML that stands alone, for every reader and screen."""

from __future__ import annotations

import base64
import posixpath
import re
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape
from pathlib import Path

from bs4 import BeautifulSoup, Tag
from nbconvert import HTMLExporter
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

from reader import frames, wide

from .site_cells import SiteProblem

_TEMPLATES = Path(__file__).parent / "templates"
STYLE = _TEMPLATES / "site" / "style.css"
_PNG = "data:image/png;base64,"
_START = "index.html"
_DIFFERENT = f"{_START}#What-is-different-on-these-pages"
_HEADING = re.compile(r"^#\s+(.+)", re.M)
_LINE_OF_COLUMNS = re.compile(r"\S {3,}\S")


@dataclass(frozen=True)
class Page:
    """A page to be made.

    Attributes
    ----------
    source : str
        Where it lies in the course, from the course's folder.
    notebook : nbformat.NotebookNode
        What it shows.
    written : str
        The file for whose place its links were written, where that is another one.
    """

    source: str
    notebook: NotebookNode
    written: str = ""

    @property
    def title(self) -> str:
        found = _HEADING.search(self.notebook.cells[0].source)
        if not found:
            raise SiteProblem(f"{self.source} has no title: its first cell needs a line '# …'.")
        return re.sub(r"[`*]", "", found[1]).strip()


@dataclass(frozen=True)
class Site:
    """All pages, in the order of reading, and where files of the course are on the site.

    Attributes
    ----------
    copied : tuple of str
        Files that are taken as they are.
    course : str
        Web address where the course runs, if there is one.
    """

    pages: tuple[Page, ...]
    copied: tuple[str, ...]
    course: str = ""
    root: Path = field(default_factory=Path)

    def place(self, source: str) -> str | None:
        """Path on the site of a file of the course; None where the site does not have it."""
        if source == "notebooks/index.md":
            return _START
        if any(page.source == source for page in self.pages):
            return str(Path(source).with_suffix(".html"))
        return source if source in self.copied else None

    def write(self, out: Path) -> None:
        """Write all pages and what they need into a folder."""
        for page in self.pages:
            _write(out, page, self)
        for name in self.copied:
            (out / name).write_bytes((self.root / name).read_bytes())
        (out / "style.css").write_bytes(STYLE.read_bytes())


def _to(here: str, there: str) -> str:
    """A relative link from one page of the site to another."""
    path, _, fragment = there.partition("#")
    found = posixpath.relpath(path, posixpath.dirname(here) or ".")
    return found + ("#" + fragment if fragment else "")


def _write(out: Path, page: Page, site: Site) -> None:
    here = site.place(page.source)
    notebook = page.notebook
    if here == _START:
        notebook = _with_difference(notebook, site)
    html, _ = _exporter().from_notebook_node(notebook, {"site": _around(page, here, site)})
    soup = BeautifulSoup(html, "html.parser")
    _links(soup, page, here, site)
    _styles(soup)
    _tables(soup)
    _listings(soup)
    target = out / here
    target.parent.mkdir(parents=True, exist_ok=True)
    _images(soup, target)
    target.write_text(str(soup), encoding="utf-8")


@lru_cache(maxsize=1)
def _exporter() -> HTMLExporter:
    return HTMLExporter(template_name="site", extra_template_basedirs=[str(_TEMPLATES)])


def _around(page: Page, here: str, site: Site) -> dict:
    """What the template says around the cells."""
    named = [("Start page", _START)] + [
        (other.title.split(":")[0], site.place(other.source)) for other in site.pages
        if other.source == "notebooks/glossary.md"]
    named += [(Path(name).stem.capitalize(), name) for name in site.copied]
    row = [other for other in site.pages if other.source != "notebooks/glossary.md"]
    around = []
    if page in row:
        at = row.index(page)
        for what, rel, step in (("Before", "prev", -1), ("Next", "next", 1)):
            if 0 <= at + step < len(row):
                other = row[at + step]
                around.append({"what": what, "rel": rel, "name": other.title,
                               "href": _to(here, site.place(other.source))})
    different = _to(here, _DIFFERENT)
    where = (f'<a href="{escape(site.course)}">Open the course</a>' if site.course else
             f'<a href="{different}">How to open the course</a>')
    return {"title": page.title if here == _START else f"{page.title} | Reading Idlib",
            "top": "../" * here.count("/"), "around": around, "different": different,
            "course": [{"name": name, "href": _to(here, there), "here": there == here}
                       for name, there in named],
            "asked": "You answer this in the running course, where the check then speaks to your "
                     f"answer. {where}."}


def _with_difference(notebook: NotebookNode, site: Site) -> NotebookNode:
    """The start page with a section before its first one: what these pages are not."""
    where = f"[in the running course]({site.course})" if site.course else \
        "in the running course: on your own computer, with the two commands that its README " \
        "file names, or where your instructor runs it for you"
    text = f"""## What is different on these pages

These pages are for reading: on a phone, without a network, or before you begin.

- **Nothing runs here.** You see what the code of each lesson gives. The tools of the course show
  how they begin, as a table or a list.
- **Questions can't be checked here.** The pages ask them; you answer them {where}.
- **The exercises are here to be read**, without the output of their code.
- **The articles are not here.** Passages show the course's own summaries and short phrases.
- Where a page says *run*, *click* or *type*, it means the running course.

"""
    cell = notebook.cells[0]
    head, mark, rest = cell.source.partition("\n## ")
    made = notebook.copy()
    made.cells = [new_markdown_cell(f"{head}\n\n{text}{mark.lstrip()}{rest}", id=cell.id)]
    return made


def _links(soup: BeautifulSoup, page: Page, here: str, site: Site) -> None:
    """Lead links to pages of the site. What only the running course has is named, not linked."""
    for anchor in soup.select("a.anchor-link"):
        anchor.decompose()
    for link in soup.select("main a[href]"):
        target, _, fragment = link["href"].partition("#")
        if not target or re.match(r"[a-z][a-z0-9+.-]*:", target) or \
                link.find_parent(class_="asked"):
            continue
        found = None
        for base in (page.written or page.source, page.source):
            source = posixpath.normpath(posixpath.join(posixpath.dirname(base), target))
            found = found or site.place(source)
        if found:
            link["href"] = _to(here, found + ("#" + fragment if fragment else ""))
        else:
            link.unwrap()


def _styles(soup: BeautifulSoup) -> None:
    """Each style once, in the head: outputs bring their own, and a page has many of a kind."""
    # What pandas brings along for every table is in the site's own style.
    found = {style.string.strip(): None for style in soup.select("main style:not([scoped])")
             if style.string}
    for style in soup.select("main style"):
        style.decompose()
    if found:
        made = soup.new_tag("style")
        made.string = "\n".join(found)
        soup.head.append(made)


def _named(table: Tag) -> str:
    caption = table.find("caption")
    if caption:
        return caption.get_text(" ", strip=True)
    heading = table.find_previous(re.compile("^h[1-6]$"))
    return f"Table in: {heading.get_text(' ', strip=True)}" if heading else "Table"


def _scrolls(node: Tag, name: str) -> None:
    """Let something wide scroll by itself, so that the page need not."""
    node.wrap(BeautifulSoup(wide.region(name, ""), "html.parser").div)


def _tables(soup: BeautifulSoup) -> None:
    for plain in soup.select("main table"):
        table = BeautifulSoup(wide.breakable(str(plain)), "html.parser").table
        plain.replace_with(table)
        del table["border"]
        around = table.find_parent(class_="idlib-wide")
        if not around:
            _scrolls(table, _named(table))
        elif around["aria-label"] == frames.WIDE:
            around["aria-label"] = _named(table)
        _heads(table)


def _heads(table: Tag) -> None:
    """Say of each head what it heads. Markdown can't leave a head out: empty ones are none."""
    head = table.find("thead")
    if head and not head.get_text(strip=True):
        head.decompose()
        for row in table.select("tbody tr"):
            row.find(["td", "th"]).name = "th"
    for cell in table.select("th"):
        if cell.get_text(strip=True):
            cell["scope"] = "col" if cell.find_parent("thead") else "row"
        else:
            cell.name = "td"


def _listings(soup: BeautifulSoup) -> None:
    """Lines of an output wrap; where they stand in columns, they scroll instead."""
    for listing in soup.select(".out pre"):
        if _LINE_OF_COLUMNS.search(listing.get_text()):
            listing["class"] = "columns"
            _scrolls(listing, "Output in columns")


def _images(soup: BeautifulSoup, target: Path) -> None:
    """Put figures into files beside the page: a phone then loads those that come into view."""
    for number, image in enumerate(soup.select("main img"), 1):
        if not image["src"].startswith(_PNG):
            raise SiteProblem(f"{target.name} has an image that the site can't take along: "
                              f"{image['src'][:60]}.")
        data = base64.b64decode(image["src"].removeprefix(_PNG))
        folder = target.with_name(f"{target.stem}_files")
        folder.mkdir(exist_ok=True)
        (folder / f"figure-{number}.png").write_bytes(data)
        image["src"] = f"{folder.name}/figure-{number}.png"
        image["loading"] = "lazy"
        if "width" in image.attrs:
            wide, high = (int.from_bytes(data[at:at + 4], "big") for at in (16, 20))
            image["height"] = str(round(int(image["width"]) * high / wide))
