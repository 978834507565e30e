"""Being told to end by SIGTERM or SIGHUP: what was begun is undone, as after Ctrl-C; then the signal does its work."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from types import FrameType

_told: int | None = None


def raise_when_told() -> None:
    """From now on raise `KeyboardInterrupt` for SIGTERM and SIGHUP; one that is ignored, as under nohup, stays so."""
    for number in ending_signals():
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _raise)


def ending_signals() -> list[signal.Signals]:
    """The signals beside Ctrl-C's that tell a process to end, as far as this system has them and they are heard."""
    known = [getattr(signal, name, None) for name in ("SIGTERM", "SIGHUP")]
    return [each for each in known if each is not None and signal.getsignal(each) is not signal.SIG_IGN]


def was_told() -> bool:
    """Whether a signal has told this process to end, so that it was not Ctrl-C that interrupted it."""
    return _told is not None


def end_if_told() -> None:
    """End the process by the signal that told it to, if one did: whoever sent it sees what it would have seen."""
    if _told is None:
        return
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError, AttributeError):
            stream.flush()
    signal.signal(_told, signal.SIG_DFL)
    os.kill(os.getpid(), _told)


def _raise(number: int, _frame: FrameType | None) -> None:
    global _told
    _told = number
    raise KeyboardInterrupt
