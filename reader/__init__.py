"""Reading Idlib: the learners' toolkit, a module for each topic."""

from reader.frames import register as _show_tables_readably

_show_tables_readably()
