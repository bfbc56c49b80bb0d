"""ipykernel's kernel without sockets, debugger and keyboard; built once, before the first fork."""

from __future__ import annotations

import os
import sys
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

import nbclient.client
import nbclient.output_widget
from ipykernel import zmqshell
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from IPython.core.compilerop import CachingCompiler
from IPython.core.error import StdinNotImplementedError
from IPython.core.inputtransformer2 import TransformerManager
from IPython.core.profiledir import ProfileDir
from traitlets import Type

from .channel import QUIET, Channel, output_from_msg

NO_KEYBOARD = ("This notebook runs without a keyboard: write the value into the cell instead of "
               "asking for it with {}().")


class Compiler(CachingCompiler):
    """Names a cell as ipykernel does, without ipykernel's slow hash in Python."""

    def get_code_name(self, raw_code: str, code: str, number: int) -> str:
        """A file name that stands for the cell, in warnings for example."""
        number = zlib.crc32(raw_code.encode("utf-8", "replace"))
        return f"/tmp/ipykernel_{os.getpid()}/{number}.py"


class ZMQInteractiveShell(zmqshell.ZMQInteractiveShell):
    """ipykernel's shell, which keeps no copy of what is printed, and looks for magics in a cell
    once, not twice in a row."""

    _transformed: tuple[str, str] | None = None

    def transform_cell(self, raw_cell: str) -> str:
        """The cell as Python."""
        transformers = self.input_transformer_manager
        if self._transformed is not None and self._transformed[0] == raw_cell:
            return self._transformed[1]
        cell = super().transform_cell(raw_cell)
        if not self.input_transformers_post and len(transformers.cleanup_transforms) == CLEANUPS:
            self._transformed = raw_cell, cell
        return cell

    @contextmanager
    def _tee(self, channel: str) -> Iterator[None]:
        # IPython's own keeps all text for %notebook, however much; this one only does what else
        # can be noticed: a `write` that a cell has replaced is there again in the next.
        stream = getattr(sys, channel)
        write = stream.write
        yield
        stream.write = write


# Libraries ask for the names of these classes, and people read them in messages.
ZMQInteractiveShell.__module__ = zmqshell.__name__
CLEANUPS = len(TransformerManager().cleanup_transforms)


class Kernel(IPythonKernel):
    """An IPython kernel whose messages go through a :class:`.channel.Channel`."""

    # Requests do not come through a socket of another thread.
    _supports_kernel_subshells = False
    compiler_class = Type(Compiler)
    shell_class = Type(ZMQInteractiveShell)

    async def do_execute(self, code: str, *args: object, **options: object) -> dict:
        """Run a cell."""
        self.shell._transformed = None
        return await super().do_execute(code, *args, **options)

    def raw_input(self, prompt: str = "") -> str:
        """Refuse ``input()`` with a sentence."""
        raise StdinNotImplementedError(NO_KEYBOARD.format("input"))

    def getpass(self, prompt: str = "", stream: object = None, *,
                echo_char: str | None = None) -> str:
        """Refuse ``getpass.getpass()`` with a sentence."""
        raise StdinNotImplementedError(NO_KEYBOARD.format("getpass"))


def build() -> IPKernelApp:
    """ipykernel's application with its kernel and shell, set up as it does it, without sockets."""
    nbclient.client.output_from_msg = nbclient.output_widget.output_from_msg = output_from_msg
    app = IPKernelApp.instance(log=QUIET)
    app.config.HistoryManager.hist_file = ":memory:"
    with tempfile.TemporaryDirectory() as folder:
        os.environ["IPYTHONDIR"] = folder  # nothing is read from anybody's home
        app.profile_dir = ProfileDir(location=folder)
        sys.modules.setdefault("debugpy", None)  # nobody attaches a debugger, and it is large
        app.kernel = Kernel.instance(parent=app, session=Channel(), iopub_socket="memory",
                                     profile_dir=app.profile_dir, user_ns=None, log=QUIET)
        del sys.modules["debugpy"]
        app.kernel._execute_sleep = 0.0  # ipykernel waits for its sockets here
        app.init_pdb()
        # As with debugpy: breakpoint() does nothing while no debugger is attached.
        sys.breakpointhook = lambda *_, **__: None
        app.init_shell()
        app.init_gui_pylab()
        app.init_extensions()
        app.init_code()
    del os.environ["IPYTHONDIR"]
    app.profile_dir.unobserve_all("location")  # it may move later without making folders
    return app
