"""What the course's widgets have in common."""

from __future__ import annotations

from pathlib import Path

import anywidget
import traitlets as t

from reader import display
from reader.errors import ReaderError
from reader.lazy import lazy

pd = lazy("pandas")

_STATIC = Path(__file__).parent / "static"


def _files(*names: str) -> str:
    return "\n".join((_STATIC / name).read_text(encoding="utf-8") for name in names)


def script(*names: str) -> str:
    """Return a widget's script, of one or more files, with what all share in front of it."""
    return _files("common.js", *names)


def style(*names: str) -> str:
    """Return a widget's style in the same way. Rules of one widget begin with its own class."""
    return _files("widgets.css", *names) + display.mark_css(".rw")


def left(kind: str) -> str:
    """Return the style of static forms whose tables hold sentences: notebooks set cells right."""
    return f"<style>.{kind} td,.{kind} th{{text-align:start!important}}</style>"


class Widget(anywidget.AnyWidget):
    """A widget whose output also holds its static form, for exported notebooks."""

    _css = style()
    #: What of a widget's state the browser may set; the rest is said by Python alone.
    _chosen: tuple[str, ...] = ()

    def __init__(self, *args, **traits):
        try:
            super().__init__(*args, **traits)
        except t.TraitError as error:
            raise ReaderError(str(error)) from None

    def set_state(self, sync_data: dict) -> None:
        """Take what the browser sets. What can't be is left as it is, and sent back so.

        traitlets puts a value that was refused back only for errors of its own, and an error
        that a message raises is read by nobody.
        """
        base, good = anywidget.AnyWidget.class_trait_names(), {}
        own = {name: trait for name, trait in self.traits(sync=True).items() if name not in base}
        for name, value in sync_data.items():
            if name in own:
                try:
                    if name not in self._chosen:
                        raise ReaderError(f"{name} is not the browser's to set.")
                    own[name]._validate(self, value)
                except (ReaderError, t.TraitError):
                    self.send_state(name)
                    continue
            good[name] = value
        super().set_state(good)

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
