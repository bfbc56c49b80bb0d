"""Reading Idlib: the learners' toolkit, a module for each topic."""

from reader.frames import register as _show_tables_readably

_show_tables_readably()


def __getattr__(name: str):
    # Found when they are asked for: most notebooks never do.
    if name in ("forget", "progress"):
        from reader import own_progress

        return getattr(own_progress, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
