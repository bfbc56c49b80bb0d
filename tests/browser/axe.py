"""axe-core in the browser that the tests drive: what it finds to be serious or critical."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import zipfile
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from places import ROOT

_PIN = ROOT / "tests" / "axe-requirements.txt"
_CACHE = Path.home() / ".cache" / "reading-idlib"

#: What lessons and exercises show in JupyterLab and Notebook: outputs and text, not the program.
NOTEBOOK = (".jp-NotebookPanel:not(.lm-mod-hidden) .jp-OutputArea-output, "
            ".jp-NotebookPanel:not(.lm-mod-hidden) .jp-RenderedMarkdown")
#: What Jupyter draws, with the reason why it is left out.
JUPYTERS = (
    # Its themes take the underline from links in Markdown; what we write are words and addresses.
    ".jp-RenderedMarkdown a",
)

RUN = """
const [where, out, done] = arguments;
// JupyterLab's body has no height and hides what flows over it; its parts are positioned, and are
// seen all the same, but axe takes all that lies in them for hidden.
document.body.style.minHeight = "100vh";
axe.run({ include: where, exclude: out }, { resultTypes: ["violations"], preload: false })
  .then((found) => done(found.violations.filter((one) => ["serious", "critical"]
    .includes(one.impact)).flatMap((one) => one.nodes.map((node) =>
      `${one.id}: ${node.target.join(" ")}: ${node.any.concat(node.all, node.none)
        .map((check) => check.message).join("; ")}`))), (error) => done([`axe: ${error}`]));
"""


@lru_cache(maxsize=1)
def script() -> str:
    """axe-core's own script, of the pinned package; fetched once, and never kept in the course."""
    pin = _PIN.read_text(encoding="utf-8")
    digest = pin.split("--hash=sha256:")[1].split()[0]
    for fetch in (False, True):
        if fetch:
            done = subprocess.run(
                [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps",
                 "--disable-pip-version-check", "--require-hashes", "-d", str(_CACHE),
                 "-r", str(_PIN)], capture_output=True, text=True, timeout=300)
            if done.returncode:
                pytest.skip(f"axe-core is not in {_CACHE} and can't be fetched: "
                            f"{done.stderr[-300:]}")
        for wheel in _CACHE.glob("axe_playwright_python-*.whl"):
            if hashlib.sha256(wheel.read_bytes()).hexdigest() == digest:
                with zipfile.ZipFile(wheel) as opened:
                    return opened.read("axe_playwright_python/axe.min.js").decode("utf-8")
    pytest.fail(f"what pip put into {_CACHE} is not the pinned package")


def findings(driver: Any, where: str = "html", out: tuple[str, ...] = ()) -> list[str]:
    """Serious and critical findings on the open page.

    Parameters
    ----------
    where : str
        Selector of what is examined.
    out : tuple of str
        Selectors of what is left out: only what others draw.
    """
    if not driver.execute_script("return Boolean(window.axe)"):
        driver.execute_script(script())
    driver.set_script_timeout(120)
    # A selector that finds nothing is an error of axe's own; left-out ones may find nothing.
    return driver.execute_async_script(RUN, [where], [[one] for one in out])
