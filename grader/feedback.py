"""Feedback pages are nbgrader's own; here they are made faster, and so that all can read them.

Their templates are compiled once, not for every page. What axe-core finds to be serious in
nbgrader's template is mended: the language, pale links and code, code that can't be scrolled to.
"""

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

_STYLE = """<style>
a{color:#00478f;text-decoration:underline}
.nbgrader_cell .panel-heading :is(a,.pull-right){color:#fff!important}
.highlight pre,.output_area pre{white-space:pre-wrap;overflow-wrap:anywhere;overflow:visible}
.highlight .c1{color:#2f6666}
.highlight .ow{color:#8a00d4}
</style>
</head>"""


class FeedbackExporter(HTMLExporter):
    """The exporter of `nbgrader generate_feedback`: templates compiled once, pages for all."""

    def from_notebook_node(self, nb: Any, resources: Any = None, **kw: Any) -> tuple[str, Any]:
        """The page as nbgrader makes it, with a language and colours of enough contrast."""
        page, resources = super().from_notebook_node(nb, resources, **kw)
        return (page.replace("<html>", '<html lang="en">', 1)
                .replace("</head>", _STYLE, 1)), resources

    @property
    def environment(self) -> Any:
        """The templates' environment, which nbconvert makes anew for every page."""
        environment = super().environment
        environment.bytecode_cache = _compiled
        return environment
