"""Feedback pages packed as a platform takes back many at once, and as one zip for mail.

Moodle, "Upload multiple feedback files in a zip" (``mod/assign/feedback/file/importziplib.php``,
and ``feedbackzip_help`` of its language file): it looks for a part of the path that reads
``fullname_participant_assignsubmission_file``, as its own download has it; what follows is the name
of the feedback file. A file of the same name is replaced.

Canvas, "Upload Submissions" (``generate_comments_from_files`` and
``infer_comment_context_from_filename`` in ``app/models/abstract_assignment.rb`` of canvas-lms): of
the parts between underscores, without LATE, the first two that are numbers are the user and the
attachment; both must belong to the present submission. Each upload adds a comment with the files.
A file is shown under the name of the *submitted* attachment, whatever it is called in the zip
(canvas-lms issue 2406), so a page would come to the student as ``01-sources.ipynb`` and not open.
Therefore Canvas gets a notebook that shows the page: :func:`as_notebook`.

Brightspace, "Add Feedback Files": D2L publishes no pattern. Files go back under the names of the
folders that the download had, which is what its users are told to keep.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import nbformat
from nbformat.v4 import new_code_cell, new_notebook, new_output

from .. import roster, spreadsheet
from ..collect import names, origins, table
from ..exports.base import FOLDER, some

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..course import Course

#: Where each zip goes: a platform, or mail.
SPOKEN = {"canvas": "Canvas", "moodle": "Moodle", "brightspace": "Brightspace", "mail": "mail"}
_UPLOAD = {
    "canvas": "upload it with Upload Submissions (in the menu of the assignment's column in the "
              "gradebook). Students get it as a comment, under the name of the file that they "
              "handed in: it is a notebook, to be opened in Jupyter",
    "moodle": "upload it with Upload multiple feedback files in a zip (on the page of the "
              "assignment's submissions; its settings need the feedback type Feedback files)",
    "brightspace": "upload it with Add Feedback Files (on the page of the assignment's "
                   "submissions), then publish; D2L documents no names, so look at one student "
                   "before you publish",
    "mail": "each file is named by the student's id"}
# The same pages give the same zip, whenever it is made.
_DATE = (2026, 1, 1, 0, 0, 0)
_NOTEBOOK = ".ipynb"


@dataclass
class Packed:
    """A zip of the pages of one exercise.

    Attributes
    ----------
    path : Path
    pages : int
        How many are in it; 0 when none was written.
    said : list of str
        What an instructor should know, in sentences.
    """

    path: Path
    pages: int = 0
    said: list[str] = field(default_factory=list)


def path_of(course: Course, exercise: str, platform: str) -> Path:
    """Where the zip for a platform stands."""
    return course.classroom / FOLDER / f"feedback-{platform}-{exercise}.zip"


def pack(course: Course, exercise: str, students: Iterable[str], platform: str) -> Packed:
    """Write the feedback pages of some students as a zip, whole or not at all.

    Parameters
    ----------
    students : iterable of str
        Ids in the gradebook; who has no page is left out.
    platform : str
        One of :data:`SPOKEN`.

    Raises
    ------
    CourseProblem
        It cannot be written (an earlier zip stays), or the class is pseudonymous and the file that
        says who is meant is not there.
    """
    packed = Packed(path_of(course, exercise, platform))
    known = origins.read(table.folder(course))
    files: dict[str, bytes] = {}
    unknown, renamed = [], []
    for student in sorted(students):
        page = course.folder("feedback", exercise, student) / f"{exercise}.html"
        if not page.is_file():
            continue
        if platform == "mail":
            files[f"{roster.real(course, student).student}-{page.name}"] = page.read_bytes()
            continue
        name = known.get((student, exercise, platform), "")
        handle = names.handle(name, platform)
        if not handle:
            unknown.append(student)
        elif platform == "canvas":
            files[f"{handle}{exercise}{_NOTEBOOK}"] = as_notebook(page.read_text("utf-8"))
            attachment = PurePosixPath(name[name.index(handle):]).parts[0]
            renamed += [student] * (not attachment.lower().endswith(_NOTEBOOK))
        else:
            files[f"{handle}{page.name}"] = page.read_bytes()
    if files:
        spreadsheet.write({packed.path: zipped(files)})
        packed.pages = len(files)
        packed.said.append(f"{packed.path}: {_pages(len(files))} for {SPOKEN[platform]}; "
                           f"{_UPLOAD[platform]}.")
    if unknown:
        packed.said.append(
            f"{exercise}: not in a zip for {SPOKEN[platform]}: {_pages(len(unknown))}, of students "
            f"whose work was not collected from it ({some(unknown)}); --zip mail packs all.")
    if renamed:
        packed.said.append(f"Canvas will show a notebook under another name to {some(renamed)}, "
                           f"who handed in a file that is not called .ipynb; tell them to rename "
                           f"it to {exercise}{_NOTEBOOK}.")
    return packed


def _pages(number: int) -> str:
    return f"{number} page{'s' * (number != 1)}"


def as_notebook(page: str) -> bytes:
    """A notebook without code whose one output is the body of a feedback page.

    Jupyter shows it as it shows all that comes from elsewhere: sanitised once more, without the
    page's styles.
    """
    body = "<main>" + page.partition("<main>")[2].rpartition("</main>")[0] + "</main>"
    cell = new_code_cell("# Your feedback. There is nothing to run here.", id="feedback", outputs=[
        new_output("display_data", {"text/html": body,
                                    "text/plain": "Feedback: open this file in Jupyter."})])
    notebook = new_notebook(cells=[cell], metadata={"kernelspec": {
        "name": "python3", "display_name": "Python 3", "language": "python"}})  # or Jupyter asks
    return nbformat.writes(notebook).encode("utf-8", "replace")


def zipped(files: dict[str, bytes]) -> bytes:
    """A zip of these files: the same files give the same bytes."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _DATE)
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 3
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, files[name])
    return made.getvalue()
