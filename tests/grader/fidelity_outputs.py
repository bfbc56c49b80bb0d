"""Fidelity notebook, first half: what cells show. One small cell for each feature."""

from __future__ import annotations

# `import reader` comes first, as in every notebook of the course: it changes how tables look. Only
# the cells that learners run before it, by accident, stand above.
CELLS = [
    ("a check before the imports", "check('01.1', 5)"),
    ("another name before the imports", "undefined_answer"),
    ("a sign that cannot be read, before the imports", "x = 003"),
    ("a missing entry, before the imports", "{}['x']"),

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
time.sleep(0.3)
print("by the first stderr", file=sys.__stderr__, flush=True)
time.sleep(0.3)"""),
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
png = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGA"
                       "WjR9awAAAABJRU5ErkJggg==")
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
    ("surrogates in a result", "'\\ud800'"),
    ("surrogates in a display", "HTML('\\ud800')"),
    ("surrogates in an error", "raise ValueError('\\ud800')"),
    ("bytes as surrogates", "print('\\udc80')"),
    # The kernel reports its fault from a thread, which must not come late into the next cell.
    ("half of a surrogate pair", "print('before')\nprint('\\ud800')\nprint('after')\n"
                                 "import time\ntime.sleep(1)"),
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
    ("no context", """
try:
    1 / 0
except ZeroDivisionError:
    raise ValueError("x") from None"""),
    ("a syntax error", "x = (1,\ny = 2"),
    ("an indentation error", "if True:\nprint(1)"),
    ("an error of a library", "pd.DataFrame({'a': [1]})['b']"),
    ("a recursion error", """
def deep(n):
    return deep(n + 1)
limit = sys.getrecursionlimit()
sys.setrecursionlimit(150)  # with 3000, IPython takes ten seconds to format the traceback
try:
    deep(0)
finally:
    sys.setrecursionlimit(limit)"""),
    ("an assertion", "assert 1 + 1 == 3, 'arithmetic'"),
    ("a NameError", "undefined_name"),
    ("a NameError in a check cell", "check('01.1', undefined_answer)"),
    ("an ExceptionGroup", """
inner = ExceptionGroup("inner", [KeyError("two")])
raise ExceptionGroup("several", [ValueError("one"), inner])"""),
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
    ("an interrupt while waiting", """
import asyncio
asyncio.get_event_loop().call_later(0.1, os.kill, os.getpid(), signal.SIGINT)
await asyncio.sleep(5)"""),
    ("GeneratorExit", "raise GeneratorExit('x')"),
    ("an error without text", "raise ValueError"),
    ("an error whose text fails", """
class Mute(Exception):
    def __str__(self):
        raise RuntimeError("no text")
raise Mute()"""),
    ("a huge traceback line", "x = " + " + ".join(["1"] * 400) + " + 'a'"),
]
