"""Words that take a side: in the course's own voice they stand only in quotation marks, as data.

One list for everybody: lessons, tables and answer key are searched with it, and so are briefs.
"""

from __future__ import annotations

import re
import unicodedata

LOADED = re.compile(r"\b(regimes?|rebels?|terrorists?|liberat(?:ed|ion)|occupied|jihad(?:i|ist)s?)"
                    r"(?!\w)", re.I)

# Names given by others that would lose their meaning under another word; each with a reason.
ALLOWED = {
    r"2 (\| )?rebel groups": "the name that ACLED's code list gives its type 2, with its number",
    r"National Liberation Front": "the English name under which this coalition signs",
}


#: Letters of other alphabets that look like ours, and ours.
_TWINS = ("\u0430\u0435\u043e\u0440\u0441\u0443\u0456\u0455\u0458\u0501"
          "\u03bf\u03b9\u03b5\u0131\u04bb\u0261", "aeopcyisjdoieihg")
_OURS = str.maketrans(f"{_TWINS[0]}{_TWINS[0].upper()}_", f"{_TWINS[1]}{_TWINS[1].upper()} ")


def plain(text: str) -> str:
    """Return a text as it looks: without accents, invisible signs, and letters that seem ours."""
    signs = (sign for sign in unicodedata.normalize("NFKD", text)
             if unicodedata.category(sign) not in ("Mn", "Cf"))
    return "".join(signs).translate(_OURS)


def loaded(text: str) -> list[re.Match]:
    """Return the loaded words of a text from which quotations were taken out.

    Names that are allowed are made unreadable first, without moving anything else.
    """
    for name in ALLOWED:
        text = re.sub(rf"\b{name}\b", lambda found: "·" * len(found[0]), text)
    return list(LOADED.finditer(text))
