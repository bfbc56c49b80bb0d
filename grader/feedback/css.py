"""Styles that somebody else wrote: what colours and spaces their own output, and nothing more.

A rule is read, checked and written anew. It keeps only properties that stay inside the element,
and values that fetch nothing; its selector reaches only what stands in the same output.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache

import tinycss2

#: Properties as they begin: nothing moves, covers, hides behind or grows out of its place.
_PROPERTIES = re.compile(
    r"(?:--[\w-]+|color|background(?:-color)?|border(?:-[a-z-]+)?|margin(?:-[a-z-]+)?"
    r"|padding(?:-[a-z-]+)?|font(?:-[a-z-]+)?|text-(?:align|decoration|indent|transform|wrap)"
    r"|(?:min-|max-)?width|max-height|line-height|letter-spacing|word-(?:break|spacing|wrap)"
    r"|white-space|overflow-wrap|hyphens|vertical-align|list-style(?:-type|-position)?|display"
    r"|columns?|column-[a-z-]+|row-gap|gap|flex(?:-[a-z-]+)?|align-[a-z]+|justify-[a-z]+"
    r"|grid-template-columns|float|clear|opacity|direction|unicode-bidi|overflow-x|box-sizing"
    r"|caption-side|empty-cells|table-layout|tab-size|break-[a-z]+|font-variant-numeric)\Z")
_FUNCTIONS = {"var", "calc", "min", "max", "clamp", "rgb", "rgba", "hsl", "hsla", "color-mix",
              "minmax", "repeat", "fit-content"}
# Styles of a page have some thousand characters; the parser takes a millisecond for each of them.
MAX_CHARACTERS = 50_000
_LIGHT = re.compile(r"(?:^|;)background(?:-color)?:(?!transparent|inherit|none|var\(|color-mix)")
_INK = re.compile(r"(?:^|;)color:")


def _harmless(tokens: list) -> bool:
    for token in tokens:
        if token.type in ("url", "error", "at-keyword", "{} block", "hash-error"):
            return False
        if token.type == "function" and (token.lower_name not in _FUNCTIONS
                                         or not _harmless(token.arguments)):
            return False
        if token.type in ("() block", "[] block") and not _harmless(token.content):
            return False
        if token.type == "string" and re.search(r"[<>{}\\]", token.value):
            return False
    return True


def _kept(tokens: list | str) -> str:
    found = []
    for one in tinycss2.parse_blocks_contents(tokens, skip_comments=True, skip_whitespace=True):
        if one.type == "declaration" and _PROPERTIES.match(one.lower_name) and \
                _harmless(one.value):
            value = tinycss2.serialize(one.value).strip()
            if not re.search(r"[<>{}\\]|/\*", value):
                found.append(f"{one.name}:{value}{'!important' * one.important}")
    made = ";".join(found)
    if _LIGHT.search(made) and not _INK.search(made):
        # Colours of a ground are chosen for dark letters; on a dark page letters are light.
        made += ";color:#1b1b1b"
    return made


@lru_cache(maxsize=4096)
def declarations(text: str) -> str:
    """What may stay of a ``style`` attribute; empty where nothing may."""
    return _kept(text) if len(text) <= MAX_CHARACTERS else ""


@lru_cache(maxsize=256)
def scoped(text: str) -> tuple[str, str]:
    """The rules of a ``<style>`` that may stay, and the class that an output needs for them.

    Returns
    -------
    str, str
        Name of the class and the rules; both empty where nothing is left.
    """
    if len(text) > MAX_CHARACTERS:
        return "", ""
    name = "fb-s" + hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:10]
    rules = []
    for rule in tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True):
        if rule.type != "qualified-rule":
            continue  # nothing is imported, and no font or other file fetched
        selector = _selector(rule.prelude)
        kept = _kept(rule.content) if selector else ""
        if kept:
            rules.append(f".{name} :is({selector}){{{kept}}}")
    return (name, "\n".join(rules)) if rules else ("", "")


def _selector(tokens: list) -> str:
    """A selector as text; empty for one that could end the place where it stands.

    Inside ``:is()`` it cannot begin with a sign that leads out of the output, and names no
    content before or after an element.
    """
    def sound(parts: list) -> bool:
        return all(part.type in ("ident", "hash", "whitespace", "literal", "number", "dimension",
                                 "[] block", "function", "string", "() block")
                   and sound(getattr(part, "arguments", None) or getattr(part, "content", None)
                             or [])
                   for part in parts)

    made = tinycss2.serialize(tokens).strip()
    return made if sound(tokens) and not re.search(r"[<{}\\]|/\*", made) else ""
