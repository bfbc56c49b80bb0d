"""What the widgets for coded passages share: which segments, what is sent, how codes look."""

from __future__ import annotations

from collections.abc import Iterable

from reader import codebook, corpus, display
from reader.errors import ReaderError
from reader.lazy import lazy

pd = lazy("pandas")


def known_segments(where: str | Iterable[str], owner: str) -> pd.DataFrame:
    """Return the rows of `corpus.segments` for articles, segments, or a list of them."""
    items = [where] if isinstance(where, str) else where
    if not isinstance(items, Iterable) or not (items := list(items)):
        raise ReaderError(f"{owner} needs an article or segments, such as '000' or "
                          f"['000 P3', '001 P4'].")
    found = []
    for item in items:
        whole = isinstance(item, str) and item.strip().isdigit()
        found.append(corpus.segments(corpus.known_article(item) if whole
                                     else corpus.normalise_locator(item)))
    return pd.concat(found).drop_duplicates("locator").reset_index(drop=True)


def few(locators: Iterable[str]) -> str:
    """Return locators as a few words: all of up to four, otherwise the first and the last."""
    listed = list(locators)
    return ", ".join(listed) if len(listed) <= 4 else f"{listed[0]} to {listed[-1]}"


def full_name(code: str, name: str) -> str:
    """Return a code with its name, and not twice the same: LL Loaded language; Fairness and …"""
    return name if name.startswith(code) else f"{code} {name}"


def as_sent(frame: pd.DataFrame) -> list[dict]:
    """Return codes as the browser gets them; the kinds of mark begin again after eight."""
    return [{"code": row.code, "name": row.name, "mark": display.mark_class(n),
             "definition": row.definition if pd.isna(row.rule)
             else f"{row.definition} {row.rule}"}
            for n, row in enumerate(frame.itertuples(index=False))]


def content(locator: str) -> dict:
    """Return what the browser needs to show a segment: its text, or its digest and phrases.

    Positions are those of the article. This goes to the browser as a message, and so is not
    saved with the notebook.
    """
    item = corpus.passage(locator)
    row = corpus.segments(locator).iloc[0]
    spans = corpus.phrases(locator).drop_duplicates(["start", "end"]).sort_values(["start", "end"])
    return {"locator": item.locator, "source": item.source, "text": item.text,
            "digest": item.digest or display.NO_DIGEST, "note": display.NO_COPY,
            "start": int(row["start"]), "end": int(row["end"]),
            "phrases": [{"words": s.phrase, "start": int(s.start), "end": int(s.end)}
                        for s in spans.itertuples()]}


def shown_words(row: dict, live: bool = False) -> str | None:
    """Say on what a row's code stands: the whole segment, or a phrase that the course quotes.

    Other words are not said (None), since what is said may be saved; for a message that is
    only sent (`live`), they are quoted from the reader's own copy, or counted.
    """
    place = corpus.segments(row["locator"]).iloc[0]
    if (row["start"], row["end"]) == (place["start"], place["end"]):
        return "the whole segment" if live else "whole segment"
    known = corpus.phrases(row["locator"])
    phrase = known.loc[(known["start"] == row["start"]) & (known["end"] == row["end"]), "phrase"]
    if len(phrase):
        return f"“{phrase.iloc[0]}”"
    if not live:
        return None
    text = corpus.passage(row["locator"]).text
    if text is None:
        return f"characters {row['start']} to {row['end']}"
    words = text[row["start"] - place["start"]:row["end"] - place["start"]].split()
    return f"“{' '.join(words)}”" if len(words) <= 6 else \
        f"“{' '.join(words[:3])} … {' '.join(words[-2:])}”"


def codes_of(family: str | Iterable[str], codes: Iterable[str] | None = None) -> list[dict]:
    """Return families with their codes, as the browser gets them, or one list of codes."""
    if codes is not None:
        wanted = [codes] if isinstance(codes, str) else codes
        if not isinstance(wanted, Iterable) or not (wanted := list(wanted)):
            raise ReaderError("codes is a list of codes, such as ['CON', 'HUM'].")
        ids = list(dict.fromkeys(codebook.known_code(code) for code in wanted))
        rows = codebook.codes().set_index("code", drop=False).loc[ids]
        return [{"id": "codes", "label": "The chosen codes", "codes": as_sent(rows)}]
    names = [family] if isinstance(family, str) else family
    if not isinstance(names, Iterable) or not (names := list(names)):
        raise ReaderError("family is the name of a family of codes, such as 'generic'.")
    names = list(dict.fromkeys(codebook.known_family(name) for name in names))
    return [{"id": name, "label": codebook.FAMILIES[name],
             "codes": as_sent(codebook.codes(name))} for name in names]
