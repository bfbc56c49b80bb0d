"""How notebooks end, what their guards say of it, and what they see while they run."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest
from attack_place import Place

from grader.execution.sandbox import PROTECTIONS, REASONS
from grader.execution.sandbox.guard import CRASHED, EXITED


def test_an_empty_notebook(place):
    seen = place.try_("nothing")
    assert (seen["code"], seen["said"], seen["outlived"]) == (0, [None], False)
    assert seen["cpu"] > 0 and seen["peak"] > 1 << 20


@pytest.mark.parametrize("attack", ["exit_hard", "exit_soft"])
def test_a_status_cannot_be_forged(place, attack):
    """81 is the guard's own word for too much memory."""
    assert place.try_(attack)["code"] == EXITED


def test_a_crash_is_told_by_its_signal(place):
    code = place.try_("crash")["code"]
    assert code == CRASHED + signal.SIGSEGV and "SIGSEGV" in REASONS[code]


def test_killing_itself_ends_only_itself(place):
    """The first process of a PID namespace can't even do that."""
    seen = place.try_("kill_self")
    assert (seen["code"], seen["said"]) == ((0, ["alive"]) if place.private else
                                            (CRASHED + signal.SIGKILL, []))


def test_deep_recursion_ends_in_an_error_or_a_crash(place):
    seen = place.try_("recurse")
    assert seen["said"] == ["survived"] or seen["code"] == CRASHED + signal.SIGSEGV


def test_the_surroundings_of_an_honest_notebook(place):
    files = {"a.csv": "1,2\n", "data/ä b.txt": "text", "../escape": "x", "/etc/escape": "x",
             "data/../../escape": "x", "n" * 300: "x", "": "x", "nul\0": "x", "a.csv/b": "x"}
    seen = place.try_("look", files=files)["said"][0]
    assert seen["files"] == {"a.csv": "1,2\n", "data/ä b.txt": "text"}
    assert len([note for note in seen["notes"] if "was left out" in note]) == 7
    assert seen["home"] == seen["environment"]["HOME"] and seen["folder"] == f"{seen['home']}/work"
    assert not {"SECRET"} & set(seen["environment"])
    assert seen["user"] != 0 and (seen["pid"] == 1) == place.private
    assert len(seen["descriptors"]) == 5  # three, the one that is kept, and the listing's own
    assert not Path("/etc/escape").exists()


def test_no_capability_is_left(place):
    seen = place.try_("capabilities")["said"][0]
    # Only who had capabilities can shorten the list of those that programs could bring.
    lists = {name for name in seen if name.startswith("Cap")} - (
        {"CapBnd"} if place.kind == "user without namespaces" else set())
    assert {seen[name].strip("0") for name in lists} == {""}
    assert (seen["NoNewPrivs"], seen["Seccomp"][0]) == ("1", "2")


def test_nothing_stays_on_the_disk(places):
    place = places("user without namespaces")
    for attack in ("look", "lock_folders", "memory_bomb", "exit_hard"):
        place.try_(attack, limits={"memory_bytes": 100 << 20})
    assert list(place.temporary.glob("reading-idlib-*")) == []


@pytest.mark.parametrize("kind", ["user", "user without namespaces"])
def test_a_dead_server_takes_everything_with_it(kind, places):
    place = Place(kind, places("user").home)
    place.process.stdin.write('{"attack": "daemon_and_loop"}\n')
    place.process.stdin.flush()
    family = wait_for(lambda: len(below(place.process.pid)) >= 4 and below(place.process.pid))
    place.process.kill()
    place.close()
    wait_for(lambda: not [pid for pid in family if lives(pid)])


def below(pid: int) -> list[int]:
    """Process ids of all descendants."""
    found = []
    try:
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            found += [int(child), *below(int(child))]
    except OSError:
        pass
    return found


def lives(pid: int) -> bool:
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False


def wait_for(condition):
    end = time.monotonic() + 20
    while not (value := condition()):
        assert time.monotonic() < end
        time.sleep(0.02)
    return value


@pytest.mark.parametrize("kind", ["root", "user", "user without Landlock", "user on an old kernel",
                                  "user without namespaces"])
def test_all_protections_hold_where_the_kernel_gives_enough(places, kind):
    """On a machine whose kernel has namespaces (or Landlock 6), nothing is missing."""
    place = places(kind)
    if kind == "user without namespaces":
        from grader.execution.sandbox import landlock
        if landlock.version() < 6:
            pytest.skip("signals need Landlock 6 where there are no namespaces")
    elif not place.private:
        pytest.skip(f"this machine has no namespaces: {place.notes}")
    assert place.missing == {}


def test_what_is_missing_is_found_by_trying(places):
    place = places("user without anything")
    assert {"network", "read", "write", "processes", "kernel"} <= set(place.missing)
    assert set(place.missing) <= set(PROTECTIONS) and all(place.missing.values())


def test_without_protections_nothing_runs_unless_it_is_allowed(places):
    place = places("user without anything")
    missing = list(place.missing)
    assert place.try_("nothing", allow=[])["said"] == [["refused", *missing]]
    assert place.try_("nothing", allow=missing[1:])["said"] == [["refused", missing[0]]]
    assert place.try_("look", allow=missing)["said"][0]["user"] != 0
    assert place.try_("look", allow=["all"])["said"][0]["folder"].endswith("/work")


def test_what_can_hold_holds_without_namespaces_and_landlock(places):
    """rlimits, the watch over memory and the guard need nothing of the kernel."""
    place = places("user without anything")
    assert {"memory", "fork"}.isdisjoint(place.missing)
    seen = place.try_("daemon", look_after=0.7)
    assert not seen["outlived"] and seen["touched"] == []


def test_reasons_are_parts_of_a_sentence():
    assert all(text[0].islower() and not text.endswith(".") for text in REASONS.values())
    assert os.WEXITSTATUS(max(REASONS) << 8) == max(REASONS)  # each fits into a status


@pytest.mark.parametrize(("attack", "code"), [("crash", CRASHED + signal.SIGSEGV),
                                              ("exit_hard", EXITED), ("nothing", 0)])
def test_who_has_ended_was_not_stopped(place, attack, code):
    """Clients tell a guard to end as soon as the runner's socket closes."""
    assert place.try_(attack, signals={"SIGTERM": "closed"})["code"] == code
