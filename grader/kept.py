"""A folder that is as it was before when what is done with it fails."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def kept(folder: Path) -> Iterator[None]:
    """Put a folder, or its absence, back as it was if what is done meanwhile fails."""
    with tempfile.TemporaryDirectory() as place:
        before = Path(place) / folder.name
        if folder.is_dir():
            shutil.copytree(folder, before)
        try:
            yield
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            # Where nothing may be written, all of it is still there.
            if before.is_dir() and _files(before) != _files(folder):
                shutil.copytree(before, folder, dirs_exist_ok=True)
            raise


def _files(folder: Path) -> dict[Path, bytes]:
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*")
            if path.is_file()}
