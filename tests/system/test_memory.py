"""Memory that was freed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from lessongen.system.memory import give_back
from lessongen.text.vocabulary import step_of

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


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_the_list_of_words_is_held_only_while_it_is_used() -> None:
    step_of("water")
    give_back()
    without = _resident_megabytes()
    assert step_of("photosynthesis") > step_of("water")
    assert _resident_megabytes() > without + 1.5
    give_back()
    assert _resident_megabytes() < without + 0.5
