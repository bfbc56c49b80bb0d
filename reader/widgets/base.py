"""What the course's widgets have in common."""

from __future__ import annotations

from pathlib import Path

import anywidget
import pandas as pd

from reader import display

_STATIC = Path(__file__).parent / "static"


def _files(*names: str) -> str:
    return "\n".join((_STATIC / name).read_text(encoding="utf-8") for name in names)


def script(*names: str) -> str:
    """Return a widget's script, of one or more files, with what all share in front of it."""
    return _files("common.js", *names)


def style(*names: str) -> str:
    """Return a widget's style in the same way. Rules of one widget begin with its own class."""
    return _files("widgets.css", *names) + display.mark_css(".rw")


class Widget(anywidget.AnyWidget):
    """A widget whose output also holds its static form, for exported notebooks."""

    _css = style()

    def static(self) -> str:
        """Return the widget as HTML without script."""
        raise NotImplementedError

    def table(self) -> pd.DataFrame:
        """Return what the widget shows as a table."""
        raise NotImplementedError

    def _repr_mimebundle_(self, **options):
        bundle = super()._repr_mimebundle_(**options)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle or {}, {})
        return {**data, "text/html": self.static(), "text/plain": repr(self)}, metadata
