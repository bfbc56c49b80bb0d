"""Large packages are imported when they are first used, not when the course is.

pandas alone takes five times as long to import as IPython, and a reader in the browser has to
download it first. So modules say at their head which packages they use, and wait:

>>> from reader.lazy import lazy
>>> pd = lazy("pandas")

(A small package, and one that a single function uses, is imported in the ordinary way.)
"""

from __future__ import annotations

import sys
from importlib import import_module
from operator import attrgetter
from types import ModuleType
from typing import Any

from reader.errors import ReaderError

_MISSING = {
    "emscripten": "The browser gets it from the network when a cell imports it: see that you are "
                  "connected, then restart the kernel and run the notebook from its first cell."}


class _Lazy(ModuleType):
    """Stands for a package until something of it is asked for."""

    _module: ModuleType | None = None

    def __getattr__(self, name: str) -> Any:
        if self._module is None:
            try:
                self._module = import_module(self.__name__)
            except ImportError as error:
                raise ReaderError(
                    f"This needs the package {error.name or self.__name__}, which is not here. "
                    + _MISSING.get(sys.platform, "Install what requirements.txt lists.")) from None
        return getattr(self._module, name)


def lazy(name: str) -> ModuleType:
    """Return a stand-in for a package, which is imported when an attribute is first read.

    Parameters
    ----------
    name : str
        Name of the package, such as ``"pandas"``.

    Raises
    ------
    ReaderError
        Later, when an attribute is read and the package is not installed.
    """
    return _Lazy(name)


def is_a(value: object, *classes: str) -> bool:
    """Return whether a value is an instance of one of these classes, without importing any.

    Parameters
    ----------
    value : object
    *classes : str
        Full names, such as ``"pandas.Series"``. Of a package that nobody has imported there can
        be no instance.
    """
    for name in classes:
        package, _, path = name.partition(".")
        if package in sys.modules and isinstance(value, attrgetter(path)(sys.modules[package])):
            return True
    return False
