"""From the queue into the real Formgrader: the right field, the rubric in view, nobody's name."""

from __future__ import annotations

import shutil

import nbformat
import pytest

pytest.importorskip("selenium", reason="selenium is not installed (see tests/requirements.txt)")

import axe  # noqa: E402
from running import LEARNERS, jupyterlab  # noqa: E402
from selenium.webdriver.common.keys import Keys  # noqa: E402
from selenium.webdriver.support.ui import WebDriverWait  # noqa: E402

from grader.agreement.draw import page  # noqa: E402
from grader.agreement.rubric import find  # noqa: E402
from grader.by_hand import queue  # noqa: E402
from grader.course import Course  # noqa: E402

EXERCISE, ITEM, CELL = "08-voices", "08.R2", "rubric-08-2"
#: What a grader sees when the end of a long answer has been reached.
IN_VIEW = """
const panel = document.getElementById(arguments[0]).closest('.nbgrader_cell');
window.scrollBy(0, panel.querySelector('textarea').getBoundingClientRect().top - innerHeight + 60);
const seen = name => {const box = panel.querySelector(name).getBoundingClientRect();
  return box.top >= 0 && box.top < innerHeight - 100 && box.height > 20};
return {points: seen('input.score'), rubric: seen('.rubric-in-view'),
        levels: [...panel.querySelector('.rubric-in-view table').rows[0].cells].map(
          cell => cell.textContent.trim()),
        wider: document.documentElement.scrollWidth - innerWidth};
"""


def test_a_grader_comes_from_the_queue_and_sees_what_grading_needs(played_class, driver,
                                                                   tmp_path, screenshots):
    course = Course(shutil.copytree(played_class, tmp_path / "course"))
    [task] = queue(course, [EXERCISE], ITEM)
    first, other = task.open[:2]
    path = course.folder("autograded", EXERCISE, first.student) / f"{EXERCISE}.ipynb"
    path.chmod(0o644)
    nb = nbformat.read(path, 4)
    cell = next(c for c in nb.cells
                if c.metadata.get("nbgrader", {}).get("grade_id") == CELL)
    cell.source = "One sentence of a long brief. [T 000 P1]\n\n" * 40
    nbformat.write(nb, path)

    def wait(what: str, found) -> None:
        WebDriverWait(driver, 60, 0.1).until(lambda _: found(), what)

    with jupyterlab(course.root, tmp_path / "home", LEARNERS / "instructor", LEARNERS) as lab:
        driver.get(lab.page("login"))  # as in JupyterLab; the Formgrader's own pages log nobody in
        driver.get_log("browser")  # what an earlier test left there is none of these pages'
        for width in (1400, 700):
            driver.set_window_size(width, 1000)
            driver.get(lab.url + first.address)
            wait("the field of the question", lambda: driver.execute_script(
                "return document.activeElement.id") == CELL)
            found = driver.execute_script(IN_VIEW, CELL)
            driver.save_screenshot(str(screenshots / f"formgrader-{width}.png"))
            assert found["points"] and found["rubric"] and found["wider"] <= 0, (width, found)
            assert found["levels"] == ["", "0", "1", "2", "3"]
            text = driver.find_element("tag name", "body").text
            assert f"Submission #{first.number}" in text and "Student " not in text
            assert first.student not in text
        assert not [entry for entry in driver.get_log("browser") if entry["level"] == "SEVERE"]
        driver.get(lab.url + other.address)
        wait("the points", lambda: driver.execute_script(
            "return document.activeElement.id == arguments[0] && formgrader.grades.loaded", CELL))
        driver.switch_to.active_element.send_keys("12", Keys.TAB)
        wait("the grade in the gradebook", lambda: queue(course, [EXERCISE], ITEM)[0].done == 1)
    [task] = queue(course, [EXERCISE], ITEM, anonymous=True)
    [work] = [work for work in task.answers if work.manual is not None]
    assert (work.submission, work.manual, work.awaits) == (other.submission, 12.0, False)
    assert {work.student for work in task.answers} == {""}


def test_the_page_of_a_shared_sample_reads_well(played_class, driver, tmp_path, screenshots):
    """Prompt, rubric and answers, one of them hostile and one from right to left."""
    path = tmp_path / "answers.html"
    path.write_text(page(find(Course(played_class), ITEM), {
        "A01": "A long word: " + "x" * 300, "A02": "<script>document.title = 'run'</script>",
        "A03": "\u0646\u0635 \u0642\u0635\u064a\u0631"}), encoding="utf-8")
    for width in (1400, 500):
        driver.set_window_size(width, 900)
        driver.get(path.as_uri())
        driver.save_screenshot(str(screenshots / f"sample-{width}.png"))
        assert driver.execute_script(
            "return document.documentElement.scrollWidth <= innerWidth"), width
        assert driver.title == f"{ITEM}: answers to grade"
    assert axe.findings(driver) == []
