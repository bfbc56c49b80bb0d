"""Code that ends, hangs, floods or breaks the process that runs it: it costs its own points."""

from __future__ import annotations

from .kit import GRADED, PROBLEM, Corpus, Hand, before, but, hostile, insert

case = Corpus("hostile code")
ENDED = "The notebook was not run to its end: "


def _ends(name: str, source: str, says: str = ENDED, **more) -> None:
    """Nothing after it is run, and what was answered before counts.

    Signals that it sends to itself do nothing where it is the first process of its own space.
    """
    hostile(case, name, source, state=PROBLEM, points=before("02.6"), says=says,
             also=((GRADED, but("02.6")),), **more)


# --- the end of the process --------------------------------------------------------------

_ends("os._exit", """
    import os
    os._exit(0)
""")
_ends("kills itself", """
    import os, signal
    os.kill(os.getpid(), signal.SIGKILL)
""")
_ends("stops itself", """
    import os, signal
    os.kill(os.getpid(), signal.SIGSTOP)
""")
_ends("a segmentation fault", """
    import ctypes
    ctypes.string_at(0)
""")
_ends("an abort", """
    import faulthandler, os
    faulthandler.disable()
    os.abort()
""")
_ends("another program in its place", """
    import os
    os.execv('/bin/true', ['true'])
""")
_ends("ends in a thread", """
    import os, threading
    threading.Thread(target=os._exit, args=(0,)).start()
    import time
    time.sleep(60)
""")
hostile(case, "sys.exit", """
    import sys
    sys.exit(3)
""")
hostile(case, "SystemExit with a long text", "raise SystemExit('x' * 100_000)")
hostile(case, "KeyboardInterrupt", "raise KeyboardInterrupt")
hostile(case, "BaseException", """
    class E(BaseException):
        def __str__(self): raise E
        __repr__ = __str__
    raise E
""")
hostile(case, "a chain of exceptions", """
    def f(n):
        try: 1 / n if n == 0 else f(n - 1)
        except Exception as e: raise ValueError(n) from e
    f(30)
""")
hostile(case, "deep recursion in C", """
    deep = []
    for _ in range(100_000): deep = [deep]
    repr(deep)
    deep == deep
    hash(str)
    capitals = deep
""")
hostile(case, "at exit", """
    import atexit, os
    atexit.register(os._exit, 1)
    atexit.register(print, 1000)
""")
hostile(case, "finalisers", """
    class F:
        def __del__(self): raise SystemExit
    for _ in range(100): F()
    kept = F()
""")

# --- no end ------------------------------------------------------------------------------

hostile(case, "an endless loop", "while True: pass", says="CellTimeoutError")
hostile(case, "sleeps too long", """
    import time
    time.sleep(3_600)
""", says="CellTimeoutError")
_ends("ignores the interrupt", """
    import time
    while True:
        try: time.sleep(60)
        except BaseException: pass
""", "it took too long and did not stop when interrupted")
_ends("blocks every signal", """
    import signal, time
    signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 64))
    time.sleep(3_600)
""", "it took too long and did not stop when interrupted")
hostile(case, "threads that go on", """
    import threading, time
    def on():
        while True: time.sleep(0.01)
    for _ in range(8): threading.Thread(target=on).start()
""")
hostile(case, "a task that goes on", """
    import asyncio
    async def on():
        while True:
            print('on')
            await asyncio.sleep(0.01)
    task = asyncio.ensure_future(on())
""")


@case("slow in every cell", PROBLEM, 0, "the notebook took more than")
def _(hand: Hand) -> None:
    hand.write(insert(hand.notebook(), "answer-02-1", *["import time\ntime.sleep(2.5)"] * 40))


# --- too much said -----------------------------------------------------------------------


def _floods(name: str, source: str) -> None:
    """The cell is cut; on a slow machine it may be ended, and the notebook with it."""
    hostile(case, name, source, also=((PROBLEM, before("02.6")),))


_floods("a flood of lines", "for n in range(10**6): print(n, 'x' * 1_000)")
_floods("a line of a hundred megabytes", "print('x' * 100_000_000)")
_floods("a hundred thousand outputs", """
    from IPython.display import display
    for n in range(100_000): display(n)
""")
_floods("an enormous result", "'x' * 50_000_000")
_floods("an enormous error", "raise ValueError('x' * 50_000_000)")
_floods("outputs that are none", """
    from IPython.display import display
    deep = {}
    for _ in range(600): deep = {'a': deep}
    display({'application/json': deep, 'x/y': 5, 'image/png': '<b>'}, raw=True)
    display({'text/html': '<script>alert(1)</script>' * 99}, raw=True, metadata={'a': deep})
""")
hostile(case, "half characters everywhere", r"""
    from IPython.display import display
    print('\ud83d')
    display({'text/plain': '\udcff'}, raw=True)
    raise type('E\ud83d', (Exception,), {})('\udfff\x00\x1b[31m')
""")
_floods("clears and updates without end", """
    from IPython.display import clear_output, display
    h = display('x', display_id=True)
    for n in range(2_000):
        h.update(n)
        clear_output()
""")
