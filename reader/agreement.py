"""Topic 07: would another coder agree, and what does the answer permit?

The coefficients are in `reader.chance`, the cross table in `reader.ratings`; both are here too.
Below them stands what compares two files of codings, in the rows of `reader.annotations`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from numbers import Real

from reader import annotations, codebook, corpus, framing
from reader.chance import (
    COEFFICIENTS,
    coefficients,
    cohen_kappa,
    gwet_ac1,
    krippendorff_alpha,
    percent_agreement,
    scott_pi,
)
from reader.errors import ReaderError
from reader.lazy import lazy
from reader.ratings import cross_table

pd = lazy("pandas")

__all__ = ["COEFFICIENTS", "coefficients", "cohen_kappa", "compare", "cross_table", "decide",
           "disagreements", "gwet_ac1", "krippendorff_alpha", "percent_agreement", "scott_pi",
           "units"]

#: Krippendorff's limits: see `decide`.
_RELY, _TENTATIVE = 0.800, 0.667
#: No alpha lies below minus this: so many units were never coded.
_LEAST = 10**15

#: Rules of the codebook that no single code names: whose words; what is left out.
_VOICE, _LEFT_OUT = 2, 10


def decide(alpha: float) -> str:
    """Return what Krippendorff's limits permit: ``rely``, ``tentative`` or ``do not rely``.

    Parameters
    ----------
    alpha : float
        A value of Krippendorff's alpha. His limits are not made for the other coefficients.

    Returns
    -------
    str
        ``"rely"`` from .800; ``"tentative"`` from .667, for conclusions that stay open;
        ``"do not rely"`` below. .667 is meant as written: 2/3 is below it.

    Raises
    ------
    ReaderError
        When alpha is no number, undefined (NaN), or above 1.

    References
    ----------
    Krippendorff (2018), ``krippendorff2018``, and Krippendorff (2004), ``krippendorff2004`` in
    ``seeds/references.bib``. He calls .800 customary and .667 the lowest limit for tentative
    conclusions, and asks for far more where lives hang on the result. Landis & Koch (1977),
    ``landis1977``, give other limits, for kappa, and call them arbitrary.

    Examples
    --------
    >>> decide(0.9)
    'rely'
    """
    if isinstance(alpha, bool) or not isinstance(alpha, Real):
        raise ReaderError(f"alpha must be a number, such as 0.7, not {type(alpha).__name__}.")
    if alpha != alpha:
        raise ReaderError("alpha is undefined (NaN), so no limit applies: report the agreement, "
                          "and that the value did not vary.")
    if not -_LEAST < alpha < 1.0000000001:
        raise ReaderError(f"alpha is at most 1, so {str(alpha)[:20]} is none: write 0.7 for "
                          f".70.")
    value = round(float(alpha), 9)  # what is .800 on paper is .7999999999999999 to a computer
    return "rely" if value >= _RELY else "tentative" if value >= _TENTATIVE else "do not rely"


# --- two files of codings ----------------------------------------------------------------


def _rows(rows, name: str) -> pd.DataFrame:
    found = annotations.check_rows(rows)
    if "coder" in found and found["coder"].nunique() > 1:
        several = ", ".join(found["coder"].dropna().unique())
        raise ReaderError(f"The rows of {name} are of several coders ({several}): give those of "
                          f"one, as annotations.rows_of('A') does.")
    return found


def _known(code) -> str:
    none = isinstance(code, str) and code.strip().lower() == annotations.NONE
    return annotations.NONE if none else codebook.known_code(code)


def _joint(rows_a, rows_b) -> tuple[pd.DataFrame, pd.DataFrame, list[str]]:
    """Return both coders' rows, and the segments that both coded in the order of the articles."""
    a, b = _rows(rows_a, "a"), _rows(rows_b, "b")
    both = set(a["locator"]) & set(b["locator"])
    if not both:
        raise ReaderError(f"The two coders have no segment in common (a coded "
                          f"{a['locator'].nunique()}, b {b['locator'].nunique()}): agreement can "
                          f"be measured only where both looked.")
    order = [place for place in corpus.segments()["locator"] if place in both]
    return a, b, order


def _presence(rows: pd.DataFrame, order: list[str], code: str) -> list[int]:
    having = set(rows.loc[rows["code"] == code, "locator"])
    return [int(place in having) for place in order]


def units(rows_a: pd.DataFrame, rows_b: pd.DataFrame, code: str) -> pd.DataFrame:
    """Return who gave a code to which segment, for the segments that both coders coded.

    A segment is coded by a coder who has at least one row for it; one in which she found
    nothing has a row with the code ``none``. How often, where in the segment and in which voice
    a code stands does not count.

    Parameters
    ----------
    rows_a, rows_b : pandas.DataFrame
        Codings of two coders: `reader.annotations` says what a row is.
    code : str
        A code of the codebook.

    Returns
    -------
    pandas.DataFrame
        Columns locator, a and b (1 where the coder gave the code, 0 where not), in the order of
        the articles.

    Raises
    ------
    ReaderError
        When the rows are no codings, no segment was coded by both, or there is no such code.
    """
    a, b, order = _joint(rows_a, rows_b)
    code = _known(code)
    return pd.DataFrame({"locator": order, "a": _presence(a, order, code),
                         "b": _presence(b, order, code)})


def compare(rows_a: pd.DataFrame, rows_b: pd.DataFrame,
            codes: Iterable[str] | None = None) -> pd.DataFrame:
    """Return how far two coders agree on each code: it is there, or it is not.

    Parameters
    ----------
    rows_a, rows_b : pandas.DataFrame
        As in `units`.
    codes : iterable of str, optional
        Codes of the codebook. By default those that at least one coder gave to a segment that
        both coded.

    Returns
    -------
    pandas.DataFrame
        A row for each code, with columns code, units (segments that both coded), both, only_a,
        only_b and neither (how many of them have the code from whom), prevalence (share of the
        code among all 2 · units decisions), agreement, kappa, pi, alpha, AC1 and note (why
        kappa, pi and alpha are undefined, where they are). By default the most frequent code comes
        first, otherwise they come in the order given.

    Raises
    ------
    ReaderError
        As `units`, and when no code is given.
    """
    a, b, order = _joint(rows_a, rows_b)
    if codes is None:
        given = pd.concat([rows.loc[rows["locator"].isin(order), "code"] for rows in (a, b)])
        wanted = sorted(set(given) - {annotations.NONE})
    elif isinstance(codes, str) or not isinstance(codes, Iterable) or (
            getattr(codes, "ndim", 1) == 0):
        wanted = [_known(codes)]
    else:
        wanted = list(dict.fromkeys(_known(code) for code in codes))
    if not wanted:
        why = "There is no code to compare" if codes is not None else (
            "Neither coder gave any code to the segments that both coded")
        raise ReaderError(f"{why}: name at least one code, such as ['CON'].")
    rows = []
    for code in wanted:
        pair = _presence(a, order, code), _presence(b, order, code)
        cells = Counter(zip(*pair, strict=True))
        found = coefficients(*pair, categories=[0, 1])
        rows.append({
            "code": code, "units": len(order), "both": cells[1, 1], "only_a": cells[1, 0],
            "only_b": cells[0, 1], "neither": cells[0, 0],
            "prevalence": (sum(pair[0]) + sum(pair[1])) / (2 * len(order)),
            **found["value"], "note": found.loc["kappa", "note"]})
    frame = pd.DataFrame(rows)
    if codes is None:
        frame = frame.sort_values("prevalence", ascending=False, kind="stable", ignore_index=True)
    return frame


def disagreements(rows_a: pd.DataFrame, rows_b: pd.DataFrame) -> pd.DataFrame:
    """Return the segments on which two coders differ, with the rules that may settle it.

    Parameters
    ----------
    rows_a, rows_b : pandas.DataFrame
        As in `units`.

    Returns
    -------
    pandas.DataFrame
        A row for each segment that both coded and on which their codes, or the voices of the
        same code, differ; columns locator, only_a, only_b and both (codes, joined with
        ``"; "``), voices (codes that both gave in different voices, with a's and b's), rules
        (numbers of `codebook.rules`, joined with ``"; "``) and question (of these rules).
        Rules are those of the codes in question, rule 2 where the voices differ, and rule 10 on
        headings, captions and the like. Where none is named, the codebook has no rule yet.

    Raises
    ------
    ReaderError
        As `units`.
    """
    a, b, order = _joint(rows_a, rows_b)
    listed = codebook.rules().set_index("rule")
    of_code = codebook.codes().set_index("code")["rule"].map(_numbers)
    left_out = set(framing.not_coded())
    rows = []
    for place in order:
        pair = [rows[rows["locator"] == place] for rows in (a, b)]
        mine, other = (set(rows["code"]) for rows in pair)
        voices = {code: " / ".join(_voices(rows, code) for rows in pair) for code in mine & other
                  if _voices(pair[0], code) != _voices(pair[1], code)}
        if mine == other and not voices:
            continue
        rules = {number for code in (mine ^ other) - {annotations.NONE} for number in of_code[code]}
        rules |= ({_VOICE} if voices else set()) | ({_LEFT_OUT} if place in left_out else set())
        rows.append({
            "locator": place, "only_a": _joined(mine - other), "only_b": _joined(other - mine),
            "both": _joined(mine & other),
            "voices": _joined(f"{code}: {said}" for code, said in voices.items()),
            "rules": "; ".join(str(number) for number in sorted(rules)),
            "question": " ".join(listed.loc[number, "question"] for number in sorted(rules))})
    return pd.DataFrame(rows, columns=["locator", "only_a", "only_b", "both", "voices", "rules",
                                       "question"])


def _numbers(rule) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", rule)] if isinstance(rule, str) and (
        rule.startswith("Rule")) else []


def _voices(rows: pd.DataFrame, code: str) -> str:
    return ", ".join(sorted({str(voice) for voice in rows.loc[rows["code"] == code, "voice"]}))


def _joined(words: Iterable[str]) -> str:
    return "; ".join(sorted(words))
