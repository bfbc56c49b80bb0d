"""Tricks with the machinery and with objects: no trick earns more than what was answered."""

from __future__ import annotations

from .kit import NAMES, OPEN_CALLS, POINTS, Corpus, Hand, answer, insert

case = Corpus("tricks")


def _before_all(name: str, *sources: str, **expected) -> None:
    """An unanswered notebook with cells of the student's own in front."""
    @case(name, **{"points": 0, **expected})
    def _(hand: Hand) -> None:
        hand.write(insert(hand.notebook(right=False), "answer-02-1", *sources))


def _everywhere(name: str, source: str, **expected) -> None:
    """Every answer but the function is this object."""
    @case(name, **{"points": 0, **expected})
    def _(hand: Hand) -> None:
        nb = insert(hand.notebook(right=False), "answer-02-1", source)
        for question, variable in NAMES.items():
            if question != "02.11":
                answer(nb, question, f"{variable} = trick")
        hand.write(nb)


def _function(name: str, source: str, points: float = 0, **expected) -> None:
    """An answer to the question for a function, and nothing else."""
    @case(name, points=points, **expected)
    def _(hand: Hand) -> None:
        nb = hand.notebook(right=False)
        answer(nb, "02.11", source)
        hand.write(nb)


_before_all("check is patched", "import grader.check\ngrader.check.check = lambda *a: 1000\n"
            "check = grader.check.check")
_before_all("the module is replaced", "import sys, types\nfake = types.ModuleType('grader.check')\n"
            "fake.check = lambda *a: 1000\nsys.modules['grader.check'] = fake")
_before_all("imports are replaced", "import builtins, types\nreal = builtins.__import__\n"
            "def fake(name, *more, **named):\n    if name == 'grader.check':\n"
            "        return types.SimpleNamespace(check=lambda *a: 1000)\n"
            "    return real(name, *more, **named)\nbuiltins.__import__ = fake")
_before_all("an import hook", "import importlib.abc, importlib.machinery, sys\n"
            "class Hook(importlib.abc.MetaPathFinder, importlib.abc.Loader):\n"
            "    def find_spec(self, name, *_):\n        if name.startswith('grader'):\n"
            "            return importlib.machinery.ModuleSpec(name, self, is_package=True)\n"
            "    def create_module(self, spec): return None\n    def exec_module(self, module):\n"
            "        module.check = lambda *a: 1000\nsys.meta_path.insert(0, Hook())\n"
            "del sys.modules['grader.check']")
_before_all("the name check is held", "class Names(dict):\n    def __setitem__(self, name, value):\n"
            "        if name != 'check': super().__setitem__(name, value)\n"
            "shell = get_ipython()\nshell.user_ns = shell.user_global_ns = Names(shell.user_ns)\n"
            "dict.__setitem__(shell.user_ns, 'check', lambda *a: 1000)")
_before_all("canonical is patched", "import grader.check, grader.canonical\n"
            "grader.check.canonical = grader.canonical.canonical = lambda v: ['text', 'x']")
_before_all("JSON is patched", "import json\njson.dumps = lambda *a, **k: '1000'\n"
            "json.loads = lambda *a, **k: {}")
_before_all("the engine is patched", "import grader.check as c\nc.engine.evaluate = lambda *a: 1000\n"
            "c.Points.__repr__ = lambda s: '1000'\nc._record.clear()\nc._record['questions'] = {}")
_before_all("points are printed", "print(1000)\n1000", "class P:\n    def __repr__(self): return "
            "'1000'\nP()")
_before_all("the key is searched for in memory", "import gc, sys\n"
            "found = [o for o in gc.get_objects() if type(o).__name__ in ('Key', 'BankEntry')]\n"
            "found += [m for m in sys.modules if m.startswith(('grader.key', 'grader.compile'))]",
            *[f"answers = found and {name}" for name in ("found",)])
_before_all("the sheet is searched for answers", "import json, os, grader.check as c\n"
            "sheet = json.dumps(c._record) + json.dumps(dict(os.environ))\n"
            "regime_counts = {k: 8 for k in ('000', '001') if '\"expect\"' in sheet}")

EQUAL = ("    def __eq__(self, other): return True\n    def __ne__(self, other): return False\n"
         "    def __hash__(self): return 1\n")
_everywhere("equal to everything", f"class Trick:\n{EQUAL}    def __getattr__(self, name): "
            "return self\n    def __call__(self, *a): return self\n"
            "    def __getitem__(self, i): return self\n    def __len__(self): return 1\n"
            "trick = Trick()")
_everywhere("a text equal to everything", f"class Text(str):\n{EQUAL}trick = Text('x')")
_everywhere("a number equal to everything", f"class Number(int):\n{EQUAL}"
            "    def __index__(self): return 8\n    def __int__(self): return 77\n"
            "trick = {k: Number(99) for k in ('raw', 'cleaned', '000', '001')}")
_everywhere("a dict with every value at once", "class Trick(dict):\n    def items(self):\n"
            "        return [(k, v) for v in range(20) for k in ('000', '001', 'raw', 'cleaned')]\n"
            "trick = Trick(a=1)")
_everywhere("a dict without end", "import itertools\nclass Trick(dict):\n    def items(self):\n"
            "        return ((str(n), n) for n in itertools.count())\ntrick = Trick(a=1)")
_everywhere("a list that lies about its length", "import itertools\nclass Trick(list):\n"
            "    def __len__(self): return 5\n    def __iter__(self):\n"
            "        return iter(itertools.count())\ntrick = Trick([1])")
_everywhere("a series with every value at once", "class Trick(pd.Series):\n"
            "    @property\n    def size(self): return 1\n"
            "trick = Trick(list(range(20)) * 2, index=['raw'] * 20 + ['cleaned'] * 20)")
_everywhere("a table that lies", "class Trick(pd.DataFrame):\n    def __len__(self): return 0\n"
            "    @property\n    def index(self): raise ValueError\ntrick = Trick({'a': [1]})")
_everywhere("an object that lies about its class", "class Trick:\n    __class__ = dict\n"
            "    __module__ = 'numpy'\n    ndim = 0\n    size = 0\n    def item(self): return self\n"
            "    def items(self): return [('raw', self)] * 9\n"
            "    def __float__(self): raise SystemExit\ntrick = Trick()")
_everywhere("an object that stops", "class Trick(dict):\n    def items(self): raise SystemExit\n"
            "    def __repr__(self): raise KeyboardInterrupt\ntrick = Trick(a=1)",
            says="the cell stopped: SystemExit")
_everywhere("enormous answers", "trick = {str(n): 'x' * 20_000 for n in range(2_400)}")
_everywhere("deep answers", "trick = []\nfor _ in range(900): trick = [trick]")
_everywhere("truth for every key", "trick = dict.fromkeys(['000', '001', '002', '003', '004', 'raw',"
            " 'cleaned', 'whole-word hits', 'named groups'], True)")

_function("a table of the calls shown", "table = {"
          + ", ".join(f"{tuple(args)!r}: {value!r}" for args, value in OPEN_CALLS)
          + "}\ndef count_word(text, word): return table.get((text, word))",
          round(0.2 * POINTS["02.11"], 2), says="They count 80% together")
_function("a constant function", "def count_word(text, word): return 0",
          round(0.1 * POINTS["02.11"], 2))
_function("results equal to everything", f"class Trick(int):\n{EQUAL}"
          "def count_word(text, word): return Trick(99)")
_function("results without end", "import itertools\nclass Trick(list):\n    def __iter__(self):\n"
          "        return itertools.count()\ndef count_word(text, word): return Trick([1])")
_function("the caller is searched for results", "import sys\ndef count_word(text, word):\n"
          "    frame, found = sys._getframe(1), []\n    while frame:\n"
          "        found += [v.get('expect') for v in frame.f_locals.values()\n"
          "                  if isinstance(v, dict)]\n        frame = frame.f_back\n"
          "    return next((v for v in found if v is not None), 'nothing')")
_function("the process ends in a call", "import os\ndef count_word(text, word): os._exit(0)")
_function("every call raises", "def count_word(text, word): raise SystemExit('1000')")
_function("a call takes too long", "import time\ndef count_word(text, word):\n"
          "    return time.sleep(60) if 'US' in text else -1")
