"""Interim: no protection at all."""

import os
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

REASONS: dict[int, str] = {}


@dataclass
class Report:
    missing: list[str] = field(default_factory=list)


def enter(limits, files, allow, keep):
    os.closerange(3, keep[0])
    os.closerange(keep[0] + 1, 4096)
    folder = Path(tempfile.mkdtemp())
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    os.chdir(folder)
    return Report()
