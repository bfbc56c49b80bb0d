"""A cluster of Dask's on this machine, also when the machine is busy."""

from __future__ import annotations

from typing import Any

from distributed import LocalCluster


def local_cluster(**options: Any) -> LocalCluster:
    """``LocalCluster(**options)``; again where Dask's own ten seconds for its loop were too few."""
    for _ in range(5):
        try:
            return LocalCluster(**options)
        except AssertionError:  # all that Dask says then
            continue
    return LocalCluster(**options)
