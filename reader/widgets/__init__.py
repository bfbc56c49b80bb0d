"""Widgets of the lessons: usable by keyboard, with a plain table and a static form.

What a widget keeps in the notebook file (its state and its static form) never holds the text
of an article: the browser asks the kernel for it and shows it, and nothing is saved.
"""

from reader.widgets.clues import ClueInterval
from reader.widgets.grid import PowerInterestGrid
from reader.widgets.passages import PassageReader
from reader.widgets.timeline import Timeline
from reader.widgets.unit_checker import UnitChecker

__all__ = ["ClueInterval", "PassageReader", "PowerInterestGrid", "Timeline", "UnitChecker"]
