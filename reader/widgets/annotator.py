"""A coding desk: labels on segments and on words, by mouse or by keys, kept as rows."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from itertools import count
from pathlib import Path

import traitlets as t

from reader import annotations, corpus
from reader.annotations import NONE
from reader.coding_rows import LONGEST_NAME, known_word
from reader.errors import ReaderError
from reader.lazy import lazy
from reader.paths import known_path
from reader.widgets.base import Widget, left, script, style
from reader.widgets.coded import (
    codes_of,
    content,
    few,
    known_segments,
    shown_words,
)
from reader.widgets.coding_requests import work

pd = lazy("pandas")

_COLUMNS = [*annotations.COLUMNS, *annotations.OPTIONAL]


class Annotator(Widget):
    """Code an article segment by segment: whole segments or some of their words.

    With a copy of the article its text is shown, and any words of it can be chosen. Without
    one the digest is shown, and the short phrases that the course quotes can be chosen. Both
    count from the start of the article, so rows made in one way fit those of the other.

    Parameters
    ----------
    where : str or list of str
        An article (``"000"``), a segment (``"000 P3"``), or several of them.
    family : str or list of str
        Which codes are offered: ``"entman"``, ``"generic"``, ``"policy"``, ``"technique"``.
    codes : list of str, optional
        Only these codes, of whatever family.
    coder : str
        Whose rows these are.
    rows : pandas.DataFrame, optional
        Rows to begin with, as in `reader.annotations`.
    title : str, optional

    Attributes
    ----------
    rows : pandas.DataFrame
        What is coded so far: columns locator, start, end (characters of the normalised
        article), code, voice (``author``, ``reported`` or ``quoted``), coder and note. Set it
        to replace all rows; `undo` takes that back too.
    locator : str
        The segment on view; set it to move.

    Raises
    ------
    ReaderError
        For an article, a segment, a code or a row that can't be: one sentence says which.

    Notes
    -----
    The text of an article goes to the browser and is never part of what is saved: not of the
    widget's state, of its static form, or of the files that `save` and the exports write.
    """

    _esm = script("coded_text.js", "listbox.js", "label_palette.js", "text_picker.js",
                  "annotator.js")
    _css = style("coded_text.css", "annotator.css")
    _chosen = ("locator", "family")

    title = t.Unicode().tag(sync=True)
    coder = t.Unicode().tag(sync=True)
    segments = t.List().tag(sync=True)
    families = t.List().tag(sync=True)
    voices = t.List(list(annotations.VOICES)).tag(sync=True)
    locator = t.Unicode().tag(sync=True)
    family = t.Unicode().tag(sync=True)
    entries = t.List().tag(sync=True)
    #: How many steps can be undone, and done again.
    steps = t.List([0, 0]).tag(sync=True)

    def __init__(self, where: str | Iterable[str], family: str | Iterable[str] = "generic",
                 codes: Iterable[str] | None = None, coder: str = "me",
                 rows: pd.DataFrame | None = None, title: str | None = None):
        if not isinstance(coder, str) or not coder.strip() or len(coder) > LONGEST_NAME:
            raise ReaderError(f"coder is a name in quotes, such as 'me' or your initials, of at "
                              f"most {LONGEST_NAME} characters.")
        if title is not None and not isinstance(title, str):
            raise ReaderError("The title of an annotator is text in quotes.")
        listed = known_segments(where, "Annotator")
        self._places = listed.set_index("locator")
        families = codes_of(family, codes)
        #: Names of the codes on offer, by code.
        self.offered = {code["code"]: code["name"] for group in families
                         for code in group["codes"]}
        self._numbers = count(1)
        self._undo: list[list] = []
        self._redo: list[list] = []
        self._ever: set[tuple] = set()
        super().__init__(
            title=title or f"Coding {few(listed['locator'])}", coder=known_word(coder, "coder"),
            segments=[{"locator": row.locator, "start": row.start, "end": row.end}
                      for row in listed.itertuples()],
            families=families, family=families[0]["id"], locator=listed["locator"].iloc[0])
        if rows is not None:
            self._show(self.as_entries(rows))
        self.on_msg(self._answer)

    @t.validate("locator")
    def _known_locator(self, proposal):
        found = corpus.normalise_locator(proposal["value"])
        if found not in self._places.index:
            raise ReaderError(f"{found} is not among the segments of this annotator: they are "
                              f"{few(self._places.index)}.")
        return found

    @t.validate("family")
    def _known_family(self, proposal):
        known = [group["id"] for group in self.families]
        if known and proposal["value"] not in known:
            raise ReaderError(f"family must be one of {', '.join(known)} here, not "
                              f"{proposal['value']!r}.")
        return proposal["value"]

    # --- rows ------------------------------------------------------------------------------

    @property
    def rows(self) -> pd.DataFrame:
        """The rows of now, in the order of the text."""
        return annotations.check_rows(pd.DataFrame(self.entries, columns=_COLUMNS, dtype=object))

    @rows.setter
    def rows(self, frame: pd.DataFrame) -> None:
        self.keep(self.as_entries(frame))

    def as_entries(self, frame: pd.DataFrame) -> list[dict]:
        """Return rows as the browser gets them: each with a number that stays its own."""
        entries = []
        for row in annotations.check_rows(frame).to_dict("records"):
            self._check_offered(row["locator"], row["code"])
            entries.append({
                "id": next(self._numbers), "locator": row["locator"], "start": int(row["start"]),
                "end": int(row["end"]), "code": row["code"], "voice": row["voice"],
                **{name: row[name] if pd.notna(row.get(name)) else empty
                   for name, empty in (("coder", self.coder), ("note", ""))}})
        return entries

    def _check_offered(self, locator: str, code: str) -> None:
        if locator not in self._places.index:
            raise ReaderError(f"{locator} is not among the segments of this annotator: they are "
                              f"{few(self._places.index)}.")
        if code != NONE and code not in self.offered:
            raise ReaderError(f"The code {code!r} is not offered here: make the annotator with "
                              f"its family, or with codes=[…].")

    def _sorted(self, entries: list[dict]) -> list[dict]:
        order = {key: n for n, key in enumerate(self._places.index)}
        return sorted(entries, key=lambda e: (order[e["locator"]], e["start"], -e["end"], e["id"]))

    def keep(self, entries: list[dict]) -> None:
        """Make these the rows; those of before can be had back with `undo`."""
        self._undo, self._redo = [*self._undo, self.entries], []
        self._show(entries)

    def _show(self, entries: list[dict]) -> None:
        self.steps = [len(self._undo), len(self._redo)]
        self.entries = self._sorted(entries)
        self._ever |= {_key(entry) for entry in entries}

    def undo(self) -> None:
        """Take the last change back."""
        if not self._undo:
            raise ReaderError("There is nothing to undo.")
        self._redo.append(self.entries)
        self._show(self._undo.pop())

    def redo(self) -> None:
        """Make the last change again that `undo` took back."""
        if not self._redo:
            raise ReaderError("There is nothing to do again.")
        self._undo.append(self.entries)
        self._show(self._redo.pop())

    # --- what the browser asks for ---------------------------------------------------------

    def _answer(self, _, message, buffers):
        """Do what a message of the browser says, and say what was done or why not."""
        if not isinstance(message, dict):
            return
        asked = message.get("ask")
        if isinstance(asked, str) and asked in self._places.index:
            self.send(content(asked))
        if done := work(self, message):
            self.send({"told": done[0], "chosen": done[1]})

    # --- files -----------------------------------------------------------------------------

    def save(self, path: str | Path) -> Path:
        """Write the rows into a CSV file: positions and labels, never a text.

        If the file is there, the rows in it that this annotator never held stay: one file can
        hold all that you code, article by article, and a notebook that is run anew takes
        nothing away. What you removed here is removed from the file.
        """
        rows = self.rows
        if known_path(path, "my-coding.csv").is_file():
            there = annotations.load(path).reindex(columns=_COLUMNS)
            there["coder"] = there["coder"].fillna(self.coder)
            listed = [row for row in there.to_dict("records") if _key(row) not in self._ever]
            listed += rows.to_dict("records")
            # A segment with a code of another family is no longer one without any code.
            coded = {(row["coder"], row["locator"]) for row in listed if row["code"] != NONE}
            rows = pd.DataFrame([row for row in listed if row["code"] != NONE
                                 or (row["coder"], row["locator"]) not in coded],
                                columns=_COLUMNS, dtype=object)
        return annotations.save(rows, path)

    def load(self, path: str | Path) -> None:
        """Read the rows of a file that are about these segments and codes.

        Undo takes it back, unless nothing was done before: then the rows are the beginning.
        """
        frame = annotations.load(path)
        entries = self.as_entries(frame[frame["locator"].isin(self._places.index)
                                         & frame["code"].isin([*self.offered, NONE])])
        (self.keep if self._undo or self.entries else self._show)(entries)

    def export(self, path: str | Path, form: str = "web annotation",
               with_text: bool = False) -> Path:
        """Write the rows in the form that another program reads.

        Parameters
        ----------
        path : str or Path
            Such as ``"coding.jsonld"``. A file of this name is replaced.
        form : {"web annotation", "label studio", "prodigy"}
        with_text : bool
            Whether your own copy of the articles goes into the file. Do not pass it on then.
        """
        if not isinstance(form, str) or form not in _FORMS:
            raise ReaderError(f"form must be one of {', '.join(_FORMS)}, not {form!r}.")
        return _FORMS[form](self.rows, path, with_text)

    # --- forms without script --------------------------------------------------------------

    def table(self) -> pd.DataFrame:
        """Return the rows as they are read, not as they are stored.

        Returns
        -------
        pandas.DataFrame
            Columns locator, code, name (of the code), voice, words (``whole segment``, or the
            phrase where the course quotes it; otherwise missing), start, end, coder and note.
        """
        frame = self.rows
        frame["name"] = frame["code"].map({**self.offered, NONE: "no code applies"})
        frame["words"] = [shown_words(row) for row in frame.to_dict("records")]
        return frame[["locator", "code", "name", "voice", "words", "start", "end", "coder",
                      "note"]]

    def _told(self) -> str:
        done = len({entry["locator"] for entry in self.entries})
        return (f"{self.title}. Coder: {self.coder}. Rows: {len(self.entries)}, in {done} of "
                f"{len(self.segments)} segments.")

    def __repr__(self) -> str:
        return f"{self._told()}\n{self.table().to_string()}" if self.entries else self._told()

    def static(self) -> str:
        """Return the rows as an HTML table: positions, labels and notes, never a text."""
        table = self.table().to_html(index=False, border=0, na_rep="") if self.entries else ""
        return (f'{left("idlib-coded")}<div class="idlib-static idlib-coded" role="group" '
                f'aria-label="{escape(self.title)}">'
                f"<p>{escape(self._told())} In a running notebook this is a widget.</p>"
                f"{table}</div>")


def _key(row: dict) -> tuple:
    """Return what makes a row the same row, whatever its voice and note."""
    return tuple(row[name] for name in ("coder", "locator", "start", "end", "code"))


_FORMS = {"web annotation": annotations.save_web_annotation,
          "label studio": annotations.save_label_studio, "prodigy": annotations.save_prodigy}
