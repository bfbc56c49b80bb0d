"""Item statistics of classical test theory, for one exercise at a time.

Every function takes ``points``: a table of shape (submissions, questions), in points, complete.
What to do with work that is missing is decided before (see :mod:`grader.report.exercise`).

References
----------
Cronbach, L. J. (1951). Coefficient alpha and the internal structure of tests. Psychometrika 16.
Kelley, T. L. (1939). The selection of upper and lower groups for the validation of test items.
Journal of Educational Psychology 30.
Feldt, L. S., Woodruff, D. J. & Salih, F. A. (1987). Statistical inference for coefficient alpha.
Applied Psychological Measurement 11.
"""

from __future__ import annotations

import math

import numpy as np

#: With fewer submissions nothing is said of discrimination and reliability.
FEWEST = 5
#: With fewer, these numbers are shown with a caution.
FEW = 30
#: Share of the class in the upper group, and in the lower one (Kelley 1939).
GROUP = 0.27
# 97.5 % point of the normal distribution.
_Z = 1.959963984540054
_TINY = 1e-12


def correlation(a: np.ndarray, b: np.ndarray) -> float | None:
    """Pearson's r; None where one of the two does not vary, or there are fewer than three."""
    if len(a) < 3:
        return None
    x, y = a - a.mean(), b - b.mean()
    spread = math.sqrt(float(x @ x) * float(y @ y))
    if spread < _TINY:
        return None
    return float(np.clip(x @ y / spread, -1, 1))


def interval(r: float | None, n: int) -> tuple[float, float] | None:
    """Where r may lie with 95 % confidence, by Fisher's z; None with fewer than four pairs."""
    if r is None or n < 4:
        return None
    if abs(r) == 1:
        return r, r
    z, half = math.atanh(r), _Z / math.sqrt(n - 3)
    return math.tanh(z - half), math.tanh(z + half)


def item_rest(points: np.ndarray) -> list[float | None]:
    """Discrimination: r of each question with the sum of the others (corrected item-total)."""
    total = points.sum(axis=1)
    return [correlation(points[:, i], total - points[:, i]) for i in range(points.shape[1])]


def upper_lower(points: np.ndarray, most: np.ndarray) -> list[float] | None:
    """Discrimination: mean share of the points in the upper 27 % less that in the lower 27 %.

    The groups are made by the sum of points. Of submissions with equal sums at the edge of a
    group each counts in part, so that no order among them has a say.

    Parameters
    ----------
    points : numpy.ndarray
    most : numpy.ndarray
        Points that can be had for each question; none is 0.
    """
    n = len(points)
    size = round(GROUP * n)
    if not 0 < size <= n // 2:
        return None
    total = np.round(points.sum(axis=1), 6)
    share = points / most
    upper, lower = _group(-total, size), _group(total, size)
    return [float(d) for d in (upper @ share - lower @ share) / size]


def _group(order: np.ndarray, size: int) -> np.ndarray:
    """How far each belongs to the ``size`` lowest of ``order``, from 0 to 1."""
    edge = np.sort(order)[size - 1]
    inside, at = order < edge, order == edge
    return inside + at * (size - inside.sum()) / at.sum()


def alpha(points: np.ndarray) -> float | None:
    """Cronbach's alpha; None with fewer than two questions or where no sum differs."""
    n, k = points.shape
    if k < 2 or n < 2:
        return None
    total = float(points.sum(axis=1).var(ddof=1))
    if total < _TINY:
        return None
    return float(k / (k - 1) * (1 - points.var(axis=0, ddof=1).sum() / total))


def alpha_interval(value: float | None, n: int, k: int) -> tuple[float, float] | None:
    """Where alpha may lie with 95 % confidence (Feldt 1987)."""
    if value is None or n < 2 or k < 2:
        return None
    from scipy.special import fdtri  # the inverse of F, without all of scipy.stats

    first, second = n - 1, (n - 1) * (k - 1)
    return (1 - (1 - value) * float(fdtri(first, second, 0.975)),
            1 - (1 - value) * float(fdtri(first, second, 0.025)))


def alpha_without(points: np.ndarray) -> list[float | None]:
    """Cronbach's alpha of the other questions, for each one."""
    return [alpha(np.delete(points, i, axis=1)) for i in range(points.shape[1])]
