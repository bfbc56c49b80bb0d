"""Topic 07: which words are used more in one text than in another, and how little that says.

Counts come from ``seeds/tokens.csv``; no text is needed. A word here is a run of letters, with
inner apostrophes and hyphens; digits separate. So ``s-400`` is counted as ``s``, and the five
articles have 3,584 words, 1,175 of them different. Both measures only find words to look at:
five short articles differ by topic, date and genre before they differ in anything else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from numbers import Real

from reader import corpus, tables
from reader.errors import ReaderError
from reader.lazy import lazy

np = lazy("numpy")
pd = lazy("pandas")

_LETTERS = re.compile(r"[^\W\d_]+(?:['\-][^\W\d_]+)*")
#: Pseudo-words of a prior: fewer decide nothing, more leave nothing of the texts.
_PRIORS = (0.01, 1_000_000)
#: More words than were ever printed; larger numbers no longer add up exactly.
_MOST = 10**15


def word_counts(articles: str | Iterable[str] | None = None) -> pd.Series:
    """Return how often each word occurs in some articles together.

    Parameters
    ----------
    articles : str or iterable of str, optional
        Ids, such as ``"002"`` or ``["001", "004"]``. By default the five of the course.

    Returns
    -------
    pandas.Series
        Counts by word (lower case), the most frequent first, then by alphabet.

    Raises
    ------
    ReaderError
        When an article is not known, is named twice, or none is given.

    Examples
    --------
    >>> int(word_counts("003")["s"])  # what is left of "S-400", "S-400s" and "1980s"
    7
    """
    if articles is None:
        articles = tables.read("articles")["article"]
    if isinstance(articles, str):
        articles = [articles]
    if (not isinstance(articles, Iterable) or isinstance(articles, (bytes, Mapping, pd.DataFrame))
            or getattr(articles, "ndim", 1) == 0):
        raise ReaderError(f"Give ids of articles, such as ['001', '004'], "
                          f"not {type(articles).__name__}.")
    ids = [corpus.known_article(article) for article in articles]
    if not ids:
        raise ReaderError("There is no article to count words in: give at least one id, such as "
                          "'002'.")
    if twice := next((article for article in ids if ids.count(article) > 1), None):
        raise ReaderError(f"Article {twice} is named twice: its words would count twice.")
    rows = corpus.tokens()
    rows = rows[rows["locator"].str.split().str[0].isin(ids)]
    words = rows.assign(word=rows["token"].map(_LETTERS.findall)).explode("word").dropna()
    found = words.groupby("word")["count"].sum().astype(int).reset_index()
    found = found.sort_values(["count", "word"], ascending=[False, True])
    return found.set_index("word")["count"]


def _whole(value, what: str) -> int:
    if (isinstance(value, (bool, np.bool_)) or not isinstance(value, Real)
            or not value >= 0 or value == float("inf") or value != int(value)):
        given = value if isinstance(value, Real) else type(value).__name__
        raise ReaderError(f"{what} must be a whole number, 0 or more, not {given}.")
    if value > _MOST:
        raise ReaderError(f"{what} is larger than {_MOST:,}, which no text has words.")
    return int(value)


def log_likelihood(a: int, b: int, total_a: int, total_b: int) -> float:
    """Return the log-likelihood (G²) of a word that occurs `a` times here and `b` times there.

    ``G² = 2 · (a · ln(a / E) + b · ln(b / F))``, where E and F are the counts that would be
    expected if the word were equally frequent in both. Above 3.84, a difference this large comes
    by chance about once in twenty words, if uses are independent and the word is frequent: of
    words with three uses, once in four. It says nothing on how much the difference matters.

    Parameters
    ----------
    a, b : int
        Counts of the word.
    total_a, total_b : int
        Counts of all words.

    Returns
    -------
    float
        0 or more. It does not say on which side the word is more frequent.

    Raises
    ------
    ReaderError
        When a count is not a whole number, a text has no words, or fewer than the word has.

    References
    ----------
    Dunning (1993); in this form with two terms Rayson & Garside (2000); on rare words Rayson,
    Berridge & Francis (2004): ``dunning1993``, ``rayson2000`` and ``rayson2004`` in
    ``seeds/references.bib``.

    Examples
    --------
    >>> round(log_likelihood(30, 10, 100, 100), 2)
    10.46
    """
    a, b = _whole(a, "The first count"), _whole(b, "The second count")
    totals = _whole(total_a, "The first total"), _whole(total_b, "The second total")
    for count, total in zip((a, b), totals, strict=True):
        if total == 0 or count > total:
            raise ReaderError(f"A word can't occur {count:,} times among {total:,} words: give "
                              f"both counts of the word first, then both totals.")
    terms = [count * np.log(count * sum(totals) / (total * (a + b)))
             for count, total in zip((a, b), totals, strict=True) if count]
    return max(0.0, 2 * float(sum(terms)))


def _counts(given, what: str) -> pd.Series:
    if not isinstance(given, (Mapping, pd.Series)):
        raise ReaderError(f"The {what} must be counts by word, as word_counts('002') gives them, "
                          f"not {type(given).__name__}.")
    found = pd.Series(given, dtype=object)
    if odd := [word for word in found.index if not isinstance(word, str)]:
        raise ReaderError(f"The {what} must be counts by word, but {odd[0]!r} is not a word.")
    if not found.index.is_unique:
        twice = found.index[found.index.duplicated()][0]
        raise ReaderError(f"The {what} counts {twice!r} twice: add its counts up first.")
    found = pd.Series({word: _whole(count, f"The count of {word!r} in the {what}")
                       for word, count in found.items()}, dtype="int64")
    if not found.sum():
        raise ReaderError(f"The {what} has no words, so there is nothing to compare.")
    return found


def _side_by_side(target, reference) -> tuple[pd.DataFrame, int, int]:
    """Return both counts and rates of each word, and the totals of both texts."""
    pair = {"target": _counts(target, "target"), "reference": _counts(reference, "reference")}
    frame = pd.DataFrame(pair).fillna(0).astype(int)
    frame = frame[frame.sum(axis=1) > 0].rename_axis("word").sort_index()
    totals = frame["target"].sum(), frame["reference"].sum()
    for name, total in zip(pair, totals, strict=True):
        frame[f"{name}_per_1000"] = 1000 * frame[name] / total
    return frame, *map(int, totals)


def _sorted(frame: pd.DataFrame, by: str) -> pd.DataFrame:
    return frame.sort_values(by, ascending=False, kind="stable").reset_index()


def log_likelihoods(target: Mapping[str, int] | pd.Series,
                    reference: Mapping[str, int] | pd.Series) -> pd.DataFrame:
    """Return the log-likelihood of every word in two texts.

    Parameters
    ----------
    target, reference : pandas.Series or mapping of str to int
        Counts by word, as `word_counts` gives them, of two different texts.

    Returns
    -------
    pandas.DataFrame
        Columns word, target and reference (counts), target_per_1000 and reference_per_1000
        (words), g2 (`log_likelihood`) and more_in (``target``, ``reference`` or ``neither``);
        the largest g2 first, then by alphabet.

    Raises
    ------
    ReaderError
        When the counts are no counts by word, or a text has none.
    """
    frame, total, other = _side_by_side(target, reference)
    frame["g2"] = [log_likelihood(a, b, total, other) for a, b in
                   zip(frame["target"], frame["reference"], strict=True)]
    difference = frame["target"] * other - frame["reference"] * total
    frame["more_in"] = np.sign(difference).map({1: "target", 0: "neither", -1: "reference"})
    return _sorted(frame, "g2")


def weighted_log_odds(target: Mapping[str, int] | pd.Series,
                      reference: Mapping[str, int] | pd.Series,
                      prior: float = 500) -> pd.DataFrame:
    """Return the weighted log-odds ratio of every word, with an informative prior.

    Each word gets ``prior · (its share of both texts together)`` pseudo-counts on both sides,
    so that rare words must earn their place. The log-odds ratio is divided by its standard
    deviation. A z above 1.96 or below -1.96 is a reason to look and no test: it shrinks with the
    prior, and of many words some pass by chance.

    Parameters
    ----------
    target, reference : pandas.Series or mapping of str to int
        Counts by word, as `word_counts` gives them, of two different texts.
    prior : float
        Pseudo-counts of all words together, added to each side. The result depends on it:
        always say which one was used.

    Returns
    -------
    pandas.DataFrame
        Columns word, target and reference (counts), target_per_1000 and reference_per_1000
        (words), log_odds and z; the words of the target (large z) first, then by alphabet.

    Raises
    ------
    ReaderError
        When the counts are no counts by word, a text has none, both texts together have fewer
        than two different words, or the prior is not a number from 0.01 to 1,000,000.

    References
    ----------
    Monroe, Colaresi & Quinn (2008), ``monroe2008`` in ``seeds/references.bib``.
    """
    if (isinstance(prior, (bool, np.bool_)) or not isinstance(prior, Real)
            or not _PRIORS[0] <= prior <= _PRIORS[1]):
        given = prior if isinstance(prior, Real) else type(prior).__name__
        raise ReaderError(f"prior must be a number of pseudo-counts from 0.01 to 1,000,000, such "
                          f"as 500, not {given}.")
    frame, total, other = _side_by_side(target, reference)
    if len(frame) < 2:
        raise ReaderError("Odds need at least two different words, and both texts together have "
                          "only one.")
    pseudo = prior * (frame["target"] + frame["reference"]) / (total + other)
    odds, variance = [], 0
    for name, words in (("target", total), ("reference", other)):
        seen = frame[name] + pseudo
        odds.append(np.log(seen / (words + prior - seen)))
        variance = variance + 1 / seen
    frame["log_odds"] = odds[0] - odds[1]
    frame["z"] = frame["log_odds"] / np.sqrt(variance)
    return _sorted(frame, "z")
