"""Topic 04: when did what happen, and who could know it?

How a date is written and which days it means: `reader.edtf`. How two dates relate:
`reader.dates`. What "last September" means: `reader.deixis`, whose `normalise` is here too.
"""

from __future__ import annotations

import re
from datetime import date

from reader import corpus, plots, tables
from reader.deixis import normalise
from reader.edtf import Interval, as_interval
from reader.errors import ReaderError
from reader.lazy import lazy

pd = lazy("pandas")

__all__ = ["TRACKS", "HINDSIGHT", "could_know", "displacements", "events", "everything",
           "horizon", "normalise", "plot_events", "precision", "publications"]

#: Subject areas, in the order in which they are drawn. None stands for a party.
TRACKS = {
    "diplomacy": "talks, agreements, statements and findings",
    "military": "fighting, deployments and attacks",
    "humanitarian": "what happens to civilians; here: counts of displaced people",
    "listing": "sanctions lists",
    "background": "before the years of the articles",
    "publication": "when the articles were published",
}

#: Shown with everything that came after an article; the data card (seeds/README.md) has more.
HINDSIGHT = (
    "Hindsight: the articles end in February 2020. In January 2023 an OPCW team attributed the "
    "Douma attack to the Syrian air force, which the government of the time denied. That "
    "government fell on 8 December 2024 to an offensive led by HTS. The US revoked its listing "
    "of HTS in July 2025, and the Security Council's sanctions committee deleted the entry of "
    "HTS on 27 February 2026. Nobody who wrote in 2018 to 2020 could know this: do not judge "
    "authors by it, and do not read their labels as the law of today.")

_COLUMNS = ["event", "date", "first", "last", "track", "sentence", "participants", "mentioned",
            "source", "mark", "confidence"]


def _dated(frame: pd.DataFrame) -> pd.DataFrame:
    """Add first and last days, and put the rows in the order of time."""
    days = [as_interval(text) for text in frame["date"]]
    for name, column in (("first", [day.first for day in days]),
                         ("last", [day.last for day in days])):
        frame[name] = pd.Series(pd.to_datetime(column), index=frame.index).astype("datetime64[s]")
    return frame.sort_values(["first", "last", "event"], na_position="last",
                             ignore_index=True)[_COLUMNS]


def _span(value, what: str) -> tuple[date, date]:
    item = as_interval(value)
    if item.unknown:
        raise ReaderError(f"One end of {item} is unknown, so it can't be used as {what}: write "
                          f"'..' for an open end.")
    return item.first or date.min, item.last or date.max


def events(track: str | None = None, within=None) -> pd.DataFrame:
    """Return the events of the course in the order of time.

    Parameters
    ----------
    track : str, optional
        Only this subject area: diplomacy, military, humanitarian, listing or background.
    within : str, datetime.date or Interval, optional
        Only events that share at least one day with this interval; its ends may be open.

    Returns
    -------
    pandas.DataFrame
        Columns event, date (EDTF), first and last (datetime64, days, both included; missing
        where the end is open or unknown), track, sentence, participants, mentioned, source
        (keys of ``seeds/references.bib``), mark and confidence. Of a set of days, first and
        last are the earliest and the latest.

    Raises
    ------
    ReaderError
        For a track that does not exist and for a date that can't be read.
    """
    frame = _dated(tables.read("events"))
    if track is not None:
        known = [name for name in TRACKS if name != "publication"]
        if not isinstance(track, str) or track not in known:
            raise ReaderError(f"There is no track {track!r}: the tracks are "
                              f"{', '.join(known[:-1])} and {known[-1]}.")
        frame = frame[frame["track"] == track]
    if within is not None:
        first, last = _span(within, "a limit")
        frame = frame[[_shares(text, first, last) for text in frame["date"]]]
    return frame.reset_index(drop=True)


def _shares(text: str, first: date, last: date) -> bool:
    item = as_interval(text)
    return any((part.first or date.min) <= last and first <= (part.last or date.max)
               for part in item.parts or (item,))


def horizon(article: str) -> Interval:
    """Return the days on which an article can have been published, as the course gives them.

    Parameters
    ----------
    article : str
        Such as ``"000"``. For four of the five the course gives the month only: the day is
        an exercise.

    Returns
    -------
    Interval

    Raises
    ------
    ReaderError
        When there is no such article, or no date of it.
    """
    known = corpus.known_article(article)
    listed = corpus.articles().set_index("article")
    if pd.isna(published := listed.loc[known, "published"]):
        raise ReaderError(f"Article {known} has no date of publication: give one with "
                          f"published='2019-05'.")
    return as_interval(published)


def publications() -> pd.DataFrame:
    """Return when the articles were published, in the columns of `events`.

    Dates are as precise as ``articles.csv``; articles without a date are left out. ``source``
    is the address of the article, ``mark`` and ``confidence`` are missing.
    """
    listed = corpus.articles().dropna(subset=["published"])
    names = listed["outlet"].fillna("outlet not known")
    frame = pd.DataFrame({
        "event": listed["article"], "date": listed["published"], "track": "publication",
        "sentence": [f"Article {key} ({name}) is published."
                     for key, name in zip(listed["article"], names, strict=True)],
        "participants": listed["outlet"], "mentioned": None, "source": listed["url"],
        "mark": None, "confidence": None}).astype("str")
    return _dated(frame)


def displacements() -> pd.DataFrame:
    """Return the counts of people displaced in north-west Syria, in the columns of `events`.

    They are the rows of ``reference.csv`` in that series: who counted, whom, and from when to
    when. Two counts of the same weeks are two rows, and no sum of them means anything.
    ``confidence`` and ``mentioned`` are missing.
    """
    series = tables.read("reference")
    series = series[series["series"] == "displacement-nw-syria"].reset_index(drop=True)
    frame = pd.DataFrame({
        "date": series["date"], "track": "humanitarian",
        "sentence": [f"{row.label}: {'' if row.qualifier == 'exact' else row.qualifier + ' '}"
                     f"{row.value:,.0f} {row.unit} ({row.universe})."
                     for row in series.itertuples()],
        "participants": "people in north-west Syria", "mentioned": None,
        "source": series["source"], "mark": series["mark"], "confidence": None}).astype("str")
    frame["event"] = ""
    frame = _dated(frame)
    return frame.assign(event=[f"D{n:02d}" for n in range(1, len(frame) + 1)])


def everything() -> pd.DataFrame:
    """Return `events`, `displacements` and `publications` as one table, in order of time."""
    frame = pd.concat([events(), displacements(), publications()], ignore_index=True)
    return frame.sort_values(["first", "last"], kind="stable", ignore_index=True)


def could_know(event_date, published) -> str:
    """Say whether a text could know of an event, as far as dates can settle it.

    Both dates are closed intervals of days. A text published on the day of an event may have
    been written before it or after it: that settles nothing, so neither *yes* nor *no*.

    Parameters
    ----------
    event_date : str, datetime.date or Interval
        Of a set of days, all of them count.
    published : str, datetime.date or Interval
        The days on which the text can have been published.

    Returns
    -------
    str
        ``"yes"`` if the event was over before the first possible day of publication,
        ``"no"`` if it began after the last one, otherwise ``"depends"``: on the day, or on
        which part of the event is meant. An event without an end is never over.

    Raises
    ------
    ReaderError
        For dates that can't be read, and for an interval with an unknown end.

    Examples
    --------
    >>> could_know("2021-03", "2021-04-01"), could_know("2021-03", "2021-03-31")
    ('yes', 'depends')
    """
    first, last = _span(event_date, "the date of an event")
    earliest, latest = _span(published, "a date of publication")
    if last < earliest:
        return "yes"
    return "no" if first > latest else "depends"


def precision(value) -> str:
    """Say how precise a date is.

    Returns
    -------
    str
        ``"day"``, ``"month"``, ``"year"`` (also a decade or century), ``"interval"``,
        ``"open"`` (an end is open or unknown), ``"all of"`` or ``"one of"`` (a set of days).

    Examples
    --------
    >>> precision("2016-12"), precision("2016-12-01/2016-12-31")
    ('month', 'interval')
    """
    item = as_interval(value)
    if item.parts:
        return item.kind
    if item.first is None or item.last is None:
        return "open"
    if "/" in str(item):
        return "interval"
    return "day" if item.first == item.last else \
        "month" if re.match(r"\d{4}-\d{2}", str(item)) else "year"


def plot_events(frame: pd.DataFrame, title: str = "") -> plots.Shown:
    """Draw events on a line of time, one row each, so that their precision can be seen.

    Parameters
    ----------
    frame : pandas.DataFrame
        Rows of `events`, at most 40: with columns event, date and sentence.
    title : str, optional
        Caption of the figure.

    Returns
    -------
    plots.Shown
        A day is a diamond; a month or year, of which the day is not known, a pale bar with a
        dashed edge; an interval a full bar; an open end an arrow; days of a set diamonds on a
        dotted line, hollow where only one of them is meant. The qualifier ``~``, ``?`` or
        ``%`` stands beside the mark. Dates are written out at the left, and the table repeats
        them.

    Raises
    ------
    ReaderError
        When columns are missing, when there is no event, or more than 40.
    """
    from reader.timeline_plot import draw
    check_events(frame)
    if len(frame) > 40:
        raise ReaderError(f"{len(frame)} events are too many for one figure: choose at most 40, "
                          f"for example with events(within='2018-08/2018-10').")
    return draw(frame, title)


def check_events(frame, more: tuple[str, ...] = ()) -> None:
    """Say in one sentence what is wrong with a table of events; return nothing if all is well.

    Parameters
    ----------
    frame : pandas.DataFrame
    more : tuple of str
        Columns needed beside event, date and sentence.
    """
    if not isinstance(frame, pd.DataFrame):
        raise ReaderError(f"A table of events is needed, such as events() returns, not "
                          f"{type(frame).__name__}.")
    missing = [name for name in ("event", "date", "sentence", *more) if name not in frame]
    if missing:
        raise ReaderError(f"The table of events lacks the column{'s' * (len(missing) > 1)} "
                          f"{', '.join(missing)}.")
    if len(twice := frame.columns[frame.columns.duplicated()]):
        raise ReaderError(f"The table of events has two columns {twice[0]}: keep one of them.")
    if frame.empty:
        raise ReaderError("The table holds no event.")
    for name in frame.columns.intersection([*_COLUMNS, "media", "alt", "caption", "credit"]):
        odd = ~frame[name].map(pd.api.types.is_scalar).to_numpy(dtype=bool)
        if odd.any():
            raise ReaderError(f"Row {int(odd.argmax())} of the table of events has more than one "
                              f"value as its {name} (rows count from 0): write text.")
    for name in ("event", "date", "sentence", *more):
        if (empty := frame[name].isna()).any():
            raise ReaderError(f"Row {int(empty.to_numpy().argmax())} of the table of events has "
                              f"no {name} (rows count from 0).")
    twice = frame["event"][frame["event"].duplicated()]
    if len(twice):
        raise ReaderError(f"Event {twice.iloc[0]} stands in the table more than once.")
    for text in frame["date"]:
        as_interval(text)
