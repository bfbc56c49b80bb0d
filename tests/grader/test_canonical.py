"""One form for one answer, whatever its Python type; and nothing that an object does matters."""

import datetime as dt
import json
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.canonical import MAX_ITEMS, canonical, dumps
from grader.rows import table
from grader.values import cells, deep_token, number_token, plain_text, value_token
from reader.dates import parse_edtf

SAME = {
    "six": [6, 6.0, np.int8(6), np.float64(6), np.uint64(6), Decimal(6), Fraction(12, 2),
            np.array(6), np.longdouble(6), pd.Series([6]).iloc[0], pd.array([6], dtype="Int64")[0]],
    "half": [0.5, np.float32(0.5), Decimal("0.5"), Fraction(1, 2)],
    "true": [True, np.bool_(True), pd.array([True], dtype="boolean")[0]],
    "missing": [float("nan"), np.nan, pd.NA, pd.NaT, np.datetime64("NaT")],
    "text": ["Idlib", np.str_("Idlib"), pd.Series(["Idlib"], dtype="string").iloc[0]],
    "day": [dt.date(2020, 2, 19), dt.datetime(2020, 2, 19), pd.Timestamp("2020-02-19"),
            np.datetime64("2020-02-19"), np.datetime64("2020-02-19T00:00:00.000000000"),
            pd.Timestamp("2020-02-19", tz="UTC"), pd.Timestamp("2020-02-19", tz="Asia/Damascus"),
            np.array("2020-02-19", dtype="datetime64[ns]")],
    "days": [[dt.date(2020, 2, 19)], pd.DatetimeIndex(["2020-02-19"]),
             *[np.array(["2020-02-19"], dtype=f"datetime64[{unit}]") for unit in ("D", "s", "ns")]],
    "months": [[np.datetime64("2018-09")], np.array(["2018-09"], dtype="datetime64[M]")],
    "span": [np.timedelta64(5, "D"), np.timedelta64(5, "ns"),
             np.array([5], dtype="timedelta64[ns]")[0]],
    "month": ["2018-09", parse_edtf("2018-09"), pd.Period("2018-09", "M")],
    "list": [[1, 2], (1, 2), range(1, 3), np.array([1, 2]), pd.Index([1, 2]),
             pd.array([1, 2], dtype="Int64")],
    "set": [{1, 2}, frozenset([2, 1]), {1: "a", 2: "b"}.keys()],
    "map": [{"a": 1, "b": 2}, {"b": 2.0, "a": np.int64(1)}],
    "series": [pd.Series({"a": 1, "b": 2}), pd.Series({"a": 1, "b": 2}, dtype="Int64"),
               pd.Series({"a": 1.0, "b": 2.0})],
    "table": [pd.DataFrame({"x": ["a"], "n": [1]}),
              pd.DataFrame({"x": pd.array(["a"], dtype="string"), "n": pd.array([1], "Int64")}),
              pd.DataFrame({"n": [1]}, index=pd.Index(["a"], name="x"))],
}


@pytest.mark.parametrize("name", SAME)
def test_equal_answers_have_one_form(name):
    forms = {dumps(canonical(value)) for value in SAME[name]}
    assert len(forms) == 1, forms


def test_different_answers_differ():
    different = [6, "6", True, 1, "True", None, ..., float("nan"), [6], {6}, {6: 6},
                 dt.date(2020, 2, 19), dt.datetime(2020, 2, 19, 1), len]
    forms = [dumps(canonical(value)) for value in different]
    assert len(set(forms)) == len(forms)


class Liar:
    """Equal to everything, and every method of it fails."""

    def __eq__(self, other):
        return True

    __hash__ = None

    def __len__(self):
        raise RuntimeError("no")

    __iter__ = __str__ = __repr__ = __getitem__ = __float__ = __len__


class LyingDict(dict):
    def items(self):
        raise SystemError("no")


class Leaving(dict):
    def items(self):
        raise SystemExit


class Nameless(type):
    @property
    def __name__(cls):
        raise ValueError

    __module__ = __name__


def test_hostile_objects_are_named_not_believed():
    assert canonical(Leaving(a=1)) == ["other", "Leaving"]
    assert canonical(Nameless("X", (), {})()) == ["other", "object"]
    assert canonical(Liar()) == ["other", "Liar"]
    assert canonical(LyingDict(a=1)) == ["other", "LyingDict"]


def test_bounds():
    deep = []
    for _ in range(50):
        deep = [deep]
    endless = []
    endless.append(endless)
    for value in (deep, endless, list(range(MAX_ITEMS + 1)), 10**500, float("inf"),
                  pd.DataFrame(np.zeros((3000, 3)))):
        assert canonical(value)[0] == "other"
    assert len(canonical("x" * 10**6)[1]) < 10**5


@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates()
    | st.datetimes(), lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(st.text(max_size=3), inner, max_size=4), max_leaves=12))
def test_any_value_has_a_json_form(value):
    form = canonical(value)
    assert json.loads(json.dumps(form)) == json.loads(dumps(form))


@pytest.mark.parametrize("same", [
    ("Herve\u0301 Lad", "Herv\u00e9 Lad", '"Herv\u00e9 Lad".', " herv\u00e9  LAD. "),
    ("003 S14", "003s14", "003\u2013S14", "\uff10\uff10\uff13 S14", "003:S14"),
    ("Turkey's", "Turkey\u2019s"),
    # Copied from a page: marks of direction, a joiner, a soft hyphen, a mark of byte order.
    ("Idlib", "\u200eIdlib\u200f", "\u202aIdlib\u202c", "Id\u2060lib", "Id\u00adlib",
     "\ufeffIdlib"),
])
def test_equal_texts(same):
    assert len({plain_text(text) for text in same}) == 1


@pytest.mark.parametrize("different", [
    ("2019", "2019?"), ("2019-05/", "2019-05/.."), ("2019-05", "2019-05~")])
def test_signs_of_a_date_are_not_closing_marks(different):
    """EDTF says "perhaps" and "without end" by signs that would close a sentence."""
    assert len({plain_text(text) for text in different}) == 2


def test_different_shapes_have_different_tokens():
    shapes = [[[1], 2, 3], [[1, 2, 3]], [[1, 2], 3], [1, 2, 3], [3, 2, 1], {1: [2, 3]},
              {1: 2, 3: 3}]
    assert len({deep_token(canonical(shape)) for shape in shapes}) == len(shapes)
    assert deep_token(canonical({"a": 1.001}), 0.1) == deep_token(canonical({"a": 1.0}), 0.1)
    assert deep_token(canonical(pd.Series([1, 2]))) != deep_token(canonical(pd.Series([3, 4])))
    assert value_token(canonical([["a"], "b"])) is None


def test_a_tolerance_is_met_to_a_fortieth():
    right = set(cells(36.4, 0.1))
    for value in (36.3, 36.35, 36.4, 36.5, np.float32(36.4).item()):
        assert number_token(value, 0.1) in right
    for value in (36.29, 36.51, 0.0, -36.4, 10**399):
        assert number_token(value, 0.1) not in right


_CELLS = {"text": st.text("abİß'é ", min_size=1, max_size=4), "whole": st.integers(-9, 9),
          "day": st.dates(dt.date(2018, 1, 1), dt.date(2020, 12, 31))}
_DTYPES = {"text": ["object", "str", "string", "category"],
           "whole": ["object", "int64", "Int64", "float64", "Float64", "category"],
           "day": ["object", "datetime64[ns]", "datetime64[us, UTC]", "category"]}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.fixed_dictionaries(_CELLS), min_size=1, max_size=3), st.data())
def test_a_table_is_read_the_same_in_every_form(rows, data):
    """Whatever the types of its columns, their order, the order of rows, and the index."""
    spec = {"columns": list(_CELLS), "tolerance": 0}
    plain = pd.DataFrame(rows, dtype=object)
    wanted = sorted(table(spec, canonical(rows)).tokens)
    frame = plain.astype({name: data.draw(st.sampled_from(_DTYPES[name])) for name in _CELLS})
    frame = frame[data.draw(st.permutations(list(_CELLS)))]
    frame = frame.iloc[data.draw(st.permutations(range(len(rows))))]
    if index := data.draw(st.lists(st.sampled_from(list(_CELLS)), unique=True, max_size=2)):
        frame = frame.set_index(index, drop=data.draw(st.booleans()))
    for answer in (frame, frame.reset_index() if index and index[0] not in frame else frame):
        assert sorted(table(spec, canonical(answer)).tokens) == wanted
