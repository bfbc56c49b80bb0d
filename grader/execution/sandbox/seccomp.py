"""Which system calls a notebook may not make, and why."""

from __future__ import annotations

import errno
import functools
import platform

from . import syscalls
from .bpf import Rule, When, assemble

# What follows is refused because honest code never needs it and because it has been, or leads
# to, a way around the other layers. "Not implemented" makes callers take another way.
_NEVER = {
    "look into or change other processes": (
        "ptrace process_vm_readv process_vm_writev process_madvise process_mrelease kcmp "
        "pidfd_getfd perf_event_open lookup_dcookie move_pages migrate_pages"),
    "change what is mounted, or leave the private view": (
        "mount umount2 pivot_root chroot move_mount open_tree open_tree_attr fsopen fsconfig "
        "fsmount fspick mount_setattr setns unshare open_by_handle_at name_to_handle_at"),
    "change the machine": (
        "init_module finit_module delete_module create_module kexec_load kexec_file_load reboot "
        "swapon swapoff quotactl quotactl_fd acct settimeofday clock_settime clock_adjtime "
        "adjtimex sethostname setdomainname nfsservctl vhangup syslog"),
    "parts of the kernel in which errors were found most often": (
        "bpf userfaultfd keyctl add_key request_key fanotify_init fanotify_mark remap_file_pages "
        "uselib ustat sysfs _sysctl iopl ioperm modify_ldt"),
}
_NOT_IMPLEMENTED = {
    "calls made by others, which no filter sees": "io_uring_setup io_uring_enter io_uring_register",
    "memory that no limit counts": (
        "memfd_create memfd_secret shmget shmat shmctl shmdt semget semop semtimedop semctl "
        "msgget msgsnd msgrcv msgctl mq_open mq_unlink"),
    "flags are behind a pointer; the C library falls back on clone": "clone3",
}
# Permissions can be changed by the owner wherever the file lies, and Landlock does not mind.
# Where there is no private view these calls do nothing: copying files works all the same.
# (Times can be changed: who pretends that breaks Path.touch.)
_PRETENDED = ("chmod fchmodat fchmodat2 chown lchown fchownat setxattr lsetxattr setxattrat "
              "removexattr lremovexattr removexattrat file_setattr")
# These take a process id as first or second argument; 0 is the caller.
_ON_OTHERS = {"prlimit64": 0, "sched_setaffinity": 0, "sched_setscheduler": 0,
              "sched_setparam": 0, "sched_setattr": 0, "setpriority": 1, "ioprio_set": 1}
_AF_UNIX, _AF_INET, _AF_INET6, _AF_NETLINK = 1, 2, 10, 16
_SOCK_STREAM, _SOCK_TYPE = 1, 0xF
_TIOCSTI, _TIOCLINUX = 0x5412, 0x541C
_QUERY = 0xFFFFFFFF  # personality(2)


def rules(network: bool, view: bool, processes: bool) -> list[Rule]:
    """The rules for a process that has these namespaces of its own: network, mount, PID."""
    found = [Rule(name) for names in _NEVER.values() for name in names.split()]
    found += [Rule(name, errno.ENOSYS) for names in _NOT_IMPLEMENTED.values()
              for name in names.split()]
    found += [
        Rule("clone", when=(When(0, (0,), syscalls.CLONE_NEW, other=True),)),
        # Characters typed into somebody else's terminal.
        Rule("ioctl", when=(When(1, (_TIOCSTI, _TIOCLINUX)),)),
        Rule("personality", when=(When(0, (0, _QUERY), other=True),)),
        # The runner must die with its guard.
        Rule("prctl", when=(When(0, (syscalls.PR_SET_PDEATHSIG,)),))]
    if network:
        families = (_AF_UNIX, _AF_INET, _AF_INET6, _AF_NETLINK)
        found += [Rule("socket", when=(When(0, families, other=True),)),
                  Rule("socket", when=(When(0, (_AF_NETLINK,)), When(2, (0,), other=True)))]
    else:
        # No socket that could be connected to anything: asyncio's pairs are, to each other.
        found += [Rule("socket"),
                  Rule("socketpair", when=(When(1, (_SOCK_STREAM,), _SOCK_TYPE, other=True),))]
    if not view:
        found += [Rule(name, 0) for name in _PRETENDED.split()]
    if not processes:
        found += [Rule(name, when=(When(index, (0,), other=True),))
                  for name, index in _ON_OTHERS.items()]
    return found


@functools.cache
def program(network: bool, view: bool, processes: bool) -> bytes:
    """The filter for this machine; the arguments are those of :func:`rules`."""
    return assemble(rules(network, view, processes), platform.machine())


def install(network: bool, view: bool, processes: bool) -> None:
    """Filter the calls of this process and of all that it will start.

    Raises
    ------
    OSError
        Where the kernel has no filters.
    KeyError
        On a machine whose numbers of calls are not in our table.
    """
    syscalls.set_seccomp(program(network, view, processes))
