"""Memory that was freed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from lessongen.system.memory import give_back

_STATUS = Path("/proc/self/status")
_BLOCKS, _BYTES = 30_000, 1_000


def _resident_megabytes() -> float:
    return int(_STATUS.read_text().partition("VmRSS:")[2].split()[0]) / 1024


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_what_was_freed_between_blocks_in_use_goes_back_to_the_system() -> None:
    blocks = [bytes(_BYTES) for _ in range(_BLOCKS)]
    last = blocks[-1]
    del blocks
    before = _resident_megabytes()
    give_back()
    assert last
    assert _resident_megabytes() < before - 0.5 * _BLOCKS * _BYTES / 2**20
