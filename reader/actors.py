"""Topic 02: who is in the articles, under which names, and how to count words honestly."""

from __future__ import annotations

import re

from reader import corpus, tables
from reader import text as rt
from reader.errors import ReaderError
from reader.lazy import lazy

pd = lazy("pandas")


def actors() -> pd.DataFrame:
    """Return one row per actor.

    Returns
    -------
    pandas.DataFrame
        Columns actor (``A01``), name (the course's name for it), type, ucdp_type, acled_type
        (missing for the five that exercise 02 asks about), note and source.
    """
    return tables.read("actors")


def mentions(where: str | None = None) -> pd.DataFrame:
    """Return one row per mention of an actor.

    Parameters
    ----------
    where : str, optional
        Only those of this article (``"000"``) or segment (``"000 P3"``).

    Returns
    -------
    pandas.DataFrame
        Columns mention, locator, surface (the words in the article, at most six), start and
        end (characters of the normalised article), level (``name`` or ``description``) and
        actor (missing for the mentions that exercise 02 asks to resolve).
    """
    return corpus.only(tables.read("mentions"), where)


def known_actor(actor: str) -> str:
    """Return the id of an actor given by id or by name, or say which come close."""
    listed, written = actors(), " ".join(str(actor).split()).lower()
    for row in listed.itertuples():
        if written in (row.actor.lower(), row.name.lower()):
            return row.actor
    close = listed[listed["name"].str.contains(rf"\b{re.escape(written or chr(0))}\b",
                                               case=False, regex=True)]
    hint = f" Do you mean {', '.join(close['actor'] + ' ' + close['name'])}?" if len(close) else ""
    raise ReaderError(f"There is no actor {actor!r}: ids run from {listed['actor'].iloc[0]} to "
                      f"{listed['actor'].iloc[-1]}.{hint}")


# --- words -------------------------------------------------------------------------------


def _pattern(word: str) -> re.Pattern:
    wanted = rt.straighten(str(word)).strip()
    if not wanted or re.search(r"\s", wanted):
        raise ReaderError(f"{word!r} is not one word: only single words can be counted, "
                          f"because tokens.csv holds counts and not the order of words.")
    return re.compile(rf"(?<!\w){re.escape(wanted)}(?!\w)", re.IGNORECASE)


def count_word(word: str, articles: str | list[str] | None = None,
               by: str = "article") -> pd.Series:
    r"""Count a word in the articles, markup removed, case ignored.

    A word counts where ``\bword\b`` would match: "regime" is found in "regime-held" and in
    "regime's", not in "regimes". Tokens are in lower case, so "US" and "us" are one word here.

    Parameters
    ----------
    word : str
        One word.
    articles : str or list of str, optional
        Only these articles.
    by : {"article", "segment"}
        Index of the result. By article, a zero is stated; by segment, only segments with the
        word are listed.

    Returns
    -------
    pandas.Series
        Counts (Int64) by article or locator, named after the word.
    """
    if by not in ("article", "segment"):
        raise ReaderError(f"by must be 'article' or 'segment', not {by!r}.")
    pattern, counts = _pattern(word), corpus.tokens()
    times = counts["token"].map({token: len(pattern.findall(token))
                                 for token in counts["token"].unique()})
    counts = counts.assign(count=counts["count"] * times.astype("Int64"))
    ids = list(corpus.articles()["article"])
    if articles is not None:
        listed = [articles] if isinstance(articles, str) else list(articles)
        ids = [corpus.known_article(article) for article in listed]
    counts = counts[counts["locator"].str[:3].isin(ids)]
    if by == "article":
        found = counts["count"].groupby(counts["locator"].str[:3]).sum()
        return found.reindex(ids, fill_value=0).astype("Int64").rename(word).rename_axis("article")
    found = counts.groupby("locator", sort=False)["count"].sum()
    return found[found > 0].rename(word)


def find_tokens(substring: str) -> pd.DataFrame:
    """Return the words that contain a string, and how often each occurs in which article.

    It shows what a careless search finds: "resident" is inside "president".

    Returns
    -------
    pandas.DataFrame
        Columns token, article and count (Int64), in alphabetical order.
    """
    wanted = rt.straighten(str(substring)).strip().lower()
    if not wanted:
        raise ReaderError("Give find_tokens() some letters, such as find_tokens('resident').")
    counts = corpus.tokens()
    counts = counts[counts["token"].str.contains(wanted, regex=False)]
    counts = counts.assign(article=counts["locator"].str[:3])
    return counts.groupby(["token", "article"], as_index=False)["count"].sum()


def count_raw(word: str, article: str = "003") -> pd.Series:
    """Count a word in an article as it was scraped, with its markup.

    Parameters
    ----------
    word : str
        One word; case is ignored.
    article : str
        Only 003 has markup.

    Returns
    -------
    pandas.Series
        ``text`` (markup removed), ``markup`` (inside tags, mostly web addresses) and
        ``raw``, their sum (Int64).
    """
    article, pattern = corpus.known_article(article), _pattern(word)
    found = corpus.links()
    found = found[found["locator"].str[:3] == article]
    tags = [f"<{row.tag}>" if pd.isna(row.href) else f'<{row.tag} href="{row.href}">'
            for row in found.itertuples()] + [f"</{tag}>" for tag in found["tag"]]
    clean = int(count_word(word, article).iloc[0])
    markup = sum(len(pattern.findall(tag)) for tag in tags)
    return pd.Series({"text": clean, "markup": markup, "raw": clean + markup}, dtype="Int64",
                     name=word)


# --- names -------------------------------------------------------------------------------


def naming(actor: str) -> pd.DataFrame:
    """Return under which names and descriptions an actor appears in each article.

    Parameters
    ----------
    actor : str
        Id or course name.

    Returns
    -------
    pandas.DataFrame
        Columns article, surface, level, count (Int64) and locators (joined with ``"; "``),
        the most frequent form of each article first.
    """
    found = mentions()
    found = found[found["actor"] == known_actor(actor)]
    found = found.assign(article=found["locator"].str[:3])
    table = found.groupby(["article", "surface", "level"], as_index=False).agg(
        count=("mention", "size"), locators=("locator", lambda cells: "; ".join(
            dict.fromkeys(cells))))
    table["count"] = table["count"].astype("Int64")
    return table.sort_values(["article", "count", "surface"], ascending=[True, False, True],
                             ignore_index=True)


def mention_table(level: str | None = None) -> pd.DataFrame:
    """Return how often each actor is mentioned in each article.

    Parameters
    ----------
    level : {"name", "description"}, optional
        Count only these mentions.

    Returns
    -------
    pandas.DataFrame
        Actor ids as index, a column ``name``, then one column of counts (Int64) per article.
        Mentions that are not resolved yet are in no row.
    """
    found = mentions()
    if level is not None:
        if level not in ("name", "description"):
            raise ReaderError(f"level must be 'name' or 'description', not {level!r}.")
        found = found[found["level"] == level]
    found = found.dropna(subset=["actor"])
    listed, ids = actors().set_index("actor"), list(tables.read("articles")["article"])
    counts = pd.crosstab(found["actor"], found["locator"].str[:3])
    counts = counts.reindex(index=listed.index, columns=ids, fill_value=0).astype("Int64")
    counts.columns.name = None
    return pd.concat([listed[["name"]], counts], axis=1)
