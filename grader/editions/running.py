"""Run notebooks from top to bottom, as a learner would with *Run All Cells*, several at a time."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

ROOT = Path(__file__).resolve().parents[2]


def environment(folder: Path, texts: Path) -> dict[str, str]:
    """A learner's environment: this checkout, these texts, a log and a profile of its own."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "READING_IDLIB_TEXTS": str(texts),
            "READING_IDLIB_LOG": str(folder / "checks.jsonl"),
            "IPYTHONDIR": str(folder / "ipython")}


async def _run(path: Path, folder: Path, env: dict[str, str],
               gate: asyncio.Semaphore) -> NotebookNode:
    async with gate:
        client = NotebookClient(nbformat.read(path, as_version=4), timeout=300,
                                startup_timeout=300, kernel_name="python3", allow_errors=True,
                                # How a kernel cuts what is printed depends on the moment.
                                coalesce_streams=True,
                                resources={"metadata": {"path": str(folder)}})
        return await client.async_execute(env=env)


def run_all(jobs: dict) -> dict:
    """Execute notebooks in real kernels, two at a time; each goes to its end whatever fails.

    Parameters
    ----------
    jobs : dict
        A name for each, to (path of the notebook, working folder, environment).

    Returns
    -------
    dict
        The same names, to the executed notebooks.
    """
    async def everything() -> list[NotebookNode]:
        gate = asyncio.Semaphore(2)
        return await asyncio.gather(*(_run(*job, gate) for job in jobs.values()))

    return dict(zip(jobs, asyncio.run(everything()), strict=True))
