"""The works behind the keys: read from the real references.bib."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from reader import bibliography, figures, timeline
from reader.errors import ReaderError


def test_a_work_as_a_table_and_as_a_sentence():
    """Compared by eye with the entry pax2093 of references.bib."""
    row = bibliography.works("pax2093").iloc[0]
    assert list(row[["key", "author", "date", "where"]]) == [
        "pax2093", "PA-X Peace Agreements Database", "2017-05-04", "PA-X agreement 2093"]
    assert row["url"] == "https://pax.peaceagreements.org/agreements/2093"
    assert bibliography.cite("pax2093") == (
        "PA-X Peace Agreements Database (2017-05-04). Memorandum on the creation of de-escalation "
        "areas in the Syrian Arab Republic. PA-X agreement 2093")


def test_several_works_and_what_is_no_key():
    said = bibliography.cite("allen1983; https://example.org/a.html")
    assert said.startswith("Allen, James F. (1983). ")
    assert said.endswith("; https://example.org/a.html")


def test_where_a_copy_was_read_goes_on_after_the_title():
    """Compared by eye with the entry reuterssohr511."""
    assert bibliography.cite("reuterssohr511").endswith(
        " has killed more than half a million, at The Jerusalem Post")
    assert bibliography.cite(" ") == ""


def test_every_work_can_be_read():
    """No sign of BibTeX is left, dates are EDTF, and who has a DOI has an address."""
    works = bibliography.works()
    assert len(works) > 200 and works["key"].is_unique
    for name in ("author", "title", "where"):
        assert not works[name].str.contains(r"[{}\\]").any(), name
    assert works["date"].str.fullmatch(r"(\d{4}(-\d\d){0,2})?").all()
    assert works.set_index("key")["url"]["mitchell1997"].startswith("https://doi.org/10.")


def test_every_source_in_a_table_is_known():
    known = set(bibliography.works()["key"])
    for column in (timeline.events()["source"], figures.reference()["source"]):
        assert {key for cell in column for key in cell.split("; ")} <= known


def test_the_list_below_a_table():
    page = bibliography.as_html(pd.Series(["pax2093; tass944911", None, "pax2093", "no key"]))
    assert re.findall("<strong>(.*?)</strong>", page) == ["pax2093", "tass944911"]
    assert "https://pax.peaceagreements.org/agreements/2093" in page
    assert bibliography.as_html([None, "no key"]) == ""


@pytest.mark.parametrize(("keys", "said"), [
    ("nobody1999", "There is no source 'nobody1999'"), ("", "Give the key of a source"),
    (" ; ", "Give the key of a source"), (3, "Give the key of a source")])
def test_bad_keys_get_a_sentence(keys, said):
    with pytest.raises(ReaderError, match=said):
        bibliography.works(keys)
