"""Memory that was freed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from lessongen.system.memory import give_back
from lessongen.text.vocabulary import step_of

_STATUS = Path("/proc/self/status")
_BLOCKS, _BYTES = 30_000, 1_000


def _megabytes(kind: str) -> float:
    return int(_STATUS.read_text().partition(f"{kind}:")[2].split()[0]) / 1024


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_what_was_freed_between_blocks_in_use_goes_back_to_the_system() -> None:
    blocks = [bytes(_BYTES) for _ in range(_BLOCKS)]
    last = blocks[-1]
    del blocks
    before = _megabytes("VmRSS")
    give_back()
    assert last
    assert _megabytes("VmRSS") < before - 0.5 * _BLOCKS * _BYTES / 2**20


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_the_list_of_words_takes_no_memory_but_the_file_s() -> None:
    give_back()
    before = _megabytes("RssAnon")
    assert step_of("photosynthesis") > step_of("water")
    assert _megabytes("RssAnon") < before + 0.5
