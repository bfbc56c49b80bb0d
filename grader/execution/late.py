"""Large packages that few notebooks need: imported in the fork server when the first one comes.

scikit-learn with SciPy takes as long to import as all other packages together, and makes each
fork a third dearer.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Iterable
from contextlib import suppress

#: What `reader.agreement` imports when it needs it.
PACKAGES = ("sklearn.metrics", "krippendorff")
_WORDS = re.compile(r"\b(agreement|chance|krippendorff|scipy|sklearn)\b")


def wanted(cells: Iterable[tuple[int, str]]) -> bool:
    """Whether the code of a notebook may need them; one that hides it imports them itself."""
    return any(_WORDS.search(source) for _, source in cells)


def bring() -> None:
    """Import them, so that all children from now on have them."""
    for name in PACKAGES:
        with suppress(ImportError):
            __import__(name)
    gc.collect()
    gc.freeze()  # as in the warm-up
