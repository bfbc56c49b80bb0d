"""What platforms call the files that students handed in.

Canvas (``lib/content_zipper.rb`` of canvas-lms): ``name[_LATE]_user_attachment_file``, all in one
folder; ``name`` is the sortable name in small letters without anything but letters, digits and
underscores. Under anonymous grading ``[LATE_]anon_code_attachment_file``; typed text ends in
``_text.html``, a web address in ``_link.html``. Larger attachment numbers were uploaded later.

Moodle (``mod/assign/classes/downloader.php``): for each student a folder ``Full
name_participant_assignsubmission_file`` (older versions with one more underscore), or the same in
front of the file name when "Download submissions in folders" is off. Under blind marking the name
is ``Participant``; text typed online is ``…_assignsubmission_onlinetext``. Of a group, name and
number are the group's own; those in no group share ``Default group``, without a number. Who is in
it says the column ``Group`` of the grading worksheet (``mod/assign/gradingtable.php``).

Brightspace: a folder ``number-number - Full Name - Oct 10, 2026 1022 AM`` for each submission, or
the same in front of the file name, and ``index.html`` beside them; the whole may lie in a folder
with the assignment's name. D2L documents no pattern; these are the names that public tools for its
downloads read (cgmb/d2lmf and others).
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import PurePosixPath

WORKSHEET = "give Moodle's grading worksheet of this assignment beside the zip"
PLATFORMS = ("canvas", "moodle", "brightspace", "folder")


@dataclass(frozen=True)
class Piece:
    """What the name of a file says.

    Attributes
    ----------
    unit : str
        The same for all files of one submission.
    file : str
        Path within the submission.
    name, number : str
        The student's name and number as the platform writes them; empty where it does not.
    time : str
        As it stands there; empty where it does not.
    late : bool
        Whether the platform says so.
    order : int
        Of two files of one student the larger was uploaded later; 0 where unknown.
    problem : str
        Why this is not a file of a student whom one could name, or empty.
    """

    unit: str
    file: str
    name: str = ""
    number: str = ""
    time: str = ""
    late: bool = False
    order: int = 0
    problem: str = ""


_CANVAS = re.compile(r"(?P<name>\w*?)(?:_?(?P<late>LATE))?_(?P<user>\d+)_(?P<order>\d+)_"
                     r"(?P<file>.+)")
_CANVAS_ANONYMOUS = re.compile(r"(?:(?P<late>LATE)_)?anon_(?P<code>[^\W_]+)_(?P<order>\d+)_"
                               r"(?P<file>.+)")
_CANVAS_TYPED = re.compile(r"\w*_(?P<code>\w+)_(?P<kind>text|link)\.html")
_MOODLE = re.compile(r"(?P<name>[^/]+?)_(?P<number>\d+)_assignsubmission_"
                     r"(?:(?P<kind>[a-z]+)_?/|(?P<flat>[a-z]+)_)(?P<file>.+)")
_MOODLE_REST = re.compile(r"(?P<name>[^/]+?)_assignsubmission_[a-z]+(?:_?/|_)(?P<file>.+)")
_DATE = r"(?:[^\W\d_]+\.? \d{1,2},? \d{4}|\d{1,2}\.? [^\W\d_]+\.?,? \d{4}|\d{4}-\d\d-\d\d)"
_CLOCK = r"\d{1,2}[.:]?\d{2}(?: ?[AaPp]\.?[Mm]\.?)?"
_BRIGHTSPACE = re.compile(r"(?P<number>\d+)(?:-\d+)? - (?P<name>[^/]+?) - "
                          rf"(?P<time>{_DATE},? {_CLOCK})(?:/| - )(?P<file>.+)")


def read(name: str, platform: str) -> Piece | None:
    """What a path says, read as one of :data:`PLATFORMS`; None where it does not fit."""
    return {"canvas": _canvas, "moodle": _moodle, "brightspace": _brightspace,
            "folder": _loose}[platform](name)


def recognise(names: list[str]) -> str:
    """The platform whose pattern fits most of these paths; ``folder`` where none fits half."""
    counts = Counter(platform for name in names for platform in PLATFORMS[:3]
                     if read(name, platform))
    platform, most = (counts.most_common(1) or [("folder", 0)])[0]
    # Canvas's pattern is loose enough to fit a file that only looks like it.
    return platform if 2 * most >= len(names) else "folder"


def handle(name: str, platform: str) -> str:
    """What a platform wrote in front of a submitted file, by which it finds the student again.

    It ends where the student's own file name begins: ``ada_4711_9001_`` (Canvas), ``Ada
    Lovelace_7_assignsubmission_file/`` (Moodle), ``12-34 - Ada Lovelace - Oct 10, 2026 1022 AM/``
    (Brightspace). Empty where there is none. What lies around a download, and a zip in it that the
    student packed, do not count.
    """
    if platform == "canvas":
        found = (_CANVAS.fullmatch(part) for part in PurePosixPath(name).parts)
        return next((m.string[:m.start("file")] for m in found if m), "")
    if platform in ("moodle", "brightspace"):
        found = {"moodle": _MOODLE, "brightspace": _BRIGHTSPACE}[platform].search(name)
        return found.string[found.start():found.start("file")] if found else ""
    return ""


def overview(name: str, platform: str) -> bool:
    """Whether a file is the platform's own list of what it packed."""
    return platform == "brightspace" and PurePosixPath(name).name.lower() in (
        "index.html", "index.htm") and not _BRIGHTSPACE.search(name)


def _canvas(name: str) -> Piece | None:
    base = PurePosixPath(name).name
    if found := _CANVAS_ANONYMOUS.fullmatch(base):
        return Piece(f"anon_{found['code']}", found["file"], late=bool(found["late"]),
                     order=int(found["order"]),
                     problem="Canvas left the name out (anonymous grading); switch that off for "
                             "the assignment and download again")
    if found := _CANVAS_TYPED.fullmatch(base):
        what = "typed text" if found["kind"] == "text" else "a web address"
        return Piece(base, base, problem=f"it is {what}, not a file; only notebooks are collected")
    if found := _CANVAS.fullmatch(base):
        return Piece(found["user"], found["file"], found["name"], found["user"],
                     late=bool(found["late"]), order=int(found["order"]))
    return None


def _moodle(name: str) -> Piece | None:
    if found := _MOODLE.search(name):
        kind = found["kind"] or found["flat"]
        problem = ""
        if kind != "file":
            problem = "it is text typed into Moodle, not a file; only notebooks are collected"
        return Piece(found["number"], found["file"], found["name"], found["number"],
                     problem=problem)
    if found := _MOODLE_REST.search(name):
        return Piece(found["name"], found["file"], found["name"], problem=(
            f"it was handed in by a group; {WORKSHEET}, which says who is in it"))
    return None


def _brightspace(name: str) -> Piece | None:
    found = _BRIGHTSPACE.search(name)
    if not found:
        return None
    return Piece(name[found.start():found.end("time")], found["file"], found["name"],
                 found["number"], found["time"])


def _loose(name: str) -> Piece | None:
    """A file whose place and name may say whose it is; what lies beside it belongs to it."""
    path = PurePosixPath(name)
    folder = "" if len(path.parts) == 1 else path.parent.as_posix()
    return Piece(folder, path.name, name)
