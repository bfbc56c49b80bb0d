"""Rules about system calls, as a program for the kernel's filter (classic BPF, seccomp(2))."""

from __future__ import annotations

import errno
import struct
from collections.abc import Iterable
from dataclasses import dataclass

from . import numbers

_LOAD, _AND, _JUMP_EQUAL, _JUMP_FROM, _RETURN = 0x20, 0x54, 0x15, 0x35, 0x06
ALLOW, KILL, ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
# Offsets in struct seccomp_data; arguments have eight bytes, the low half first on both machines.
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16
# On x86_64, numbers from here on are those of the x32 ABI: the same calls by other numbers.
_X32 = 0x40000000


@dataclass(frozen=True)
class When:
    """A condition on an argument of a call.

    It holds if the low 32 bits of argument ``index``, masked, are among ``values`` (or, with
    ``other``, if they are not): the kernel reads no more of flags, families and requests.
    """

    index: int
    values: tuple[int, ...]
    mask: int = 0xFFFFFFFF
    other: bool = False


@dataclass(frozen=True)
class Rule:
    """A call that fails with ``code`` when all conditions hold; 0 lets it seem to succeed."""

    name: str
    code: int = errno.EPERM
    when: tuple[When, ...] = ()


def assemble(rules: Iterable[Rule], machine: str, newest: int = numbers.NEWEST) -> bytes:
    """The program for ``machine``: foreign calls kill, unknown ones do not exist, rules hold.

    Raises
    ------
    KeyError
        When there is no table of numbers for this machine.
    """
    code = [(_LOAD, 0, 0, _ARCHITECTURE),
            (_JUMP_EQUAL, 1, 0, numbers.ARCHITECTURES[machine]), (_RETURN, 0, 0, KILL),
            (_LOAD, 0, 0, _NUMBER),
            (_JUMP_FROM, 0, 1, _X32), (_RETURN, 0, 0, KILL),
            (_JUMP_FROM, 0, 1, newest + 1), (_RETURN, 0, 0, ERRNO | errno.ENOSYS)]
    for rule in rules:
        found = numbers.number(rule.name, machine)
        if found is not None:
            body = _conditions(rule)
            code += [(_JUMP_EQUAL, 0, len(body), found), *body]
    code.append((_RETURN, 0, 0, ALLOW))
    return b"".join(struct.pack("=HBBI", *line) for line in code)


def _conditions(rule: Rule) -> list[tuple[int, int, int, int]]:
    """What follows when the number fits: the refusal, behind the conditions that lead to it."""
    refusal = (_RETURN, 0, 0, ERRNO | rule.code)
    if not rule.when:
        return [refusal]
    tests = [_test(when) for when in rule.when]
    # A condition that fails jumps over all that follows, to where the number is loaded again.
    body: list[tuple[int, int, int, int]] = [refusal]
    for loads, values, other in reversed(tests):
        rest, checks = len(body), []
        for place, value in enumerate(values):
            left = len(values) - place - 1  # checks that follow this one
            if other:  # a value that is met ends it
                checks.append((_JUMP_EQUAL, left + rest, 0, value))
            elif left:
                checks.append((_JUMP_EQUAL, left, 0, value))
            else:
                checks.append((_JUMP_EQUAL, 0, rest, value))
        body = [*loads, *checks, *body]
    return [*body, (_LOAD, 0, 0, _NUMBER)]


def _test(when: When) -> tuple[list[tuple[int, int, int, int]], tuple[int, ...], bool]:
    return ([(_LOAD, 0, 0, _ARGUMENTS + 8 * when.index), (_AND, 0, 0, when.mask)],
            when.values, when.other)
