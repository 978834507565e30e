"""Words and sentences: the same stem on every thread; what is a whole sentence."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from lessongen.text.sentences import is_whole
from lessongen.text.words import stem

WORDS = [
    f"{root}{ending}"
    for root in ("structur", "linguist", "photosynth", "revolution", "nation", "general")
    for ending in (
        "e",
        "es",
        "ed",
        "ing",
        "ally",
        "ization",
        "izations",
        "ational",
        "fulness",
        "ously",
        "iveness",
        "ically",
    )
]


def test_stems_are_the_same_whichever_threads_make_them_at_once() -> None:
    stem.cache_clear()
    alone = [stem(word) for word in WORDS]
    for _ in range(20):
        stem.cache_clear()
        with ThreadPoolExecutor(8) as threads:
            together = list(threads.map(lambda _: [stem.__wrapped__(word) for word in WORDS], range(16)))
        assert all(stems == alone for stems in together)


LOST_EXPONENTS = [
    "It has a mass of 4.01\u00d71024 kg.",
    "It is 5 \u00b7 10\u22129 metres wide.",
    "It is 10\u221215 m wide.",
]
OTHER_NUMBERS = [
    "It covers 3 \u00d7 4 metres.",
    "It is 10\u201315 m wide.",
    "It took 10 \u2212 2 days.",
    "It is 1,024 kg.",
]


@pytest.mark.parametrize("text", LOST_EXPONENTS)
def test_a_sentence_whose_power_has_lost_its_exponent_is_not_whole(text: str) -> None:
    assert not is_whole(text)


@pytest.mark.parametrize("text", OTHER_NUMBERS)
def test_a_sentence_with_other_numbers_is_whole(text: str) -> None:
    assert is_whole(text)
