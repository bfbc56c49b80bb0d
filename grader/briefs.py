"""The kind `brief`: a text that :func:`reader.brief.check_brief` reads for its form alone.

The text is all that counts. It is read in the process that scores, against the tables of the
course, whatever a learner's machine said of it.
"""

from __future__ import annotations

from .reading import Reading
from .values import describe

#: Characters per word, tags included, beyond which a text is not a brief of the length asked for.
MAX_CHARACTERS_PER_WORD = 30


def requirement(name: str, met: bool) -> str:
    """The token of a requirement on a brief, met or not."""
    return f"b:{name}={'yes' if met else 'no'}"


def read(spec: dict, form: list) -> Reading:
    """Read a canonical answer: one token for each requirement, met or not."""
    problem, met, notes = _judge(form, spec["words"])
    found = Reading(problem=problem)
    for name in spec["requirements"] if met else ():
        found.add(requirement(name, bool(met[name])), name)
    # Only what is asked for is spoken of.
    found.notes = [" ".join(said.split())[:400] for name, said in notes
                   if name in spec["requirements"]]
    return found


def _judge(form: list, words: list[int]) -> tuple[str, dict[str, bool], list[tuple[str, str]]]:
    """Why the text cannot be judged, or which requirements it meets and what is said of them."""
    from reader.brief import check_brief
    from reader.errors import ReaderError

    low, high = words
    if form[0] != "text":
        return (f"A text (str) is expected; yours is {describe(form)}. Put it between three "
                "quotation marks.", {}, [])
    if len(form[1]) > high * MAX_CHARACTERS_PER_WORD:
        return (f"Your text has {len(form[1]):,} characters, far more than a brief of {high} words "
                "needs. Shorten it first.", {}, [])
    try:
        report = check_brief(form[1], words=(low, high))
    except ReaderError as error:
        return str(error), {}, []
    if report.words < low / 2:
        once = any(said.endswith("counts once.") for _, said in report.problems)
        return (f"Your text has {report.words} words{', each sentence counted once' * once}. The "
                f"check begins at {(low + 1) // 2}: less than half a brief can't be judged.",
                {}, [])
    tagged = int((report.sentences["tags"] != "").sum())
    if 2 * tagged < len(report.sentences):
        # Otherwise a text without tags would meet all that is not about tags.
        return (f"{tagged} of your {len(report.sentences)} sentences end with a tag. The check "
                "begins when at least half of them do, as in: It is so [T 000 P3].", {}, [])
    return "", report.requirements, report.problems
