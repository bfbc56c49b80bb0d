"""Code that ends, hangs, floods or breaks the process that runs it: it costs its own points."""

from __future__ import annotations

from .kit import PROBLEM, Corpus, Hand, answer, before, but, insert

case = Corpus("hostile code")
ENDED = "The notebook was not run to its end: "


def _hostile(name: str, source: str, **expected) -> None:
    """The answer to 02.6 is this code; all other answers are right."""
    @case(name, **{"points": but("02.6"), **expected})
    def _(hand: Hand) -> None:
        nb = hand.notebook()
        answer(nb, "02.6", source)
        hand.write(nb)


def _ends(name: str, source: str, says: str = ENDED, **more) -> None:
    """Nothing after it is run; what was answered before counts."""
    _hostile(name, source, state=PROBLEM, points=before("02.6"), says=says, **more)


# --- the end of the process --------------------------------------------------------------

_ends("os._exit", "import os\nos._exit(0)")
_ends("kills itself", "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)")
_ends("stops itself", "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)")
_ends("a segmentation fault", "import ctypes\nctypes.string_at(0)")
_ends("an abort", "import faulthandler, os\nfaulthandler.disable()\nos.abort()")
_ends("another program in its place", "import os\nos.execv('/bin/true', ['true'])")
_ends("ends in a thread", "import os, threading\nthreading.Thread(target=os._exit, args=(0,))"
      ".start()\nimport time\ntime.sleep(60)")
_hostile("sys.exit", "import sys\nsys.exit(3)")
_hostile("SystemExit with a long text", "raise SystemExit('x' * 100_000)")
_hostile("KeyboardInterrupt", "raise KeyboardInterrupt")
_hostile("BaseException", "class E(BaseException):\n    def __str__(self): raise E\n"
         "    __repr__ = __str__\nraise E")
_hostile("a chain of exceptions", "def f(n):\n    try: 1 / n if n == 0 else f(n - 1)\n"
         "    except Exception as e: raise ValueError(n) from e\nf(30)")
_hostile("deep recursion in C", "deep = []\nfor _ in range(100_000): deep = [deep]\nrepr(deep)\n"
         "deep == deep\nhash(str)\ncapitals = deep")
_hostile("at exit", "import atexit, os\natexit.register(os._exit, 1)\n"
         "atexit.register(print, 1000)")
_hostile("finalisers", "class F:\n    def __del__(self): raise SystemExit\n"
         "for _ in range(100): F()\nkept = F()")

# --- no end ------------------------------------------------------------------------------

_hostile("an endless loop", "while True: pass", says="CellTimeoutError")
_hostile("sleeps too long", "import time\ntime.sleep(3_600)", says="CellTimeoutError")
_ends("ignores the interrupt", "import time\nwhile True:\n    try: time.sleep(60)\n"
      "    except BaseException: pass", "it took too long and did not stop when interrupted")
_ends("blocks every signal", "import signal, time\n"
      "signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 64))\ntime.sleep(3_600)",
      "it took too long and did not stop when interrupted")
_hostile("threads that go on", "import threading, time\n"
         "def on():\n    while True: time.sleep(0.01)\n"
         "for _ in range(8): threading.Thread(target=on).start()")
_hostile("a task that goes on", "import asyncio\nasync def on():\n    while True:\n"
         "        print('on')\n        await asyncio.sleep(0.01)\ntask = asyncio.ensure_future(on())")


@case("slow in every cell", PROBLEM, 0, "the notebook took more than")
def _(hand: Hand) -> None:
    hand.write(insert(hand.notebook(), "answer-02-1", *["import time\ntime.sleep(2.5)"] * 40))


# --- too much said -----------------------------------------------------------------------

_hostile("a flood of lines", "for n in range(10**6): print(n, 'x' * 1_000)")
_hostile("a line of a hundred megabytes", "print('x' * 100_000_000)")
_hostile("a hundred thousand outputs", "from IPython.display import display\n"
         "for n in range(100_000): display(n)")
_hostile("an enormous result", "'x' * 50_000_000")
_hostile("an enormous error", "raise ValueError('x' * 50_000_000)")
_hostile("outputs that are none", "from IPython.display import display\n"
         "deep = {}\nfor _ in range(600): deep = {'a': deep}\n"
         "display({'application/json': deep, 'x/y': 5, 'image/png': '<b>'}, raw=True)\n"
         "display({'text/html': '<script>alert(1)</script>' * 99}, raw=True, metadata={'a': deep})")
_hostile("half characters everywhere", "from IPython.display import display\n"
         "print('\\ud83d')\ndisplay({'text/plain': '\\udcff'}, raw=True)\n"
         "raise type('E\\ud83d', (Exception,), {})('\\udfff\\x00\\x1b[31m')")
_hostile("clears and updates without end", "from IPython.display import clear_output, display\n"
         "h = display('x', display_id=True)\nfor n in range(2_000):\n    h.update(n)\n"
         "    clear_output()")
