"""The support check: each rule refuses what it is for and lets a near honest sentence pass."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lessongen.check.word_rules import RULES, refusal, refusals, stands_verbatim

BRIDGE = "The Orla Bridge was built by Mary Alden in 1874 and spans 120 metres across the river."
QUEEN = "Queen Ilse of Torvia defeated King Bram of Sarn in the spring and signed a treaty."
MARTEN = "The grey marten is not active at night and feeds on fruit."
TAX = "The council raised the tax on salt in 1812 and lowered the tax on grain in 1815."
SEA = "Some of the islands in the northern sea may have been inhabited by fishermen."
COMET = "The comet is one of the brightest objects in the winter sky."

# The rule that is to refuse, the quote, a sentence that it refuses, and one near to it that stands.
CASES = [
    (
        "condition",
        "In humans, the heart is about the size of a closed fist and lies between the lungs.",
        "The heart is about the size of a closed fist.",
        "In humans, the heart is about the size of a fist.",
    ),
    (
        "condition",
        "Without water, the seeds of the marten tree sleep for a hundred years.",
        "The seeds of the marten tree sleep for a hundred years.",
        "The seeds of the marten tree sleep a hundred years without water.",
    ),
    (
        "subject",
        "Its role is to change the meaning of the noun.",
        "Adverbs change the meaning of the noun.",
        "The role is to change the meaning of the noun.",
    ),
    (
        "pronoun",
        "The old scale, which the keeper has in the tower, gives the height of the tide.",
        "The keeper has it in the tower.",
        "The keeper has the scale in the tower.",
    ),
    (
        "condition",
        "In Greek mythology, Jason was a Greek captain and the leader of the crew.",
        "Jason was a Greek captain.",
        "In mythology, Jason was a Greek captain.",
    ),
    (
        "condition",
        "According to the harbour minister, Ann Reed, the market of the town grew after the flood.",
        "The market of the town grew after the flood.",
        "The minister says that the market of the town grew after the flood.",
    ),
    (
        "quotation",
        "She called the sea “a grey and endless road”.",
        "She called the sea “a blue and endless road”.",
        "She called the sea “a grey and endless road” there.",
    ),
    (
        "number",
        BRIDGE,
        "The Orla Bridge spans 130 metres across the river.",
        "The Orla Bridge spans 120 m across the river.",
    ),
    ("number", BRIDGE, "The Orla Bridge spans 120 miles across the river.", "The bridge spans 120 metres."),
    (
        "number",
        "The army lost 2,500 soldiers.",
        "The army lost 25,000 soldiers.",
        "The army lost 2.5 thousand soldiers.",
    ),
    ("number", "The mine employed twenty-five men.", "The mine employed 35 men.", "The mine employed 25 men."),
    (
        "number",
        "The chapel was built in 1480.",
        "The chapel was built in the 16th century.",
        "The chapel was built in the 15th century.",
    ),
    (
        "number",
        "The race was first held in 1926.",
        "The race was first held in the 1930s.",
        "The race was first held in the 1920s.",
    ),
    (
        "number",
        "Half of the fields were flooded.",
        "A quarter of the fields were flooded.",
        "50% of the fields were flooded.",
    ),
    (
        "number",
        "The treaty was signed on 3 May 1902.",
        "The treaty was signed on 3 June 1902.",
        "The treaty was signed in May 1902.",
    ),
    (
        "number",
        "The war lasted from 1914\u201318.",
        "The war lasted from 1914 to 1919.",
        "The war lasted from 1914 to 1918.",
    ),
    (
        "number",
        "About 3 million visitors came.",
        "About 3 billion visitors came.",
        "About three million visitors came.",
    ),
    ("number", "The board has one side in colour.", "The board has 0 sides in colour.", "One side is in colour."),
    ("number", "Red and blue stars were seen.", "Five red and blue stars were seen.", "Two stars were seen."),
    (
        "number-place",
        "The village has 40 houses and 95 inhabitants.",
        "The village has 95 houses and 40 inhabitants.",
        "The village has 95 inhabitants.",
    ),
    ("name", QUEEN, "Queen Marta of Torvia defeated King Bram of Sarn.", "Queen Ilse defeated King Bram of Sarn."),
    (
        "name",
        "The World Trade Union met in Greece.",
        "The World Trade Union met in Norway.",
        "The WTU met in a Greek town.",
    ),
    (
        "name",
        "John Smith and Adam Brown sailed home.",
        "The crew heard that John Brown sailed home.",
        "In spring Adam Brown sailed home.",
    ),
    ("name", "King Karl Bram and Queen Ilse sailed home.", "Queen Bram sailed home.", "King Bram sailed home."),
    (
        "negation",
        MARTEN,
        "The grey marten is active at night and feeds on fruit.",
        "The grey marten isn't active at night.",
    ),
    (
        "negation",
        "The harbour can be used by large ships.",
        "The harbour cannot be used by large ships.",
        "The harbour can be used by ships.",
    ),
    (
        "negation",
        "The army retreated across the plain.",
        "The army failed to retreat across the plain.",
        "The army retreated across a plain.",
    ),
    ("negation", "The fish has no teeth.", "The fish has teeth.", "The fish does not have teeth."),
    (
        "negation",
        "The tunnel is still open to trains.",
        "The tunnel is no longer open to trains.",
        "The tunnel is open to trains.",
    ),
    (
        "negation",
        "The mixture was stable at high pressure.",
        "The mixture was unstable at high pressure.",
        "At high pressure the mixture was stable.",
    ),
    ("negation", "Visitors enter with a guide.", "Visitors enter without a guide.", "The visitors enter with a guide."),
    ("opposite", TAX, "The council lowered the tax on salt in 1812.", "The council raised the tax on salt in 1812."),
    (
        "opposite",
        "The town lies north of the lake.",
        "The town lies south of the lake.",
        "North of the lake lies the town.",
    ),
    (
        "opposite",
        "The mill was closed before the war.",
        "The mill was closed after the war.",
        "Before the war the mill was closed.",
    ),
    (
        "strength",
        SEA,
        "All of the islands in the northern sea may have been inhabited.",
        "Some of the islands may have been inhabited by fishermen.",
    ),
    (
        "strength",
        COMET,
        "The comet is the brightest of the objects in the sky and the largest object.",
        "The comet is one of the brightest objects.",
    ),
    (
        "strength",
        "Almost all farms in the valley grow wheat.",
        "All farms in the valley grow wheat.",
        "Almost all farms grow wheat.",
    ),
    (
        "strength",
        "The old tower stands on a hill.",
        "The oldest tower stands on a hill.",
        "The old tower is on the hill.",
    ),
    (
        "doubt",
        SEA,
        "Fishermen inhabited the northern sea islands.",
        "Fishermen may have inhabited islands in the northern sea.",
    ),
    (
        "link",
        "The dam broke. The village was empty.",
        "The village was empty because the dam broke.",
        "The village was empty and the dam broke.",
    ),
    (
        "swap",
        QUEEN,
        "King Bram of Sarn defeated Queen Ilse of Torvia in the spring.",
        "In the spring Queen Ilse of Torvia defeated King Bram of Sarn.",
    ),
    (
        "swap",
        "The heart pumps blood into the lungs.",
        "The lungs pumps blood into the heart.",
        "The heart pumps blood.",
    ),
    (
        "swap",
        "Saturn is larger than Uranus in diameter.",
        "Uranus is larger than Saturn in diameter.",
        "In diameter Saturn is larger than Uranus.",
    ),
    (
        "swap",
        "The second was defined by the atom, and the name Atomic Time was given in spring.",
        "Atomic Time was defined by the atom.",
        "The second was defined by the atom.",
    ),
    ("coverage", MARTEN, "Rivers carry sediment toward coasts.", "The marten feeds on fruit."),
    (
        "new-words",
        "The village grew around a copper mine.",
        "The village grew rapidly around a profitable copper business.",
        "The village grew around a big copper mine.",
    ),
    (
        "clause",
        BRIDGE,
        "The Orla Bridge was built by Mary Alden in 1874, and it is shown in a museum.",
        "The Orla Bridge was built by Mary Alden in 1874, and it spans the river.",
    ),
]


@pytest.mark.parametrize(("rule", "quote", "faulty", "honest"), CASES)
def test_a_rule_refuses_the_fault_it_is_for_and_passes_a_near_honest_sentence(
    rule: str, quote: str, faulty: str, honest: str
) -> None:
    assert rule in {found.rule for found in refusals(faulty, [quote])}
    assert refusal(honest, [quote]) is None


def test_every_rule_is_described_and_has_a_case() -> None:
    tried = {rule for rule, *_ in CASES} | {"no-quote", "better-elsewhere"}
    assert set(RULES) == tried
    assert all(text.endswith(".") and "\n" not in text for text in RULES.values())


def test_a_sentence_that_another_sentence_of_the_article_says_is_refused_with_that_sentence() -> None:
    article = [
        "The old mill stands on the river bank.",
        "The old mill on the river bank was sold to a copper trader.",
        "Copper traders came from the southern plain.",
        "A road leads to the market.",
    ]
    found = {
        each.rule: each.message for each in refusals("The old mill was sold to a trader.", article[:1], article=article)
    }
    assert "copper trader" in found["better-elsewhere"]
    assert refusal("The old mill was sold to a trader.", article[1:2], article=article) is None


@pytest.mark.parametrize("quotes", [[], [""], ["  \n"]])
def test_a_sentence_without_a_quote_is_refused(quotes: list[str]) -> None:
    found = refusal("Water boils.", quotes)
    assert found is not None
    assert found.rule == "no-quote"


def test_the_message_names_the_words_to_mend() -> None:
    found = refusal("The Orla Bridge was built by Mary Alden in 1984.", [BRIDGE])
    assert found is not None
    assert "1984" in found.message


def test_the_title_answers_for_its_own_names_and_words() -> None:
    quote = "It was built in 1874 across the gorge."
    assert refusal("The Orla Bridge was built in 1874 across the gorge.", [quote], title="Orla Bridge") is None
    assert refusal("The Orla Bridge was built in 1874 across the gorge.", [quote]) is not None


def test_two_quotes_support_a_sentence_together() -> None:
    quotes = ["The tower was finished in 1650.", "The tower was burned by pirates in 1702."]
    assert refusal("The tower was finished in 1650 and burned by pirates in 1702.", quotes) is None


def test_the_passive_voice_may_turn_subject_and_object() -> None:
    assert refusal("The letter was written by Ana Ruiz.", ["Ana Ruiz wrote the letter."]) is None
    assert refusal("The Goths conquered Torvia.", ["Torvia was conquered by the Goths."]) is None
    assert refusal("Torvia conquered the Goths.", ["Torvia was conquered by the Goths."]) is not None
    assert refusal("The Goths were conquered by Torvia.", ["The Goths conquered Torvia."]) is not None
    assert (
        refusal("The Orla Bridge was named after Mary Alden.", ["Mary Alden was named after the Orla Bridge."])
        is not None
    )


def test_an_opposite_may_turn_a_comparison_round() -> None:
    quote = "Jupiter is larger than Saturn."
    assert refusal("Saturn is smaller than Jupiter.", [quote]) is None
    assert refusal("Jupiter is smaller than Saturn.", [quote]) is not None
    assert refusal("Saturn is larger than Jupiter.", [quote]) is not None


def test_a_part_of_a_quote_that_lacks_its_not_is_refused() -> None:
    assert refusal("The lake is deep.", ["It is not true that the lake is deep."]) is not None


def test_whole_sentences_of_a_quote_stand() -> None:
    quote = "The lake is deep. It never freezes. Boats cross it."
    assert refusal("It never freezes.", [quote]) is None
    assert refusal("The lake is deep. It never freezes.", [quote]) is None


@pytest.mark.parametrize(
    ("quote", "text", "stands"),
    [
        ("The “old” mill – it’s here.", 'At noon: The "old" mill - it\'s  here. So be it.', True),  # noqa: RUF001
        ("The old mill stands", "The old mill stands.", True),
        ("the old mill", "The old mill stands.", False),
        ("old mil", "The old mill stands.", False),
        ("old mill is", "The old mill stands.", False),
        ("", "The old mill stands.", False),
        ("ﬁne water", "There was fine\nwater.", True),
    ],
)
def test_a_quote_stands_verbatim_with_signs_and_space_folded_and_case_kept(quote: str, text: str, stands: bool) -> None:
    assert stands_verbatim(quote, text) is stands


def test_a_clause_that_goes_on_about_the_same_thing_is_told_of_it() -> None:
    quote = "The mill is older than the town; it was built by monks with stones of the coast."
    assert refusal("The mill was built by monks with stones of the coast.", [quote]) is None


@given(st.text(min_size=1).filter(lambda text: text.strip()), st.lists(st.text(), max_size=3), st.text())
def test_a_verbatim_sentence_always_stands(sentence: str, others: list[str], title: str) -> None:
    assert refusal(sentence, [*others, sentence], title=title, article=[sentence, *others]) is None


_WORDS = st.lists(
    st.sampled_from(
        "the The a of in In by and not n't no never 12 3,500 1990s May 5th % $ twenty-five two million half king queen "
        "Ada Lovelace U.S. USA was were built found larger than smaller before after all some may most because ( ) , . "
        "“ ” \" ' - – 's don't unlikely likely without with failed to first last century 1/2/1990 12/31/1999".split()  # noqa: RUF001
    ),
    max_size=25,
).map(" ".join)


@given(_WORDS | st.text(), st.lists(_WORDS | st.text(), max_size=3), st.text(max_size=20), st.lists(_WORDS, max_size=3))
@settings(max_examples=150)
def test_any_text_gets_the_same_answer_twice(sentence: str, quotes: list[str], title: str, article: list[str]) -> None:
    first = list(refusals(sentence, quotes, title=title, article=article))
    assert first == list(refusals(sentence, quotes, title=title, article=article))
    assert refusal(sentence, quotes, title=title, article=article) == (first[0] if first else None)
    assert all(found.rule in RULES and found.message for found in first)
