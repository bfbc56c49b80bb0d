"""Topic 06: codings as tables: frames by article, techniques per 100 words, side by side."""

from __future__ import annotations

from hashlib import sha256

from reader import codebook, corpus, plots
from reader.coding_rows import NONE, VOICES, check_rows
from reader.errors import ReaderError, known_flag
from reader.lazy import lazy

pd = lazy("pandas")

# Segments that rule 10 leaves out. Exercise 01 asks which segments these are, so they stand here
# under marks: whoever calls the function sees them, whoever reads the file does not.
_NOT_CODED = {"11c4c57ccd37", "3cf00619d907", "52cebe20311b", "71a9a0fbc4d0",
              "7265a80d2579", "906a4a54f275", "f7ea809f6c9e", "f9c1a069480e"}


def not_coded() -> list[str]:
    """Return the locators that rule 10 leaves out: headings, captions, credits."""
    return [locator for locator in corpus.segments()["locator"]
            if sha256(f"rule 10: {locator}".encode()).hexdigest()[:12] in _NOT_CODED]


def _coded(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows with the columns article and family; those that code nothing have no family."""
    frame = check_rows(rows)
    family = codebook.codes().set_index("code")["family"]
    return frame.assign(article=frame["locator"].str[:3], family=frame["code"].map(family))


def _one_coder(frame: pd.DataFrame, what: str) -> None:
    if "coder" in frame and (found := sorted(frame["coder"].dropna().unique()))[1:]:
        raise ReaderError(f"{what} needs the rows of one coder, and these are of "
                          f"{', '.join(found)}: choose one, such as "
                          f"rows[rows['coder'] == {found[0]!r}].")


def _order(locators) -> list[str]:
    wanted = set(locators)
    return [locator for locator in corpus.segments()["locator"] if locator in wanted]


# --- frames by article -------------------------------------------------------------------


def matrix(rows: pd.DataFrame, by: str = "article", family: str = "generic") -> pd.DataFrame:
    """Count in how many segments each code of a family stands.

    Parameters
    ----------
    rows : pandas.DataFrame
        A coding by one coder (see `reader.annotations.check_rows`).
    by : {"article", "segment"}
        A row for each article, or for each segment. A segment in which a code stands twice
        counts once.
    family : {"entman", "generic", "policy", "technique"}
        Which codes become columns. Frames have all their columns, techniques those that
        occur.

    Returns
    -------
    pandas.DataFrame
        Index: articles or locators that the coder read, in the order of the course. Columns:
        codes; values Int64. By article the first column, segments, says how many segments of
        it were coded: counts of articles of different length don't compare without it.

    Raises
    ------
    ReaderError
        When the rows are no coding, or of several coders.
    """
    if not isinstance(by, str) or by not in ("article", "segment"):
        raise ReaderError(f"by must be 'article' or 'segment', not {by!r}.")
    listed = list(codebook.codes(family)["code"])
    frame = _coded(rows)
    _one_coder(frame, "matrix()")
    key = "article" if by == "article" else "locator"
    read = list(dict.fromkeys(place[:3] if by == "article" else place
                              for place in _order(frame["locator"])))
    once = frame[frame["code"].isin(listed)].drop_duplicates(["locator", "code"])
    if codebook.known_family(family) == "technique":
        listed = [code for code in listed if code in set(once["code"])]
    counts = pd.crosstab(once[key], once["code"]) if len(once) else pd.DataFrame()
    counts = counts.reindex(index=read, columns=listed, fill_value=0).astype("Int64")
    counts.index.name, counts.columns.name = by, None
    if by == "article":
        segments = frame.drop_duplicates("locator").groupby("article").size()
        counts.insert(0, "segments", segments.reindex(read).astype("Int64"))
    return counts


def heat_map(rows: pd.DataFrame, family: str = "generic") -> plots.Shown:
    """Draw frames by article: how many of the coded segments carry each code.

    The number stands in each cell, so that nobody needs the colour; the colour is the share
    of the article's coded segments.

    Returns
    -------
    reader.plots.Shown
        The figure, with its text alternative and the table of `matrix`.

    Raises
    ------
    ReaderError
        As `matrix`; and when no row belongs to the family.
    """
    counts = matrix(rows, "article", family)
    codes = list(counts.columns[1:])
    if not counts[codes].to_numpy().sum():
        raise ReaderError(f"There is nothing to draw: no row has a code of the family "
                          f"{codebook.known_family(family)}.")
    from matplotlib import pyplot
    shares = counts[codes].div(counts["segments"], axis=0).astype(float)
    fig, axes = pyplot.subplots(figsize=(1.6 + 0.62 * len(codes), 1.1 + 0.46 * len(counts)))
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    for y, article in enumerate(counts.index):
        for x, code in enumerate(codes):
            axes.text(x, y, counts.at[article, code], ha="center", va="center",
                      color="white" if shares.at[article, code] > 0.55 else "black")
    slanted = {"rotation": 40, "ha": "right"} if max(map(len, codes)) > 4 else {}
    axes.set_xticks(range(len(codes)), codes, **slanted)
    axes.set_yticks(range(len(counts)), [f"{article} ({row.segments} coded)"
                                         for article, row in counts.iterrows()])
    axes.set_ylabel("article")
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    most = []
    for article, row in counts.iterrows():
        top = int(row[codes].max())
        named = " and ".join(code for code in codes if row[code] == top) if top else "no code"
        most.append(f"{article}: {named}" + (f" ({top} of {row.segments})" if top else ""))
    heading = codebook.FAMILIES[codebook.known_family(family)]
    return plots.show(
        fig, alt=f"Heat map of {heading.lower()} by article. Most frequent: {'; '.join(most)}.",
        table=counts,
        caption=f"{heading}: coded segments of each article that carry the code. "
                f"The darker, the larger the share.")


# --- techniques --------------------------------------------------------------------------


def density(rows: pd.DataFrame, voice: str | None = None,
            headings: bool = False) -> pd.DataFrame:
    """Count persuasion techniques per 100 words of the segments that were coded.

    Parameters
    ----------
    rows : pandas.DataFrame
        A coding by one coder. Every row of the family technique counts, also two on the same
        words.
    voice : {"author", "reported", "quoted"}, optional
        Only techniques in this voice. The words stay those of all coded segments.
    headings : bool
        Count headings, captions and credits too, which rule 10 leaves out.

    Returns
    -------
    pandas.DataFrame
        One row per article: article, segments (coded), words (of these segments), techniques
        (Int64) and per_100_words (Float64).

    Raises
    ------
    ReaderError
        When the rows are no coding or of several coders, or the voice is unknown.
    """
    if voice is not None and (not isinstance(voice, str) or voice not in VOICES):
        raise ReaderError(f"voice must be author, reported or quoted, or left out for all, not "
                          f"{voice!r}.")
    frame = _coded(rows)
    _one_coder(frame, "density()")
    if not known_flag(headings, "headings"):
        frame = frame[~frame["locator"].isin(not_coded())]
    words = corpus.segments().set_index("locator")["words"]
    read = frame.drop_duplicates("locator")
    found = frame[frame["family"] == "technique"]
    if voice is not None:
        found = found[found["voice"] == voice]
    table = pd.DataFrame({
        "segments": read.groupby("article").size(),
        "words": read["locator"].map(words).groupby(read["article"]).sum(),
    }).reindex([place for place in corpus.articles()["article"] if place in set(read["article"])])
    table["techniques"] = found.groupby("article").size().reindex(table.index, fill_value=0)
    table = table.astype("Int64")
    table["per_100_words"] = (100 * table["techniques"] / table["words"]).astype("Float64")
    return table.rename_axis("article").reset_index()


# --- side by side ------------------------------------------------------------------------


def side_by_side(left: str, right: str, rows: pd.DataFrame | None = None,
                 family: str | None = None) -> pd.DataFrame:
    """Put the codes of two passages beside each other.

    Parameters
    ----------
    left, right : str
        Locators, such as ``"001 P8"`` and ``"003 S18"``.
    rows : pandas.DataFrame, optional
        A coding by one coder. Without it, the table has the passages' words and digests only.
    family : str, optional
        Only codes of this family.

    Returns
    -------
    pandas.DataFrame
        Index: words, digest, then each code that stands in one of the two. Columns: the two
        locators. A code's cell names its voices (``"author"``), ``""`` if it is not there;
        it is missing in a passage that was not coded.

    Raises
    ------
    ReaderError
        When a locator does not exist, both are the same, or the rows are no coding.
    """
    places = [corpus.normalise_locator(place) for place in (left, right)]
    if places[0] == places[1]:
        raise ReaderError(f"Both sides are {places[0]}: choose two passages.")
    segments = corpus.segments().set_index("locator")
    table = {place: {"words": str(segments.at[place, "words"]),
                     "digest": segments.at[place, "digest"]} for place in places}
    listed = codebook.codes(family)["code"]
    if rows is not None:
        frame = check_rows(rows)
        _one_coder(frame, "side_by_side()")
        here = frame[frame["locator"].isin(places) & (frame["code"] != NONE)]
        found = here.groupby(["locator", "code"])["voice"].agg(
            lambda voices: ", ".join(voice for voice in VOICES if voice in set(voices)))
        read = set(frame["locator"])
        for code in (code for code in listed if code in set(here["code"])):
            for place in places:
                table[place][code] = found.get((place, code), "") if place in read else None
    return pd.DataFrame(table).astype("str").rename_axis("what")
