"""Topic 06: codings: their rows, and files for other programs.

The rows are those of `reader.coding_rows`, whose functions are here too. The formats:

* Web Annotation Data Model, W3C Recommendation of 23 February 2017, sections 3.1, 4.2 and 5
  (``w3cannotation`` in ``seeds/references.bib``).
* Label Studio's JSON of tasks with annotations (``labelstudiotasks``).
* Prodigy's JSONL of tasks with spans (``prodigyspans``).

None of them holds a word of an article unless you ask for your own copy with
``with_text=True``. Offsets of the first count characters of the normalised article, those of
the other two of the segment, because there each segment is a task of its own.
"""

from __future__ import annotations

import base64
import json
import uuid
from html import escape
from pathlib import Path

from reader import codebook, corpus
from reader.coding_rows import (
    COLUMNS,
    LONGEST_NOTE,
    NONE,
    OPTIONAL,
    VOICES,
    check_rows,
    load,
    no_rows,
    rows_of,
    save,
    write,
)
from reader.errors import NoText, ReaderError, known_flag
from reader.lazy import lazy

pd = lazy("pandas")

__all__ = ["COLUMNS", "DO_NOT_PASS_ON", "LONGEST_NOTE", "NONE", "OPTIONAL", "VOICES",
           "check_rows", "label_studio", "label_studio_config", "load", "no_rows", "prodigy",
           "rows_of", "save", "save_label_studio", "save_prodigy", "save_web_annotation",
           "web_annotation"]

#: Stands in every export that holds text of an article.
DO_NOT_PASS_ON = ("This file holds text of articles that belong to their publishers: keep it "
                  "to yourself.")
#: One character of an article that an export does not show.
HIDDEN = "\u00b7"

_CONTEXT = "http://www.w3.org/ns/anno.jsonld"
_NAMES = uuid.uuid5(uuid.NAMESPACE_URL, "https://example.org/reading-idlib")


def _ready(rows) -> pd.DataFrame:
    frame = check_rows(rows)
    if frame.empty:
        raise ReaderError("This coding has no rows: there is nothing to export.")
    return frame


def _given(row, name: str) -> str | None:
    value = getattr(row, name, None)
    return None if pd.isna(value) else value


def _own_text(locator: str) -> str:
    found = corpus.passage(locator).text
    if found is None:
        raise NoText(f"There is no copy of {locator} here: leave with_text out, or add yours "
                     f"with python -m reader add FILE.")
    return found


# --- W3C Web Annotation ------------------------------------------------------------------


def _named(*parts) -> str:
    """Return an IRI that is the same whenever the same coding is exported."""
    return uuid.uuid5(_NAMES, json.dumps(parts, default=str)).urn


def _sources() -> dict[str, dict]:
    found = {}
    for row in corpus.articles().itertuples():
        # The offsets fit the normalised text only, so the source is named by its checksum
        # (RFC 6920), and the page on the web is where it came from.
        digest = base64.urlsafe_b64encode(bytes.fromhex(row.sha256)).decode().rstrip("=")
        found[row.article] = {"id": f"ni:///sha-256;{digest}", "type": "Text",
                              "format": "text/plain"}
        if pd.notna(row.language):
            found[row.article]["language"] = row.language
        if pd.notna(row.url):
            found[row.article]["via"] = row.url
    return found


def web_annotation(rows: pd.DataFrame, with_text: bool = False) -> dict:
    """Return a coding as a W3C Web Annotation collection with one embedded page.

    Parameters
    ----------
    rows : pandas.DataFrame
        As for `check_rows`.
    with_text : bool
        Add the coded words of your own copy as a ``TextQuoteSelector``.

    Returns
    -------
    dict
        JSON-LD. Of each row: a body with the purpose ``tagging`` (the code), one with
        ``classifying`` (the voice), a note with ``commenting``, and as the target a
        ``TextPositionSelector`` on the normalised article, which is named by its checksum.
        The same coding gives the same IRIs every time.

    Raises
    ------
    ReaderError
        When the rows are no coding, or none at all (a page must have an item).
    NoText
        When your copy of an article is asked for and not here.
    """
    known_flag(with_text, "with_text")
    frame, sources, items = _ready(rows), _sources(), []
    for row in frame.itertuples(index=False):
        bodies = [{"type": "TextualBody", "purpose": purpose, "value": value,
                   "format": "text/plain", "language": "en"}
                  for purpose, value in (("tagging", row.code), ("classifying", row.voice),
                                         ("commenting", _given(row, "note"))) if value]
        position = {"type": "TextPositionSelector", "start": int(row.start),
                    "end": int(row.end)}
        target = {"type": "SpecificResource", "source": sources[row.locator[:3]],
                  "selector": position}
        if with_text:
            low = int(corpus.segments(row.locator)["start"].iloc[0])
            quote = _own_text(row.locator)[row.start - low:row.end - low]
            target["selector"] = [position, {"type": "TextQuoteSelector", "exact": quote}]
        made = {"id": _named(*row), "type": "Annotation", "motivation": "tagging",
                "body": bodies, "target": target}
        if coder := _given(row, "coder"):
            made["creator"] = {"type": "Person", "nickname": coder}
        items.append(made)
    whole = _named("collection", *(item["id"] for item in items))
    page = _named("page", whole)
    label = "A coding made with Reading Idlib"
    return {"@context": _CONTEXT, "id": whole, "type": "AnnotationCollection",
            "label": f"{label}. {DO_NOT_PASS_ON}" if with_text else label,
            "total": len(items), "last": page,
            "first": {"id": page, "type": "AnnotationPage", "partOf": whole, "startIndex": 0,
                      "items": items}}


# --- one task for each segment -----------------------------------------------------------


def _shown(locator: str, low: int, high: int, with_text: bool) -> str:
    """Return a text of the segment's length: your copy, or its phrases with the rest hidden."""
    if with_text:
        return _own_text(locator)
    text = [HIDDEN] * (high - low)
    for row in corpus.phrases(locator).itertuples():
        text[row.start - low:row.end - low] = row.phrase
    return "".join(text)


def _tasks(rows, with_text: bool):
    """Yield locator, start of the segment, text to show, and its rows."""
    known_flag(with_text, "with_text")
    frame = _ready(rows)
    bounds = corpus.segments().set_index("locator")[["start", "end"]]
    for locator in bounds.index[bounds.index.isin(frame["locator"])]:
        low, high = (int(value) for value in bounds.loc[locator])
        yield locator, low, _shown(locator, low, high, with_text), \
            frame[frame["locator"] == locator]


def _by_coder(rows: pd.DataFrame):
    if "coder" not in rows:
        yield None, rows
        return
    for coder, mine in rows.groupby("coder", dropna=False, sort=False):
        yield (None if pd.isna(coder) else coder), mine


def label_studio(rows: pd.DataFrame, with_text: bool = False) -> list[dict]:
    """Return a coding as tasks for Label Studio.

    Parameters
    ----------
    rows : pandas.DataFrame
        As for `check_rows`.
    with_text : bool
        Show your own copy. By default ``data.text`` has the right length, the phrases of
        ``phrases.csv`` at their places, and a middle dot for every other character.

    Returns
    -------
    list of dict
        A task for each segment. ``data`` has text, locator, offset (where the segment begins
        in its article), coders and notice. Each coder's rows are one item of ``annotations``,
        in the order of coders: a region with the code (``labels``), and with the same id the
        voice (``choices``) and, if there is one, the note (``textarea``). A segment coded none
        has an annotation without regions. `label_studio_config` gives the interface that
        these names belong to.

    Raises
    ------
    ReaderError, NoText
        As `web_annotation`.
    """
    tasks = []
    for locator, low, text, mine in _tasks(rows, with_text):
        notes, coders = [], []
        for coder, own in _by_coder(mine):
            result = []
            for row in own[own["code"] != NONE].itertuples(index=False):
                place = {"start": int(row.start) - low, "end": int(row.end) - low}
                told = [("code", "labels", {"labels": [row.code]}),
                        ("voice", "choices", {"choices": [row.voice]})]
                if note := _given(row, "note"):
                    told.append(("note", "textarea", {"text": [note]}))
                result += [{"id": _named(*row), "from_name": name, "to_name": "text",
                            "type": kind, "value": {**place, **value}}
                           for name, kind, value in told]
            notes.append({"result": result})
            coders.append(coder or "")
        tasks.append({"data": {"text": text, "locator": locator, "offset": low,
                               "coders": coders, "notice": DO_NOT_PASS_ON if with_text else ""},
                      "annotations": notes})
    return tasks


def label_studio_config() -> str:
    """Return the labelling interface for Label Studio: XML with all codes of the codebook."""
    labels = "\n".join(f'    <Label value="{escape(row.code)}" hint="{escape(row.name)}"/>'
                       for row in codebook.codes().itertuples())
    voices = "".join(f'<Choice value="{voice}"/>' for voice in VOICES)
    return ("<View>\n"
            '  <Header value="$locator"/>\n'
            f'  <Labels name="code" toName="text">\n{labels}\n  </Labels>\n'
            '  <Text name="text" value="$text"/>\n'
            f'  <Choices name="voice" toName="text" perRegion="true">{voices}</Choices>\n'
            '  <TextArea name="note" toName="text" perRegion="true"/>\n'
            "</View>\n")


def prodigy(rows: pd.DataFrame, with_text: bool = False) -> list[dict]:
    """Return a coding as tasks for Prodigy's span interface, as its JSONL files hold them.

    Parameters
    ----------
    rows : pandas.DataFrame
        As for `check_rows`.
    with_text : bool
        Show your own copy; by default as for `label_studio`.

    Returns
    -------
    list of dict
        A task for each segment and coder: text, spans (start, end, label, and as additions of
        ours voice and note), meta (locator, offset and, with your copy, a notice), answer
        (``accept``) and, if the coder is known, ``_annotator_id``. Spans may overlap, so use
        ``spans.manual`` or the view ``spans``; a segment coded none has no spans.

    Raises
    ------
    ReaderError, NoText
        As `web_annotation`.
    """
    tasks = []
    for locator, low, text, mine in _tasks(rows, with_text):
        for coder, own in _by_coder(mine):
            spans = []
            for row in own[own["code"] != NONE].itertuples(index=False):
                span = {"start": int(row.start) - low, "end": int(row.end) - low,
                        "label": row.code, "voice": row.voice}
                spans.append(span | ({"note": note} if (note := _given(row, "note")) else {}))
            meta = {"locator": locator, "offset": low}
            tasks.append({"text": text, "spans": spans, "answer": "accept",
                          "meta": meta | ({"notice": DO_NOT_PASS_ON} if with_text else {})}
                         | ({"_annotator_id": coder} if coder else {}))
    return tasks


# --- files -------------------------------------------------------------------------------


def save_web_annotation(rows: pd.DataFrame, path: str | Path, with_text: bool = False) -> Path:
    """Write `web_annotation` as a JSON-LD file, such as ``"coding.jsonld"``."""
    made = json.dumps(web_annotation(rows, with_text), ensure_ascii=False, indent=1)
    return write(path, made + "\n", "coding.jsonld")


def save_label_studio(rows: pd.DataFrame, path: str | Path, with_text: bool = False) -> Path:
    """Write `label_studio` as a JSON file, such as ``"label-studio.json"``."""
    made = json.dumps(label_studio(rows, with_text), ensure_ascii=False, indent=1)
    return write(path, made + "\n", "label-studio.json")


def save_prodigy(rows: pd.DataFrame, path: str | Path, with_text: bool = False) -> Path:
    """Write `prodigy` as a JSONL file, one task a line, such as ``"prodigy.jsonl"``."""
    lines = (json.dumps(task, ensure_ascii=False) for task in prodigy(rows, with_text))
    return write(path, "".join(f"{line}\n" for line in lines), "prodigy.jsonl")
