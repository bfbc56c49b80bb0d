"""Fidelity notebook, second half: how cells run. It goes on in the notebook of the first half."""

from __future__ import annotations

CELLS = [
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
    ("a task that fails unseen", """
import gc
async def lost():
    raise ValueError("lost")
lost_task = asyncio.create_task(lost())
await asyncio.sleep(0.05)
del lost_task
gc.collect();"""),
    ("a subprocess of asyncio", """
process = await asyncio.create_subprocess_exec("echo", "async", stdout=asyncio.subprocess.PIPE)
(await process.communicate())[0]"""),
    ("context variables", "import contextvars\nvariable = contextvars.ContextVar('v')\n"
                          "variable.set('kept');"),
    ("context variables in the next cell", "variable.get()"),
    ("threads", """
import threading
def work(i):
    time.sleep(0.4 * i)
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
    # A kernel takes what programs write from a thread, so it needs a moment to keep the order.
    ("os.system", "code = os.system('echo system')\ntime.sleep(0.3)\ncode"),
    ("print, then a program", "print('before')\ntime.sleep(0.3)\nos.system('echo program')\n"
                              "time.sleep(0.3)\nprint('after')"),
    ("subprocess inherits", "import subprocess\ndone = subprocess.run(['echo', 'inherited'])\n"
                            "time.sleep(0.3)\ndone.returncode"),
    ("subprocess captured", "subprocess.run('echo captured; exit 4', shell=True, text=True, "
                            "capture_output=True)"),
    ("subprocess to sys.stdout", "subprocess.run(['echo', 'past the notebook'], "
                                 "stdout=sys.stdout).returncode"),
    ("stderr of a program", "subprocess.run('echo wrong >&2', shell=True)\ntime.sleep(0.3);"),
    ("a program that is checked", "subprocess.run(['false'], check=True)"),
    ("os.write", "os.write(1, b'one\\n')\ntime.sleep(0.3)\nos.write(2, b'two\\n')\n"
                 "time.sleep(0.3)"),
    ("half a character", "os.write(1, b'\\xff\\xc3')\ntime.sleep(0.3)"),
    ("more than a pipe holds", "os.write(1, b'y' * 200_000)\ntime.sleep(0.3)"),
    ("a fork that prints", """
pid = os.fork()
if pid == 0:
    print("child prints")
    sys.stdout.flush()
    os._exit(0)
os.waitpid(pid, 0)
time.sleep(0.3)
print("parent goes on")"""),
    ("a fork that displays", """
pid = os.fork()
if pid == 0:
    display(HTML("<p>" + "c" * 20_000))
    os._exit(0)
os.waitpid(pid, 0)
time.sleep(0.3)"""),
    ("multiprocessing", """
import multiprocessing
context = multiprocessing.get_context("fork")
def square(x):
    print("square", x)
    return x * x
with context.Pool(1) as pool:
    print(pool.map(square, [1, 2]))
time.sleep(0.3)"""),
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
    ("an error of its own", "get_ipython()._showtraceback(KeyError, KeyError('k'), ['line'])"),

    # --- widgets ---
    ("a slider", "import ipywidgets\nslider = ipywidgets.IntSlider(3)\nslider"),
    ("a slider in a later cell", """
slider.value = 5
slider.observe(lambda change: print("changed", change.new), "value")
slider.value = 7"""),
    ("an Output widget", "out = ipywidgets.Output()\nwith out:\n    print('inside')\n"
                         "    display('inside too')\nprint('outside')"),
    ("what an Output widget holds", "out.outputs"),
    ("an error in an Output widget", "with out:\n    1 / 0\nprint('after')"),
    ("clear an Output widget", "out.clear_output()\nwith out:\n    print('again')\nout"),
    ("an Output widget while waiting", """
with out:
    print("awaiting")
    await asyncio.sleep(0.1)
len(out.outputs)"""),
    ("capture by an Output widget", """
@out.capture()
def captured_call():
    print("captured")
captured_call()"""),
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
