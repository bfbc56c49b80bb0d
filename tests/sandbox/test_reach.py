"""Attacks on what lies outside: network, files, processes. Each with a control run somewhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from attack_place import SECRET
from places import ROOT

NETWORK = ("connect", "send_packet", "send_to_path", "send_abstract", "turn_pair", "raw_socket",
           "outside_address")


def outside(place) -> dict:
    """Paths that no notebook may read, and the secret in them."""
    course = place.home / "course"
    return {"secret": SECRET, "paths": [
        str(path) for path in (
            course / "grader/answer_key/01.yaml", course / "gradebook.db",
            course / "submitted/other/01/01.ipynb", place.home / ".ssh/id_ed25519", place.home,
            ROOT / "grader/answer_key", ROOT / "grader/answer_key/README.md", ROOT / "exercises",
            ROOT / "grader/key.py", ROOT / "tests/sandbox/conftest.py", ROOT, Path("/root"),
            Path("/var"), Path("/home"), Path("/etc/shadow"), Path("/etc/ssh"),
            Path("/proc/self/root/../.old"), Path("/sys/kernel"))]}


@pytest.mark.parametrize("attack", NETWORK)
def test_nothing_is_sent(place, attack):
    seen = place.try_(attack, needs="network")
    assert not [what for name, what in seen["touched"] if name == "network"]
    assert not {"connected", "made", "routed"} & set(map(str, seen["said"]))


@pytest.mark.parametrize("attack", ["connect", "send_packet", "send_to_path", "send_abstract"])
def test_without_the_sandbox_it_would_be_sent(user, attack):
    assert [what for name, what in user.try_(attack, locked=False)["touched"] if name == "network"]


def test_notebooks_do_not_hear_each_other(place):
    """What is sent inside stays inside: the loopback interface is each notebook's own."""
    if not place.private:
        pytest.skip("there are no sockets without a network namespace")
    assert place.try_("talk_to_oneself")["said"] == ["heard"]


@pytest.mark.parametrize("attack", ["read", "read_through_links"])
def test_nothing_secret_is_read(place, attack):
    seen = place.try_(attack, needs="read", args=outside(place))
    found = [one for one in seen["said"][0] if one[0] not in ("/root", "/home", "/var")]
    # Folders on the way to Python and to its files are there, with nothing else in them.
    on_the_way = [one for one in found if isinstance(one[1], list)]
    for path, names in on_the_way:
        assert not {"answer_key", "exercises", "classroom", "notebooks", ".git"} & set(names), path
    assert [one for one in found if one not in on_the_way] == []


def test_without_the_sandbox_it_would_be_read(user):
    paths = {path for path, _ in user.try_("read", locked=False, args=outside(user))["said"][0]}
    assert {str(user.home / ".ssh/id_ed25519"), str(ROOT / "grader/answer_key/README.md")} <= paths


def test_the_environment_tells_nothing(place):
    assert place.try_("find_in_proc", needs="read", args=outside(place))["said"] == [[]]


def test_without_the_sandbox_the_environment_would_tell(user):
    said = user.try_("find_in_proc", locked=False, args=outside(user))["said"][0]
    assert "os.environ" in said and "/proc/self/environ" in said


def test_descriptors_lead_nowhere(place):
    """0, 1 and 2 are the null device; the listing itself may add none."""
    found = place.try_("use_descriptors", needs="read")["said"][0]
    assert [(number, path) for number, _, path in found] == [
        (number, "/dev/null") for number in (0, 1, 2)]


def test_without_the_sandbox_descriptors_would_lead_to_files(user):
    found = user.try_("use_descriptors", locked=False)["said"][0]
    assert any(path.endswith("gradebook") for _, _, path in found)


@pytest.mark.parametrize("attack", ["open_server_memory", "peek", "trace"])
def test_the_server_has_no_memory_to_read(place, attack):
    assert place.try_(attack, needs="processes")["said"] == [[]]


@pytest.mark.parametrize("attack", ["open_server_memory", "peek", "trace"])
def test_without_the_sandbox_it_would_be_read_from(user, attack):
    assert user.try_(attack, locked=False)["said"] != [[]]


@pytest.mark.parametrize("attack", ["write", "create", "delete", "change_mode", "change_python"])
def test_nothing_outside_is_changed(place, attack):
    before = Path(pytest.__file__).stat(), Path(__import__("os").__file__).read_bytes()
    assert place.try_(attack, needs="write")["touched"] == []
    assert before == (Path(pytest.__file__).stat(), Path(__import__("os").__file__).read_bytes())


@pytest.mark.parametrize("attack", ["write", "create", "delete", "change_mode"])
def test_without_the_sandbox_it_would_be_changed(user, attack):
    assert user.try_(attack, locked=False)["touched"]


def test_only_its_own_folders_take_files(place):
    folders = [str(place.home), str(place.home / "course"), "/tmp/reading-idlib-nothing"]
    assert place.try_("write_everywhere", needs="write",
                      args={"folders": folders})["said"] == [[]]


@pytest.mark.parametrize("attack", ["end_bystander", "kill_parent"])
def test_other_processes_live_on(place, attack):
    seen = place.try_(attack, needs="processes")
    assert seen["touched"] == [] and place.process.poll() is None
    assert not [what for what in seen["said"] if str(what).startswith("killed")]


def test_nobody_can_be_signalled(place):
    assert place.try_("reach_others", needs="processes")["said"] == [[]]


def test_without_the_sandbox_processes_would_be_reached(user):
    assert user.try_("end_bystander", locked=False, look_after=0.5)["touched"]
    assert user.try_("reach_others", locked=False)["said"] != [[]]


@pytest.mark.parametrize("attack", ["daemon", "background"])
def test_nothing_outlives_the_notebook(place, attack):
    seen = place.try_(attack, needs="processes", look_after=0.7)
    assert seen["said"] == ["started"] and seen["code"] == 0
    assert not seen["outlived"] and seen["touched"] == []


def test_without_the_sandbox_it_would_be_outlived(user):
    seen = user.try_("daemon", locked=False, look_after=0.8)
    assert seen["outlived"] and seen["touched"]


def test_the_runner_cannot_forget_its_guard(place):
    assert place.try_("forget_parent", needs="kernel")["said"] == [-1]
