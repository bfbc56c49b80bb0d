"""A power-interest grid on which a learner places actors, and compares without a verdict."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from pathlib import Path

import traitlets as t

from reader import actors as names
from reader import stakeholders
from reader.errors import ReaderError
from reader.lazy import lazy
from reader.paths import known_path
from reader.widgets.base import Widget, script, style

pd = lazy("pandas")

#: Those of the two readings, and two that neither places: Western donors and the UNHCR.
_ACTORS = ("A01", "A03", "A07", "A10", "A12", "A15", "A16", "A21", "A23", "A24", "A28", "A29")


class PowerInterestGrid(Widget):
    """Place actors by power and interest: with the pointer, the arrow keys or numbers.

    Parameters
    ----------
    actors : iterable of str, optional
        Ids or names of the actors to place.
    start : pandas.DataFrame or str, optional
        Where they stand at first: columns actor, power and interest (0 to 10), or the name of
        a reading. Nobody is placed by default.
    title : str
        What is being placed.

    Attributes
    ----------
    placements : pandas.DataFrame
        What is placed where now; `table` says the same.
    selected : str
        Id of the actor that the keys move; set it to choose.
    reference : str
        Name of the placement shown beside the own one as hollow marks: a reading of
        `reader.stakeholders.placement_names`, ``"given"`` after `compare`, or ``""``.
    """

    _esm = script("power_interest_grid.js")
    _css = style("power_interest_grid.css")
    _chosen = ("selected", "places", "reference")

    title = t.Unicode().tag(sync=True)
    actors = t.List().tag(sync=True)
    places = t.Dict().tag(sync=True)
    selected = t.Unicode().tag(sync=True)
    cut = t.Float(5, read_only=True).tag(sync=True)
    quadrants = t.List().tag(sync=True)
    choices = t.List().tag(sync=True)
    reference = t.Unicode().tag(sync=True)
    other = t.Dict().tag(sync=True)

    def __init__(self, actors: Iterable[str] | None = None,
                 start: pd.DataFrame | str | None = None, title: str = "Power and interest"):
        given = _ACTORS if actors is None else [actors] if isinstance(actors, str) else actors
        if not isinstance(given, Iterable) or not (
                ids := list(dict.fromkeys(names.known_actor(actor) for actor in given))):
            raise ReaderError("The grid needs at least one actor, such as ['A07'].")
        listed = names.actors().set_index("actor")["name"]
        self._given: pd.DataFrame | None = None
        super().__init__(
            title=title, actors=[{"id": key, "name": listed[key]} for key in ids],
            selected=ids[0],
            # By low and high power, then by low and high interest: the browser only compares.
            quadrants=[[stakeholders.quadrant(p, i) for i in (0, 10)] for p in (0, 10)],
            choices=[{"id": name, "label": f'another reading ("{name}")', "about": about}
                     for name, about in stakeholders.placement_names().items()])
        if start is not None:
            self.places = self._on_grid(start)

    @property
    def _ids(self) -> list[str]:
        return [actor["id"] for actor in self.actors]

    def _on_grid(self, frame: pd.DataFrame | str, skip: bool = False) -> dict:
        """Return placements as the browser needs them; refuse or skip actors that are not here."""
        frame = stakeholders.placements(frame) if isinstance(frame, str) else frame
        placed = stakeholders.as_placements(frame).dropna(subset=["power"])
        absent = [row.name for row in placed[~placed["actor"].isin(self._ids)].itertuples(
            index=False)]
        if absent and not skip:
            raise ReaderError(f"{absent[0]} is not on this grid: make one with "
                              f"PowerInterestGrid(actors=…) that lists every actor.")
        return {row.actor: [row.power, row.interest] for row in placed.itertuples()
                if row.actor in self._ids}

    @t.validate("places")
    def _known_places(self, proposal):
        rows = []
        for actor, place in proposal["value"].items():
            if not isinstance(place, (list, tuple)) or len(place) != 2:
                raise ReaderError(f"The place of {actor} must be two numbers, power and interest.")
            rows.append((actor, *place))
        return self._on_grid(pd.DataFrame(rows, columns=["actor", "power", "interest"],
                                          dtype=object))

    @t.validate("selected")
    def _known_actor(self, proposal):
        found = names.known_actor(proposal["value"])
        if found not in self._ids:
            raise ReaderError(f"{found} is not on this grid, which has {', '.join(self._ids)}.")
        return found

    @t.validate("reference")
    def _known_reference(self, proposal):
        known = [choice["id"] for choice in self.choices]
        if proposal["value"] and proposal["value"] not in known:
            raise ReaderError(f"There is no placement {proposal['value']!r} to compare with: "
                              f"choose {' or '.join(known)}, or '' for none.")
        return proposal["value"]

    @t.observe("reference")
    def _show_reference(self, _=None):
        shown = self._given if self.reference == "given" else self.reference
        self.other = {} if isinstance(shown, str) and not shown else \
            self._on_grid(shown, skip=True)

    # --- what a learner does in code -----------------------------------------------------

    @property
    def placements(self) -> pd.DataFrame:
        """The placements: actor, name, power, interest, quadrant; missing where not placed."""
        return self._table_of(self.places)

    def _table_of(self, places: dict) -> pd.DataFrame:
        rows = [(key, *places.get(key, (None, None))) for key in self._ids]
        return stakeholders.as_placements(
            pd.DataFrame(rows, columns=["actor", "power", "interest"]))

    def place(self, actor: str, power: float | None, interest: float | None) -> None:
        """Place an actor (ratings from 0 to 10), or take it off the grid (None, None)."""
        key = names.known_actor(actor)
        row = pd.DataFrame([(key, power, interest)], columns=["actor", "power", "interest"],
                           dtype=object)
        rest = {k: v for k, v in self.places.items() if k != key}
        self.places = {**rest, **self._on_grid(row)}

    def compare(self, other: pd.DataFrame | str, label: str = "the other placement") -> \
            pd.DataFrame:
        """Show another placement as hollow marks, and return both side by side.

        Parameters
        ----------
        other : pandas.DataFrame or str
            Columns actor, power and interest, such as a friend's placement or the medians of
            `reader.stakeholders.class_placements`; or the name of a reading.
        label : str
            What the other placement is called in the widget.

        Returns
        -------
        pandas.DataFrame
            As `reader.stakeholders.compare_placements`, for the actors of this grid. It does
            not say which placement is better.
        """
        if not isinstance(label, str):
            raise ReaderError("The label of the other placement is text in quotes.")
        if isinstance(other, str):
            self.reference = other
        else:
            self._given = stakeholders.as_placements(other)
            self.choices = [choice for choice in self.choices if choice["id"] != "given"] + [
                {"id": "given", "label": label, "about": ""}]
            self.reference = ""
            self.reference = "given"
        found = stakeholders.compare_placements(self.placements, other)
        return found[found["actor"].isin(self._ids)].reset_index(drop=True)

    def save(self, path: str | Path) -> None:
        """Write the placements into a CSV file, which `load` and a class can read."""
        file = known_path(path, "mine.csv")
        try:
            self.placements.to_csv(file, index=False, encoding="utf-8", lineterminator="\n")
        except OSError:
            raise ReaderError(f"{path} can't be written: name a file in a folder that is there.") \
                from None

    def load(self, path: str | Path) -> None:
        """Read placements that `save` wrote; those of now are given up."""
        self.places = self._on_grid(stakeholders.read_placements(path))

    # --- forms without script ------------------------------------------------------------

    def table(self) -> pd.DataFrame:
        """Return the placements, and beside them those of the reference, if one is shown."""
        own = self.placements
        if not self.reference:
            return own
        return own.merge(self._table_of(self.other).drop(columns="name"), on="actor",
                         suffixes=("", "_other"))

    def _told(self) -> str:
        label = next((c["label"] for c in self.choices if c["id"] == self.reference), "")
        return f"{self.title}: {len(self.places)} of {len(self.actors)} actors are placed." + (
            f" Columns ending in _other: {label}. Neither is the right one." if label else "")

    def __repr__(self) -> str:
        return f"PowerInterestGrid. {self._told()}\n{self.table().to_string()}"

    def static(self) -> str:
        """Return the placements as an HTML table."""
        shown = self.table()
        for column in shown.columns[shown.columns.str.startswith("quadrant")]:
            shown[column] = shown[column].fillna("not placed")
        table = shown.astype(object).where(shown.notna(), "").to_html(index=False, border=0)
        return (f'<div class="idlib-static" role="group" aria-label="{escape(self.title)}">'
                f"<p>{escape(self._told())} In a running notebook this is a widget.</p>"
                f"{table}</div>")
