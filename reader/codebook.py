"""Topic 06: the codes, the rules for doubtful cases, and both on one printed page.

The frames are those of Entman (1993), Semetko & Valkenburg (2000) and the Policy Frames
Codebook (Boydstun et al. 2014; Card et al. 2015), the techniques those of SemEval-2023 task 3
(Piskorski et al. 2023). The definitions are the course's own: ``seeds/codebook.csv``.
"""

from __future__ import annotations

import difflib
from html import escape
from pathlib import Path

from reader import tables
from reader.errors import ReaderError
from reader.lazy import lazy
from reader.paths import known_path

pd = lazy("pandas")

#: The families of codes, with a heading for people.
FAMILIES = {"entman": "Functions of a frame", "generic": "Generic frames",
            "policy": "Policy frames", "technique": "Persuasion techniques"}


def known_family(family: str) -> str:
    """Return the name of a family of codes, or say which there are."""
    if not isinstance(family, str) or family.strip().lower() not in FAMILIES:
        given = repr(family) if isinstance(family, str) else type(family).__name__
        raise ReaderError(f"family must be one of {', '.join(FAMILIES)}, not {given}.")
    return family.strip().lower()


def codes(family: str | None = None) -> pd.DataFrame:
    """Return the codebook.

    Parameters
    ----------
    family : {"entman", "generic", "policy", "technique"}, optional
        Only these codes.

    Returns
    -------
    pandas.DataFrame
        Columns code (``"LL"``), family, group (of a technique; missing otherwise), name,
        definition, rule (what decides a doubtful case; missing where nothing needs saying)
        and source (keys of ``references.bib``).

    Raises
    ------
    ReaderError
        When there is no such family.
    """
    found = tables.read("codebook")
    if family is not None:
        found = found[found["family"] == known_family(family)]
    return found.reset_index(drop=True)


def known_code(code: str) -> str:
    """Return a code as the codebook writes it; capitals and spaces around it do not matter.

    Parameters
    ----------
    code : str
        A code (``"ll"``) or its name (``"Loaded language"``).

    Raises
    ------
    ReaderError
        When the codebook has no such code; the message names the nearest.

    Examples
    --------
    >>> known_code("tr-author")
    'TR-author'
    """
    if not isinstance(code, str):
        raise ReaderError(f"A code is text in quotes, such as 'LL', not {type(code).__name__}.")
    listed = tables.read("codebook")
    wanted = " ".join(code.split()).lower()
    # Codes first: "Morality" is a policy frame, and also the name of a generic one.
    for column in ("code", "name"):
        found = listed.loc[listed[column].str.lower() == wanted, "code"]
        if len(found):
            return found.iloc[0]
    spelled = {word.lower(): row.code for row in listed.itertuples()
               for word in (row.name, row.code)}
    near = difflib.get_close_matches(wanted[:60], spelled, n=1, cutoff=0.6)
    if near:
        name = listed.set_index("code").at[spelled[near[0]], "name"]
        hint = f"did you mean {spelled[near[0]]} ({name})?"
    else:
        hint = "codes() lists them, such as CON, Security or LL."
    raise ReaderError(f"The codebook has no code {code!r}: {hint}")


def rules() -> pd.DataFrame:
    """Return the ten rules: rule (number), question, text and locators where it comes up."""
    return tables.read("rules")


# --- the page ----------------------------------------------------------------------------

# Points and millimetres, because the page is made for paper: A4 with 9 mm around.
_STYLE = """
.idlib-codebook{font:8.4pt/1.26 "DejaVu Sans Condensed","Liberation Sans Narrow",Arial,
 sans-serif;columns:3;column-gap:5mm;max-width:192mm;color:var(--jp-content-font-color1,inherit)}
.idlib-codebook .title{font-size:1.6em;margin:0 0 1mm;column-span:all}
.idlib-codebook .part{font-size:1.15em;margin:2mm 0 .6mm;border-bottom:.3mm solid;
 break-after:avoid}
.idlib-codebook .part:first-of-type{margin-top:0}
.idlib-codebook .group{font-size:1em;font-style:italic;font-weight:normal;margin:1mm 0 .3mm;
 break-after:avoid}
.idlib-codebook dl,.idlib-codebook ol,.idlib-codebook p{margin:0}
.idlib-codebook ol{padding-inline-start:4mm}
.idlib-codebook li,.idlib-codebook .entry{break-inside:avoid;margin:0 0 .5mm}
/* JupyterLab floats the terms of a list, with selectors of its own. */
.idlib-codebook dl .entry dt,.idlib-codebook dl .entry dd{display:inline;float:none;clear:none;
 width:auto;margin:0;padding:0;overflow:visible}
.idlib-codebook dl .entry dt{font-weight:bold}
.idlib-codebook dl .entry dd{font-weight:normal}
.idlib-codebook .rule{font-style:italic}
.idlib-codebook .foot{column-span:all;margin-top:1.5mm}
@media (max-width:50em){.idlib-codebook{columns:1;font-size:1rem}}
@media print{.idlib-codebook{columns:3;font-size:8.4pt}}
"""

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Codebook of Reading Idlib</title>
<style>
@page{{size:A4;margin:9mm}}
body{{margin:0 auto;padding:1em;max-width:192mm;background:#fff;color:#000}}
@media print{{body{{padding:0}}}}
</style>
</head>
<body>
<main>
{body}
</main>
</body>
</html>
"""

_FOOT = ("Voice of every code: author (the article itself), reported (somebody whose words it "
         "tells), quoted (in quotation marks). A code says what a passage does. It does not say "
         "whether the passage is true, or who is right. Definitions in the words of the course; "
         "frames after Entman (1993), Semetko & Valkenburg (2000), Boydstun et al. (2014) and "
         "Card et al. (2015); techniques after Piskorski et al. (2023).")


def _entry(row) -> str:
    rule = "" if pd.isna(row.rule) else f' <span class="rule">{escape(row.rule)}</span>'
    more = row.name.removeprefix(row.code)  # "Fairness" is a code, "Fairness and equality" its name
    more = more if more != row.name else f" {row.name}"
    return (f'<div class="entry"><dt>{escape(row.code + more)}.</dt> '
            f"<dd>{escape(row.definition)}{rule}</dd></div>")


class CodebookPage:
    """The whole codebook on one page: shows itself in a notebook, and prints as A4.

    Attributes
    ----------
    html : str
        The page as a part of another one; `reader.codebook.save_page` writes a whole file.
    """

    def __init__(self) -> None:
        # A notebook has its title, and its part a heading of its own.
        self.html = self.under(3)

    def under(self, level: int) -> str:
        """Return the HTML with headings from a level on: 1 for a page of its own."""
        def _titled(below: int, kind: str, text: str, more: str = "") -> str:
            tag = f"h{level + below}"
            return f'<{tag} class="{kind}"{more}>{escape(text)}</{tag}>'

        parts = [_titled(0, "title", "Codebook", ' id="idlib-codebook"')]
        for family, heading in FAMILIES.items():
            rows = codes(family)
            parts.append(_titled(1, "part", heading))
            for group, members in rows.groupby(rows["group"].fillna(""), sort=False):
                if group:
                    parts.append(_titled(2, "group", group.capitalize()))
                parts.append(f"<dl>{''.join(map(_entry, members.itertuples()))}</dl>")
        parts.append(_titled(1, "part", "Ten rules for doubtful cases") + "<ol>")
        parts += [f'<li>{escape(row.question)} <span class="rule">{escape(row.text)}</span></li>'
                  for row in rules().itertuples()]
        parts.append(f'</ol><p class="foot">{escape(_FOOT)}</p>')
        return (f"<style>{_STYLE}</style>\n"
                '<div class="idlib-codebook" role="region" '
                'aria-labelledby="idlib-codebook">\n' + "\n".join(parts) + "\n</div>")

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        lines = ["Codebook"]
        for family, heading in FAMILIES.items():
            lines += ["", heading]
            lines += [f"  {row.code}: {row.name}. {row.definition}"
                      + ("" if pd.isna(row.rule) else f" {row.rule}")
                      for row in codes(family).itertuples()]
        lines += ["", "Ten rules for doubtful cases"]
        lines += [f"  {row.rule}. {row.question} {row.text}" for row in rules().itertuples()]
        return "\n".join([*lines, "", _FOOT])


def page() -> CodebookPage:
    """Return the whole codebook with the ten rules, as one page to keep open while coding."""
    return CodebookPage()


def save_page(path: str | Path) -> Path:
    """Write the page as an HTML file of its own, which a browser prints on one sheet of A4.

    Parameters
    ----------
    path : str or Path
        Such as ``"codebook.html"``. A file of this name is replaced.

    Returns
    -------
    Path
    """
    path = known_path(path, "codebook.html")
    try:
        path.write_text(_PAGE.format(body=page().under(1)), encoding="utf-8")
    except OSError as problem:
        raise ReaderError(f"{path} can't be written: {problem.strerror}.") from None
    return path
