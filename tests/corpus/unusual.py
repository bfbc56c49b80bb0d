"""Honest work that is unusual: it must keep every point."""

from __future__ import annotations

from .kit import NAMES, RIGHT, Corpus, Hand, answer, but, insert

case = Corpus("unusual")


def _answers(name: str, points: float | None = None, **sources: str) -> None:
    """A case with these answers (``q1`` is 02.1); ``@`` stands for the right value."""
    @case(name, **{} if points is None else {"points": points})
    def _(hand: Hand) -> None:
        nb = hand.notebook()
        for short, source in sources.items():
            question = f"02.{short[1:]}"
            answer(nb, question, source.replace("@", f"({RIGHT[question]})"))
        hand.write(nb)


_answers("warnings, stderr and logging",
         q1="import warnings\nwarnings.warn('mind the gap')\nregime_counts = @",
         q2="import sys\nprint('Traceback: error', file=sys.stderr)\nidlib_counts = @",
         q3="import logging\nlogging.error('failed')\ngovernments = @",
         q4="resolved = @\n1 / 0",
         q5="import subprocess, sys\nvoices = @\nprint('0')\nsys.stderr.write('error')\n0",
         q11="def count_word(text: str, word: str, *more) -> int:\n    import warnings\n"
             "    warnings.warn('slow')\n    print('counting')\n    return (@)(text, word)")
_answers("warnings in the check itself",
         q1="import sys, warnings\nclass Loud(dict):\n    def items(self):\n"
            "        warnings.warn('loud')\n        print('loud', file=sys.stderr)\n"
            "        return super().items()\nregime_counts = Loud(@)")
_answers("figures, tables and long outputs",
         q1="%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\n"
            "regime_counts = @\nplt.plot([1, 2])",
         q2="idlib_counts = @\nfor n in range(3_000): print(n, 'x' * 50)",
         q3="governments = @\npd.DataFrame({'a': range(100)})")
_answers("types of NumPy and pandas",
         q1="regime_counts = pd.Series(@)",
         q2="import numpy as np\nidlib_counts = {k: np.int64(v) for k, v in (@).items()}",
         q3="from collections import defaultdict\ngovernments = defaultdict(str, @)",
         q7="acled_types = {f' {k} ': float(v) for k, v in (@).items()}",
         q8="names_hts = pd.Index(sorted(@)).to_numpy()",
         q11="class Counter:\n    def __call__(self, text, word):\n"
             "        return np.int32((@)(text, word))\ncount_word = Counter()")
_answers("names and imports",
         q1="# Zähle die Wörter 🙂\nänzahl = @\nregime_counts = änzahl",
         q2="from math import *\nfrom os.path import *\nidlib_counts = @",
         q3="governments = @\nlist = str = open = 3",
         q4="resolved = @\ncheck = 5",
         q5="voices = @\nimport random\nimport numpy as np\nrandom.seed(1)\nnp.random.rand()")
_answers("await, magics and threads",
         q1="import asyncio\nawait asyncio.sleep(0.01)\n"
            "regime_counts = await asyncio.sleep(0.01, @)",
         q2="%time idlib_counts = @\n%who\n%pwd",
         q3="import threading\nparts = {}\nthreads = [threading.Thread(target=parts.update, "
            "args=(@,)) for _ in range(2)]\nfor t in threads: t.start()\n"
            "for t in threads: t.join()\ngovernments = parts",
         q4="%%time\nresolved = @")
_answers("files and folders",
         q1="from pathlib import Path\nPath('notes.txt').write_text('x')\nregime_counts = @\n"
            "Path('figures').mkdir()\nassert Path('notes.txt').read_text() == 'x'",
         q2="import os\nos.chdir('/')\nidlib_counts = @")
_answers("leaves by mistake", q1="regime_counts = @\nimport sys\nsys.exit()",
         q2="idlib_counts = @\nraise SystemExit")
_answers("one answer asks for input", but("02.1"), q1="regime_counts = input('?')")
_answers("one answer is no Python", but("02.1"), q1="regime_counts = (")
_answers("one answer is empty", but("02.1"), q1="")
_answers("one answer never ends its recursion", but("02.1"),
         q1="import sys\nsys.setrecursionlimit(150)  # a thousand levels take long to print\n"
            "def f(n): return f(n + 1)\nregime_counts = f(0)")


@case("an own module")
def _(hand: Hand) -> None:
    nb = hand.notebook()
    hand.write(f"counts = {RIGHT['02.1']}\n", "helpers.py")
    answer(nb, "02.1", "from helpers import counts\nregime_counts = counts")
    hand.write(nb)


@case("cells that depend on later ones", points=but("02.1"))
def _(hand: Hand) -> None:
    """Run from top to bottom, as the exercise says, the name does not exist yet."""
    nb = hand.notebook()
    answer(nb, "02.1", "regime_counts = defined_later")
    hand.write(insert(nb, "answer-02-3", f"defined_later = {RIGHT['02.1']}"))


@case("an answer that is changed later")
def _(hand: Hand) -> None:
    hand.write(insert(hand.notebook(), "answer-02-3", "regime_counts = idlib_counts = None"))


@case("everything is reset in the middle")
def _(hand: Hand) -> None:
    nb = hand.notebook()
    answer(nb, "02.6", f"%reset -f\nimport pandas as pd\n{NAMES['02.6']} = {RIGHT['02.6']}")
    hand.write(nb)


@case("extra cells that fail")
def _(hand: Hand) -> None:
    hand.write(insert(hand.notebook(), "answer-02-3", "1 / 0", "raise SystemExit", "import nothing",
                      "assert False", "await nothing()", "x ="))
