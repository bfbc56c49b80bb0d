"""A result as a small box (HTML) and as plain text: the same content in both."""

from __future__ import annotations

import html
import re
import textwrap

from reader.text import printable

from .engine import NOT_YET, PARTLY, RIGHT, SHAPE, Result

# Word and sign carry the meaning; colour only repeats it (Okabe-Ito, readable on both themes).
_LOOK = {RIGHT: ("Right", "✓", "#1F88CC"), PARTLY: ("Partly right", "◐", "#B87A00"),
         NOT_YET: ("Not yet", "○", "#D55E00"), SHAPE: ("Check the form", "△", "#A76F9F")}
# The form is not at fault: there is none, or nothing to compare it with.
_OTHER_WORDS = {"empty": "No answer yet", "unchecked": "Not checked"}


def _points(result: Result) -> str:
    return result.earned + (" so far" if result.provisional else "")


def _look(result: Result) -> tuple[str, str, str]:
    word, sign, colour = _LOOK[result.state]
    for name, other in _OTHER_WORDS.items():
        if name in result.misconceptions:
            word = other
    return word, sign, colour


def headline(result: Result) -> str:
    word, sign, _ = _look(result)
    points = f" ({_points(result)})" if result.points else ""
    return f"{sign} {result.question} {word}{points}"


def plain(result: Result, tips: list[str] = ()) -> str:
    """The box as plain text, complete."""
    # A value that is told back may hold what a terminal would obey.
    lines = [headline(result), *result.messages]
    lines += [f"Hint: {hint}" for hint in result.hints]
    lines += [f"Tip: {tip}" for tip in tips]
    if result.explanation:
        lines += ["Why: " + result.explanation]
    return "\n".join(printable(" ".join(line.split())) for line in lines if line.strip())


def wrapped(text: str) -> list[str]:
    """Lines short enough for the page and the terminal on which nbgrader's Validate shows them."""
    return [short for line in text.splitlines() for short in textwrap.wrap(line, 80)]


def inline(text: str) -> str:
    """Escape, then allow `code` in backticks: hints name variables and functions."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(printable(" ".join(text.split()))))


def box(result: Result, tips: list[str] = ()) -> str:
    """The box as HTML; `role=status` lets screen readers announce it."""
    word, sign, colour = _look(result)
    points = f" · {_points(result)}" if result.points else ""
    parts = [f'<p style="margin:0;font-weight:600"><span aria-hidden="true" style="color:{colour}">'
             f'{sign}</span> {inline(result.question)} {word}{points}</p>']
    parts += [f'<p style="margin:.3em 0 0">{inline(m)}</p>' for m in result.messages if m.strip()]
    parts += [f'<p style="margin:.3em 0 0"><strong>Hint.</strong> {inline(h)}</p>'
              for h in result.hints]
    parts += [f'<p style="margin:.3em 0 0"><strong>Tip.</strong> {inline(t)}</p>' for t in tips]
    if result.explanation:
        parts.append(f'<p style="margin:.3em 0 0"><strong>Why.</strong> '
                     f'{inline(result.explanation)}</p>')
    return _framed(colour, parts)


def note(text: str) -> str:
    """One sentence as such a box."""
    _, sign, colour = _LOOK[SHAPE]
    return _framed(colour, [f'<p style="margin:0"><span aria-hidden="true" style="color:{colour}">'
                            f'{sign}</span> {inline(text)}</p>'])


def _framed(colour: str, parts: list[str]) -> str:
    return (f'<div role="status" aria-live="polite" class="reading-idlib-check" '
            f'style="border-inline-start:4px solid {colour};padding:.5em .9em;margin:.3em 0;'
            'max-width:46em;line-height:1.45;background:var(--jp-layout-color2,#f4f4f4);'
            'color:var(--jp-ui-font-color1,#1a1a1a);'
            'font-family:var(--jp-ui-font-family,system-ui,sans-serif)">'
            + "".join(parts) + "</div>")
