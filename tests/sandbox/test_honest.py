"""A warm parent, as the fork server is one, and honest code in its children."""

from __future__ import annotations

import honest
import pytest
from attack_place import Place

from grader.execution.sandbox.guard import TOLD

WARM = ["IPython", "IPython.core.interactiveshell", "pandas", "matplotlib.pyplot", "honest",
        "reader.corpus"]


@pytest.fixture(scope="module", params=["root", "user", "user without namespaces"])
def warm(request, places):
    place = Place(request.param, places("user").home, warm=WARM)
    yield place
    place.close()


def test_honest_code_is_not_hurt(warm):
    expected = honest.ANYWHERE | (honest.WITH_NAMESPACES if warm.private else {})
    seen = warm.try_("honest", args={"names": list(expected)})
    assert seen["said"] == [expected]
    assert seen["code"] == 0 and not seen["outlived"]
    assert 50 << 20 < seen["peak"] < 1 << 30 and seen["cpu"] > 0.01


def test_an_empty_notebook_is_soon_over(warm):
    """Nothing waits for a fixed time: far more than a hundred fit into the patience of one."""
    for _ in range(5):
        assert warm.try_("nothing", patience=10)["code"] == 0


def test_interrupts_are_errors_of_the_cell(warm):
    seen = warm.try_("wait_for_interrupt", signals={"SIGINT": 1, "SIGTERM": 20})
    assert seen["said"] == ["waiting", "interrupted"] and seen["code"] != TOLD
