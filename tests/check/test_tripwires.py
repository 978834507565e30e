"""Tripwires: what they stop, and what honest sentences may do without touching one."""

from __future__ import annotations

import pytest

from bench.judges import PAIRS, pairs_of
from lessongen.check.tripwires import TRIPWIRES, trips
from tests.judging import EXAM

LIGHTHOUSE = (
    "The lighthouse was built between 1869 and 1873 by the engineer Ada Kerr on Gull Island, 12 km off the coast.",
    "It is 38 metres high, and its lamp can be seen from 45 km away; 1,116 ships passed it in 1901, 960 of them "
    "under sail.",
    'Kerr called it "the last light before the long dark", and the keepers did not leave it in winter.',
    "About 35% of the town's roughly 395,000 people live within sight of it, in 24 of 30 districts.",
)


def touched(sentence: str, *, quotes: tuple[str, ...] = LIGHTHOUSE, **more: str) -> set[str]:
    return {trip.rule for trip in trips(sentence, quotes, title="Gull Island Lighthouse", **more)}


@pytest.mark.parametrize(
    "sentence",
    [
        "It took four years to build the lighthouse.",  # difference of years
        "The building of it went on for about four years.",
        "By 1901 it had stood for 28 years.",
        "In 1901, 156 of the ships were not under sail.",  # difference
        "More than 1,100 ships passed it in 1901.",  # more than
        "Nearly 40 metres high, it stands 12 km off the coast.",  # rounding
        "Around 138,000 people live where they can see it.",  # share of a whole
        "About 65% of the people do not see it.",  # what is left
        "In six districts nobody lives within sight of it.",
        "Somebody lives within sight in 80% of the districts.",  # ratio
        "Its light reaches almost four times as far as the coast is away.",
        "It was built in the 19th century.",  # a year's century
        "Work on it began in the 1860s.",
        "Ships pass at a rate of 93 a month, on average, over the year 1901.",  # twelve months
        "Two sides of the island can be seen from it.",
        "Four out of five districts have people who see it.",  # a share in two numbers
        "In sight of it live about 35 of every hundred people, in four of every five districts.",
        "Work on it went on for almost half a decade.",  # another unit
        "Its lamp can be seen about 28 miles away.",
        "Five words name its keepers, its lamp, its island, its ships and its coast.",  # small counts in words
        "Imagine a street of a hundred houses: in 35 of them the lamp is seen.",  # what a likening invents
        "Above all, the keepers stayed in winter.",
        "The island is one of the safest on Earth.",
        "The lighthouse was planned by Ada Kerr, whom the keepers admired.",  # passive for active
        "Kerr's lighthouse guides ships.",
        "The keepers stayed there in winter.",  # the same without the "not"
        'Kerr spoke of "the last light before the long dark".',
        'A lighthouse means "a tower with a strong lamp", in plain words.',
        "Half of what matters is the first lamp.",
        "Twice a day the lamp is cleaned.",
    ],
)
def test_an_honest_sentence_touches_none(sentence: str) -> None:
    assert touched(sentence) == set()


@pytest.mark.parametrize(
    ("sentence", "rule"),
    [
        ("It was built between 1869 and 1874 by Ada Kerr.", "trip-number"),
        ("It is 83 metres high.", "trip-number"),
        ("Its lamp can be seen about 38 miles away.", "trip-number"),
        ("It is 38 feet high.", "trip-number"),
        ("Its lamp can be seen from 54 km away.", "trip-number"),
        ("In June 1901 some ships passed it.", "trip-number"),
        ("It was built in the 18th century.", "trip-number"),
        ("About 45% of the people see it.", "trip-number"),
        ("It is 45 metres high.", "trip-number"),
        ("There are 24 districts in all.", "trip-number-place"),
        ("The engineer Ada Brown built it.", "trip-name"),
        ("It stands off the coast of Norway.", "trip-name"),
        ('Kerr called it "the first light before the long dark".', "trip-quotation"),
        ('She said "every ship is a friend of mine".', "trip-quotation"),
        ("The lighthouse was not built between 1869 and 1873 by the engineer Ada Kerr on Gull Island, 12 km off the "
         "coast.", "trip-polarity"),
    ],
)  # fmt: skip
def test_what_is_nearly_never_honest_is_stopped(sentence: str, rule: str) -> None:
    assert rule in touched(sentence)


@pytest.mark.parametrize(
    ("quote", "sentence", "is_turned"),
    [
        ("The keepers did not leave it in winter.", "The keepers did leave it in winter.", True),
        ("The lamp is very large.", "The lamp is very small.", True),
        ("This metal is stable in air.", "This metal is unstable in air.", True),
        ("The tower can be seen from afar.", "The tower can't be seen from afar.", True),
        ("The lamp is never lit by day.", "The lamp is lit by day.", True),
        ("The tower is tall. The lamp is large.", "The lamp is small.", True),
        ("The lamp is very large.", "The lamp is very big.", False),
        ("The lamp is not small.", "The lamp is large.", False),
        ("The lamp is not lit by day.", "By day, nobody lights the lamp.", False),
        ("The lamp is lit.", "The lamp is lit.", False),
        ("A large lamp was set up in the old tower.", "In the old tower people set up a large lamp.", False),
    ],
)
def test_a_quote_with_its_polarity_turned_and_nothing_else_is_stopped(
    quote: str, sentence: str, is_turned: bool
) -> None:
    assert ("trip-polarity" in touched(sentence, quotes=(quote,))) is is_turned


def test_an_altered_number_is_stopped_though_arithmetic_could_give_it() -> None:
    quote = ("Of 11,000 people 6,200 live in Calder and 3,800 in Ede.",)
    assert touched("Of 11,000 people 7,200 live in Calder and 3,800 in Ede.", quotes=quote) == {"trip-number"}
    assert touched("All in all, 10,000 of them live in Calder and Ede.", quotes=quote) == set()


def test_a_small_number_in_words_is_stopped_where_the_quotes_count_the_same_otherwise() -> None:
    quote = ("In three lines of seaweeds, tissues are fully told apart.",)
    assert touched("Tissues are fully told apart in seven lines of them.", quotes=quote) == {"trip-number"}
    assert touched("Seven words say what is told apart: tissues.", quotes=quote) == set()


def test_a_number_may_be_the_sum_of_several_or_as_many_times_as_a_word_says() -> None:
    quote = ("The ferry takes 14 cars, 9 vans, 30 bicycles and 5 lorries; a ticket for a car costs 26 euros.",)
    assert touched("The cars, vans and lorries it takes are 28 in all.", quotes=quote) == set()
    assert touched("A pair of cars pays 52 euros.", quotes=quote) == set()
    assert touched("The cars, vans and lorries it takes are 29 in all.", quotes=quote) == {"trip-number"}


def test_in_words_of_its_own_a_sentence_may_have_worked_a_number_out_in_several_steps() -> None:
    quote = ("At the age of 33, Bates took a train in 1893.", "Her poem was first printed in 1895.")
    assert touched("The author was about 35 when readers first saw her verses.", quotes=quote) == set()
    assert touched("At the age of 35, Bates took a train in 1893.", quotes=quote) == {"trip-number"}


def test_a_quotation_may_be_from_anywhere_in_the_source_and_a_name_from_the_sentence_before() -> None:
    quotation = 'Sailors say of it: "she never sleeps at night".'
    assert touched(quotation) == {"trip-quotation"}
    assert touched(quotation, source="An old song goes: she never sleeps at night, she never sleeps.") == set()
    assert touched("Norway lies behind it, as Norway does.", before="The sea parts it from Norway.") == set()


def test_an_invented_case_may_name_and_count_what_it_likes() -> None:
    invented = "Mia counts 77 gulls from Gull Island in 5 minutes, with Ben off the coast."
    assert touched(invented) == {"trip-name"}
    assert touched(invented, role="supposition") == touched(f"Suppose that {invented}") == set()


def test_of_the_exams_and_the_other_pairs_honest_sentences_at_least_99_in_100_touch_none() -> None:
    pairs = [*EXAM.pairs, *pairs_of(PAIRS[0]).pairs, *pairs_of(PAIRS[1]).pairs]
    honest = [pair.claim for pair in pairs if pair.is_honest]
    stopped = [
        claim.sentence
        for claim in honest
        if any(trips(claim.sentence, [quote.text for quote in claim.quotes], title=claim.title))
    ]
    assert len(stopped) <= 0.01 * len(honest), stopped


def test_every_tripwire_says_what_it_is() -> None:
    assert all(code.startswith("trip-") and about for code, about in TRIPWIRES.items())


def test_a_sum_of_three_of_many_numbers_follows() -> None:
    quotes = ["Skerry has 31 sails, Holm 52, Ness 64 and Vik 99."]
    assert not list(trips("Skerry, Holm and Ness have 147 sails together.", quotes))
    assert [each.rule for each in trips("Skerry, Holm and Ness have 149 sails together.", quotes)]
