"""The list of words by level against cefrpy, whose file it reads."""

from __future__ import annotations

import subprocess
import sys

import pytest
from cefrpy import CEFRAnalyzer, CEFRDataProcessor, CEFRDataReader

from lessongen.text.vocabulary import RAREST, step_of, tags_of

_NOT_LISTED = ("", "a b", "über", "Übung", "twenty-one", "x" * 60, "qwrtzu", "3rd", "naïve")


@pytest.fixture(scope="module")
def oracle() -> CEFRAnalyzer:
    return CEFRAnalyzer(CEFRDataProcessor(CEFRDataReader()))


def test_words_have_the_tags_and_the_level_that_cefrpy_tells(oracle: CEFRAnalyzer) -> None:
    by_length: dict[int, str] = {}
    words = list(dict.fromkeys(oracle.yield_words()))
    for word in words:
        by_length[len(word)] = max(word, by_length.get(len(word), ""))
    asked = [word for word in words[::1500] if word not in by_length.values()]  # of the last of a length it drops a use
    assert len(asked) > 100
    for word in asked:
        levels = oracle.get_pos_level_dict_for_word(word, word_level_as_float=True)
        assert step_of(word) == max(1, min(RAREST, round(min(levels.values()))))
        assert tags_of(word) == set(oracle.get_all_pos_for_word_as_str(word))


def test_the_first_and_the_last_word_of_each_length_are_found(oracle: CEFRAnalyzer) -> None:
    for length in range(1, oracle.get_max_word_len() + 1):
        words = list(oracle.yield_words_with_length(length))
        assert all(tags_of(word) for word in (*words[:1], *words[-1:]))


@pytest.mark.parametrize("word", _NOT_LISTED)
def test_what_is_no_word_of_letters_is_not_listed(word: str, oracle: CEFRAnalyzer) -> None:
    assert not tags_of(word)
    assert not oracle.is_word_in_database(word)
    assert step_of(word) == RAREST


def test_cefrpy_is_not_imported_for_its_list() -> None:
    program = (
        "import sys; from lessongen.text.vocabulary import step_of; step_of('water'); sys.exit('cefrpy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
