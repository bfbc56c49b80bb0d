"""Widgets of the lessons: usable by keyboard, with a plain table and a static form.

What a widget keeps in the notebook file (its state and its static form) never holds the text
of an article: the browser asks the kernel for it and shows it, and nothing is saved.
"""

from reader.widgets.annotator import Annotator
from reader.widgets.clues import ClueInterval
from reader.widgets.grid import PowerInterestGrid
from reader.widgets.paradox import KappaParadox
from reader.widgets.passages import PassageReader
from reader.widgets.side_by_side import SideBySide
from reader.widgets.timeline import Timeline
from reader.widgets.unit_checker import UnitChecker

__all__ = ["Annotator", "ClueInterval", "KappaParadox", "PassageReader", "PowerInterestGrid",
           "SideBySide", "Timeline", "UnitChecker"]
