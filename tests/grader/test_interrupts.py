"""Ctrl-C waits for what has begun, and is never lost."""

import os
import signal

import pytest

from grader.interrupts import Interrupts


def press() -> None:
    os.kill(os.getpid(), signal.SIGINT)


class Loud:
    """Presses Ctrl-C while Python throws it away, where any exception is thrown away too."""

    def __del__(self) -> None:
        press()


def test_what_has_begun_is_completed():
    done = []
    with pytest.raises(KeyboardInterrupt), Interrupts() as interrupts, interrupts.calm():
        press()
        done.append("complete")
    assert done == ["complete"]


def test_a_second_press_does_not_wait():
    with pytest.raises(KeyboardInterrupt), Interrupts() as interrupts, interrupts.calm():
        press()
        press()
        pytest.fail("the second press was to end it")


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_press_that_python_throws_away_is_raised_again():
    with Interrupts() as interrupts:
        one = Loud()
        del one
        with pytest.raises(KeyboardInterrupt):
            interrupts.check()


def test_afterwards_all_is_as_before():
    before = signal.getsignal(signal.SIGINT)
    with Interrupts() as interrupts:
        interrupts.check()
    assert signal.getsignal(signal.SIGINT) is before
