"""An interim session: the shell of the old zygote."""

from __future__ import annotations

import json
import os
import pkgutil
import signal
import sys

import reader
from reader import frames

# All of the learners' toolkit: what is not imported here, every child would import again.
PRELOAD = ("IPython.core.interactiveshell", "numpy", "pandas", "matplotlib.pyplot",
           "matplotlib_inline.backend_inline", "anywidget", "grader.check",
           "sklearn.metrics", "krippendorff",  # reader.agreement imports them when it needs them
           *(f"reader.{module.name}" for module in pkgutil.iter_modules(reader.__path__)
             if not module.name.startswith("_")))
BACKEND = "module://matplotlib_inline.backend_inline"
# Bytes of the outputs of one cell that are kept; honest ones, figures included, stay below.
MAX_OUTPUT = 4_000_000
# A line is the outputs of one cell and what frames them.
MAX_LINE = 3 * MAX_OUTPUT


def _shell():
    """An IPython shell whose outputs are collected in the format of notebooks."""
    from IPython.core.displayhook import DisplayHook
    from IPython.core.displaypub import DisplayPublisher
    from IPython.core.interactiveshell import InteractiveShell

    outputs: list = []

    class Publisher(DisplayPublisher):
        def publish(self, data, metadata=None, source=None, *, transient=None, update=False, **kw):
            outputs.append({"output_type": "display_data", "data": data,
                            "metadata": metadata or {}})

        def clear_output(self, wait=False):
            outputs.clear()

    class Hook(DisplayHook):
        def write_output_prompt(self):
            pass

        def finish_displayhook(self):
            self._is_active = False  # the base class would print a newline

        def write_format_data(self, format_dict, md_dict=None):
            outputs.append({"output_type": "execute_result", "data": format_dict,
                            "metadata": md_dict or {}, "execution_count": self.prompt_count})

    class Shell(InteractiveShell):
        def init_display_pub(self):
            self.display_pub = Publisher(parent=self, shell=self)

        def _showtraceback(self, etype, evalue, stb):
            name = getattr(etype, "__name__", str(etype))
            outputs.append({"output_type": "error", "ename": str(name),
                            "evalue": str(evalue)[:2000], "traceback": [str(s) for s in stb]})

        def enable_gui(self, gui=None):
            pass

    Shell.displayhook_class = Hook
    shell = Shell.instance(colors="nocolor")
    shell.history_manager.enabled = False
    frames.register()  # reader was imported before there was a shell
    return shell, outputs


class _Stream:
    """A text stream that appends to the outputs of the running cell."""

    encoding, errors = "utf-8", "strict"

    def __init__(self, name, outputs):
        self.name, self._outputs = name, outputs

    def write(self, text):
        last = self._outputs[-1] if self._outputs else {}
        if last.get("output_type") == "stream" and last["name"] == self.name:
            last["text"].append(str(text))  # joined at the end: adding texts up is quadratic
        elif text:
            self._outputs.append({"output_type": "stream", "name": self.name,
                                  "text": [str(text)]})
        return len(text)

    def writelines(self, lines):
        for line in lines:
            self.write(line)

    def flush(self):
        pass

    def isatty(self):
        return False

    def fileno(self):
        raise OSError("output of a cell has no file number")


def _clean(outputs):
    """Outputs as plain JSON, as much as may be kept; the record of an answer always is."""
    kept, size, cut = [], 0, False
    record = sys.modules["grader.canonical"].MIME
    for output in outputs:
        if output["output_type"] == "stream":
            output["text"] = "".join(output["text"])[:MAX_OUTPUT]
        try:
            text = json.dumps(output, default=_readable)
        except (TypeError, ValueError):
            continue  # what cannot be JSON is left out, never a reason to stop
        size += len(text)
        if size <= MAX_OUTPUT or record in output.get("data", {}):
            kept.append(json.loads(text))
        else:
            cut = True
    if cut:
        kept.append({"output_type": "stream", "name": "stdout",
                     "text": f"[Output over {MAX_OUTPUT // 1_000_000} MB was left out.]"})
    return kept


def _readable(value):
    import base64

    return base64.b64encode(value).decode() if isinstance(value, bytes) else str(value)


def run_cells(cells, cwd, sheet, emit):
    """Run the sources in order and call ``emit`` with each cell's outputs."""
    os.chdir(cwd)
    sys.path.insert(0, "")
    shell, outputs = _shell()
    # Importing grader.check in the parent found no shell, folder or sheet.
    sys.modules["grader.check"].begin(sheet, forks=True)
    # Figures appear as in a Jupyter kernel: a person grades what they show.
    backend = sys.modules["matplotlib_inline.backend_inline"]
    backend.configure_inline_support(shell, BACKEND)
    sys.modules["matplotlib"].interactive(True)
    sys.stdout, sys.stderr = _Stream("stdout", outputs), _Stream("stderr", outputs)
    for index, source in cells:
        outputs.clear()
        try:
            shell.run_cell(source, store_history=True)
        except KeyboardInterrupt:
            shell.showtraceback()
        except SystemExit:
            _Stream("stderr", outputs).write("The cell called exit().")
        # One more interrupt must not hit the protocol itself.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        emit({"cell": index, "outputs": _clean(outputs)})
        signal.signal(signal.SIGINT, signal.default_int_handler)



def warm():
    os.environ["MPLBACKEND"] = BACKEND
    for name in PRELOAD:
        try:
            __import__(name)
        except ImportError:
            continue


class Session:
    def __init__(self, sheet, limits, emit):
        self.sheet, self.emit = sheet, emit

    def run(self, cells):
        run_cells(cells, ".", self.sheet, self.emit)
