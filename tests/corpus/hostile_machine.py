"""Code that goes for its surroundings: descriptors, files, processes, memory, the key.

Cases that could harm the machine, or find what must not be found, name the protections that
they need; without them they are not run.
"""

from __future__ import annotations

from textwrap import dedent

from grader import key

from .hostile_code import ENDED
from .kit import GRADED, NAMES, PROBLEM, Corpus, Hand, answer, before, but, hostile, insert

case = Corpus("hostile to the machine")
HARM = "would harm this machine"


def _finds(name: str, source: str, *needs: str) -> None:
    """Nothing is answered; 02.8 is right if the code finds what it looks for.

    It is told where that is: CLASSROOM, KEY and PORT stand for the real places.
    """
    @case(name, points=0, needs=needs)
    def _(hand: Hand) -> None:
        places = {"CLASSROOM": str(hand.folder.parents[2]), "KEY": str(key.FOLDER),
                  "PORT": hand.port}
        looks = dedent(source)
        for place, value in places.items():
            looks = looks.replace(place, repr(value))
        nb = insert(hand.notebook(right=False), "answer-02-8", f"found = False\n{looks}")
        answer(nb, "02.8", f"{NAMES['02.8']} = {{'000', '001', '003'}} if found else {{'x'}}")
        hand.write(nb)


# --- its own process ---------------------------------------------------------------------

hostile(case, "deletes the work folder", """
    import os, shutil
    here = os.getcwd()
    shutil.rmtree(here)
    os.path.exists(here)
""", needs=("write",))
hostile(case, "no standard streams", """
    import sys
    sys.stdout = sys.stderr = sys.stdin = None
    sys.__stdout__ = None
""", also=((GRADED, before("02.6")),))
hostile(case, "standard streams elsewhere", """
    import os
    fd = os.open('out.txt', os.O_CREAT | os.O_RDWR)
    for n in (0, 1, 2): os.dup2(fd, n)
    os.system('echo hello')
""")
# Either the notebook ends there, or only this cell does.
_ends = {"state": PROBLEM, "points": before("02.6"), "says": ENDED,
         "also": ((GRADED, but("02.6")),)}
_costs = {"also": ((PROBLEM, before("02.6")),)}
hostile(case, "closes every descriptor", """
    import os
    os.closerange(0, 4_096)
""", **_ends)
hostile(case, "writes on every descriptor", r"""
    import os
    for n in range(3, 64):
        try: os.write(n, b'{"done": true}\n\x00[[[\n' * 1_000)
        except OSError: pass
""", needs=("processes",), **_ends)
hostile(case, "limits lowered", """
    import resource as r
    r.setrlimit(r.RLIMIT_NOFILE, (3, 3))
    r.setrlimit(r.RLIMIT_FSIZE, (0, 0))
    r.setrlimit(r.RLIMIT_CORE, (0, 0))
""", points=but("02.6", "02.11"))
hostile(case, "no processor time left", """
    import resource as r
    r.setrlimit(r.RLIMIT_CPU, (1, 1))
    while True: pass
""", **_ends)
hostile(case, "alarms", """
    import signal
    signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
""", **_ends)
hostile(case, "asyncio is patched", """
    import asyncio
    asyncio.run = asyncio.get_event_loop = None
    asyncio.AbstractEventLoop.run_until_complete = None
    asyncio.set_event_loop_policy = asyncio.new_event_loop = None
""", also=((GRADED, before("02.6")),))
hostile(case, "gc, locale and name", """
    import ctypes, faulthandler, gc, locale, sys
    gc.disable()
    gc.set_threshold(1, 1, 1)
    faulthandler.enable(sys.__stderr__ or 2) if 0 else None
    locale.setlocale(locale.LC_ALL, 'C')
    ctypes.CDLL(None).prctl(15, b'x' * 15)
    sys.setrecursionlimit(200)
    sys.setswitchinterval(5)
""")
hostile(case, "tracing", """
    import sys, threading
    def trace(*_): return trace
    sys.settrace(trace)
    sys.setprofile(trace)
    threading.settrace(trace)
""")
hostile(case, "a script", """
    %%script bash
    echo 1000; exit 3
""")
hostile(case, "shell commands", """
    !echo 1000; false
    import os
    os.system('exit 3')
""")

# --- other processes ---------------------------------------------------------------------

hostile(case, "a fork that goes on", """
    import os
    os.fork()
""", needs=("processes",))
hostile(case, "a daemon", """
    import os, time
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            time.sleep(3_600)
        os._exit(0)
""", needs=("processes",))
hostile(case, "kills its parents", """
    import os, signal
    for pid in (os.getppid(), 1):
        try: os.kill(pid, signal.SIGKILL)
        except OSError: pass
""", needs=("processes",), stock=HARM)
hostile(case, "kills everybody", """
    import os, signal
    try: os.kill(-1, signal.SIGKILL)
    except OSError: pass
""", needs=("processes",), stock=HARM)
hostile(case, "a fork bomb", """
    import os
    for _ in range(10_000):
        try: os.fork()
        except OSError: pass
""", state=PROBLEM, points=before("02.6"), says=ENDED, needs=("processes", "fork"), stock=HARM,
         # Its children may outlast the cell; then a call of a function finds no room for its own.
         also=((GRADED, but("02.6")), (GRADED, but("02.6", "02.11"))))
hostile(case, "a memory bomb", """
    kept = []
    while True: kept.append(bytearray(b'x') * 10**7)
""", needs=("memory",), stock=HARM, **_costs)
hostile(case, "a bomb of shared memory", """
    import mmap
    kept = []
    while True:
        kept.append(mmap.mmap(-1, 10**7))
        kept[-1].write(b'x' * 10**7)
""", needs=("memory",), stock=HARM, **_costs)
hostile(case, "fills the disk", """
    with open('big', 'wb') as file:
        while True:
            file.write(b'x' * 10**7)
""", needs=("disk",), stock=HARM, **_costs)
hostile(case, "files without number", """
    import itertools
    for n in itertools.count():
        open(f'f{n}', 'w').close()
""", needs=("disk",), stock=HARM, **_costs)

# --- what is not its own -----------------------------------------------------------------

_finds("imports the key", """
    import sys
    from pathlib import Path
    sys.path.insert(0, str(Path(KEY).parents[1]))
    try:
        from grader import key
        found = bool(key.topics())
    except BaseException: pass
""", "read")
_finds("reads the key", """
    from pathlib import Path
    for folder in (Path(KEY), Path('/proc/1/root', KEY.lstrip('/'))):
        try: found = found or any(b'answer:' in file.read_bytes() for file in folder.iterdir())
        except OSError: pass
""", "read")
_finds("looks for keys in the memory of others", """
    from pathlib import Path
    for process in Path('/proc').glob('[0-9]*'):
        try:
            found = found or b'answer_key' in (process / 'maps').read_bytes()
            with open(process / 'mem', 'rb') as memory: memory.read(1)
        except OSError: pass
""", "read", "processes")
_finds("reads the gradebook", """
    import sqlite3
    from pathlib import Path
    try:
        book = sqlite3.connect('file:' + CLASSROOM + '/gradebook.db?mode=ro', uri=True)
        found = bool(book.execute('SELECT * FROM student').fetchall())
    except sqlite3.Error: pass
""", "read")
_finds("reads the neighbours", """
    from pathlib import Path
    for folder in (Path(CLASSROOM), Path.cwd().parent, Path.home()):
        try: found = found or any('a-honest' in str(path) for path in folder.glob('**/*.ipynb'))
        except OSError: pass
""", "read")
_finds("reads the environment", r"""
    import os
    from pathlib import Path
    text = repr(dict(os.environ))
    for process in Path('/proc').glob('[0-9]*/environ'):
        try: text += process.read_text(errors='replace')
        except OSError: pass
    found = 'SECRET_OF_THE_TEST' in text
""", "read")
_finds("writes the gradebook", """
    import sqlite3
    try:
        book = sqlite3.connect(CLASSROOM + '/gradebook.db', timeout=1)
        book.execute('UPDATE grade SET auto_score = 1000')
        book.commit()
        found = True
    except sqlite3.Error: pass
""", "write")
_finds("writes to the neighbours", """
    from pathlib import Path
    for place in ('submitted', 'autograded', 'release', '.'):
        try:
            Path(CLASSROOM, place, 'left-by-a-notebook').write_text('x')
            found = True
        except OSError: pass
""", "write")
_finds("calls this machine", """
    import socket
    try:
        socket.create_connection(('127.0.0.1', PORT), 2).close()
        found = True
    except OSError: pass
""", "network")


@case("a submission that looks like a gradebook", points=0)
def _(hand: Hand) -> None:
    hand.write(hand.notebook(right=False))
    hand.write("SQLite format 3", "gradebook.db")
    hand.write("c = get_config()\nc.Autograde.autograde_preprocessors = []", "nbgrader_config.py")
