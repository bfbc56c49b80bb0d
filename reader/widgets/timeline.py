"""A line of time with a knowledge horizon: what could an article have known?"""

from __future__ import annotations

from datetime import date
from html import escape

import traitlets as t

from reader import bibliography, corpus, timeline
from reader.edtf import Interval, as_interval
from reader.errors import ReaderError
from reader.lazy import lazy
from reader.widgets.base import Widget, left, script, style

pd = lazy("pandas")

#: Where the line opens: the years that the articles speak of most.
_FIRST_VIEW = ("2016-12-01", "2020-04-15")
_PRECISE = {"month": "the day is not known", "year": "the month is not known",
            "open": "an end is open", "all of": "each of these days",
            "one of": "one of these days"}
# A date that breaks at its hyphens cannot be read: the second column holds the dates.
_STYLE = left("idlib-timeline") + (
    "<style>.idlib-timeline td:nth-child(2){white-space:nowrap}</style>")
_QUALIFIERS = {"~": "about", "?": "uncertain", "%": "about and uncertain"}


class Timeline(Widget):
    """Events on tracks, and what an article could have known of them.

    Parameters
    ----------
    events : pandas.DataFrame, optional
        Rows of `reader.timeline.events`; by default all events of the course, the counts of
        displaced people and the publication of the articles.
    article : str, optional
        Id of an article: what came after it is hidden.
    published : str, optional
        EDTF of its publication, where you know it better than ``articles.csv``.
    hindsight : bool
        Whether what came later is shown all the same.
    title : str

    Attributes
    ----------
    article, published, hindsight, selected
        As above, and the id of the event whose details are shown; set them to change the view.
    tracks : list of str
        The tracks on view.
    view : list of str
        First and last day of the part that is drawn.
    """

    _esm = script("timeline_picture.js", "timeline.js")
    _css = style("timeline.css")
    _chosen = ("article", "hindsight", "selected", "tracks", "view")

    title = t.Unicode().tag(sync=True)
    rows = t.List().tag(sync=True)
    lanes = t.List().tag(sync=True)
    tracks = t.List(t.Unicode()).tag(sync=True)
    choices = t.List().tag(sync=True)
    article = t.Unicode().tag(sync=True)
    published = t.Unicode().tag(sync=True)
    hindsight = t.Bool().tag(sync=True)
    selected = t.Unicode().tag(sync=True)
    view = t.List(t.Unicode()).tag(sync=True)
    first_view = t.List(t.Unicode()).tag(sync=True)
    knowledge = t.Dict().tag(sync=True)
    horizon = t.Dict().tag(sync=True)
    told = t.Unicode().tag(sync=True)
    fault = t.Unicode().tag(sync=True)
    note = t.Unicode(timeline.HINDSIGHT).tag(sync=True)

    def __init__(self, events: pd.DataFrame | None = None, article: str | None = None,
                 published: str | None = None, hindsight: bool = False,
                 title: str = "Timeline"):
        if events is None:
            events = timeline.everything()
        timeline.check_events(events, ("track",))
        if not isinstance(hindsight, bool) or not isinstance(title, str):
            raise ReaderError("hindsight is True or False, and title is text in quotes.")
        unknown = sorted(set(events["track"].astype(str)) - timeline.TRACKS.keys())
        if unknown:
            raise ReaderError(f"There is no track {unknown[0]!r}: the tracks are "
                              f"{', '.join(timeline.TRACKS)}.")
        self._events = events.reset_index(drop=True)
        listed = corpus.articles().dropna(subset=["published"])
        used = [name for name in timeline.TRACKS if name in set(events["track"])]
        rows = [_row(row) for row in events.to_dict("records")]
        super().__init__(
            title=title, rows=rows, tracks=used, hindsight=hindsight,
            lanes=[{"name": name, "about": timeline.TRACKS[name]} for name in used],
            choices=[{"id": key, "label": f"{key} {outlet}"} for key, outlet in
                     zip(listed["article"], listed["outlet"].fillna(""), strict=True)],
            article="" if article is None else corpus.known_article(article),
            published="" if published is None else _when(published),
            selected=rows[0]["id"], first_view=_first_view(rows), view=_first_view(rows))
        self._update()
        self.observe(self._moved, "article")
        self.observe(self._update, ["published", "hindsight", "tracks"])
        self.on_msg(self._answer)

    # --- what may be set -----------------------------------------------------------------

    @t.validate("article")
    def _known_article(self, proposal):
        return proposal["value"] and corpus.known_article(proposal["value"])

    @t.validate("published")
    def _known_date(self, proposal):
        return proposal["value"] and _when(proposal["value"])

    @t.validate("tracks")
    def _known_tracks(self, proposal):
        names = [lane["name"] for lane in self.lanes]
        if names and (unknown := [name for name in proposal["value"] if name not in names]):
            raise ReaderError(f"There is no track {unknown[0]!r} here: there are "
                              f"{', '.join(names)}.")
        return proposal["value"]

    @t.validate("selected")
    def _known_event(self, proposal):
        if self.rows and proposal["value"] not in {row["id"] for row in self.rows}:
            raise ReaderError(f"There is no event {proposal['value']!r} on this line.")
        return proposal["value"]

    @t.validate("view")
    def _known_view(self, proposal):
        days = [as_interval(day) for day in proposal["value"]]
        if len(days) != 2 or None in (days[0].first, days[1].last) or \
                days[0].first >= days[1].last:
            raise ReaderError("view takes a first and a later last day, such as "
                              "['2018-08-01', '2018-10-31'].")
        return [days[0].first.isoformat(), days[1].last.isoformat()]

    # --- what follows from it ------------------------------------------------------------

    def _moved(self, _=None):
        # A date that was given for one article says nothing of another.
        self.published = ""
        self._update()

    def _answer(self, _, content, buffers):
        """Take a date that was typed: what is wrong with it is said, not raised."""
        if isinstance(content, dict) and isinstance(content.get("published"), str):
            try:
                self.published, self.fault = content["published"].strip(), ""
            except ReaderError as error:
                self.fault = str(error)

    def _published(self) -> Interval | None:
        if self.published:
            return as_interval(self.published)
        return timeline.horizon(self.article) if self.article else None

    def _update(self, _=None):
        self.fault = ""
        when = self._published()
        if when is None:
            self.horizon, self.knowledge = {}, {}
        else:
            self.horizon = {"first": when.first and when.first.isoformat(),
                            "last": when.last and when.last.isoformat(), "text": str(when)}
            self.knowledge = {row["id"]: timeline.could_know(row["date"], when)
                              for row in self.rows if row["id"] != self.article}
        self.told = self._say(when)

    def _shown(self) -> pd.DataFrame:
        """Return the events on view, with what could be known of them."""
        frame = self._events[self._events["track"].isin(self.tracks)]
        known = frame["event"].map(self.knowledge)
        if self.knowledge and not self.hindsight:
            frame, known = frame[known != "no"], known[known != "no"]
        return frame.assign(could_know=known)

    def _say(self, when: Interval | None) -> str:
        shown = self._shown()
        if when is None:
            return f"No article is chosen. Events: {len(shown)}, none is hidden."
        answers = [self.knowledge.get(key) for key in
                   self._events["event"][self._events["track"].isin(self.tracks)]]
        label = next((c["label"] for c in self.choices if c["id"] == self.article), "A text")
        later = answers.count("no")
        return (f"{label}, published {when}. Events over before it: {answers.count('yes')}. "
                f"Depends on the day: {answers.count('depends')}. Came later: {later}, "
                f"{'shown' if self.hindsight else 'hidden'}.")

    # --- plain forms ---------------------------------------------------------------------

    def table(self) -> pd.DataFrame:
        """Return the events on view as a table.

        Returns
        -------
        pandas.DataFrame
            Columns event, date (EDTF), track, could_know (``yes``, ``depends``, ``no``;
            missing without an article), sentence, and source and confidence where the table
            of events has them.
        """
        shown = self._shown()
        columns = ["event", "date", "track", "could_know", "sentence"]
        return shown[[*columns, *(name for name in ("source", "confidence") if name in shown)]] \
            .reset_index(drop=True)

    def __repr__(self) -> str:
        return f"{self.title}. {self.told}\n{self.table().to_string()}"

    def static(self) -> str:
        """Return the events on view as an HTML table; what is hidden stays hidden."""
        hidden = list(self.knowledge.values()).count("no") and not self.hindsight
        notes = [f"<p>{escape(self.title)}. {escape(self.told)} In a running notebook this is a "
                 f"widget.</p>"]
        if hidden:
            notes.append("<p>To see what came later, run the notebook and tick “Show what came "
                         "later”, or write <code>hindsight=True</code>.</p>")
        if self.knowledge and self.hindsight:
            notes.append(f"<p>{escape(self.note)}</p>")
        shown = self.table()
        table = shown.to_html(index=False, border=0, na_rep="")
        if "source" in shown:
            table += bibliography.as_html(shown["source"])
        return (f'{_STYLE}<div class="idlib-static idlib-timeline" role="group" '
                f'aria-label="{escape(self.title)}">{"".join(notes)}{table}</div>')


def _when(text) -> str:
    """Return a date of publication as EDTF, or say what is wrong with it."""
    item = as_interval(text)
    timeline.could_know("2018", item)
    return str(item)


def _row(row: dict) -> dict:
    """Return what the browser needs of an event."""
    item = as_interval(row["date"])
    kind = timeline.precision(item)
    # A text appears on one day: a wide date of publication did not last, its day is not known.
    if row["track"] == "publication" and kind == "interval":
        kind = "month"
    precise = _PRECISE.get(kind) or f"{item.days} day{'s' * (item.days != 1)}"
    if item.qualifier:
        precise += f", {_QUALIFIERS[item.qualifier]}"
    facts = {name: str(row[name]) for name in ("participants", "mentioned", "source", "confidence")
             if name in row and not pd.isna(row[name])}
    if "source" in facts:
        facts["source"] = bibliography.cite(facts["source"])
    return {"id": str(row["event"]), "date": str(item), "track": str(row["track"]),
            "sentence": str(row["sentence"]), "kind": kind, "precise": precise,
            "qualifier": item.qualifier, "facts": facts,
            "parts": [[part.first and part.first.isoformat(), part.last and part.last.isoformat()]
                      for part in item.parts or (item,)]}


def _first_view(rows: list[dict]) -> list[str]:
    days = sorted(day for row in rows for part in row["parts"] for day in part if day)
    if not days:
        return list(_FIRST_VIEW)
    first, last = _FIRST_VIEW
    if days[0] < first <= days[-1] and any(first <= day <= last for day in days):
        return [first, last]
    start, end = (date.fromisoformat(day).toordinal() for day in (days[0], days[-1]))
    room = max((end - start) // 20, 3)
    return [date.fromordinal(day).isoformat() for day in
            (max(start - room, 1), min(end + room, date.max.toordinal()))]
