"""Tricks with the machinery and with objects: no trick earns more than what was answered."""

from __future__ import annotations

from .kit import GRADED, NAMES, OPEN_CALLS, POINTS, PROBLEM, Corpus, Hand, answer, insert

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


_before_all("check is patched", """
    import grader.check
    grader.check.check = lambda *a: None
    check = grader.check.check
""")
_before_all("the module is replaced", """
    import sys, types
    fake = types.ModuleType('grader.check')
    fake.check = lambda *a: None
    sys.modules['grader.check'] = fake
""")
_before_all("imports are replaced", """
    import builtins, types
    real = builtins.__import__
    def fake(name, *more, **named):
        if name == 'grader.check':
            return types.SimpleNamespace(check=lambda *a: None)
        return real(name, *more, **named)
    builtins.__import__ = fake
""")
_before_all("an import hook", """
    import importlib.abc, importlib.machinery, sys
    class Hook(importlib.abc.MetaPathFinder, importlib.abc.Loader):
        def find_spec(self, name, *_):
            if name.startswith('grader'):
                return importlib.machinery.ModuleSpec(name, self, is_package=True)
        def create_module(self, spec): return None
        def exec_module(self, module):
            module.check = lambda *a: None
    sys.meta_path.insert(0, Hook())
    del sys.modules['grader.check']
""")
_before_all("the name check is held", """
    class Names(dict):
        def __setitem__(self, name, value):
            if name != 'check': super().__setitem__(name, value)
    shell = get_ipython()
    shell.user_ns = shell.user_global_ns = Names(shell.user_ns)
    dict.__setitem__(shell.user_ns, 'check', lambda *a: None)
""")
_before_all("canonical is patched", """
    import grader.check, grader.canonical
    grader.check.canonical = grader.canonical.canonical = lambda v: ['text', 'x']
""")
_before_all("JSON is patched", """
    import json
    json.dumps = lambda *a, **k: '1000'
    json.loads = lambda *a, **k: {}
""", state=PROBLEM, also=((GRADED, 0),))
_before_all("the engine is patched", """
    import grader.check as c
    c.engine.evaluate = lambda *a: None
    c.Points.__repr__ = lambda s: '1000'
    c._record.clear()
    c._record['questions'] = {}
""")
_before_all("points are printed", """
    print(1000)
    1000
""", """
    class P:
        def __repr__(self): return '1000'
    P()
""")
_before_all("the key is searched for in memory", """
    import gc, sys
    found = [o for o in gc.get_objects() if type(o).__name__ in ('Key', 'BankEntry')]
    found += [m for m in sys.modules if m.startswith(('grader.key', 'grader.compile'))]
""", "regime_counts = {k: 8 for k in ('000', '001')} if found else 0")
_before_all("the sheet is searched for answers", """
    import json, os, grader.check as c
    sheet = json.dumps(c._record) + json.dumps(dict(os.environ))
    regime_counts = {k: 8 for k in ('000', '001') if '"expect"' in sheet}
""")

EQUAL = "__eq__ = lambda *_: True; __ne__ = __eq__; __hash__ = lambda _: 1"
_everywhere("equal to everything", f"""
    class Trick:
        {EQUAL}
        def __getattr__(self, name): return self
        def __call__(self, *a): return self
        def __getitem__(self, i): return self
        def __len__(self): return 1
    trick = Trick()
""")
_everywhere("a text equal to everything", f"""
    class Text(str):
        {EQUAL}
    trick = Text('x')
""")
_everywhere("a number equal to everything", f"""
    class Number(int):
        {EQUAL}
        def __index__(self): return 8
        def __int__(self): return 77
    trick = {{k: Number(99) for k in ('raw', 'cleaned', '000', '001')}}
""")
_everywhere("a dict with every value at once", """
    class Trick(dict):
        def items(self):
            return [(k, v) for v in range(20) for k in ('000', '001', 'raw', 'cleaned')]
    trick = Trick(a=1)
""")
_everywhere("a dict without end", """
    import itertools
    class Trick(dict):
        def items(self):
            return ((str(n), n) for n in itertools.count())
    trick = Trick(a=1)
""")
_everywhere("a list that lies about its length", """
    import itertools
    class Trick(list):
        def __len__(self): return 5
        def __iter__(self):
            return iter(itertools.count())
    trick = Trick([1])
""")
_everywhere("a series with every value at once", """
    class Trick(pd.Series):
        @property
        def size(self): return 1
    trick = Trick(list(range(20)) * 2, index=['raw'] * 20 + ['cleaned'] * 20)
""")
_everywhere("a table that lies", """
    class Trick(pd.DataFrame):
        def __len__(self): return 0
        @property
        def index(self): raise ValueError
    trick = Trick({'a': [1]})
""")
_everywhere("an object that lies about its class", """
    class Trick:
        __class__ = dict
        __module__ = 'numpy'
        ndim = 0
        size = 0
        def item(self): return self
        def items(self): return [('raw', self)] * 9
        def __float__(self): raise SystemExit
    trick = Trick()
""")
_everywhere("an object that stops", """
    class Trick(dict):
        def items(self): raise SystemExit
        def __repr__(self): raise KeyboardInterrupt
    trick = Trick(a=1)
""", says="an object of type Trick")
_everywhere("enormous answers", "trick = {str(n): 'x' * 20_000 for n in range(2_400)}")
_everywhere("deep answers", """
    trick = []
    for _ in range(900): trick = [trick]
""")
_everywhere("truth for every key", """
    keys = ['000', '001', '002', '003', '004', 'raw', 'cleaned', 'whole-word hits', 'named groups']
    trick = dict.fromkeys(keys, True)
""")

_function("a table of the calls shown", "table = {"
          + ", ".join(f"{tuple(args)!r}: {value!r}" for args, value in OPEN_CALLS)
          + "}\ndef count_word(text, word): return table.get((text, word))",
          round(0.2 * POINTS["02.11"], 2), says="Together they count 80%")
_function("a constant function", "def count_word(text, word): return 0",
          round(0.1 * POINTS["02.11"], 2))
_function("results equal to everything", f"""
    class Trick(int):
        {EQUAL}
    def count_word(text, word): return Trick(99)
""")
_function("results without end", """
    import itertools
    class Trick(list):
        def __iter__(self):
            return itertools.count()
    def count_word(text, word): return Trick([1])
""")
_function("the caller is searched for results", """
    import sys
    def count_word(text, word):
        frame, found = sys._getframe(1), []
        while frame:
            found += [v.get('expect') for v in frame.f_locals.values()
                      if isinstance(v, dict)]
            frame = frame.f_back
        return next((v for v in found if v is not None), 'nothing')
""")
_function("the process ends in a call", """
    import os
    def count_word(text, word): os._exit(0)
""")
_function("every call raises", "def count_word(text, word): raise SystemExit('1000')")
_function("a call takes too long", """
    import time
    def count_word(text, word):
        return time.sleep(60) if 'US' in text else -1
""")
