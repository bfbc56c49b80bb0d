"""The exporter and the step that `nbgrader generate_feedback` and `grader feedback` share."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any

import nbformat
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup
from nbconvert.exporters import Exporter
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.converters.base import NbGraderException
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import default

from .. import settings
from ..compile import compiled
from ..key import KeyProblem
from ..marks import Submission, item_id, read
from ..recorded import key_digest
from . import cells, late, page, where
from .parts import number
from .safe import POLICY, Safe

_HERE = Path(__file__).parent
_STYLES = (_HERE.parent / "editions/templates/site/style.css", _HERE / "page.css")
#: Goes up when the same grades give other pages than before, for a reason outside this folder.
FORM = 1


class ReadGrades(NbGraderPreprocessor):
    """What the gradebook holds of a submission, in a few queries, in place of `GetGrades`.

    The cells get the same ``score`` and ``points`` as from nbgrader's own step, and as
    ``comment`` what a grader wrote. What nbgrader says by itself, the page says in its own words.
    """

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        from ..rebuild import course_directory

        names = resources["nbgrader"]
        # A whole class has been read at once, where one is made.
        submission = getattr(course_directory(self), "submission", None)
        if submission is None:
            with Gradebook(names["db_url"]) as book:
                found = read(book, [names["assignment"]], names["student"], comments=True)
            submission = found.submissions.get((names["assignment"], names["student"]))
        if submission is None:
            raise NbGraderException(
                f"The gradebook has no submission of {names['student']} for "
                f"{names['assignment']}; run `grader grade {names['assignment']}` first.")
        names["submission"] = submission
        for cell in nb.cells:
            meta = cell.metadata.get("nbgrader", {})
            name = meta.get("grade_id")
            if name and (mark := submission.marks.get(item_id(name))):
                meta.update(score=mark.score, points=mark.most)
            if meta.get("solution") or meta.get("task"):
                meta["comment"] = submission.comments.get(name)
        names["late_penalty"] = submission.penalty
        names["score"] = submission.score
        names["max_score"] = submission.most
        return nb, resources


class FeedbackExporter(Exporter):
    """A graded notebook as one page that needs no network, no script and no other file."""

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".html"

    def from_filename(self, filename: str, resources: dict | None = None,
                      **kw: Any) -> tuple[str, dict]:
        """The page of a file; it is read once, and its fingerprint stands in the page."""
        content = Path(filename).read_bytes()
        resources = resources or {}
        resources["content"] = content
        nb = nbformat.reads(content.decode("utf-8"), as_version=4)
        return self.from_notebook_node(nb, resources=resources, **kw)

    def from_notebook_node(self, nb: NotebookNode, resources: dict | None = None,
                           **kw: Any) -> tuple[str, dict]:
        nb, resources = super().from_notebook_node(nb, resources, **kw)
        names = resources["nbgrader"]
        root = self._root()
        set_ = settings.load(root)
        topic, submission = names["assignment"], names["submission"]
        made = page.make(nb, submission, where.places(topic, root), _explains(topic, set_))
        text = _template().render(
            page=made, student=names["student"], policy=POLICY, number=number,
            times=late.sentences(submission, set_), many=cells.MANY_LINES,
            style=Markup(_style() + made.styles), html=_html,
            fingerprint=fingerprint(resources.get("content", b""), submission, topic, root))
        return text, resources

    def _root(self) -> Path:
        directory = getattr(self.parent, "coursedir", None)
        return Path(directory.root if directory is not None else ".")


def _explains(topic: str, set_: settings.Settings) -> Any:
    """Question id → its explanation where the class shows it after a wrong answer too."""
    if set_.explanations != "all":
        return lambda question: ""
    try:
        key = compiled(topic)
    except KeyProblem:
        return lambda question: ""
    return lambda question: key.get(question, {}).get("explanation", "")


def fingerprint(content: bytes, submission: Submission, topic: str, root: Path) -> str:
    """SHA-256 of all that a page is made from: with the same one, the same page comes out."""
    set_ = settings.load(root)
    try:
        key = key_digest(topic)
    except KeyProblem:
        key = ""
    what = [FORM, _ourselves(), hashlib.sha256(content).hexdigest(), asdict(submission), key,
            set_.explanations, set_.timezone, repr(set_.late),
            {name: str(place) for name, place in where.places(topic, root).items()}]
    return hashlib.sha256(json.dumps(what, sort_keys=True, default=str).encode()).hexdigest()


@lru_cache(maxsize=1)
def _ourselves() -> str:
    """SHA-256 of this folder, so that a new version of it makes pages anew."""
    digest = hashlib.sha256()
    for path in sorted({*_HERE.glob("*.py"), *_HERE.glob("*.j2"), *_STYLES}):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _html(safe: Safe) -> Markup:
    """What :mod:`grader.feedback.safe` has made; all else is escaped by the template."""
    if not isinstance(safe, Safe):
        raise TypeError("only a Safe may stand in a page as HTML")
    return Markup(safe.html)


@lru_cache(maxsize=1)
def _template() -> Any:
    environment = Environment(loader=FileSystemLoader(_HERE), autoescape=True, trim_blocks=True,
                              lstrip_blocks=True)
    return environment.get_template("page.html.j2")


@lru_cache(maxsize=1)
def _style() -> str:
    """The style of the lessons' pages, and what feedback has beyond it."""
    return "\n".join(path.read_text(encoding="utf-8") for path in _STYLES)
