"""nbgrader's Formgrader with the rubric in view, and without anything from the net.

The page is nbgrader's own. Its template asks for a part named ``mathjax.html.j2``; ours stands in
front of nbconvert's.
"""

from __future__ import annotations

from pathlib import Path

import nbgrader

#: For ``c.HTMLExporter.extra_template_basedirs``: ours first, then nbgrader's.
TEMPLATES = [str(Path(__file__).parent),
             str(Path(nbgrader.__file__).parent / "server_extensions/formgrader/templates")]
