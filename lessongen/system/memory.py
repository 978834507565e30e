"""Memory that a process no longer uses."""

from __future__ import annotations

import ctypes
import sys


def give_back() -> None:
    """Have the C library give what was freed back to the system, where it can (glibc): else it keeps it for later."""
    if sys.platform != "linux":
        return
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
