"""Topic 08: is an actor named in an article, does it speak there, and what may be concluded?

Three things are kept apart: what our tables hold, what the file holds, and what the article held
that was published. Tables leave out pronouns, and some mentions and voices on purpose; two of the
five files are excerpts. The sentence says only what the weakest of the three allows.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from reader import actors, corpus, tables
from reader.errors import ReaderError
from reader.lazy import lazy

pd = lazy("pandas")

#: States, and the people in office who are actors of their own.
_PEOPLE = {"A01": ("A02",), "A03": ("A04", "A05", "A06"), "A07": ("A08", "A09"), "A10": ("A11",),
           "A12": ("A13",)}


#: What an open mention may mean. Which of these it means is what exercise 02 asks.
_CAPITALS = {"Ankara": "A07", "Damascus": "A01", "Moscow": "A03", "Tehran": "A10", "Paris": "A30"}
_ARMED = ("armed group", "armed coalition")
#: Places of the articles in voices.csv that it leaves out on purpose.
_LEFT_OUT = {"001": "a part of 001 P22", "003": "003 S20"}


def voiced_articles() -> list[str]:
    """Return the ids of the articles that the table of voices holds."""
    return sorted(set(tables.read("voices")["locator"].str[:3]))


@dataclass(frozen=True, repr=False)
class Absence:
    """What follows about an actor in an article, and what does not; shows its sentence.

    Attributes
    ----------
    article, actor, name : str
        Id of the article, id and name of the actor.
    named : bool or None
        Whether the file names or describes the actor; None where the tables leave it open.
    speaks : bool or None
        Whether the article gives it words, a view or an act; None where the tables do not say.
    complete : bool
        Whether the file holds the whole article.
    mentions : int
        How many mentions of it are resolved in ``mentions.csv``.
    open : list of str
        Locators of the mentions of the article that are left open on purpose.
    sentence : str
        All of it, in words.
    """

    article: str
    actor: str
    name: str
    named: bool | None
    speaks: bool | None
    complete: bool
    mentions: int
    open: list[str]
    sentence: str

    def __repr__(self) -> str:
        return self.sentence

    def _repr_html_(self) -> str:
        return f"<p>{escape(self.sentence)}</p>"


def _listed(places) -> str:
    found = list(dict.fromkeys(places))
    more = f" and {len(found) - 4} more" if len(found) > 4 else ""
    return ", ".join(found[:4]) + more


def _may_mean(surface: str, actor: str) -> bool:
    """Say whether an open mention could mean an actor: by its kind, not by its context."""
    if surface in _CAPITALS:
        return actor in (_CAPITALS[surface], "A32")
    kind = actors.actors().set_index("actor").loc[actor, "type"]
    return kind in (("state", "states") if "government" in surface else _ARMED)


def _naming(article: str, actor: str, here: pd.DataFrame) -> tuple[bool | None, str]:
    mine, unknown = here[here["actor"] == actor], here[here["actor"].isna()]
    if count := len(mine):
        names = int((mine["level"] == "name").sum())
        how = "by name" if names == count else "by description only" if not names else \
            f"{names} by name"
        times = "once" if count == 1 else f"{count} times"
        return True, f"mentioned in file {article} at least {times} ({how}; " \
                     f"{_listed(mine['locator'])})."
    unknown = unknown[[_may_mean(surface, actor) for surface in unknown["surface"]]]
    if len(unknown):
        return None, (f"no mention in file {article} is given to this actor, but mentions.csv "
                      f"leaves open who is meant in {_listed(unknown['locator'])}: read there "
                      f"before you say that it is not named.")
    return False, f"not mentioned in file {article} (pronouns are not counted)."


def _speaking(article: str, actor: str, named: bool | None,
              spoken: pd.DataFrame) -> tuple[bool | None, str]:
    mine, nobody = spoken[spoken["actor"] == actor], spoken[spoken["actor"].isna()]
    kind = actors.actors().set_index("actor").loc[actor, "type"]
    if article not in voiced_articles():
        return None, f" Whether it speaks there is yours to find: voices.csv leaves {article} out."
    if len(mine):
        modes = ", ".join(dict.fromkeys(mine["mode"]))
        if set(mine["mode"]) == {"action"}:
            return False, (f" An act or attitude of it is told, but no words "
                           f"({_listed(mine['locator'])}).")
        return True, f" It speaks there ({modes}; {_listed(mine['locator'])})."
    if named is False:
        return False, " So it does not speak there either."
    if len(nobody) and kind in _ARMED:
        return None, (f" voices.csv has no row in which it speaks, but leaves open who speaks in "
                      f"{_listed(nobody['locator'])}.")
    if article in _LEFT_OUT:
        return None, (f" voices.csv has no row in which it speaks, but leaves "
                      f"{_LEFT_OUT[article]} out: read there before you say that it does not.")
    return False, " It does not speak there: voices.csv has no row of it."


def _people(actor: str, here: pd.DataFrame, spoken: pd.DataFrame) -> str:
    """Say which people in office of the same state or group are mentioned or speak there."""
    listed, found = actors.actors().set_index("actor")["name"], []
    for person in _PEOPLE.get(actor, ()):
        if (spoken["actor"] == person).any():
            found.append(f"{listed[person]}, who speaks there")
        elif (here["actor"] == person).any():
            found.append(f"{listed[person]}, who is mentioned there")
    return f" Counted apart: {'; '.join(found)}." if found else ""


def absence(article: str, actor: str) -> Absence:
    """Say whether an actor is named and speaks in an article, and what follows from that.

    Parameters
    ----------
    article : str
        Id of one of the five articles, such as ``"003"``.
    actor : str
        Id or name, as in `reader.actors.actors`.

    Returns
    -------
    Absence
        With `sentence`, and its parts as attributes.

    Raises
    ------
    ReaderError
        When the article or the actor is unknown, or the article is one you added, which has no
        table of mentions.
    """
    article, actor = corpus.known_article(article), actors.known_actor(actor)
    records = tables.read("articles").set_index("article")
    if article not in records.index:
        raise ReaderError(f"Nobody has listed the mentions of {article}, an article that you "
                          f"added: the tables know the five articles of the course.")
    name = actors.actors().set_index("actor").loc[actor, "name"]
    complete = records.loc[article, "completeness"] == "complete"
    here = actors.mentions(article)
    spoken = corpus.only(tables.read("voices"), article)
    named, naming = _naming(article, actor, here)
    speaks, speaking = _speaking(article, actor, named, spoken)
    sentence = f"{name} ({actor}): {naming}{speaking}{_people(actor, here, spoken)}"
    if not (named and speaks):
        sentence += (" The file holds the whole article, so the same may be said of the article."
                     if complete else
                     f" The file is an excerpt, and the missing part may name it or let it speak: "
                     f"what is absent here need not be absent from article {article}.")
    return Absence(article, actor, name, named, speaks, complete,
                   int((here["actor"] == actor).sum()),
                   list(dict.fromkeys(here.loc[here["actor"].isna(), "locator"])), sentence)
