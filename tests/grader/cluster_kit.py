"""A cluster of Dask's on this machine, in a process where other tests have used Dask."""

from __future__ import annotations

import gc
from typing import Any

from distributed import LocalCluster


def local_cluster(**options: Any) -> LocalCluster:
    """``LocalCluster(**options)``.

    A client that never reached its scheduler closes itself when it is collected. If that happens
    while another loop starts, Dask waits for itself for ever: so it is collected before.
    """
    gc.collect()
    return LocalCluster(**options)
