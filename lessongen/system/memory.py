"""Memory that a process no longer uses."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable

_LET_GO: list[Callable[[], None]] = []


def kept_while_busy(let_go: Callable[[], None]) -> None:
    """Have `give_back` call this: it lets go of what is quickly loaded again, and large."""
    _LET_GO.append(let_go)


def give_back() -> None:
    """Let go of what is kept while busy, and have the C library, where it can (glibc), give to the system what is free.

    Called when nothing is being done: the next task loads what it needs.
    """
    for let_go in _LET_GO:
        let_go()
    if sys.platform != "linux":
        return
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
