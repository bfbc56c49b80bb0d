"""Cells of a graded notebook as safe HTML: what was written, and what it showed."""

from __future__ import annotations

import base64
import html
import re
from functools import lru_cache
from typing import Any

from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from ..canonical import MIME
from ..written import MAX_CHARACTERS, MAX_FORMULAS
from . import safe
from .safe import Safe, fragment, plain

_PICTURE = "Picture that this cell shows"
_PIXELS = ("image/png", "image/jpeg", "image/gif", "image/webp")
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]+\Z")
#: Lines of code or output beyond which a page folds it up.
MANY_LINES = 60
# Beyond this, code is shown without colours.
_MAX_CODE = 30_000
_WIDGET = "application/vnd.jupyter.widget-view+json"
_FORMAT = HtmlFormatter(nowrap=True)


class _Renderer(IPythonRenderer):
    """Markdown as nbconvert renders it. A formula stays as it was written: no script sets it."""

    def _formula(self, text: str) -> str:
        return f'<code class="formula">{html.escape(text.strip())}</code>'

    def inline_math(self, body: str) -> str:
        return self._formula(body)

    def block_math(self, body: str) -> str:
        return f"<p>{self._formula(body)}</p>"

    def multiline_math(self, text: str) -> str:
        return self._formula(text)

    def latex_environment(self, name: str, body: str) -> str:
        return self._formula(rf"\begin{{{name}}}{body}\end{{{name}}}")

    def block_mermaidjs(self, code: str) -> str:
        return f"<pre>{html.escape(code)}</pre>"

    def heading(self, text: str, level: int, **attrs: Any) -> str:
        return f"<h{level}>{text}</h{level}>"


def markdown(source: str, attachments: dict | None = None, below: int = 3) -> Safe:
    """What a student, a grader or the exercise wrote, as HTML.

    ``below`` is the level of the headings on the page under which it stands.
    """
    if attachments:
        return _markdown(source, attachments, below)
    return _known_markdown(source, below)


def _markdown(source: str, attachments: dict, below: int) -> Safe:
    too_long = len(source) > MAX_CHARACTERS or len(source) * source.count("\\") > MAX_FORMULAS
    # What grading has made of a text that is too long for Markdown is HTML.
    if too_long and not source.startswith("<pre>"):
        return Safe(f'<pre class="fb-text">{plain(source)}</pre>')
    try:
        renderer = _Renderer(escape=False, attachments=attachments)
        return fragment(source if too_long else MarkdownWithMath(renderer=renderer).render(source),
                        below=below)
    except Exception:  # whatever a text does to the renderer, it can be shown as it is
        return Safe(f'<pre class="fb-text">{plain(source)}</pre>')


@lru_cache(maxsize=1024)
def _known_markdown(source: str, below: int) -> Safe:
    """Most written cells of a class are the exercise's own."""
    return _markdown(source, {}, below)


@lru_cache(maxsize=1024)
def code(source: str) -> Safe:
    """Python with its words marked."""
    made = (highlight(plain_source(source), PythonLexer(stripnl=False), _FORMAT)
            if len(source) <= _MAX_CODE else plain(source))
    return Safe(f'<pre class="highlight fb-code" dir="ltr">{made.rstrip()}</pre>')


def plain_source(source: str) -> str:
    """A source without signs that no page can show."""
    return html.unescape(plain(source)) if not source.isprintable() else source


def outputs(found: list[Any]) -> list[tuple[Safe, int]]:
    """The outputs of a cell, each with its number of lines."""
    shown: list[tuple[Safe, int]] = []
    for output in found:
        if one := shown_by(output):
            # Of a table lines say nothing, rows do; what is folded up already is not seen.
            seen = re.sub(r"<details.*?</details>", "", one.html, flags=re.S)
            lines = max(seen.count("\n"), seen.count("<tr"), seen.count("<br"))
            shown.append((one, lines))
    return shown


def shown_by(output: Any) -> Safe | None:
    """One output in its richest form that needs no script; None where it says nothing."""
    kind = output.get("output_type")
    if kind == "stream":
        return _text(_joined(output.get("text", "")))
    if kind == "error":
        return _text("\n".join(map(str, output.get("traceback", ())))
                     or f"{output.get('ename')}: {output.get('evalue')}")
    data = output.get("data")
    return _data(data) if isinstance(data, dict) else None


def _data(data: dict[str, Any]) -> Safe | None:
    """The richest form that needs no script."""
    text = _joined(data.get("text/plain", ""))
    if "text/html" in data:
        made = fragment(_joined(data["text/html"]), _PICTURE)
        if "<img" in made.html or re.sub(r"<[^>]*>|\s", "", made.html):
            return made
    if "text/markdown" in data:
        return markdown(_joined(data["text/markdown"]))
    if "image/svg+xml" in data:  # as a picture it cannot run or fetch anything
        drawn = base64.b64encode(_joined(data["image/svg+xml"]).encode("utf-8", "replace"))
        return _image("image/svg+xml", drawn.decode("ascii"), text)
    for kind in _PIXELS:
        if kind in data and _BASE64.match(pixels := _joined(data[kind])):
            return _image(kind, re.sub(r"\s", "", pixels), text)
    if "text/latex" in data:
        return Safe(f'<p><code class="formula">{plain(_joined(data["text/latex"]))}'
                    "</code></p>")
    if not text and (_WIDGET in data or any("javascript" in name for name in data)):
        return Safe('<p class="fb-left-out">Something that only a running notebook shows.</p>')
    if MIME in data and set(data) <= {MIME, "text/plain"}:
        return None  # an answer that a check recorded: the result says it better
    return _text(text)


def _image(kind: str, data: str, text: str) -> Safe:
    if len(data) > safe.MAX_CHARACTERS:
        return Safe('<p class="fb-left-out">A picture that is too large for this page.</p>')
    says = _PICTURE if not text or text.startswith("<") else f"{_PICTURE}: {text[:200]}"
    return Safe(f'<img src="data:{kind};base64,{data}" alt="{html.escape(says)}">')


def _text(text: str) -> Safe | None:
    return Safe(f'<pre class="fb-text">{plain(text)}</pre>') if text.strip() else None


def _joined(value: Any) -> str:
    return "".join(map(str, value)) if isinstance(value, list) else str(value)
