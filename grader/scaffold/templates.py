"""What a question looks like before it is filled in: an entry of the key, and three cells.

Everything that only the author knows has the mark of :mod:`grader.unfinished`.
"""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import dedent, indent

from ..unfinished import MARK

#: A task that a person grades: a rubric in the prompt, no entry in the key.
WRITTEN = "written"


@dataclass(frozen=True)
class Kind:
    """How a question of one kind is begun.

    Attributes
    ----------
    give : str
        The line of the prompt that says what to hand in.
    answer : str
        The kind's own fields, as YAML.
    other : str
        A bank entry of another type, as Python source.
    needs : str
        What `grader doctor` will look at: what must not be guessable.
    """

    give: str
    answer: str
    other: str
    needs: str = ""


KINDS = {
    "choice": Kind(
        f"one of `\"{MARK}\"`, `\"{MARK}\"`, `\"{MARK}\"` and `\"{MARK}\"`.",
        f"""\
        options: [{MARK} one, {MARK} two, {MARK} three, {MARK} four]
        answer: {MARK} one
        """, "['a', 'b']", "at least four options, or guessing pays"),
    "number": Kind(
        f"a number, in {MARK} (the unit).",
        f"""\
        answer: {MARK}
        tolerance: 0  # absolute
        """, "'many'", "no whole number up to 3, and not a number of the prompt"),
    "text": Kind(
        f"a text, for example `\"{MARK}\"`.",
        f"""\
        answer: {MARK}
        accept: []  # other right forms; case, outer spaces and quotation marks do not matter
        """, "['a', 'b']", "not yes or no, and not a word of the prompt"),
    "set": Kind(
        f"a set or list of texts, for example `{{\"{MARK}\"}}`.",
        f"""\
        answer: [{MARK} one, {MARK} two]
        neutral: []  # items that count neither way
        """, "7", "the credit is (right - wrong) / n"),
    "sequence": Kind(
        f"a list of these texts in order: {MARK}.",
        f"""\
        answer: [{MARK} first, {MARK} second, {MARK} third, {MARK} fourth]
        partial: position  # or pairs, or none
        """, "7", "position: any order earns 1/n on average, so four items or more"),
    "mapping": Kind(
        f"a dict with the keys {MARK}. Values: {MARK}, for example `\"{MARK}\"`.",
        f"""\
        answer: {{{MARK} key one: {MARK}, {MARK} key two: {MARK}}}
        options: [{MARK} one, {MARK} two, {MARK} three]  # delete where values are open
        above_chance: true  # delete with the options; see "What can be guessed must not pay"
        """, "7", "with few options: above_chance, or partial: false"),
    "table": Kind(
        f"a DataFrame with the columns `{MARK}`, or a list of rows.",
        f"""\
        columns: [{MARK} one, {MARK} two]
        answer:
          - {{{MARK} one: {MARK}, {MARK} two: {MARK}}}
        """, "7", "each row beyond the expected ones takes one away"),
    "interval": Kind(
        "an interval in EDTF, for example `\"2021-03-04/2021-03-09\"`.",
        f"""\
        core: {MARK}     # EDTF: days that a right answer covers
        allowed: {MARK}  # EDTF: days that it may cover
        """, "7", "'core' lies inside 'allowed'"),
    "evidence": Kind(
        f"a list of {MARK} (how many) rows: the locator, the label ({MARK}: which) and a phrase "
        "of at most six words copied from that place.",
        f"""\
        labels: [{MARK} label]
        need: 2
        core:  # locator and label; any `need` of them earn everything
          - [{MARK} locator, {MARK} label]
          - [{MARK} locator, {MARK} label]
        defensible: []  # locator, label and the sentence that names the rule
        """, "7", "a place that can be defended stands under defensible and costs nothing"),
    "function": Kind(
        f"a function of {MARK} that *returns* {MARK}.",
        f"""\
        calls:  # open calls stand in the prompt; hidden ones are made where work is graded
          - {{args: [{MARK}], expect: {MARK}}}
          - {{args: [{MARK}], expect: {MARK}}}
          - {{args: [{MARK}], expect: {MARK}, hidden: true}}
          - {{args: [{MARK}], expect: {MARK}, hidden: true}}
          - {{args: [{MARK}], expect: {MARK}, hidden: true}}
        """, "7", "hidden calls with different results, or a table of the open ones pays"),
    "brief": Kind(
        f"a text of {MARK} to {MARK} words; every sentence ends with a tag in square brackets.",
        f"""\
        words: [{MARK} lowest, {MARK} highest]
        requirements: [length, tags, locators, keys, quotations, labels]
        """, "7", "form alone is checked; truth and balance are for a rubric"),
}


def entry(question: str, kind: str, title: str, variable: str, points: float, level: str) -> str:
    """The question's entry in the key, as YAML that stands in a list."""
    form = KINDS[kind]
    section = f"{question.removeprefix('L')[:2]}, section {MARK}."
    head = dedent(f"""\
        id: "{question}"
        title: {_quoted(title)}
        kind: {kind}  # {form.needs}
        variable: {variable}
        points: {points:g}
        level: {level}
        """)
    rest = dedent(f"""\
        misconceptions:  # when: a whole wrong answer; has: one part of it
          - name: {MARK}-what-they-think
            {"has" if kind in ("mapping", "set") else "when"}: {MARK}
            hint: >-
              {MARK}: ask, or say where to look. Never the answer.
        hints:  # they lie open; no answer in them
          - >-
            {MARK}: the first thing to look at. (Lesson {section})
          - "{MARK}: the next thing."
        explanation: >-
          {MARK}: why it is so, with the locators it rests on. Read again: lesson {section}
        evidence:
          - {{locator: {MARK}, mark: T, confidence: high}}  # or source: a key of references.bib
        bank:  # Python expressions, and the credit that the rules give
          - {{code: "{MARK} as the solution has it", credit: 1}}
          - {{code: "{MARK} in another type", credit: 1}}
          - {{code: "{MARK} in another order or spelling", credit: 1}}
          - {{code: "{MARK} as a learner may compute it", credit: 1}}
          - {{code: "{MARK}", credit: 0, misconception: {MARK}-what-they-think}}
          - {{code: "{MARK} nearly right", credit: 0, misconception: near-miss}}
          - {{code: "{form.other}", credit: 0, misconception: type}}
          - {{code: "None", credit: 0, misconception: empty}}
          - {{code: "...", credit: 0, misconception: empty}}
          - {{code: "float('inf')", credit: 0, misconception: adversarial}}
        """)
    body = indent(head + dedent(form.answer) + rest, "    ")
    return "  - " + body.removeprefix("    ")


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def prompt(question: str, kind: str, title: str, variable: str, points: float) -> str:
    """The cell that asks."""
    name = f"{variable}({MARK})" if kind == "function" else variable
    return dedent(f"""\
        ### {question} {title} ({points:g} {"point" if points == 1 else "points"})

        {MARK}: ask in two or three sentences.

        **Rule.** {MARK}: the convention that makes one answer right; delete where none is needed.

        - **Give:** {KINDS[kind].give}
        - **Name:** `{name}`
        - **Where to look:** {MARK}: locators, tables, tools.""")


def answer(kind: str, variable: str) -> str:
    """The cell that is answered: the stub that students get, and the solution."""
    if kind == "function":
        return dedent(f"""\
            def {variable}(x):
                ...
                ### BEGIN SOLUTION
                # {MARK}: how a learner would do it; name the parameters as the prompt does
                ### END SOLUTION""")
    return dedent(f"""\
        {variable} = ...
        ### BEGIN SOLUTION
        # {MARK}: how a learner would find it
        ### END SOLUTION""")


def rubric(task: str, title: str, points: float) -> tuple[str, str]:
    """Prompt with rubric, and the model text, of a task that a person grades."""
    return dedent(f"""\
        ### {task} {title} ({points:g} points, graded by your instructor)

        {MARK}: say what to write, for whom, and how long.

        **How it is graded:** {points / 3:g} criteria, 0 to 3 points each. Your opinion of any \
side in the war is not graded.

        | | 0 | 1 | 2 | 3 |
        | --- | --- | --- | --- | --- |
        """) + "\n".join(
            f"| **{MARK} criterion {n}** | {MARK} missing | {MARK} in part | {MARK} mostly | "
            f"{MARK} complete |" for n in range(1, round(points / 3) + 1)), dedent(f"""\
        ### BEGIN SOLUTION
        {MARK}: a model text.
        ### END SOLUTION""")
