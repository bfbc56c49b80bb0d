"""A reading desk: an article passage by passage, with phrases or mentions marked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from html import escape

import traitlets as t

from reader import actors, corpus, display
from reader.errors import ReaderError
from reader.lazy import lazy
from reader.widgets.base import Widget, script

pd = lazy("pandas")


class PassageReader(Widget):
    """Read an article passage by passage, with phrases or mentions marked.

    Parameters
    ----------
    articles : list of str, optional
        Ids to choose from; all by default.
    highlight : {"phrases", "mentions"}
        What is marked: the evidence phrases by their use, or the mentions by actor.
    locator : str, optional
        Where to begin.

    Attributes
    ----------
    locator : str
        The passage on view; set it to move.
    """

    _esm = script("passage_reader.js")
    _chosen = ("locator",)

    choices = t.List().tag(sync=True)
    highlight = t.Enum(["phrases", "mentions"], "phrases").tag(sync=True)
    locator = t.Unicode().tag(sync=True)

    def __init__(self, articles: Iterable[str] | None = None, highlight: str = "phrases",
                 locator: str | None = None):
        if highlight not in ("phrases", "mentions"):
            raise ReaderError(f"highlight must be 'phrases' or 'mentions', not {highlight!r}.")
        listed = corpus.articles().set_index("article")
        if articles is None:
            articles = list(listed.index)
        ids = [corpus.known_article(article)
               for article in ([articles] if isinstance(articles, str) else articles)]
        if not ids:
            raise ReaderError("PassageReader needs at least one article, such as ['000'].")
        first = corpus.normalise_locator(locator) if locator else \
            corpus.segments(ids[0])["locator"].iloc[0]
        if first[:3] not in ids:
            raise ReaderError(f"{first} is in none of the articles chosen: {', '.join(ids)}.")
        outlets = listed["outlet"].fillna("")
        super().__init__(
            choices=[{"id": key, "label": f"{key} {outlets[key]}".strip()} for key in ids],
            highlight=highlight, locator=first)
        self.on_msg(self._answer)

    @t.validate("locator")
    def _known(self, proposal):
        found = corpus.normalise_locator(proposal["value"])
        ids = [choice["id"] for choice in self.choices]
        if ids and found[:3] not in ids:
            raise ReaderError(f"{found} is in none of the articles chosen: {', '.join(ids)}.")
        return found

    @property
    def value(self) -> corpus.Passage:
        """The passage on view."""
        return corpus.passage(self.locator)

    def __repr__(self) -> str:
        # The plain form is saved with the notebook too: digest, not text.
        return f"PassageReader at {replace(self.value, text=None)!r}"

    def _spans(self, article: str) -> pd.DataFrame:
        """Return what is marked in an article: locator, start, end, words, label, number.

        The number of a label, and so its colour, is the same in every article.
        """
        if self.highlight == "phrases":
            found = corpus.phrases(article)
            found = found.assign(words=found["phrase"], label=found["use"],
                                 number=found["use"].map(display.use_number))
        else:
            found, listed = actors.mentions(article), actors.actors().set_index("actor")
            found = found.assign(
                words=found["surface"],
                label=found["actor"].map(listed["name"]).fillna("not resolved"),
                # -1 is the last mark, grey, and stands first in the list.
                number=found["actor"].map(lambda actor: display.actor_number(
                    listed.index.get_loc(actor)), na_action="ignore").fillna(-1))
        return found.sort_values(["start", "end"])

    def _content(self, article: str) -> dict:
        """Return what the browser needs to show an article."""
        spans = self._spans(article)
        labels = spans[["label", "number"]].drop_duplicates().sort_values("number")
        place = {label: n for n, label in enumerate(labels["label"])}
        spans["use"] = spans["label"].map(place)
        begins = corpus.segments(article).set_index("locator")["start"]
        rows = []
        for item in corpus.passages(article):
            here = spans[spans["locator"] == item.locator]
            within = here.assign(start=here["start"] - begins[item.locator],
                                 end=here["end"] - begins[item.locator])
            rows.append({
                "locator": item.locator,
                "pieces": None if item.text is None else [
                    [text, uses] for text, uses, _ in display.pieces(item.text, within)],
                "digest": item.digest or display.NO_DIGEST,
                "marks": [[row.words, row.use] for row in here.itertuples()],
            })
        return {"article": article, "segments": rows, "note": display.NO_COPY,
                "labels": list(labels["label"]),
                "classes": [display.mark_class(int(n)) for n in labels["number"]]}

    def _answer(self, _, content, buffers):
        if isinstance(content, dict) and content.get("ask") in \
                [choice["id"] for choice in self.choices]:
            self.send(self._content(content["ask"]))

    def table(self) -> pd.DataFrame:
        """Return the article on view as a table.

        Returns
        -------
        pandas.DataFrame
            Columns locator, shown (``text`` or ``digest``), passage and marks.
        """
        content = self._content(self.locator[:3])
        rows = []
        for row in content["segments"]:
            text = row["pieces"] and "".join(piece for piece, _ in row["pieces"])
            marks = "; ".join(f"“{words}” ({content['labels'][n]})" for words, n in row["marks"])
            rows.append((row["locator"], "text" if text else "digest", text or row["digest"],
                         marks or None))
        return pd.DataFrame(rows, columns=["locator", "shown", "passage", "marks"], dtype="str")

    def static(self) -> str:
        """Return the article on view as HTML: digests and marked phrases, never its text."""
        content = self._content(self.locator[:3])
        items = []
        for row in content["segments"]:
            groups: dict[str, list[str]] = {}
            for words, n in row["marks"]:
                groups.setdefault(content["labels"][n], []).append(f"“{words}”")
            marks = "; ".join(escape(f"{label}: {', '.join(words)}")
                              for label, words in groups.items())
            items.append(f"<li><strong>{escape(row['locator'])}</strong> {escape(row['digest'])}"
                         + (f"<br>{marks}" if marks else "") + "</li>")
        label = next(c["label"] for c in self.choices if c["id"] == content["article"])
        return (f'<div class="idlib-static" role="group" aria-label="Article {escape(label)}">'
                f"<p>Article {escape(label)}, passage by passage, in the course's own words. "
                f'In a running notebook this is a widget.</p><ul>{"".join(items)}</ul></div>')
