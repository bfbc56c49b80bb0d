"""HTML that somebody else wrote, made safe to show: no script, no request, no way out of its place.

The sanitiser is nh3 (ammonia), which parses as browsers do and writes the page anew from a list
of what may stay. Pages also carry a Content-Security-Policy, so that two things must fail.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from functools import lru_cache

import nh3

from reader import wide

from . import css

#: What a page of ours may do: show what is in it. For a ``<meta>`` before everything else.
POLICY = ("default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
          "form-action 'none'")
# A table of pandas has some hundred thousand characters, a picture some million.
MAX_CHARACTERS = 8_000_000
_TAGS = (nh3.ALLOWED_TAGS - {"area", "map", "rtc", "nav", "header", "footer", "aside", "article",
                             "hgroup"}) | {"section", "tfoot"}
_GONE = {"script", "style", "iframe", "object", "embed", "noscript", "noembed", "noframes",
         "template", "svg", "math", "title", "textarea", "xmp", "plaintext", "select", "button",
         "audio", "video", "canvas", "frameset", "head"}
_ATTRIBUTES = {
    "*": {"class", "style", "title", "lang", "dir", "role", "aria-label", "aria-hidden",
          "tabindex", "id"},
    "a": {"href"}, "img": {"src", "alt", "width"}, "details": {"open"},
    "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan", "scope"},
    "col": {"span"}, "colgroup": {"span"}, "ol": {"start", "type", "reversed"},
    "li": {"value"}, "time": {"datetime"}, "data": {"value"}}
_ROLES = {"group", "note", "img", "list", "listitem", "figure"}
_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp|svg\+xml);base64,[A-Za-z0-9+/=\s]*\Z")
_ADDRESS = re.compile(r"(?:https?|mailto):", re.I)
#: Classes of the page itself, which an output must not wear.
_OURS = re.compile(r"fb-|reading-idlib-|skip$")
# Ids of pandas' styled tables, which their styles name. All others are the page's own.
_ID = re.compile(r"T_\w{1,40}\Z")
_STYLE = re.compile(r"<style\b[^>]*>(.*?)</style\s*>", re.I | re.S)
# nh3 writes attributes in double quotes, always.
_REST = r'(?:[^>"]|"[^"]*")*'
_IMG = re.compile(rf"<img{_REST}>")
_TABLE = re.compile(rf'(<div class="idlib-wide{_REST}>\s*)?(<table\b{_REST}>)|(</table>)')
_HEADING = re.compile(r"<(/?)h([1-6])\b")
_LEFT_OUT = "<p class=\"fb-left-out\">What was here is too long for this page.</p>"


@dataclass(frozen=True)
class Safe:
    """A fragment that may stand in a page.

    Attributes
    ----------
    html : str
    styles : tuple of (str, str)
        The class that its container needs, and the rules that belong to it.
    """

    html: str
    styles: tuple[tuple[str, str], ...] = ()

    @property
    def names(self) -> str:
        """The classes of the container, for its attribute."""
        return " ".join(name for name, _ in self.styles)


@lru_cache(maxsize=4096)
def _classes(value: str) -> str | None:
    return " ".join(one for one in value.split() if not _OURS.match(one)) or None


def _attribute(tag: str, name: str, value: str) -> str | None:
    if name == "style":
        return css.declarations(value) or None
    if name == "class":
        return _classes(value)
    if name == "src":
        return value if _PICTURE.match(value) else None
    if name == "href":
        return value if _ADDRESS.match(value) else None
    if name == "role":
        return value if value in _ROLES else None
    if name == "tabindex":
        return value if value == "0" else None
    if name == "id":
        return value if _ID.match(value) else None
    return value


_CLEANER = nh3.Cleaner(
    tags=_TAGS, clean_content_tags=_GONE, attributes=_ATTRIBUTES, attribute_filter=_attribute,
    # Marks of a list stand where its language begins.
    set_tag_attribute_values={"ul": {"dir": "auto"}, "ol": {"dir": "auto"}},
    link_rel="noopener noreferrer nofollow", url_schemes={"http", "https", "mailto", "data"})


def fragment(source: str, picture: str = "Picture without a description", below: int = 3) -> Safe:
    """A fragment without anything that runs, fetches, or reaches beyond its container.

    Parameters
    ----------
    source : str
        HTML, however hostile or broken.
    picture : str
        Text alternative of pictures that bring none.
    below : int
        Level of the page's own headings under which the fragment stands.
    """
    if len(source) > MAX_CHARACTERS:
        return Safe(_LEFT_OUT)
    return (_cached if len(source) < 20_000 else _fragment)(source, picture, below)


def _fragment(source: str, picture: str, below: int) -> Safe:
    styles = []
    if "<style" in source.lower():
        styles = [made for text in _STYLE.findall(source) if (made := css.scoped(text))[0]]
    made = _CLEANER.clean(source)
    if "<img" in made:
        made = _IMG.sub(lambda found: _img(found[0], picture), made)
    if "<table" in made:
        made = _tables(made)
    if "<h" in made:
        made = _HEADING.sub(lambda found: f"<{found[1]}h{min(6, int(found[2]) + below)}", made)
    return Safe(made, tuple(dict.fromkeys(styles)))


_cached = lru_cache(maxsize=1024)(_fragment)


def _img(tag: str, picture: str) -> str:
    if " src=" not in re.sub(r'"[^"]*"', '""', tag):
        return ('<span class="fb-left-out">[A picture is not shown: it is not in the notebook.]'
                "</span>")
    return tag if ' alt="' in tag else f'<img alt="{html.escape(picture)}"{tag[4:]}'


def _tables(text: str) -> str:
    """Let each table that has no place of its own scroll by itself."""
    ends: list[bool] = []

    def around(found: re.Match) -> str:
        if found[3]:
            return found[0] + ("</div>" if ends and ends.pop() else "")
        ends.append(not found[1])
        return found[0] if found[1] else _OPEN + found[0]

    return _TABLE.sub(around, text)


_OPEN = wide.region("Table", "").removesuffix("</div>")


def plain(text: str) -> str:
    """Text as HTML: what a program wrote, without signs that no page can show."""
    from reader.text import printable

    text = re.sub(r"[^\n]*\r(?!\n)", "", _ANSI.sub("", text))
    return html.escape(printable(text).replace("\r\n", "\n"))


_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?)")
