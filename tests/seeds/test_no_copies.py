"""No file of the project holds seven words in a row of an article.

The texts are other people's work. tests/data/word_runs.txt holds a fingerprint of every run
of seven words in them, so that this test needs no text.
"""

from __future__ import annotations

import json
import re
import subprocess

from places import ROOT

from reader import build

RUNS = ROOT / "tests" / "data" / "word_runs.txt"


def known_runs() -> set[str]:
    return set(RUNS.read_text(encoding="utf-8").split())


def copied(content: str, runs: set[str]) -> str | None:
    """Return a copied run of words in the content of a file, or None."""
    # Notebooks and other JSON files write line ends, quotes and letters as escapes.
    plain = content.replace("\\n", " ").replace('\\"', '"')
    plain = re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), plain)
    # With tags undone as markup, and once more with all left in: a "<" and a ">" far apart
    # in program code are no tag, and what stands between them must not go unseen.
    for form in (plain, plain.replace("<", " ").replace(">", " ")):
        words = build.plain_words(form)
        for at, run in enumerate(build.run_hashes(words)):
            if run in runs:
                return " ".join(words[at:at + build.RUN_LENGTH])
    return None


def test_no_tracked_file_holds_a_passage_of_an_article():
    names = subprocess.run(["git", "-C", str(ROOT), "ls-files", "-z"], check=True,
                           capture_output=True, text=True).stdout.split("\0")
    runs, found, read = known_runs(), {}, 0
    for name in filter(None, names):
        try:
            content = (ROOT / name).read_text(encoding="utf-8")
        except (UnicodeDecodeError, FileNotFoundError):
            continue  # not text, or deleted and not yet committed
        read += 1
        if passage := copied(content, runs):
            found[name] = passage
    assert read > 20, "git ls-files found almost nothing: this test would prove nothing"
    assert not found


def test_a_copied_passage_is_found_in_every_disguise():
    passage = "seven small boats \u2018left\u2019 the old harbour at dawn, quietly"
    runs = set(build.run_hashes(build.plain_words(passage)))
    marked = passage.replace("the old", "<b>the</b>\nold")
    assert copied(passage.upper(), runs)
    assert copied(marked, runs)
    assert copied(passage.replace("\u2018", "&lsquo;").replace("\u2019", "&rsquo;"), runs)
    assert copied(json.dumps({"source": [marked.replace("boats", '"boats"')]}), runs)
    assert copied(f"if a < b: # {passage}\n    c > d", runs)
    assert not copied(passage.replace("harbour", "port"), runs)
    assert not copied("seven small boats left the old", runs)


def test_fingerprints_are_sorted_and_complete(texts):
    listed = RUNS.read_text(encoding="utf-8").splitlines()
    assert all(re.fullmatch(r"[0-9a-f]{16}", line) for line in listed)
    assert listed == sorted(set(listed))
    # Counted here once more by the plain rule: every run of seven words of every text.
    runs = set()
    for raw in texts.values():
        words = build.plain_words(raw)
        runs |= {tuple(words[at:at + 7]) for at in range(len(words) - 6)}
    assert len(listed) == len(runs)
    assert listed == build.word_runs(texts)
    assert all(copied(raw, set(listed)) for raw in texts.values())
