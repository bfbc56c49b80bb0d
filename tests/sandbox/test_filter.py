"""The filter of system calls: numbers against libseccomp's, programs in a small interpreter."""

from __future__ import annotations

import ctypes
import errno
import platform
import struct

import pytest

from grader.execution.sandbox import bpf, numbers, seccomp, syscalls

MACHINES = list(numbers.ARCHITECTURES)
ALLOWED = bpf.ALLOW


def decide(program: bytes, machine: str, number: int, *args: int, arch: int | None = None) -> int:
    """What the kernel would answer: an interpreter of the five instructions that we use."""
    arch = numbers.ARCHITECTURES[machine] if arch is None else arch
    data = struct.pack("=iIQ6Q", ctypes.c_int(number).value, arch, 0,
                       *(arg & (1 << 64) - 1 for arg in (*args, 0, 0, 0, 0, 0, 0)[:6]))
    lines = [struct.unpack_from("=HBBI", program, at) for at in range(0, len(program), 8)]
    at = value = 0
    while True:
        code, yes, no, k = lines[at]
        at += 1
        if code == 0x20:  # load a word
            value = struct.unpack_from("=I", data, k)[0]
        elif code == 0x54:  # and
            value &= k
        elif code in (0x15, 0x35):  # jump if equal, if greater or equal
            at += yes if (value == k if code == 0x15 else value >= k) else no
        else:
            assert code == 0x06
            return k


def refusal(code: int) -> int:
    return bpf.ERRNO | code


@pytest.fixture(params=MACHINES)
def machine(request) -> str:
    return request.param


@pytest.fixture
def ask(machine):
    """Ask the strict filter (no namespaces) or the one inside namespaces."""
    def question(name: str, *args: int, private: bool = True) -> int:
        program = bpf.assemble(seccomp.rules(private, private, private), machine)
        return decide(program, machine, numbers.number(name, machine), *args)
    return question


def test_numbers_are_libseccomps(machine):
    try:
        library = ctypes.CDLL("libseccomp.so.2")
    except OSError:
        pytest.skip("libseccomp is not installed; the table can't be compared")
    known = 0
    for name in numbers.names():
        theirs = library.seccomp_syscall_resolve_name_arch(
            ctypes.c_uint32(numbers.ARCHITECTURES[machine]), name.encode())
        if theirs == -1:
            continue  # newer than that libseccomp
        known += 1
        assert numbers.number(name, machine) == (theirs if theirs >= 0 else None), name
    assert known > 80


def test_foreign_and_unknown_calls(machine):
    program = bpf.assemble(seccomp.rules(True, True, True), machine)
    assert decide(program, machine, 0, arch=0x40000003) == bpf.KILL  # i386
    assert decide(program, machine, 0x40000000 | 165) == bpf.KILL    # x32's mount
    assert decide(program, machine, -1) == bpf.KILL
    assert decide(program, machine, numbers.NEWEST + 1) == refusal(errno.ENOSYS)
    assert decide(program, machine, 63) == ALLOWED


@pytest.mark.parametrize("name", ["ptrace", "process_vm_readv", "mount", "unshare", "setns", "bpf",
                                  "userfaultfd", "keyctl", "perf_event_open", "reboot", "acct",
                                  "open_by_handle_at", "pidfd_getfd", "init_module", "move_mount"])
def test_what_nobody_needs_is_refused(ask, name):
    assert ask(name) == ask(name, private=False) == refusal(errno.EPERM)


@pytest.mark.parametrize("name", ["io_uring_setup", "memfd_create", "shmget", "clone3", "mq_open"])
def test_what_some_try_does_not_exist(ask, name):
    assert ask(name) == refusal(errno.ENOSYS)


def test_conditions(ask):
    sigchld, thread = 17, 0x3D0F00
    assert ask("clone", sigchld) == ask("clone", thread) == ALLOWED
    for flag in (syscalls.CLONE_NEWUSER, syscalls.CLONE_NEWNS, syscalls.CLONE_NEWNET):
        assert ask("clone", sigchld | flag) == refusal(errno.EPERM)
        assert ask("clone", 1 << 40 | flag) == refusal(errno.EPERM)  # the kernel reads 32 bits
    assert ask("ioctl", 0, 0x5401) == ALLOWED
    assert ask("ioctl", 0, 0x5412) == ask("ioctl", 0, 1 << 32 | 0x541C) == refusal(errno.EPERM)
    assert ask("prctl", 15) == ALLOWED and ask("prctl", 1, 9) == refusal(errno.EPERM)
    assert ask("personality", 0xFFFFFFFF) == ask("personality", 0) == ALLOWED
    assert ask("personality", 0x40000) == refusal(errno.EPERM)


def test_sockets(ask):
    unix, inet, inet6, netlink, packet, vsock, alg = 1, 2, 10, 16, 17, 40, 38
    for family in (unix, inet, inet6, netlink):
        assert ask("socket", family, 1, 0) == ALLOWED
    for family in (packet, vsock, alg):
        assert ask("socket", family, 1, 0) == refusal(errno.EPERM)
    assert ask("socket", netlink, 3, 12) == refusal(errno.EPERM)  # netfilter
    for family in (unix, inet, netlink):
        assert ask("socket", family, 1, 0, private=False) == refusal(errno.EPERM)
    stream, datagram, close_on_exec = 1, 2, 0o2000000
    assert ask("socketpair", unix, stream | close_on_exec, private=False) == ALLOWED
    assert ask("socketpair", unix, datagram, private=False) == refusal(errno.EPERM)


def test_without_a_view_rights_of_files_stay_as_they_are(ask):
    assert ask("fchmodat", private=False) == refusal(0) and ask("fchmodat") == ALLOWED


def test_without_namespaces_only_oneself_can_be_limited(ask):
    assert ask("prlimit64", 0, private=False) == ALLOWED
    assert ask("prlimit64", 77, private=False) == refusal(errno.EPERM)
    assert ask("setpriority", 0, 77, private=False) == refusal(errno.EPERM)
    assert ask("prlimit64", 77) == ALLOWED


def test_the_kernel_agrees(place):
    """The same questions to the kernel of this machine, from inside."""
    calls = {"ptrace": [0, 0], "mount": [], "unshare": [syscalls.CLONE_NEWUSER], "setns": [0, 0],
             "userfaultfd": [1], "perf_event_open": [0, 0, -1, -1, 0], "bpf": [0], "clone3": [0],
             "keyctl": [0, -3], "memfd_create": [0, 0], "io_uring_setup": [1, 0], "add_key": [],
             "shmget": [0, 9, 950], "open_by_handle_at": [], "personality": [0x40000]}
    args = {name: [numbers.number(name), *rest] for name, rest in calls.items()}
    found = dict(place.try_("system_calls", needs="kernel", args={"calls": args})["said"][0])
    absent = {"memfd_create", "io_uring_setup", "shmget", "clone3"}
    assert found == {name: errno.ENOSYS if name in absent else errno.EPERM for name in calls}


def test_a_machine_without_a_table_is_told(monkeypatch):
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")
    with pytest.raises(KeyError):
        bpf.assemble(seccomp.rules(True, True, True), platform.machine())
    assert numbers.number("mount") is None
