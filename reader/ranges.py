"""Topic 05: closed ranges of numbers, read, written and combined end by end.

Conventions, stated once:

* A range runs from a lower to an upper end, both included. A single number is a range of one
  point.
* An open end is None: nothing is said about it. Arithmetic never closes an open end.
* Ends are combined so that the result holds every value that the inputs allow (interval
  arithmetic: R. E. Moore, "Interval Analysis", 1966). A quotient therefore runs from lowest top
  / highest bottom to highest top / lowest bottom.
"""

from __future__ import annotations

from numbers import Real

from reader.errors import ReaderError

#: Nothing that the course counts comes near; beyond it, division loses its meaning.
_LARGEST = 1e100

End = float | int | None
Ends = tuple[End, End]


def _number(value, what: str) -> End:
    if value is None:
        return None
    if isinstance(value, str):
        raise ReaderError(f"{what} is text, {value!r}: write it as a number, such as 1_200_000.")
    if isinstance(value, bool) or not isinstance(value, Real):
        raise ReaderError(f"{what} must be a number, not {type(value).__name__}.")
    if not abs(value) < _LARGEST:  # not for NaN either
        shown = "beyond every count" if abs(value) >= _LARGEST else value
        raise ReaderError(f"{what} is {shown}, which is no figure: write None for an end that "
                          f"is not known.")
    return int(value) if value == int(value) else float(value)


def ends(value) -> Ends:
    """Return the ends of a number or a pair, or raise the sentence that says what is wrong."""
    if not isinstance(value, (tuple, list)):
        if value is None:
            raise ReaderError("This figure has no value: give a number, or a range such as "
                              "(2_500_000, 3_300_000).")
        only = _number(value, "The value")
        return only, only
    if len(value) != 2:
        raise ReaderError(f"A range has two ends, such as (2_500_000, 3_300_000), "
                          f"not {len(value)}.")
    low, high = _number(value[0], "The lower end"), _number(value[1], "The upper end")
    if low is None and high is None:
        raise ReaderError("This range is open at both ends, so it says nothing: give one end.")
    if low is not None and high is not None and low > high:
        raise ReaderError(f"The range ends ({high:,}) below its beginning ({low:,}): write the "
                          f"lower end first.")
    return low, high


def written(*numbers: float) -> str:
    """Write numbers as a reader wants them: thousands apart, all with as many decimals."""
    smallest = min(abs(number) for number in numbers)
    places = 0 if all(number == int(number) for number in numbers) else 1 if smallest >= 10 else 2
    return " to ".join(f"{number:,.{places}f}" for number in numbers)


def _over(x: End, y: End) -> End:
    """Return one end divided by another; None where either is open."""
    return 0 if x == 0 else None if x is None or y is None else x / y


def quotient(top: Ends, bottom: Ends) -> Ends:
    """Return what `top` divided by `bottom` can be; no value of `bottom` may be zero or less."""
    least, most = bottom
    low, high = top  # below zero, a larger divisor brings the quotient nearer to zero, that is up
    return (_over(low, least if low is not None and low < 0 else most),
            _over(high, most if high is not None and high < 0 else least))


def difference(a: Ends, b: Ends) -> Ends:
    """Return what `a` minus `b` can be: from lowest a - highest b to highest a - lowest b."""
    return (None if a[0] is None or b[1] is None else a[0] - b[1],
            None if a[1] is None or b[0] is None else a[1] - b[0])


def sum_of(ranges: list[Ends]) -> Ends:
    """Return what the sum of ranges can be: the sum of lower ends to the sum of upper ends."""
    lows, highs = zip(*ranges, strict=True)
    return tuple(None if None in side else sum(side) for side in (lows, highs))
