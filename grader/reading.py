"""An answer as tokens, and the remarks on it that help: what the readers of all kinds share."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from .values import TYPE_NAMES, describe, mend, value_type

#: A number that stands in quotation marks.
_NUMERAL = re.compile(r"[+-]?\d[\d,_ ]*(\.\d+)?", re.ASCII)


@dataclass
class Reading:
    """An answer as tokens, or the one sentence that says why it cannot be read."""

    tokens: list[str] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)
    problem: str = ""
    notes: list[str] = field(default_factory=list)
    mistyped: bool = False
    results: list[str] = field(default_factory=list)
    stopped: set[int] = field(default_factory=set)

    def mistype(self, what: str, names: list[str], odd: str) -> None:
        """Remark that values are of another type than asked for."""
        self.mistyped = True
        self.notes.append(f"{what} {', '.join(names)} {odd}")

    def add(self, token: str, label: str = "") -> None:
        self.tokens.append(token)
        self.labels.setdefault(token, label)

    @property
    def whole(self) -> str:
        """One token for the answer as a whole."""
        return "w:" + "\x1f".join(sorted(set(self.tokens)))


def wanted(what: str, form: list, more: str = "") -> Reading:
    return Reading(problem=f"{what} is expected; yours is {describe(form)}.{mend(form) or more}")


def odd_type(spec: dict, name: str, form: list) -> str:
    """What is wrong with the type of a value, as the end of a sentence; empty if nothing is.

    "1" and 1 look the same in a table.
    """
    asked, given = (spec.get("types") or {}).get(name), value_type(form)
    if asked and "num" in asked and given == "text" and _NUMERAL.fullmatch(form[1].strip()):
        asked = ["num"]
    if not asked or given in asked:
        return ""
    more = " Write it without quotation marks." if given == "text" and asked == ["num"] else ""
    return (f"should be {' or '.join(TYPE_NAMES[t] for t in asked)}; yours is {describe(form)}."
            + more)
