"""nbgrader's exchange on one machine, by its real commands, as its documentation describes
(user_guide/managing_assignment_files): from release_assignment to fetch_feedback."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys

from grader_kit import full_points, right_answers
from places import BIN, ROOT

from grader import key, sample
from grader.editions import bundle
from grader.sample import answer_source

TOPIC = "04-timeline"
# One process for all commands: what `nbgrader` in a terminal does, but for starting Python.
DRIVER = """
import json, os, sys
sys.path.remove('')  # as in the program `nbgrader`: not whatever lies in the current folder
paths = list(sys.path)
from nbgrader.apps import NbGraderApp
from nbgrader.server_extensions.assignment_list.handlers import AssignmentList
for folder, words in json.load(sys.stdin):
    os.chdir(folder)
    os.environ['JUPYTER_CONFIG_DIR'] = os.path.join(folder, '.jupyter')  # each person's own
    sys.path[:] = paths  # nbgrader has put the folder of the one before there
    NbGraderApp.clear_instance()
    if words[0] == 'check':
        from grader.check import check
        check(words[1], eval(words[2]))
        continue
    if words[0] == 'assignment-list':  # what JupyterLab's list shows
        lister = AssignmentList()
        lister.root_dir = folder
        print(lister.list_released_assignments('reading-idlib'))
        continue
    try:
        NbGraderApp.launch_instance(words)
    except SystemExit as end:
        assert not end.code, (words, end.code)
"""


def run(env: dict, *commands: tuple) -> str:
    """Run commands of `nbgrader`, each in its folder; what they said."""
    done = subprocess.run([sys.executable, "-c", DRIVER], env=env, capture_output=True, text=True,
                          input=json.dumps([(str(folder), words) for folder, *words in commands]),
                          timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_the_whole_exchange(course, tmp_path):
    exchange, home = tmp_path / "exchange", tmp_path / "reading-idlib"
    exchange.mkdir()
    exchange.chmod(0o777)
    home.mkdir()
    # The student has the bundle without exercises, and the file that the guide shows.
    bundle.write(course, [], home)
    page = (ROOT / "grader/guide/release.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"^```\n(from pathlib.*?)^```", page, re.M | re.S)
    (home / ".jupyter" / "nbgrader_config.py").write_text(
        shown.replace("/srv/exchange", str(exchange)), encoding="utf-8")
    (home / "exercises").mkdir()
    with (course.root / "nbgrader_config.py").open("a") as config:
        config.write(f"\nc.Exchange.root = {str(exchange)!r}\n")
    env = {**os.environ, "HOME": str(tmp_path), "JUPYTER_DATA_DIR": str(tmp_path / "data"),
           "PYTHONWARNINGS": "ignore",
           "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "READING_IDLIB_LOG": os.devnull}
    answers = right_answers(TOPIC)
    said = run(env, (course.root, "release_assignment", TOPIC), (home, "list"),
               (home, "assignment-list"), (home, "fetch_assignment", TOPIC),
               (home, "assignment-list"),
               (home / "exercises" / TOPIC, "check", "04.10", answers["04.10"]))
    assert "'status': 'released'" in said and "'status': 'fetched'" in said
    assert f"reading-idlib {TOPIC}" in said and re.search(r"04\.10.*Right", said)
    work = home / "exercises" / TOPIC / f"{TOPIC}.ipynb"
    nb = json.loads(work.read_text(encoding="utf-8"))
    for link in re.findall(r"\]\((\.\./[^)#]+)", "".join(nb["cells"][0]["source"])):
        assert (work.parent / link).is_file(), link  # from where nbgrader has put it
    variables = {q.id: q.variable for q in key.load(TOPIC).questions}
    for cell in nb["cells"]:
        for question, code in answers.items():
            if cell["id"] == f"answer-{question.replace('.', '-')}":
                cell["source"] = answer_source(variables[question], code)
    work.write_text(json.dumps(nb), encoding="utf-8")
    said = run(env, (home, "submit", TOPIC), (home, "list", "--inbound"),
               (course.root, "collect", TOPIC), (course.root, "autograde", TOPIC),
               (course.root, "generate_feedback", TOPIC), (course.root, "release_feedback", TOPIC),
               (home, "fetch_feedback", TOPIC))
    (student,) = course.students(TOPIC)
    assert f"reading-idlib {student} {TOPIC}" in said
    scores = sample.scores(course, TOPIC)[student]
    assert sum(scores.values()) == full_points(TOPIC)
    (page,) = (home / "exercises" / TOPIC / "feedback").rglob(f"{TOPIC}.html")
    assert "04.10" in page.read_text(encoding="utf-8")
    shutil.rmtree(exchange)
