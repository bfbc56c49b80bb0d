"""Events as TimelineJS JSON, the format of the Knight Lab's free timeline for web pages.

Reference: Northwestern University Knight Lab, "TimelineJS JSON data format",
https://timeline.knightlab.com/docs/json-format.html, and how TimelineJS 3.9 reads it
(https://github.com/NUKnightLab/TimelineJS3, ``src/js/core/TimelineConfig.js``):

* one object with ``events`` (a list of slides) and, if wanted, a ``title`` (a slide without
  date), ``eras`` and ``scale``;
* a slide has ``start_date``, ``end_date``, ``text``, ``media``, ``group``, ``display_date``,
  ``background``, ``autolink`` and ``unique_id``;
* a date has a ``year`` and, as far as they are known, ``month``, ``day``…: what is left out is
  not known. ``display_date`` is what readers see;
* ``headline`` and ``text`` are HTML, so text that is not is escaped here.

TimelineJS knows no uncertain, open or several dates. They keep their place by first and last
day, and their EDTF stands in ``display_date``.
"""

from __future__ import annotations

import json
import re
from datetime import date
from html import escape
from itertools import takewhile
from pathlib import Path
from textwrap import shorten

from reader.bibliography import cite
from reader.edtf import Interval, as_interval
from reader.errors import ReaderError
from reader.lazy import lazy
from reader.paths import known_path
from reader.timeline import check_events, precision

pd = lazy("pandas")

_DATE_PARTS = {"year": (-271820, 275759), "month": (1, 12), "day": (1, 31), "hour": (0, 23),
               "minute": (0, 59), "second": (0, 59), "millisecond": (0, 999)}
_SLIDE = {"start_date": dict, "end_date": dict, "text": dict, "media": dict, "group": str,
          "display_date": str, "background": dict, "autolink": bool, "unique_id": str}
_KIND = {dict: "an object", str: "text", bool: "true or false"}
_INSIDE = {"text": {"headline", "text"},
           "media": {"url", "caption", "credit", "thumbnail", "alt", "title", "link",
                     "link_target"},
           "background": {"url", "color", "alt"}}
_MEDIA = ("media", "alt", "caption", "credit")


def timelinejs(frame: pd.DataFrame, title: str = "Reading Idlib: events") -> dict:
    """Return events as TimelineJS JSON.

    Parameters
    ----------
    frame : pandas.DataFrame
        Rows of `reader.timeline.events`: columns event, date and sentence, and if there
        participants, track, source and confidence. A column ``media`` (address of a picture)
        needs a column ``alt`` beside it, its text alternative; ``caption`` and ``credit`` are
        taken if there.
    title : str
        Headline of the first slide; ``""`` for none.

    Returns
    -------
    dict
        Ready for ``json.dump``. ``unique_id`` is the id of the event, ``group`` its track. A
        month has no day, a year no month. A date that TimelineJS can't say has its EDTF in
        ``display_date``.

    Raises
    ------
    ReaderError
        When the table is empty, lacks a column or has a picture without ``alt``, and for a
        date without a first day.
    """
    check_events(frame)
    if not isinstance(title, str):
        raise ReaderError("The title is text in quotes.")
    data: dict = {"events": [_slide(row) for row in frame.to_dict("records")]}
    if title:
        data["title"] = {"unique_id": "title", "text": {"headline": escape(title), "text": ""}}
    return data


def _cell(row: dict, name: str) -> str:
    value = row.get(name)
    return "" if value is None or pd.isna(value) else str(value)


def _slide(row: dict) -> dict:
    item = as_interval(row["date"])
    if item.first is None:
        raise ReaderError(f"Event {row['event']} ({item}) has no first day, and TimelineJS "
                          f"places a slide by its first day.")
    about = [f"<p>{escape(_cell(row, 'sentence'))}</p>"]
    facts = {"Participants": _cell(row, "participants"), "Sources": cite(_cell(row, "source")),
             "Confidence": _cell(row, "confidence")}
    about += [f"<p>{label}: {escape(text)}</p>" for label, text in facts.items() if text]
    start, end = _ends(item)
    slide = {"unique_id": str(row["event"]), "start_date": start,
             "text": {"headline": escape(f"{row['event']}: " + shorten(
                 _cell(row, "sentence"), 60, placeholder=" …")), "text": "".join(about)}}
    if end:
        slide["end_date"] = end
    if item.qualifier or precision(item) in ("open", "all of", "one of") or "X" in str(item):
        slide["display_date"] = str(item)
    if track := _cell(row, "track"):
        slide["group"] = track
    if _cell(row, "media"):
        slide["media"] = _media(row)
    return slide


def _media(row: dict) -> dict:
    if not _cell(row, "alt"):
        raise ReaderError(f"The picture of event {row['event']} has no text alternative: say in "
                          f"the column alt what it shows.")
    # The address and alt are attributes, which TimelineJS sets itself; the others are HTML.
    return {("url" if name == "media" else name):
            _cell(row, name) if name in ("media", "alt") else escape(_cell(row, name))
            for name in _MEDIA if _cell(row, name)}


def _ends(item: Interval) -> tuple[dict, dict | None]:
    """Return start and end in the parts that are known; no end where there is none to say."""
    ends = [""] * 2 if item.parts else str(item).split("/")
    start = _date(ends[0], item.first)
    # One month or year says itself by what it leaves out; a decade needs both ends.
    if item.last is None or len(ends) == 1 and "X" not in ends[0][:4]:
        return start, None
    return start, _date(ends[-1], item.last)


def _date(text: str, day: date) -> dict:
    """Return the parts of `day` that its EDTF states; all of them if there is no EDTF."""
    parts = (text.rstrip("~?%") or day.isoformat()).split("-")
    known = list(takewhile(str.isdigit, parts)) or [str(day.year)]
    return dict(zip(("year", "month", "day"), map(int, known), strict=False))


def save_timelinejs(frame: pd.DataFrame, path, title: str = "Reading Idlib: events") -> Path:
    """Write events to a file as TimelineJS JSON, and return its path.

    Parameters
    ----------
    frame, title
        As for `timelinejs`.
    path : str or pathlib.Path
        Ends in ``.json``; its folder must exist.
    """
    file = known_path(path, "events.json")
    if file.suffix != ".json":
        raise ReaderError(f"TimelineJS reads files that end in .json: {file.name!r} does not.")
    text = json.dumps(timelinejs(frame, title), ensure_ascii=False, indent=1)
    try:
        file.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise ReaderError(f"{file} can't be written: {error.strerror}.") from None
    return file


# --- checking ----------------------------------------------------------------------------


def check_timelinejs(data) -> list[str]:
    """Say where data departs from the documented format of TimelineJS.

    Parameters
    ----------
    data : dict
        What a JSON file holds.

    Returns
    -------
    list of str
        One sentence for each fault; empty when there is none.
    """
    if not isinstance(data, dict):
        return ["TimelineJS reads one JSON object with a list of events."]
    found = [f"{name!r} is no part of a timeline." for name in
             sorted(data.keys() - {"events", "title", "eras", "scale"}, key=str)]
    if not isinstance(data.get("events"), list) or not data["events"]:
        return [*found, "A timeline needs a list of events with at least one of them."]
    if str(data.get("scale", "human")) not in ("human", "cosmological"):
        found.append("The scale is human or cosmological.")
    seen: set[str] = set()
    if "title" in data:
        found += _slide_faults(data["title"], "The title", seen, dated=False)
    for number, slide in enumerate(data["events"], start=1):
        found += _slide_faults(slide, f"Event {number}", seen)
    eras = data.get("eras", [])
    if not isinstance(eras, list):
        found.append("The eras are not a list.")
        eras = []
    for number, era in enumerate(eras, start=1):
        found += _slide_faults(era, f"Era {number}", seen, era=True)
    return found


def _slide_faults(slide, what: str, seen: set[str], dated: bool = True,
                  era: bool = False) -> list[str]:
    if not isinstance(slide, dict):
        return [f"{what} is not an object."]
    known = {"start_date", "end_date", "text"} if era else _SLIDE.keys()
    found = [f"{what} has {name!r}, which the format does not know."
             for name in sorted(slide.keys() - known, key=str)]
    found += [f"The {name} of {what.lower()} is not {_KIND[kind]}." for name, kind in
              _SLIDE.items() if name in slide and not isinstance(slide[name], kind)]
    found += [f"{what} has no {name}." for name, needed in (("start_date", dated),
                                                            ("end_date", era))
              if needed and name not in slide]
    for name in ("start_date", "end_date"):
        if isinstance(slide.get(name), dict):
            found += _date_faults(slide[name], f"The {name} of {what.lower()}")
    if not found and {"start_date", "end_date"} <= slide.keys() and \
            _before(slide["end_date"], slide["start_date"]):
        found.append(f"{what} ends before it begins.")
    for name, parts in _INSIDE.items():
        if isinstance(inner := slide.get(name), dict):
            found += [f"The {name} of {what.lower()} has {part!r}, which the format does not know."
                      for part in sorted(inner.keys() - parts, key=str)]
    if isinstance(media := slide.get("media"), dict):
        found += [f"The media of {what.lower()} lack {part}." for part in ("url", "alt")
                  if not media.get(part)]
    if isinstance(key := slide.get("unique_id"), str) and key:
        if key in seen:
            found.append(f"{what} has the unique_id {key!r} of another slide.")
        seen.add(key)
    return found


def _date_faults(when: dict, what: str) -> list[str]:
    found = [f"{what} has {name!r}, which the format does not know."
             for name in sorted(when.keys() - _DATE_PARTS.keys() - {"display_date"}, key=str)]
    if "year" not in when:
        found.append(f"{what} has no year.")
    for name, (low, high) in _DATE_PARTS.items():
        value = str(when.get(name, low))
        if not re.fullmatch(r"-?\d+", value) or not low <= int(value) <= high:
            found.append(f"{what} has the {name} {when[name]!r}.")
    if "day" in when and "month" not in when:
        found.append(f"{what} has a day without a month.")
    return found


def _before(end: dict, start: dict) -> bool:
    """Whether one checked date comes before another, in the parts that both of them have."""
    shared = [name for name in _DATE_PARTS if name in end and name in start]
    return [int(end[name]) for name in shared] < [int(start[name]) for name in shared]
