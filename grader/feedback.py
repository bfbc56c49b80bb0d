"""Feedback pages are nbgrader's own; here their templates are compiled once, not for every page."""

from __future__ import annotations

from typing import Any

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from nbconvert.exporters import HTMLExporter


class _Compiled(BytecodeCache):
    """Compiled templates of this process; a changed template has another checksum."""

    def __init__(self) -> None:
        self._code: dict[tuple[str, str], Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._code.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._code[bucket.key, bucket.checksum] = bucket.code


_compiled = _Compiled()


class FeedbackExporter(HTMLExporter):
    """The exporter of `nbgrader generate_feedback`, with templates compiled once."""

    @property
    def environment(self) -> Any:
        """The templates' environment, which nbconvert makes anew for every page."""
        environment = super().environment
        environment.bytecode_cache = _compiled
        return environment
