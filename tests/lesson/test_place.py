"""Places in a lesson: what they are called, and what they are in."""

from __future__ import annotations

import pytest

from lessongen.lesson.place import Place


@pytest.mark.parametrize(
    ("place", "text"),
    [
        (Place.of("minutes"), "minutes"),
        (Place.of("questions", 2), "questions[2]"),
        (Place.of("key_terms", 0, "term"), "key_terms[0].term"),
        (Place.of("sections", 1).at("blocks", 0).at("sentences", 2), "sections[1].blocks[0].sentences[2]"),
        (Place(()), ""),
    ],
)
def test_the_text_of_a_place_is_the_path_to_it(place: Place, text: str) -> None:
    assert str(place) == text


def test_a_place_is_within_itself_and_what_it_is_in_and_nothing_else() -> None:
    stem = Place.of("questions", 1, "stem")
    assert all(stem.is_within(each) for each in (stem, stem.outer, Place.of("questions"), Place(())))
    assert not stem.is_within(Place.of("questions", 10))
    assert not Place.of("questions", 10).is_within(Place.of("questions", 1))
    assert (stem.last, stem.outer, Place(()).last) == ("stem", Place.of("questions", 1), None)
