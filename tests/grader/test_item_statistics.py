"""Item statistics: against pingouin and SciPy, by hand, and where nothing can be said."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from grader.report import items

RANDOM = np.random.default_rng(7)


def _class(n=60, k=9):
    """Points of a synthetic class with one ability, some ties, and questions of all kinds."""
    ability = RANDOM.normal(size=(n, 1))
    most = np.arange(1, k + 1, dtype=float)
    right = RANDOM.normal(size=(n, k)) < ability + np.linspace(-1, 1.2, k)
    return np.where(right, most, np.where(RANDOM.random((n, k)) < 0.3, most / 2, 0)), most


POINTS, MOST = _class()


def test_alpha_and_its_interval_are_pingouins():
    pingouin = pytest.importorskip("pingouin")
    value, interval = pingouin.cronbach_alpha(data=pd.DataFrame(POINTS))
    assert items.alpha(POINTS) == pytest.approx(value, abs=1e-12)
    found = items.alpha_interval(items.alpha(POINTS), *POINTS.shape)
    assert found == pytest.approx(interval, abs=6e-4)  # pingouin rounds to three digits
    for i, without in enumerate(items.alpha_without(POINTS)):
        rest, _ = pingouin.cronbach_alpha(data=pd.DataFrame(np.delete(POINTS, i, axis=1)))
        assert without == pytest.approx(rest, abs=1e-12)


def test_discrimination_and_its_interval_are_scipys():
    for i, r in enumerate(items.item_rest(POINTS)):
        expected = stats.pearsonr(POINTS[:, i], np.delete(POINTS, i, axis=1).sum(axis=1))
        assert r == pytest.approx(expected.statistic, abs=1e-12)
        assert items.interval(r, len(POINTS)) == pytest.approx(
            tuple(expected.confidence_interval(0.95)), abs=1e-9)


def test_by_hand():
    """Four students, three questions: worked out on paper."""
    points = np.array([[1, 1, 1], [1, 1, 0], [1, 0, 0], [0, 0, 0]], dtype=float)
    # Variances of the questions: 1/4, 1/3, 1/4; of the sums 3, 2, 1, 0: 5/3.
    assert items.alpha(points) == pytest.approx(3 / 2 * (1 - (5 / 6) / (5 / 3)))  # 0.75
    # Question 2 with the sum of the others (2, 1, 1, 0): r = 1 / sqrt(1 * 2).
    assert items.item_rest(points)[1] == pytest.approx(1 / np.sqrt(2))


def test_upper_and_lower_groups():
    """Of ten, 27 % are three: the three best against the three worst."""
    points = np.array([[1, n] for n in range(10)], dtype=float)
    points[:3, 0] = 0
    first, second = items.upper_lower(points, np.array([1.0, 9.0]))
    assert first == pytest.approx(1 - 0)
    assert second == pytest.approx((9 + 8 + 7 - 2 - 1 - 0) / 9 / 3)


def test_equal_sums_at_the_edge_count_in_part_whatever_their_order():
    points = np.array([[1, 0], [0, 1], [1, 0], [0, 1], [1, 1], [0, 0], [1, 1], [0, 0]], dtype=float)
    found = items.upper_lower(points, np.ones(2))
    assert found == pytest.approx(items.upper_lower(points[::-1], np.ones(2)))
    assert found == pytest.approx([1, 1])  # two of eight: both best have all, both worst nothing
    tied = np.array([[1, 0], [0, 1]] * 5, dtype=float)
    assert items.upper_lower(tied, np.ones(2)) == pytest.approx([0, 0])


@pytest.mark.parametrize("points", [
    np.ones((8, 3)), np.zeros((8, 3)), np.ones((1, 3)), np.ones((8, 1)), np.zeros((0, 3))],
    ids=["all right", "all wrong", "one student", "one question", "nobody"])
def test_where_nothing_varies_nothing_is_said(points):
    with np.errstate(all="raise"):
        assert items.alpha(points) is None
        assert items.alpha_interval(None, 8, 3) is None
        assert set(items.item_rest(points)) == {None}


def test_two_students_and_a_perfect_correlation():
    assert items.correlation(np.array([0.0, 1.0]), np.array([0.0, 1.0])) is None
    assert items.interval(1.0, 9) == (1.0, 1.0)
    assert items.interval(0.5, 3) is None
    assert items.upper_lower(np.ones((1, 2)), np.ones(2)) is None
