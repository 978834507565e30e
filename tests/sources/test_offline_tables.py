"""The formats of the shipped tables."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lessongen.sources.offline import facts, neighbours
from lessongen.sources.offline.names import cognate_key, light_key, stem_key
from lessongen.text.subjects import recognise, subjects

DIGEST = "ab" * 32

rows = st.lists(
    st.lists(st.tuples(st.integers(1, 65_535), st.integers(0, 255)), max_size=neighbours.MOST).map(
        lambda pairs: ([number for number, _ in pairs], bytes(sorted((byte for _, byte in pairs), reverse=True)))
    ),
    max_size=20,
)


@given(rows)
def test_a_table_of_neighbours_survives_its_file(table: list[tuple[list[int], bytes]]) -> None:
    assert list(neighbours.decode(neighbours.encode(table, DIGEST), DIGEST)) == table


@given(rows)
def test_a_row_survives_the_index(table: list[tuple[list[int], bytes]]) -> None:
    for row in table:
        unique = dict(zip(*row, strict=True))
        blob = neighbours.to_blob((list(unique), bytes(unique.values())))
        assert list(neighbours.from_blob(blob)) == list(unique)


def test_tables_made_for_other_data_are_not_used() -> None:
    other = "cd" * 32
    assert list(neighbours.decode(neighbours.encode([([2], b"\x05")], DIGEST), other)) == []
    assert facts.decode(facts.encode(facts.Facts(popularity=[1]), DIGEST), other) == facts.Facts()


def test_facts_survive_their_file() -> None:
    made = facts.Facts(
        categories={3: "History"},
        common_nouns=frozenset({1, 2}),
        popularity=[5, 0, 1],
        standings=["012", "765"],
        foreign={"fr": {"volcan": 1}},
    )
    assert facts.decode(facts.encode(made, DIGEST), DIGEST) == made
    assert made.standings_of(2) == "16"
    assert facts.Facts().standings_of(2) == ""


def test_the_shipped_tables_are_small() -> None:
    assert 0 < len(facts.shipped_neighbours()) <= 2_500_000
    assert 0 < len(facts.shipped_facts()) <= 500_000


def test_light_keys_even_out_what_people_type_carelessly() -> None:
    assert light_key("The World Wars") == light_key("world war")
    assert light_key("World War Two") == light_key("world war 2") == light_key("World War II")
    assert light_key("Colour theory") == light_key("color theories")
    assert light_key("Schrödinger's cat") == light_key("schrodingers cat")
    assert light_key("C++") != light_key("C")
    assert light_key("The Who") != ""


def test_a_doctrine_is_not_taken_for_its_root() -> None:
    assert stem_key("social") != stem_key("socialism")
    assert stem_key("digestive") == stem_key("digestion")


def test_cognates_meet_across_languages() -> None:
    assert cognate_key("fotosíntesis") == cognate_key("photosynthesis") == cognate_key("photosynthèse")
    assert cognate_key("volcanes") == cognate_key("volcano")
    assert cognate_key("evolución") == cognate_key("evolution")


def test_subjects_are_recognised_by_any_of_their_names() -> None:
    assert recognise("Maths") == recognise("AP math") == recognise("mathématiques") != ()
    assert recognise("zxcv") == ()
    names = [name for subject in subjects() for name in subject.names]
    assert len(names) == len(set(names))
