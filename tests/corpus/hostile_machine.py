"""Code that goes for its surroundings: descriptors, files, processes, memory, the key.

Cases that could harm the machine, or find what must not be found, name the protections that
they need; without them they are not run.
"""

from __future__ import annotations

from .hostile_code import ENDED
from .kit import NAMES, PROBLEM, TOPIC, Corpus, Hand, answer, before, but, insert

case = Corpus("hostile to the machine")
HARM = "would harm this machine"


def _hostile(name: str, source: str, **expected) -> None:
    """The answer to 02.6 is this code; all other answers are right."""
    @case(name, **{"points": but("02.6"), **expected})
    def _(hand: Hand) -> None:
        nb = hand.notebook()
        answer(nb, "02.6", source)
        hand.write(nb)


def _finds(name: str, source: str, *needs: str, **expected) -> None:
    """Nothing is answered; 02.8 is right if the code finds what it looks for."""
    @case(name, **{"points": 0, "needs": needs, **expected})
    def _(hand: Hand) -> None:
        nb = insert(hand.notebook(right=False), "answer-02-8", f"found = False\n{source}")
        answer(nb, "02.8", f"{NAMES['02.8']} = {{'000', '001', '003'}} if found else {{'x'}}")
        hand.write(nb)


# --- its own process ---------------------------------------------------------------------

_hostile("deletes the work folder", "import os, shutil\nhere = os.getcwd()\nshutil.rmtree(here)\n"
         "os.path.exists(here)", needs=("write",))
_hostile("no standard streams", "import sys\nsys.stdout = sys.stderr = sys.stdin = None\n"
         "sys.__stdout__ = None")
_hostile("standard streams elsewhere", "import os\nfd = os.open('out.txt', os.O_CREAT | os.O_RDWR)\n"
         "for n in (0, 1, 2): os.dup2(fd, n)\nos.system('echo hello')")
_ends = {"state": PROBLEM, "points": before("02.6"), "says": ENDED}
_hostile("closes every descriptor", "import os\nos.closerange(0, 4_096)", **_ends)
_hostile("writes on every descriptor", "import os\nfor n in range(3, 64):\n"
         "    try: os.write(n, b'{\"done\": true}\\n\\x00[[[\\n' * 1_000)\n    except OSError: pass",
         needs=("processes",), **_ends)
_hostile("limits lowered", "import resource as r\nr.setrlimit(r.RLIMIT_NOFILE, (3, 3))\n"
         "r.setrlimit(r.RLIMIT_FSIZE, (0, 0))\nr.setrlimit(r.RLIMIT_CORE, (0, 0))",
         points=but("02.6", "02.11"))  # a call of a function needs a pipe
_hostile("no processor time left", "import resource as r\nr.setrlimit(r.RLIMIT_CPU, (1, 1))\n"
         "while True: pass", **_ends)
_hostile("alarms", "import signal\nsignal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)", **_ends)
_hostile("asyncio is patched", "import asyncio\nasyncio.run = asyncio.get_event_loop = None\n"
         "asyncio.AbstractEventLoop.run_until_complete = None\n"
         "asyncio.set_event_loop_policy = asyncio.new_event_loop = None")
_hostile("gc, locale and name", "import ctypes, faulthandler, gc, locale, sys\ngc.disable()\n"
         "gc.set_threshold(1, 1, 1)\nfaulthandler.enable(sys.__stderr__ or 2) if 0 else None\n"
         "locale.setlocale(locale.LC_ALL, 'C')\nctypes.CDLL(None).prctl(15, b'x' * 15)\n"
         "sys.setrecursionlimit(200)\nsys.setswitchinterval(5)")
_hostile("tracing", "import sys, threading\ndef trace(*_): return trace\nsys.settrace(trace)\n"
         "sys.setprofile(trace)\nthreading.settrace(trace)")
_hostile("a script", "%%script bash\necho 1000; exit 3")
_hostile("shell commands", "!echo 1000; false\nimport os\nos.system('exit 3')")

# --- other processes ---------------------------------------------------------------------

_hostile("a fork that goes on", "import os\nos.fork()", needs=("processes",))
_hostile("a daemon", "import os, time\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n"
         "        time.sleep(3_600)\n    os._exit(0)", needs=("processes",))
_hostile("kills its parents", "import os, signal\nfor pid in (os.getppid(), 1):\n"
         "    try: os.kill(pid, signal.SIGKILL)\n    except OSError: pass",
         needs=("processes",), stock=HARM)
_hostile("kills everybody", "import os, signal\ntry: os.kill(-1, signal.SIGKILL)\n"
         "except OSError: pass", needs=("processes",), stock=HARM)
_hostile("a fork bomb", "import os\nfor _ in range(10_000):\n    try: os.fork()\n"
         "    except OSError: pass", needs=("processes", "fork"), stock=HARM, **_ends)
_hostile("a memory bomb", "kept = []\nwhile True: kept.append(bytearray(b'x') * 10**7)",
         needs=("memory",), stock=HARM)
_hostile("a bomb of shared memory", "import mmap\nkept = []\nwhile True:\n"
         "    kept.append(mmap.mmap(-1, 10**7))\n    kept[-1].write(b'x' * 10**7)",
         needs=("memory",), stock=HARM)
_hostile("fills the disk", "with open('big', 'wb') as file:\n    while True:\n"
         "        file.write(b'x' * 10**7)", needs=("disk",), stock=HARM)
_hostile("files without number", "import itertools\nfor n in itertools.count():\n"
         "    open(f'f{n}', 'w').close()", needs=("disk",), stock=HARM)

# --- what is not its own -----------------------------------------------------------------

_finds("imports the key", "try:\n    from grader import key\n"
       f"    found = bool(key.load('{TOPIC}'))\nexcept BaseException: pass", "read")
_finds("reads the key", "import grader\nfrom pathlib import Path\n"
       "for place in [*Path(grader.__file__).parents, Path('/work'), Path('/root')]:\n"
       "    try: found = found or any(place.glob('**/answer_key/0*.yaml'))\n"
       "    except OSError: pass", "read")
_finds("reads the gradebook", "import os\nfor place, folders, files in os.walk('/'):\n"
       "    folders[:] = [f for f in folders if f not in ('proc', 'sys', 'usr', 'lib')]\n"
       "    if 'gradebook.db' in files or 'submitted' in folders:\n        found = True\n        break",
       "read")
_finds("reads the environment", "import os\nfrom pathlib import Path\nnames = dict(os.environ)\n"
       "for process in Path('/proc').glob('[0-9]*/environ'):\n"
       "    try: names.update(dict.fromkeys(process.read_bytes().decode().split('\\0')))\n"
       "    except OSError: pass\nfound = any('SECRET_OF_THE_TEST' in name for name in names)",
       "read")
_finds("writes beside itself", "from pathlib import Path\nfor place in ('..', '/tmp', '/work',"
       " Path.home()):\n    try:\n        Path(place, 'left-by-a-notebook').write_text('x')\n"
       "        found = found or place not in ('..', '/tmp')\n    except OSError: pass", "write")
_finds("calls home", "import socket\ntry:\n    socket.create_connection(('127.0.0.1', 22), 1)\n"
       "    found = True\nexcept ConnectionRefusedError: pass\nexcept OSError: pass", "network")


@case("a submission that looks like a gradebook", points=0)
def _(hand: Hand) -> None:
    hand.write(hand.notebook(right=False))
    hand.write("SQLite format 3", "gradebook.db")
    hand.write("c = get_config()\nc.Autograde.autograde_preprocessors = []", "nbgrader_config.py")
