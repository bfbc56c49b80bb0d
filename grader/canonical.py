"""One plain form for every answer, whatever Python type the learner chose.

The canonical form is JSON: a list whose first item is a tag. It is all that leaves the
process in which learner code runs, so it must never be code and never be unbounded.

=============  =======================================================================
form           of
=============  =======================================================================
``empty``      ``...`` (the stub of an answer cell)
``none``       ``None``
``nan``        NaN, ``pd.NA``, ``pd.NaT``
``bool``       ``True``, NumPy booleans
``num``        int, float, NumPy numbers, Decimal, Fraction (integral values as int)
``text``       str, pathlib paths, pandas Periods, intervals of :mod:`reader.edtf`
``date``       date, datetime, Timestamp, datetime64 (ISO 8601 text; midnight is a day)
``list``       list, tuple, range, array, Index
``set``        set, frozenset, dict views
``map``        dict: pairs in sorted order
``series``     pandas Series: index, values
``table``      pandas DataFrame: column names, rows (a named index becomes columns)
``calls``      results of a function, one per call (made by ``grader.check``)
``error``      an exception: type and message
``func``       a callable
``other``      anything else: the name of its type
=============  =======================================================================
"""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from decimal import Decimal
from fractions import Fraction
from pathlib import PurePath
from typing import Any

from reader.lazy import is_a

#: MIME type under which a checked cell carries the canonical form of its answer.
MIME = "application/vnd.reading-idlib.answer+json"

# An answer of this course has at most a few hundred parts, the longest a page of text; the limits
# leave room for honest mistakes (a whole table instead of a column) and keep a hostile object
# from filling a disk.
MAX_ITEMS = 5_000
MAX_TEXT = 20_000
MAX_CHARACTERS = 500_000
MAX_DEPTH = 6
MAX_DIGITS = 400


class _TooBig(Exception):
    pass


def canonical(value: Any) -> list:
    """Return the canonical form of any Python value. Never raises.

    Examples
    --------
    >>> canonical({"000": 6.0})
    ['map', [[['text', '000'], ['num', 6]]]]
    >>> canonical((1, True, None))
    ['list', [['num', 1], ['bool', True], ['none']]]
    """
    try:
        return _Reader().read(value, 0)
    except _TooBig:
        return ["other", f"{_type_name(value)} with too many entries, levels or characters"]
    except (Exception, SystemExit):  # an answer may be an object whose own methods fail
        return ["other", _type_name(value)]


def _type_name(value: Any) -> str:
    try:
        return str(type(value).__name__)[:80]
    except Exception:  # so may its class
        return "object"


def sound(text: str) -> str:
    """Text that every file can hold: half of a surrogate pair becomes U+FFFD."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def dumps(form: list) -> str:
    """The canonical form as text: equal forms give equal text."""
    return json.dumps(form, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


class _Reader:
    def __init__(self) -> None:
        self.left, self.characters = MAX_ITEMS, MAX_CHARACTERS

    def _take(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise _TooBig

    def _count(self, text: str) -> str:
        self.characters -= len(text)
        if self.characters < 0:
            raise _TooBig
        return text

    def read(self, value: Any, depth: int) -> list:
        self._take()
        if depth > MAX_DEPTH:
            raise _TooBig
        scalar = _scalar(value)
        if scalar is not None:
            if isinstance(scalar[-1], str):
                self._count(scalar[-1])
            return scalar
        many = self._pandas(value, depth)
        if many is not None:
            return many
        if isinstance(value, dict):
            return ["map", self._pairs(value.items(), depth)]
        if isinstance(value, (list, tuple, range)):
            return ["list", [self.read(item, depth + 1) for item in value]]
        if isinstance(value, (set, frozenset, type({}.keys()), type({}.values()))):
            items = {dumps(form): form for form in (self.read(v, depth + 1) for v in value)}
            return ["set", [items[key] for key in sorted(items)]]
        if callable(value):
            return ["func", str(getattr(value, "__name__", _type_name(value)))[:80]]
        return ["other", _type_name(value)]

    def _pairs(self, items: Any, depth: int) -> list:
        pairs = [[self.read(k, depth + 1), self.read(v, depth + 1)] for k, v in items]
        return sorted(pairs, key=lambda pair: dumps(pair[0]))

    def _pandas(self, value: Any, depth: int) -> list | None:
        module = type(value).__module__.partition(".")[0]
        if module not in ("numpy", "pandas"):
            return None
        if getattr(value, "size", 0) > self.left:
            raise _TooBig
        if is_a(value, "numpy.ndarray"):
            # NumPy would make nanoseconds, plain numbers, of dates, and days of months.
            items = list(value) if value.dtype.kind in "Mm" else value.tolist()
            return self.read(items, depth)
        if is_a(value, "pandas.DataFrame"):
            if any(name is not None for name in value.index.names):
                kept = [n for n in value.index.names if n is not None and n not in value.columns]
                value = value.reset_index(level=kept)
            if len(value) * max(1, len(value.columns)) > self.left:
                raise _TooBig
            columns = [self._count(sound(str(name)[:MAX_TEXT])) for name in value.columns]
            data = [value.iloc[:, i].astype(object).tolist() for i in range(len(columns))]
            rows = [[self.read(cell, depth + 1) for cell in row]
                    for row in zip(*data, strict=True)]
            return ["table", columns, rows]
        if is_a(value, "pandas.Series"):
            index = [self.read(item, depth + 1) for item in value.index.tolist()]
            data = [self.read(item, depth + 1) for item in value.astype(object).tolist()]
            return ["series", index, data]
        if is_a(value, "pandas.Index", "pandas.api.extensions.ExtensionArray"):
            return ["list", [self.read(item, depth + 1) for item in value.astype(object)]]
        return None


def _scalar(value: Any) -> list | None:
    """Canonical form of a single value, or None when it is not a single value."""
    if value is ...:
        return ["empty"]
    if value is None:
        return ["none"]
    if is_a(value, "numpy.ndarray") and value.ndim == 0:
        value = value[()]
    kind = type(value)
    if kind.__module__ == "numpy" and hasattr(value, "item") and getattr(value, "ndim", 1) == 0:
        if "datetime64" in kind.__name__:
            return ["nan"] if str(value) == "NaT" else ["date", _trim(str(value))]
        if "timedelta64" in kind.__name__:
            return ["nan"] if str(value) == "NaT" else ["other", kind.__name__]
        value = float(value) if "longdouble" in kind.__name__ else value.item()
    if kind.__name__ in ("NAType", "NaTType") and kind.__module__.startswith("pandas"):
        return ["nan"]
    if isinstance(value, bool):
        return ["bool", bool(value)]
    if isinstance(value, str):
        return ["text", sound(str.__str__(value)[:MAX_TEXT])]
    if isinstance(value, (int, float, Decimal, Fraction)):
        return _number(value)
    if isinstance(value, dt.datetime):
        return ["date", _trim(value.isoformat())]
    if isinstance(value, dt.date):
        return ["date", value.isoformat()]
    if isinstance(value, PurePath) or kind.__name__ == "Period":
        return ["text", str(value)[:MAX_TEXT]]
    if kind.__module__ == "reader.edtf":
        return ["text", str(value)[:MAX_TEXT]]
    return None


#: Midnight, in whatever zone.
_MIDNIGHT = re.compile(r"T00(:00(:00(\.0+)?)?)?(Z|[+-]\d\d:\d\d)?$")


def _trim(iso: str) -> str:
    """A time of midnight is a day: 2020-02-19T00:00:00 becomes 2020-02-19."""
    return _MIDNIGHT.sub("", iso.replace(" ", "T", 1))


def _number(value: Any) -> list:
    if isinstance(value, int):
        exact = int(value)
        if abs(exact) >= 10**MAX_DIGITS:
            return ["other", f"a number of more than {MAX_DIGITS} digits"]
        return ["num", exact]
    number = float(value)
    if math.isnan(number):
        return ["nan"]
    if math.isinf(number):
        return ["other", "infinity"]
    return ["num", int(number) if number.is_integer() and abs(number) < 1e15 else number]
