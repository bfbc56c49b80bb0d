"""Attacks by quantity: processes, threads, memory, disk, files, descriptors, output."""

from __future__ import annotations

import pytest

from grader.execution.sandbox import cgroup
from grader.execution.sandbox.guard import CRASHED, DISK, MEMORY, TOLD

MIB = 1 << 20
SMALL = {"processes": 16, "open_files": 64, "disk_bytes": 4 * MIB, "inodes": 64,
         "memory_bytes": 160 * MIB}


def most(place) -> int:
    """Processes and threads. Without namespaces and ids of its own a notebook is counted with
    all that its user runs at that moment, which comes and goes."""
    return SMALL["processes"] + (16 if place.kind == "user without namespaces" else 0)


def test_a_fork_bomb_ends_at_the_limit(place):
    seen = place.try_("fork_bomb", needs="fork", limits=SMALL)
    assert 1 <= seen["said"][0] <= most(place) and seen["code"] == 0
    assert not seen["outlived"]


def test_a_fork_bomb_that_goes_on_is_cleared_away(place):
    """Every process forks as fast as it can; the guard still kills all of them."""
    seen = place.try_("fork_for_ever", needs="fork", limits=SMALL, signals={"SIGTERM": 0.5})
    assert seen["code"] == TOLD and not seen["outlived"]


def test_a_thread_bomb_ends_at_the_limit(place):
    assert 1 <= place.try_("thread_bomb", needs="fork",
                           limits=SMALL)["said"][0] <= most(place)


def test_one_process_gets_a_memory_error(place):
    """A mistake that students make: their notebook goes on."""
    seen = place.try_("allocate", needs="memory", limits=SMALL)
    assert seen["said"][0].startswith("stopped: MemoryError") and seen["code"] == 0


@pytest.mark.parametrize("attack", ["memory_bomb", "hidden_memory_bomb"])
def test_processes_together_are_ended(place, attack):
    seen = place.try_(attack, needs="memory", limits=SMALL)
    assert (seen["said"], seen["code"]) == ([], MEMORY) and not seen["outlived"]


def test_a_control_group_needs_no_watch(places):
    if cgroup.parent() is None:
        pytest.skip("no control group (version 2) with memory and pids is delegated here")
    place = places("user with a blind guard")
    assert place.try_("memory_bomb", limits=SMALL)["code"] == MEMORY
    assert place.try_("fork_bomb", limits=SMALL)["said"][0] <= SMALL["processes"]
    assert list(cgroup.parent().glob("reading-idlib-*")) == []


@pytest.mark.parametrize("attack", ["fill_work", "fill_temporary", "shared_files_bomb",
                                    "fill_deleted"])
def test_what_is_written_has_an_end(place, attack):
    """In a private view there is no room; elsewhere the guard ends the notebook."""
    seen = place.try_(attack, needs="disk", limits=SMALL)
    if seen["code"] == DISK:
        assert seen["said"] == [] and not place.private
    elif isinstance(seen["said"][0], int):
        assert seen["said"][0] <= SMALL["disk_bytes"]
    else:
        assert "No space left" in seen["said"][0] or "File too large" in seen["said"][0]


def test_files_in_memory_are_memory(place):
    if not place.private:
        pytest.skip("without a private view files lie on a disk")
    roomy = SMALL | {"disk_bytes": 1024 * MIB, "memory_bytes": 100 * MIB}
    for attack in ("shared_files_bomb", "fill_work"):
        assert place.try_(attack, limits=roomy)["code"] == MEMORY


def test_files_have_an_end(place):
    seen = place.try_("many_files", needs="disk", limits=SMALL)
    assert seen["code"] == DISK or 1 <= seen["said"][0] <= SMALL["inodes"]


def test_open_files_have_an_end(place):
    seen = place.try_("open_many", needs="disk", limits=SMALL)
    assert 1 <= seen["said"][0] <= SMALL["open_files"]


def test_limits_cannot_be_raised(place):
    assert place.try_("raise_limits", needs="memory", limits=SMALL)["said"] == [[]]


@pytest.mark.parametrize(("attack", "limit"), [
    ("fork_bomb", "processes"), ("thread_bomb", "processes"), ("open_many", "open_files")])
def test_without_the_sandbox_there_is_no_end(user, attack, limit):
    assert user.try_(attack, locked=False, limits=SMALL)["said"][0] > SMALL[limit]


def test_a_flood_that_nobody_reads_does_not_hold_the_guard(place):
    seen = place.try_("flood", signals={"SIGTERM": 0.5})
    assert seen["code"] == TOLD and not seen["outlived"]


@pytest.mark.parametrize("attack", ["loop", "sleep", "last_words"])
def test_who_does_not_end_is_ended(place, attack):
    """Python's own ways out (atexit, finalisers, threads that are waited for) end as well."""
    seen = place.try_(attack, signals={"SIGINT": 0.3, "SIGTERM": 0.6})
    assert seen["code"] in ({TOLD} if attack == "loop" else {TOLD, 80, 0})
    assert not seen["outlived"]


def test_an_interrupt_reaches_the_runner(place):
    seen = place.try_("wait_for_interrupt", signals={"SIGINT": 0.5})
    assert seen["said"] == ["waiting", "interrupted"] and seen["code"] == 0


def test_processor_time_has_an_end_without_a_client(user):
    """The clock is the client's; should it stand still, the kernel's own limit is left."""
    seen = user.try_("loop", limits={**SMALL, "notebook_seconds": 0.01}, patience=60)
    assert seen["code"] == CRASHED + 9 and seen["cpu"] < 10
