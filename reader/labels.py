"""Words that take a side: in the course's own voice they stand only in quotation marks, as data.

One list for everybody: lessons, tables and answer key are searched with it, and so are briefs.
"""

from __future__ import annotations

import re

LOADED = re.compile(r"\b(regimes?|rebels?|terrorists?|liberat(?:ed|ion)|occupied|jihad(?:i|ist)s?)"
                    r"(?!\w)", re.I)

# Names given by others that would lose their meaning under another word; each with a reason.
ALLOWED = {
    r"2 (\| )?rebel groups": "the name that ACLED's code list gives its type 2, with its number",
    r"National Liberation Front": "the English name under which this coalition signs",
}


def loaded(text: str) -> list[re.Match]:
    """Return the loaded words of a text from which quotations were taken out.

    Names that are allowed are made unreadable first, without moving anything else.
    """
    for name in ALLOWED:
        text = re.sub(rf"\b{name}\b", lambda found: "·" * len(found[0]), text)
    return list(LOADED.finditer(text))
