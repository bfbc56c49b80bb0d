"""Forged answer records. One sound record counts as the answer that it holds, others as none."""

from __future__ import annotations

from textwrap import dedent, indent

from grader.canonical import MIME

from .kit import FULL, GRADED, PROBLEM, Corpus, Hand, answer, insert

case = Corpus("records")
FORGE = f"""
import grader.check
from IPython.display import display
real = grader.check.check
def show(question, answer, **more):
    display({{'{MIME}': {{'question': question, 'answer': answer, **more}}, 'text/plain': '1000'}},
            raw=True)
def forged(question, given):
    ...
check = grader.check.check = forged
"""


def _forged(name: str, body: str, right: bool = False, **expected) -> None:
    """Every check does this in its place."""
    @case(name, **{"points": 0, **expected})
    def _(hand: Hand) -> None:
        hand.write(insert(hand.notebook(right), "answer-02-1", _forge(body)))


def _forge(body: str) -> str:
    return FORGE.replace("    ...\n", indent(dedent(body).strip(), "    ") + "\n")


UNREADABLE = "The recorded answer cannot be read"
_forged("a form that is none", "show(question, ['map', [[1]]])", says=UNREADABLE)
_forged("the points instead", "show(question, ['num', 1000], credit=1, points=1000, state='right')")
_forged("not a number", "show(question, ['num', float('nan')])")
_forged("a record in words", "display({'" + MIME + "': '{\"question\": '}, raw=True)",
        says=UNREADABLE)
_forged("a deep record", """
    deep = ['num', 1]
    for _ in range(20): deep = ['list', [deep]]
    show(question, deep)
""", says=UNREADABLE)
_forged("a record of a megabyte", """
    if question == '02.1':
        show(question, ['list', [['text', 'x' * 19_000]] * 63])
""", says=UNREADABLE)
_forged("keys that are lists", "show(question, ['map', [[[[]], ['num', 8]]] * 5])", says=UNREADABLE)
_forged("a type that is none", "show(question, ['num', True])", says=UNREADABLE)
_forged("the record of another question", "show('02.8', ['set', [['text', '000'], ['text', '001'],"
        " ['text', '003']]])", says="the answer to another question", points=2)
_forged("two records", """
    real(question, given)
    show(question, ['num', 8])
""", right=True, says="More than one answer was recorded")
_forged("the same record twice", """
    real(question, given)
    real(question, given)
""", right=True, points=FULL)
_forged("a thousand guesses", "for n in range(1_000): show(question, ['num', n])",
        says="More than one answer was recorded")
_forged("points as the result", "return 1000")


RIGHT_SET = "['set', [['text', '000'], ['text', '001'], ['text', '003']]]"


@case("records in other cells", points=0)
def _(hand: Hand) -> None:
    nb = insert(hand.notebook(right=False), "answer-02-1", _forge("real(question, given)"))
    sound = f"show('02.8', {RIGHT_SET})"
    hand.write(insert(insert(nb, "answer-02-8", sound), "check-02-8", sound))


@case("a record that is changed later", points=0)
def _(hand: Hand) -> None:
    """A display with an id can be updated; the update belongs to its cell, which is no check."""
    nb = hand.notebook(right=False)
    answer(nb, "02.8", """
        from IPython.display import display
        display({'text/plain': 'x'}, raw=True, display_id='later')
    """)
    hand.write(insert(nb, "answer-02-9", f"""
        display({{'{MIME}': {{'question': '02.8', 'answer': {RIGHT_SET}}}}}, raw=True,
                display_id='later', update=True)
    """))


@case("lines on every descriptor", PROBLEM, points=0, needs=("processes",), also=((GRADED, 0),))
def _(hand: Hand) -> None:
    """The runner's own language on its own socket: still only answers, and none is right."""
    hand.write(insert(hand.notebook(right=False), "answer-02-1", r"""
        import json, os
        result = {"output_type": "execute_result", "data": {"text/plain": "1000"}, "metadata": {}}
        lines = [{"cell": n, "outputs": [result], "count": 1} for n in range(99)] + [{"done": True}]
        for n in range(3, 64):
            try: os.write(n, "".join(json.dumps(line) + "\n" for line in lines).encode())
            except OSError: pass
    """))
