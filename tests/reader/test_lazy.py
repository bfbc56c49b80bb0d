"""Large packages wait until they are used, and what needs none works where none is."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from places import ROOT

from reader import plain_tables
from reader.errors import ReaderError
from reader.lazy import is_a, lazy

LARGE = ("bibtexparser", "cryptography", "krippendorff", "matplotlib", "networkx", "numpy",
         "pandas", "sklearn")
MODULES = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for path in (ROOT / "reader").rglob("*.py") if path.stem != "__main__") + ["grader.check"]
IMPORT_ALL = f"import sys, importlib\nfor name in {MODULES}: importlib.import_module(name)\n"


def python(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True,
                          timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_importing_the_course_imports_no_large_package():
    assert "reader.widgets.paradox" in MODULES
    assert python(IMPORT_ALL + f"print([n for n in {LARGE} if n in sys.modules])") == "[]\n"


def test_without_the_large_packages():
    """None of them can be imported here: all modules are there, and so are three widgets."""
    told = python(
        f"import sys\nsys.modules.update(dict.fromkeys({LARGE}))\n" + IMPORT_ALL
        + "from reader.quantities import Quantity\n"
          "from reader.sources import Clue\n"
          "from reader.widgets import ClueInterval, KappaParadox, UnitChecker\n"
          "coders = KappaParadox()\n"
          "coders.set_state({'cells': [0, 1, 1, 18]})\n"
          "for widget in (coders, ClueInterval([Clue('silent on it', latest='2018-10-09')]),\n"
          "               UnitChecker({'a': Quantity(5, 'people'), 'b': Quantity(9, 'people')})):\n"
          "    print(repr(widget), widget._repr_mimebundle_()[0]['text/html'])\n"
          "from reader import corpus\n"
          "try: corpus.segments()\n"
          "except corpus.ReaderError as error: print(error)\n")
    for words in ("kappa is -0.05, AC1 is 0.89", "-0.052632", "<td>0.8895</td>", "silent on it",
                  "universe", "This needs the package pandas, which is not here. Install what"):
        assert words in told, words


def test_a_package_is_imported_when_it_is_used():
    stand_in = lazy("fractions")
    assert stand_in._module is None
    assert stand_in.Fraction(1, 2) == 0.5
    assert stand_in._module is sys.modules["fractions"]
    with pytest.raises(AttributeError, match="no attribute 'Broken'"):
        _ = stand_in.Broken


@pytest.mark.parametrize(("platform", "told"), [
    ("linux", "Install what requirements.txt lists"), ("emscripten", "restart the kernel")])
def test_a_package_that_is_missing(platform, told, monkeypatch):
    monkeypatch.setattr(sys, "platform", platform)
    with pytest.raises(ReaderError, match=f"the package no_such_package, .*{told}"):
        _ = lazy("no_such_package").DataFrame


def test_is_a_knows_what_is_imported():
    assert is_a(pd.Series([1]), "numpy.ndarray", "pandas.Series")
    assert is_a(np.True_, "numpy.bool") and not is_a(True, "numpy.bool", "pandas.Series")
    assert is_a(pd.NA, "pandas.api.typing.NAType")
    assert not is_a(1, "no_such_package.Thing")


def test_plain_tables_escape_and_align():
    columns, rows = ["a < b", "n"], [["<b>x</b>", 10], ["y", 9]]
    page = plain_tables.as_html(columns, rows)
    assert '<th scope="col">a &lt; b</th>' in page and '<th scope="row">y</th><td>9</td>' in page
    assert "<b>" not in page
    assert plain_tables.as_text(columns, rows).splitlines() == [
        "a < b      n", "<b>x</b>  10", "y          9"]
