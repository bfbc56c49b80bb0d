"""One small cell for each feature of a notebook: (feature, source). Run in this order."""

from __future__ import annotations

# `import reader` comes first, as in every notebook of the course: it changes how tables look.
CELLS = [
    ("the course's imports", "import reader\nfrom grader.check import check"),

    # --- streams ---
    ("print", "print('one')\nprint('two', 'three', sep='-', end='.\\n')"),
    ("stdout and stderr in turn", """
import sys
for i in range(3):
    print("out", i)
    print("err", i, file=sys.stderr)"""),
    ("flush keeps the order", """
for i in range(3):
    print("out", i, flush=True)
    print("err", i, file=sys.stderr, flush=True)"""),
    ("a pause keeps the order", """
import time
print("first")
time.sleep(0.5)
print("second", file=sys.stderr)
time.sleep(0.5)
print("third")"""),
    ("sys.stdout.write and writelines", """
print(sys.stdout.write("five\\n"))
sys.stdout.writelines(["a", "b\\n"])
sys.stdout.write(5)"""),
    ("properties of the streams", """
print(type(sys.stdout), sys.stdout.encoding, sys.stdout.isatty(), sys.stdout.writable(),
      sys.stdout.errors, sys.stdout.name, sys.stdout.closed)
sys.stdout.reconfigure(line_buffering=True)"""),
    ("carriage returns and backspaces", "print('10%\\r20%\\r30%')\nprint('abc\\b\\bd')"),
    ("a very long line", "print('x' * 300_000)"),
    ("many lines", "for i in range(20_000):\n    print(i)"),
    ("a redirected stream", """
import contextlib, io
with contextlib.redirect_stdout(io.StringIO()) as text:
    print("unseen")
text.getvalue()"""),
    ("the interpreter's own streams", """
print("by the first stdout", file=sys.__stdout__, flush=True)
time.sleep(0.1)
print("by the first stderr", file=sys.__stderr__, flush=True)
time.sleep(0.1)"""),
    ("no text but bytes", "sys.stdout.buffer.write(b'x')"),
    ("logging", """
import logging
logging.warning("root warns")
logging.getLogger("mine").error("mine errs")
logging.getLogger("mine").info("unseen")"""),
    ("logging at every level", """
log = logging.getLogger("loud")
log.setLevel(logging.DEBUG)
log.addHandler(logging.StreamHandler(sys.stdout))
log.debug("details")"""),
    ("the root logger at DEBUG", """
logging.basicConfig(level=logging.DEBUG, format="%(name)s %(message)s", force=True)
print("nothing of the machinery's own")
1 / 0"""),
    ("the root logger again", "logging.basicConfig(level=logging.WARNING, force=True)"),

    # --- warnings ---
    ("a warning", "import warnings\nwarnings.warn('mind the gap')"),
    ("a warning shown once", """
for i in range(3):
    warnings.warn("again")"""),
    ("a warning of another cell", "def careless():\n    warnings.warn('careless', UserWarning)\n"
                                  "careless()\ncareless()"),
    ("a deprecation in the notebook", "warnings.warn('old', DeprecationWarning)"),
    ("a warning of a library", "import numpy as np\nnp.array([1.0]) / 0"),
    ("the same warning of a library again", "np.array([1.0]) / 0\nnp.log(np.array([-1.0]))"),
    ("a warning as an error", """
with warnings.catch_warnings():
    warnings.simplefilter("error")
    warnings.warn("now an error")"""),
    ("a syntax warning", "1 is 1"),

    # --- displays and results ---
    ("html, markdown, latex", """
from IPython.display import *
display(HTML("<b>b</b>"), Markdown("*m*"), Latex("$x$"), Math("x^2"))"""),
    ("svg, javascript, json", """
display(SVG("<svg xmlns='http://www.w3.org/2000/svg'><circle r='1'/></svg>"))
display(Javascript("1"), JSON({"a": [1, None, True, 2.5]}), GeoJSON({"type": "Point"}))"""),
    ("an image of bytes", """
import base64
png = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9"
                       "awAAAABJRU5ErkJggg==")
display(Image(data=png, width=10))
Image(data=png)"""),
    ("a pretty result", "[{'key': list(range(30)), 'other': 'text ' * 12}] * 3"),
    ("None is no result", "None"),
    ("a semicolon hides a result", "5;"),
    ("a string, a number, a set", "'text'\n"),
    ("the last results", "_, __"),
    ("a result by its number", "Out[max(Out)], len(In) > 5"),
    ("In and _i", "_i, _ii, In[-1]"),
    ("several expressions", "1\n2\n3"),
    ("all expressions shown", """
get_ipython().ast_node_interactivity = "all"
"""),
    ("all expressions shown, now", "1\n2\nget_ipython().ast_node_interactivity = 'last_expr'"),
    ("a mimebundle", """
display({"text/plain": "plain", "application/x+json": {"a": 1}}, raw=True,
        metadata={"application/x+json": {"expanded": True}})"""),
    ("_repr_mimebundle_ with metadata", """
class Bundle:
    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/plain": "b", "text/html": "<i>b</i>"}, {"text/html": {"isolated": True}}
Bundle()"""),
    ("_repr_html_ and others", """
class Rich:
    def _repr_html_(self):
        return "<u>h</u>"
    def _repr_png_(self):
        return png
    def _repr_latex_(self):
        return "$l$"
    def __repr__(self):
        return "rich"
display(Rich())
Rich()"""),
    ("_ipython_display_", """
class Shown:
    def _ipython_display_(self):
        print("by itself")
        display("by display")
Shown()"""),
    ("a display within a repr", """
class Nested:
    def __repr__(self):
        display("inner")
        print("printed")
        return "outer"
display(Nested())
Nested()"""),
    ("an error in a formatter", """
class Broken:
    def _repr_html_(self):
        raise ValueError("no html")
    def __repr__(self):
        return "broken"
display(Broken())
Broken()"""),
    ("an error in a repr", """
class Worse:
    def __repr__(self):
        raise ValueError("no repr")
Worse()"""),
    ("numbers that JSON lacks", "JSON({'nan': float('nan'), 'inf': float('inf')})"),
    ("what JSON lacks", "display({'text/plain': 'x', 'application/json': {1: {2, 3}}}, raw=True)"),
    ("JSON keys and tuples", "display({'application/json': {1: (2, 3)}}, raw=True)"),
    ("changed after it was shown", """
data = {"text/plain": "x", "application/json": {"a": [1]}}
display(data, raw=True)
data["application/json"]["a"].append(2)"""),
    ("a display id", "shown = display('first', display_id=True)\nshown.update('second')"),
    ("a display id of a later cell", "shown.update('third')\nprint('updated')"),
    ("a display shown twice", "shown.display('fourth')"),
    ("an update of both", "shown.update('fifth')"),
    ("a display id by name", "display('a', display_id='name')\ndisplay('b', display_id='name')"),
    ("an update of nothing", "update_display('c', display_id='unknown')"),
    ("clear_output", "print('gone')\nclear_output()\nprint('kept')"),
    ("clear_output(wait)", "print('gone')\nclear_output(wait=True)\nprint('kept')"),
    ("clear_output(wait) with nothing after", "print('kept')\nclear_output(wait=True)"),
    ("an animation", """
for i in range(3):
    clear_output(wait=True)
    display(i)"""),
    ("display(clear)", "print('gone')\ndisplay('shown', clear=True)"),
    ("a progress display", "for i in ProgressBar(3):\n    pass"),
    ("a plain formatter of one's own", """
get_ipython().display_formatter.formatters["text/plain"].for_type(
    complex, lambda value, p, cycle: p.text("complex!"))
1j"""),
    ("sys.displayhook replaced", """
hook, sys.displayhook = sys.displayhook, lambda value: print("hooked", value)
7"""),
    ("sys.displayhook in the next cell", "sys.displayhook.__class__.__name__, 8"),
    ("a result with surrogates escaped", "'\\ud800'"),
    ("unicode", "print('äöü ὕβρις 𝔘 \\u202e \\x00 \\x1b[31mred\\x1b[0m')\n'😀'"),

    # --- pandas and matplotlib ---
    ("a DataFrame", "import pandas as pd\nframe = pd.DataFrame({'a': [1, 2], 'b': ['x', 'y']})\n"
                    "frame"),
    ("a Series and an Index", "display(frame['a'], frame.index)\nframe.describe()"),
    ("a Styler", "frame.style.set_uuid('fixed').highlight_max(subset=['a'])"),
    ("pandas options", "with pd.option_context('display.max_rows', 2):\n"
                       "    display(pd.DataFrame({'n': range(9)}))"),
    ("a figure", "import matplotlib.pyplot as plt\nplt.plot([1, 3, 2])\nplt.title('one');"),
    ("several figures and plt.show", """
plt.figure(figsize=(2, 1))
plt.plot([1, 2])
plt.show()
print("between")
fig, axes = plt.subplots(1, 2, figsize=(3, 1))
axes[0].bar(["a"], [1])"""),
    ("a closed figure", "fig, ax = plt.subplots()\nplt.close(fig)"),
    ("a figure as a result", "fig, ax = plt.subplots(figsize=(1, 1))\nfig"),
    ("figure numbers", "plt.get_fignums(), plt.figure().number"),
    ("a figure of an earlier cell", "ax.plot([1, 2])\nax.figure"),
    ("a figure and an error", "plt.figure(figsize=(1, 1))\nplt.plot([1])\n1 / 0"),
    ("matplotlib's state", "import matplotlib\nmatplotlib.get_backend(), plt.isinteractive(), "
                           "matplotlib.rcParams['figure.dpi']"),
    ("%matplotlib inline", "%matplotlib inline\nplt.plot([2, 1])"),
    ("svg figures", "%config InlineBackend.figure_formats = ['svg']\nplt.figure(figsize=(1, 1))\n"
                    "plt.rcParams['svg.hashsalt'] = 'x'\nplt.gca().axis('off');"),
    ("png figures again", "%config InlineBackend.figure_formats = ['png']"),

    # --- errors ---
    ("an error", "1 / 0"),
    ("output before an error", "print('before')\ndisplay('shown')\nint('x')\nprint('after')"),
    ("an error in a function of an earlier cell", "def fails(x):\n    return 1 / x\n"),
    ("it fails", "fails(0)"),
    ("a nested error", "def outer():\n    return fails(0)\n\n[outer() for _ in range(2)]"),
    ("a chained error", """
try:
    fails(0)
except ZeroDivisionError as error:
    raise KeyError("while handling")"""),
    ("a cause", """
try:
    fails(0)
except ZeroDivisionError as error:
    raise ValueError("because") from error"""),
    ("no context", "try:\n    1 / 0\nexcept ZeroDivisionError:\n    raise ValueError('x') from None"),
    ("a syntax error", "x = (1,\ny = 2"),
    ("an indentation error", "if True:\nprint(1)"),
    ("an error of a library", "pd.DataFrame({'a': [1]})['b']"),
    ("a recursion error", "def deep(n):\n    return deep(n + 1)\ndeep(0)"),
    ("an assertion", "assert 1 + 1 == 3, 'arithmetic'"),
    ("a NameError", "undefined_name"),
    ("a NameError in a check cell", "check('01.1', undefined_answer)"),
    ("an ExceptionGroup", """
raise ExceptionGroup("several", [ValueError("one"), ExceptionGroup("inner", [KeyError("two")])])"""),
    ("a note", "error = ValueError('noted')\nerror.add_note('a note')\nraise error"),
    ("_render_traceback_", """
class Gentle(Exception):
    def _render_traceback_(self):
        return ["one gentle sentence"]
raise Gentle("x")"""),
    ("a custom handler", """
def handler(shell, etype, value, tb, tb_offset=None):
    print("handled", etype.__name__)
get_ipython().set_custom_exc((LookupError,), handler)
{}["x"]"""),
    ("%xmode Minimal", "%xmode Minimal\n1 / 0"),
    ("%xmode Verbose", "%xmode Verbose\nfails(0)"),
    ("%xmode Context", "%xmode Context\n%colors"),
    ("sys.excepthook", "sys.excepthook = lambda *a: print('hook')\n1 / 0"),
    ("sys.last_value", "type(sys.last_value).__name__, sys.last_type"),
    ("traceback.print_exc", "import traceback\ntry:\n    fails(0)\nexcept ZeroDivisionError:\n"
                            "    traceback.print_exc()"),
    ("raise SystemExit", "print('before')\nraise SystemExit(3)"),
    ("sys.exit", "sys.exit('a reason')"),
    ("KeyboardInterrupt by hand", "raise KeyboardInterrupt('by hand')"),
    ("an interrupt of itself", "import os, signal\nos.kill(os.getpid(), signal.SIGINT)\n"
                               "time.sleep(5)"),
    ("GeneratorExit and others", "raise GeneratorExit('x')"),
    ("an error without text", "raise ValueError"),
    ("an error whose text fails", """
class Mute(Exception):
    def __str__(self):
        raise RuntimeError("no text")
raise Mute()"""),
    ("a huge traceback line", "x = " + " + ".join(["1"] * 400) + " + 'a'"),

    # --- asyncio and threads ---
    ("await", "import asyncio\nawait asyncio.sleep(0.01)\nprint('awaited')\n'result'"),
    ("an error in await", "async def failing():\n    raise ValueError('async')\nawait failing()"),
    ("async for and with", """
async def numbers():
    for i in range(3):
        await asyncio.sleep(0)
        yield i
async for i in numbers():
    print(i)
[i async for i in numbers()]"""),
    ("a task that ends in a later cell", """
async def later():
    print("at once")
    await asyncio.sleep(0.05)
    print("late")
    display("late too")
    return "done"
task = asyncio.create_task(later())
print("cell ends")"""),
    ("the task ends here", "print(await task)\nprint('its own')"),
    ("tasks together", """
async def speak(name, seconds):
    await asyncio.sleep(seconds)
    print(name)
await asyncio.gather(speak("b", 0.1), speak("a", 0.02))"""),
    ("asyncio.run", "asyncio.run(asyncio.sleep(0))"),
    ("the loop", "asyncio.get_event_loop().is_running(), type(asyncio.get_event_loop()).__name__"),
    ("call_later", "asyncio.get_event_loop().call_later(0.02, print, 'called')\n"
                   "await asyncio.sleep(0.1)"),
    ("a task that fails unseen", "async def lost():\n    raise ValueError('lost')\n"
                                 "lost_task = asyncio.create_task(lost())\nawait asyncio.sleep(0.05)\n"
                                 "del lost_task\nimport gc\ngc.collect();"),
    ("a subprocess of asyncio", """
process = await asyncio.create_subprocess_exec("echo", "async", stdout=asyncio.subprocess.PIPE)
(await process.communicate())[0]"""),
    ("context variables", "import contextvars\nvariable = contextvars.ContextVar('v')\n"
                          "variable.set('kept');"),
    ("context variables in the next cell", "variable.get()"),
    ("threads", """
import threading
def work(i):
    time.sleep(0.05 * i)
    print("thread", i)
    display(f"thread {i}")
threads = [threading.Thread(target=work, args=(i,)) for i in range(3)]
for thread in threads: thread.start()
for thread in threads: thread.join()"""),
    ("an error in a thread", "thread = threading.Thread(target=fails, args=(0,), name='T')\n"
                             "thread.start()\nthread.join()"),
    ("a pool of threads", """
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor(1) as pool:
    print(list(pool.map(lambda x: x * x, range(4))))"""),
    ("asyncio.to_thread", "await asyncio.to_thread(print, 'from a thread')"),

    # --- processes and descriptors ---
    ("!command", "!echo shell; echo error >&2"),
    ("x = !command", "lines = !printf 'a\\nb\\n'\nlines, lines.n"),
    ("!command with a variable", "name = 'idlib'\n!echo $name {1 + 1}"),
    ("!command that fails", "!exit 3\n_exit_code"),
    ("os.system", "os.system('echo system')"),
    ("print, then a program", "print('before')\ntime.sleep(0.1)\nos.system('echo program')\n"
                              "time.sleep(0.1)\nprint('after')"),
    ("subprocess inherits", "import subprocess\nsubprocess.run(['echo', 'inherited']).returncode"),
    ("subprocess captured", "subprocess.run('echo captured; exit 4', shell=True, text=True, "
                            "capture_output=True)"),
    ("subprocess to sys.stdout", "subprocess.run(['echo', 'past the notebook'], "
                                 "stdout=sys.stdout).returncode"),
    ("stderr of a program", "subprocess.run('echo wrong >&2', shell=True);"),
    ("a program that is checked", "subprocess.run(['false'], check=True)"),
    ("os.write", "os.write(1, b'one\\n')\ntime.sleep(0.1)\nos.write(2, b'two\\n')\n"
                 "time.sleep(0.1)"),
    ("half a character", "os.write(1, b'\\xff\\xc3')\ntime.sleep(0.1)"),
    ("more than a pipe holds", "os.write(1, b'y' * 200_000)\ntime.sleep(0.2)"),
    ("a fork that prints", """
pid = os.fork()
if pid == 0:
    print("child prints")
    sys.stdout.flush()
    os._exit(0)
os.waitpid(pid, 0)
time.sleep(0.1)
print("parent goes on")"""),
    ("a fork that displays", """
pid = os.fork()
if pid == 0:
    display(HTML("<p>" + "c" * 20_000))
    os._exit(0)
os.waitpid(pid, 0)
time.sleep(0.2)"""),
    ("multiprocessing", """
import multiprocessing
context = multiprocessing.get_context("fork")
def square(x):
    print("square", x)
    return x * x
with context.Pool(1) as pool:
    print(pool.map(square, [1, 2]))
time.sleep(0.2)"""),
    ("pickles of the notebook's classes", """
import pickle
class Point:
    def __init__(self, x):
        self.x = x
pickle.loads(pickle.dumps(Point(3))).x, Point.__module__, pickle.dumps(square)[:20]"""),
    ("__main__", "import __main__\n__main__.name, __name__, '__file__' in globals()"),
    ("if __name__ == '__main__'", "if __name__ == '__main__':\n    print('main')"),

    # --- the language ---
    ("a dataclass", "from dataclasses import dataclass\n@dataclass\nclass D:\n    x: int = 1\nD()"),
    ("names that a notebook has", "sorted(n for n in dir() if n.startswith('__'))"),
    ("the folder", "from pathlib import Path\nPath.cwd().name, os.listdir('.')"),
    ("sys.path", "[p if not p.startswith('/') else '/' for p in sys.path if not p or "
                 "p.endswith(('site-packages', 'lib-dynload'))]"),
    ("sys.argv", "len(sys.argv) > 2, Path(sys.argv[0]).name, sys.argv[1]"),
    ("argparse", "import argparse\nargparse.ArgumentParser().parse_args([])"),
    ("a module beside the notebook", "Path('beside.py').write_text('VALUE = 5')\n"
                                     "import beside\nbeside.VALUE"),
    ("the environment", "os.environ['NBGRADER_EXECUTION'], os.environ['TERM'], "
                        "os.environ['FORCE_COLOR'], os.environ['MPLBACKEND']"),
    ("random numbers that are seeded", "import random\nrandom.seed(1)\nnp.random.seed(1)\n"
                                       "random.random(), np.random.rand()"),
    ("random numbers that are not", "random.random() != random.random()"),
    ("inspect.getsource", "import inspect\nprint(inspect.getsource(fails))"),
    ("typing and help", "help(fails)"),
    ("a long result", "list(range(2000))"),
    ("gc and finalisers", "class F:\n    def __del__(self):\n        print('finalised')\nf = F()\n"
                          "del f\ngc.collect();"),
    ("atexit", "import atexit\natexit.register(print, 'never shown')"),
    ("signal handlers", "signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)"),
    ("a timer signal", "signal.signal(signal.SIGALRM, lambda *a: print('alarm'))\n"
                       "signal.setitimer(signal.ITIMER_REAL, 0.05)\ntime.sleep(0.2)"),
    ("eval and exec", "exec('z = 5\\nprint(z)')\neval('z + 1')"),
    ("an annotation", "value: int = 3\n__annotations__"),
    ("a lone expression of a walrus", "(w := 5)"),

    # --- IPython ---
    ("%time", "%time sum(range(10))"),
    ("%%time", "%%time\nprint('timed')"),
    ("%timeit", "%timeit -n1 -r1 sum(range(10))"),
    ("%%capture", "%%capture captured\nprint('unseen')\ndisplay('unseen')"),
    ("%%capture shown", "captured.show()\ncaptured.stdout"),
    ("%%html", "%%html\n<b>html</b>"),
    ("%%javascript", "%%javascript\n1"),
    ("%%latex and %%markdown", "%%markdown\n*m*"),
    ("%%bash", "%%bash\necho bash\necho wrong >&2"),
    ("%%bash that fails", "%%bash\nexit 2"),
    ("%%script", "%%script cat\nscripted"),
    ("%%writefile", "%%writefile script.py\nprint('script', __name__)\nscripted = 1"),
    ("%run", "%run script.py\nscripted"),
    ("%run that fails", "Path('bad.py').write_text('1 / 0')\n%run bad.py"),
    ("%load", "%load script.py"),
    ("%pycat", "%pycat script.py"),
    ("%who", "%who DataFrame"),
    ("%whos", "%whos function"),
    ("%precision", "%precision 3"),
    ("%precision used", "3.14159265"),
    ("%precision back", "%precision"),
    ("%load_ext", "%load_ext autoreload\n%autoreload 2\n%load_ext missing_extension"),
    ("%env", "%env NBGRADER_EXECUTION"),
    ("%env set", "%env MINE=5\nos.environ['MINE']"),
    ("%pwd and %cd", "import os.path\nos.mkdir('sub')\n%cd sub\n%cd -\nos.path.basename(_dh[-1])"),
    ("%history", "%history -n 1-2"),
    ("history", "[line[2] for line in get_ipython().history_manager.get_range(0, 1, 3)]"),
    ("%recall", "%recall 2"),
    ("%macro", "%macro mymacro 2\nmymacro"),
    ("%alias", "%alias greet echo hello %s\n%greet you"),
    ("%store", "stored = 5\n%store stored"),
    ("%lsmagic", "len(get_ipython().magics_manager.magics['line']) > 50"),
    ("%unknown", "%nosuchmagic"),
    ("%%unknown", "%%nosuchcellmagic\nx"),
    ("a magic of one's own", """
from IPython.core.magic import register_line_magic, register_cell_magic
@register_line_magic
def shout(line):
    return line.upper()
%shout hello"""),
    ("?", "fails?"),
    ("??", "fails??"),
    ("? of nothing", "nothing_there?"),
    ("%pinfo", "%pinfo Point"),
    ("%psearch", "%psearch fail*"),
    ("%debug", "%debug"),
    ("breakpoint", "breakpoint()"),
    ("%pdb", "%pdb on\n%pdb off"),
    ("%prun", "%prun -q -T profile.txt sum(range(10))"),
    ("%config", "%config IPCompleter.use_jedi"),
    ("%reset_selective", "gone = 1\n%reset_selective -f ^gone$\n'gone' in globals()"),
    ("%xdel", "other = 1\n%xdel other\n'other' in globals()"),
    ("%%prun-like hooks", """
def after(result):
    print("post_run_cell", result.success)
get_ipython().events.register("post_run_cell", after)
get_ipython().events.register("pre_run_cell", lambda info: print("pre_run_cell"))"""),
    ("hooks of events", "'between'"),
    ("hooks of events in await", "await asyncio.sleep(0)"),
    ("hooks off again", "get_ipython().events.unregister('post_run_cell', after)\n"
                        "get_ipython().events.callbacks['pre_run_cell'].clear()"),
    ("an input transformer", """
def swap(lines):
    return [line.replace("¬", "not ") for line in lines]
get_ipython().input_transformers_cleanup.append(swap)"""),
    ("an input transformer at work", "¬True"),
    ("autocall", "/len [1, 2]"),
    ("quoting", ",print a b"),
    ("run_cell in a cell", "get_ipython().run_cell('print(\"inner\")\\n1 / 0').success"),
    ("run_line_magic", "get_ipython().run_line_magic('pwd', '').endswith(Path.cwd().name)"),
    ("set_next_input", "get_ipython().set_next_input('x = 1')"),
    ("page", "from IPython.core.page import page\npage('paged')"),
    ("the kind of shell", "get_ipython().__class__.__name__, get_ipython().execution_count > 9"),
    ("execution counts", "get_ipython().execution_count, len(In)"),
    ("showtraceback by hand", "try:\n    fails(0)\nexcept ZeroDivisionError:\n"
                              "    get_ipython().showtraceback()"),
    ("an unused error of its own", "get_ipython()._showtraceback(KeyError, KeyError('k'), ['line'])"),

    # --- widgets ---
    ("a slider", "import ipywidgets\nslider = ipywidgets.IntSlider(3)\nslider"),
    ("a slider in a later cell", "slider.value = 5\nslider.observe(lambda c: print('changed', c.new),"
                                 " 'value')\nslider.value = 7"),
    ("an Output widget", "out = ipywidgets.Output()\nwith out:\n    print('inside')\n"
                         "    display('inside too')\nprint('outside')"),
    ("what an Output widget holds", "out.outputs"),
    ("an error in an Output widget", "with out:\n    1 / 0\nprint('after')"),
    ("clear an Output widget", "out.clear_output()\nwith out:\n    print('again')\nout"),
    ("an Output widget while waiting", "with out:\n    print('awaiting')\n    await asyncio.sleep(0.1)\n"
                                       "len(out.outputs)"),
    ("capture by an Output widget", "@out.capture()\ndef captured_call():\n    print('captured')\n"
                                    "captured_call()"),
    ("interact", "ipywidgets.interact(lambda x=3: print('x is', x));"),
    ("an anywidget", """
import anywidget, traitlets
class Counter(anywidget.AnyWidget):
    _esm = "export default { render() {} }"
    value = traitlets.Int(0).tag(sync=True)
Counter(value=2)"""),
    ("widgets of bytes", "ipywidgets.Image(value=png)"),

    # --- no keyboard ---
    ("input()", "input('name? ')"),
    ("getpass", "import getpass\ngetpass.getpass()"),
    ("sys.stdin", "sys.stdin.read()"),

    # --- the end of what is harmless ---
    ("%reset", "%reset -f\n'np' in globals()"),
    ("after %reset", "print('still here')\n_"),
]
