"""The gradebook files of Canvas, Moodle and Brightspace, and a table in nbgrader's own columns.

Identifiers, by which a platform finds a student, stand in the files as the platform gave them. All
other texts are made safe for spreadsheets (see :mod:`grader.spreadsheet`).
"""

from __future__ import annotations

from datetime import datetime

from ..marks import Marks
from ..roster import Person
from ..spreadsheet import number, one_line, safe, table, text
from .base import PlatformExporter, Row
from .into import Form, fill


class CanvasExporter(PlatformExporter):
    """Canvas: Gradebook → Import.

    Columns as in Canvas's own export (``lib/gradebook_exporter.rb`` of canvas-lms), which its
    import wants in this order: ``Student, ID, SIS User ID, SIS Login ID, Section``, then a column
    for each assignment, and a first row ``Points Possible``. A student is found by ``ID``, else by
    an SIS id (``lib/gradebook_importer.rb``). An assignment is found by the number behind its
    name, ``01-sources (4711)``, which only a file from Canvas has (``into``); else by its name;
    else Canvas offers to make a new one. An empty grade takes an older one away after a look at
    the list of changes; with ``into``, what was there stays.
    """

    name, file_name = "Canvas", "canvas.csv"
    identifiers = ("ID", "SIS User ID", "SIS Login ID")
    form = Form("Canvas", ("Student", "LastName", "FirstName", "ID", "SIS User ID", "SIS Login ID",
                           "Integration ID", "Root Account", "Section"),
                identifiers, grade=r"(?P<title>.*) \(\d+\)", first="Student",
                points_row="Points Possible")
    _MORE = ("Integration ID", "Root Account")

    def stand_in(self, person: Person) -> dict[str, str]:
        """Student ids of the gradebook are most often logins."""
        return {"SIS Login ID": person.student}

    def content(self, rows: list[Row], marks: Marks) -> bytes:
        """The file for Canvas."""
        rows = self.known(rows)
        if self.into:
            return fill(self, rows, marks)
        columns = ["ID"]
        if any(row.person.lms.get("SIS User ID") for row in rows):
            columns += ["SIS User ID", "SIS Login ID", *(
                name for name in self._MORE if any(row.person.lms.get(name) for row in rows))]
        else:
            columns.append("SIS Login ID")
        columns.append("Section")
        out = [["Student", *columns, *map(self.title, marks.exercises)],
               ["    Points Possible", *[""] * len(columns),
                *(number(one.points) for one in marks.exercises.values())]]
        for row in rows:
            lms = row.person.lms
            out.append([safe(lms.get("Student") or _last_first(row.person)),
                        *(lms.get(name, "") if name != "Section" else safe(lms.get(name, ""))
                          for name in columns),
                        *(number(row.grades[name]) for name in marks.exercises)])
        return text(out)


class MoodleExporter(PlatformExporter):
    """Moodle: Grades → Import → CSV file; with ``into``, also the grading worksheet.

    The grade import lets one choose which column says who is meant and which grade goes where
    (docs.moodle.org, "Grade import"). One row whose student it does not find cancels all of it,
    and a row without an identifier would count for the student before it
    (``grade/import/csv/classes/load_data.php``), so all rows here have the same identifier. ``-``
    is what Moodle's own export writes for no grade. A grading worksheet (``into``, one exercise)
    has the columns ``Identifier``, ``Grade`` and ``Last modified (grade)``
    (``mod/assign/feedback/offline/importgradeslib.php``); all but the grades stays as it is.
    """

    name, file_name = "Moodle", "moodle.csv"
    identifiers = ("Email address", "ID number", "Username")
    form = Form("Moodle", ("Identifier", "First name", "Last name", "Surname", "Full name",
                           *identifiers), identifiers,
                grade=r"(?:[^:]*: ?)?(?P<title>.*?)(?: \((?:Real|Points)\))?",
                whole="Identifier", whole_grade="Grade", whole_points="Maximum Grade")

    def stand_in(self, person: Person) -> dict[str, str]:
        """Address, and the id as user name."""
        return {"Email address": person.email, "Username": person.student}

    def content(self, rows: list[Row], marks: Marks) -> bytes:
        """The file for Moodle."""
        rows = self.known(rows)
        if self.into:
            return fill(self, rows, marks)
        key = max(self.identifiers, key=lambda name: sum(
            bool(row.person.lms.get(name)) for row in rows)) if rows else self.identifiers[0]
        if lacking := [row.person.student for row in rows if not row.person.lms.get(key)]:
            self.said.append(f"Left out, because Moodle wants one identifier for all, and they "
                             f"have no {key}: {', '.join(lacking[:10])}"
                             f"{' …' if len(lacking) > 10 else ''}.")
        self.said.append(f"In Moodle's import, map from {key!r} to the field of that name, and "
                         "each exercise to its grade item.")
        out = [["First name", "Last name", key, *map(self.title, marks.exercises)]]
        out += [[safe(row.person.first_name), safe(row.person.last_name), row.person.lms[key],
                 *("-" if row.grades[name] is None else number(row.grades[name])
                   for name in marks.exercises)]
                for row in rows if row.person.lms.get(key)]
        return text(out)


class BrightspaceExporter(PlatformExporter):
    """Brightspace: Grades → Enter Grades → Import.

    ``OrgDefinedId`` and/or ``Username``, ``NAME Points Grade`` for each numeric item, and
    ``End-of-Line Indicator`` last, with ``#`` in each row (community.d2l.com, "Importing grades").
    A ``#`` before the ids keeps spreadsheets from changing them, as in Brightspace's own export
    (kb.wisc.edu, 4330). Names and addresses must not be imported, so they are not here. Points
    beyond those of the item are cut, unless it "can exceed".
    """

    name, file_name = "Brightspace", "brightspace.csv"
    identifiers = ("OrgDefinedId", "Username")
    form = Form("Brightspace", identifiers, identifiers,
                grade=r"(?P<title>.*) Points Grade(?: <.*?MaxPoints:(?P<points>[\d.]+).*>)?",
                last="End-of-Line Indicator")

    def stand_in(self, person: Person) -> dict[str, str]:
        """The id as user name."""
        return {"Username": person.student}

    def content(self, rows: list[Row], marks: Marks) -> bytes:
        """The file for Brightspace."""
        rows = self.known(rows)
        if self.into:
            return fill(self, rows, marks)
        columns = [name for name in self.identifiers
                   if any(row.person.lms.get(name, "").strip("# ") for row in rows)]
        out = [[*columns, *(f"{self.title(name)} Points Grade" for name in marks.exercises),
                self.form.last]]
        for row in rows:
            ids = (row.person.lms.get(name, "").strip().removeprefix("#") for name in columns)
            out.append([*("#" + one if one else "" for one in ids),
                        *(number(row.grades[name]) for name in marks.exercises), "#"])
        return text(out)


class TableExporter(PlatformExporter):
    """A table for people and scripts: nbgrader's own columns, as real CSV, and two more.

    One row for each student and exercise, also where nothing was handed in. The columns are those
    of nbgrader's ``CsvExportPlugin``, then ``extra_credit`` and ``awaits_grading``. Unlike there,
    names with commas and quotes come back whole, nothing is run as a formula, and a grade that is
    not there yet is empty and not 0.
    """

    name, file_name = "Table", "grades.csv"
    _COLUMNS = ("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name",
                "email", "raw_score", "late_submission_penalty", "score", "max_score",
                "extra_credit", "awaits_grading")

    def content(self, rows: list[Row], marks: Marks) -> bytes:
        """The table."""
        out = []
        for name, exercise in marks.exercises.items():
            for row in rows:
                one, who = marks.submissions.get((name, row.student)), row.person
                graded = one is not None and bool(one.marks)
                out.append((
                    name, _time(exercise.due), _time(one.handed_in) if one else "", who.student,
                    who.last_name, who.first_name, who.email,
                    number(one.earned) if graded else "", number(one.penalty) if graded else "",
                    number(row.grades[name]), number(exercise.points),
                    number(sum(mark.extra for mark in one.marks.values())) if graded else "",
                    " ".join(one.awaits) if graded else ""))
        return table(self._COLUMNS, out)


def _time(time: datetime | None) -> str:
    return f"{time:%Y-%m-%d %H:%M:%S}" if time else ""


def _last_first(person: Person) -> str:
    return one_line(", ".join(filter(None, (person.last_name, person.first_name)))
                    or person.student)
