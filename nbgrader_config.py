"""The course for nbgrader: `exercises/` is the source, `classroom/` everything produced.

Our steps stand in nbgrader's own lists, so `nbgrader generate_assignment`, `autograde`,
`generate_feedback`, the Formgrader's buttons and our `grader` command do the same.
"""

import os
import sys
from pathlib import Path

_HERE = str(Path(__file__).resolve().parent)
if _HERE not in sys.path:
    sys.path.insert(0, _HERE)  # the Formgrader may start without the package installed

# nbgrader calls `alembic` by name; without an activated environment it would not be found.
os.environ["PATH"] = str(Path(sys.executable).parent) + os.pathsep + os.environ.get("PATH", "")

from nbgrader.preprocessors import (  # noqa: E402
    AssignLatePenalties,
    CheckCellMetadata,
    ClearHiddenTests,
    ClearMarkScheme,
    ClearOutput,
    ClearSolutions,
    ComputeChecksums,
    LimitOutput,
    LockCells,
    SaveCells,
)

from grader.apply_settings import ApplySettings  # noqa: E402
from grader.feedback import FeedbackExporter, ReadGrades  # noqa: E402
from grader.feedback.formgrader import Harmless, markdown2html  # noqa: E402
from grader.formgrader import TEMPLATES  # noqa: E402
from grader.gradebook_url import gradebook_url  # noqa: E402
from grader.late import GrantExtension, LatePolicy  # noqa: E402
from grader.rebuild import Rebuild, SubmissionExporter  # noqa: E402
from grader.release import Seal  # noqa: E402
from grader.run import Run  # noqa: E402
from grader.score import SaveScores, Score  # noqa: E402

c = get_config()  # noqa: F821

c.CourseDirectory.course_id = "reading-idlib"
c.CourseDirectory.root = _HERE
c.CourseDirectory.source_directory = "exercises"
c.CourseDirectory.release_directory = "classroom/release"
c.CourseDirectory.submitted_directory = "classroom/submitted"
c.CourseDirectory.autograded_directory = "classroom/autograded"
c.CourseDirectory.feedback_directory = "classroom/feedback"
c.CourseDirectory.solution_directory = "classroom/solution"
c.CourseDirectory.db_url = gradebook_url(Path(_HERE))
Path(_HERE, "classroom").mkdir(exist_ok=True)  # SQLite makes its file, not the folder

c.ClearSolutions.code_stub = {"python": "# Your code here: replace the three dots above, or "
                                        "write new lines below."}
c.ClearSolutions.text_stub = ("*Write your answer in place of this line: click it and press Enter, "
                              "so that a cursor blinks. Shift + Enter ends the writing.*")

c.GenerateAssignment.preprocessors = [
    ApplySettings, LockCells, ClearSolutions, ClearOutput, CheckCellMetadata, ComputeChecksums,
    SaveCells, ClearHiddenTests, ClearMarkScheme, ComputeChecksums, CheckCellMetadata, Seal]

c.Autograde.exporter_class = SubmissionExporter
# The metadata of what is rebuilt is the release's, and was checked when that was made.
c.Autograde.sanitize_preprocessors = [Rebuild]
c.SubmissionExporter.optimistic_validation = True  # once after all steps, not after each one
# Saved widget state would hide the widgets' static form in feedback pages.
c.Run.store_widget_state = False
c.Autograde.autograde_preprocessors = [
    Run, Score, LimitOutput, GrantExtension, SaveScores, AssignLatePenalties]
# What `late` in class.yaml says; where it says nothing, c.LateSubmissionPlugin.penalty_method.
c.AssignLatePenalties.plugin_class = LatePolicy
c.GenerateFeedback.preprocessors = [ReadGrades]
c.GenerateFeedback.exporter_class = FeedbackExporter
# The Formgrader's page: the rubric in view, and nothing from the net. What students wrote must not
# run on the grader's own server.
c.HTMLExporter.extra_template_basedirs = TEMPLATES
c.HTMLExporter.preprocessors = [Harmless]
c.HTMLExporter.filters = {"markdown2html": markdown2html}
