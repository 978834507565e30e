"""Which titles are near to a topic that has no article."""

from __future__ import annotations

from lessongen.sources.fit import near


def test_titles_near_to_a_topic_say_half_of_it_its_head_or_nearly_its_letters() -> None:
    titles = ["Cell cycle", "Cell division (biology)", "Mobile phone", "Cell nucleus"]
    assert near("cell division", titles) == ["Cell cycle", "Cell division (biology)", "Cell nucleus"]
    assert near("photosinthesis", ["Photosynthesis", "Phonograph"]) == ["Photosynthesis"]
    assert near("causes of the Russian revolution", ["French Revolution", "Russia"]) == ["French Revolution"]


def test_where_no_title_is_near_there_is_none() -> None:
    assert near("An Inspector Calls", ["Mobile phone", "Druze", "Shen Kuo"]) == []
