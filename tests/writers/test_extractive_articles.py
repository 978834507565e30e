"""The extractive writer on full articles: its chapters follow the article's own sections."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from lessongen.check.gate import examine
from lessongen.lesson.draft import Draft
from lessongen.lesson.material import Document, Material, Part
from lessongen.lesson.model import Lesson, Prose
from lessongen.lesson.questions.order import Order
from lessongen.lesson.questions.short import Short
from lessongen.lesson.task import LessonRequest
from lessongen.system.errors import TooThin
from lessongen.text.headings import only_lists
from lessongen.text.sentences import split_sentences
from lessongen.text.words import fold
from lessongen.writers.extractive import ExtractiveWriter
from lessongen.writers.extractive.article import Article
from lessongen.writers.extractive.lifting import (
    can_be_lifted,
    is_list_item,
    opens_in_the_middle,
    unexplained_names,
)
from lessongen.writers.extractive.passing import explained_in
from tests.attempts import PlainAttempt

LEAD = [
    "A lantern heron is a tall wading bird that fishes at night with the help of a pale light on its breast.",
    "Lantern herons live in the brackish lagoons of the southern coast, where the water is too cloudy for other birds.",
    "The light comes from a patch of oily feathers, and it grows stronger when the bird has eaten well.",
]
PARTS: Mapping[str, list[str]] = {
    "Etymology": [
        "The word heron was borrowed by sailors, who took the lights on the shore for the lamps of fishermen."
    ],
    "Description": [
        "A lantern heron stands as high as a child of nine years and weighs 4 kilograms. "
        "Its bill is long and narrow, and the lower half is covered with small ridges that hold slippery fish.",
        "A breast patch is an area of oily feathers that glows because of small fungi between the feathers. "
        "The fungi feed on the oil and give light in return. "
        "Young birds have no fungi, so they depend on the light of their parents for the first two summers.",
    ],
    "Feeding": [
        "Lantern herons hunt in shallow water, because their legs are too short for the deeper channels of the lagoon. "
        "They stand still for many minutes and let the light draw the fish towards the bill. "
        "Most of the catch consists of small animals such as glass shrimps, mud gobies and young eels.",
        "A fishing circle is a group of herons that stand in a ring and drive the fish towards the middle. "
        "Larger circles catch more fish in an hour than single birds catch in a whole night.",
    ],
    "Breeding": [
        "Lantern herons build their nests on old wooden piers, and each nest holds three eggs. "
        "A nest raft is a flat bundle of reeds that keeps the eggs above the water when the tide rises. "
        "Both parents guard the eggs, because gulls would take them in the first hours of the day.",
    ],
    "Voice": [
        "A drum call is a low sound that a heron makes with its throat when another bird comes too near. "
        "Males repeat the call up to 60 times in an hour, and females answer with a short whistle. "
        "Chicks peep softly because a loud voice would lead gulls to the nest.",
        "Herons that fish in a circle are silent, since fish flee from the sound of the drum call.",
    ],
    "Enemies": [
        "Gulls and harbour rats are the main enemies of the eggs, and eels take chicks that fall into the water. "
        "Adult herons are rarely attacked because their bills are long and sharp.",
        "A mob flight is an attack of many herons on a single gull. "
        "The birds rise before dawn and drive the gull away from the piers with loud wing beats.",
    ],
    "Migration": [
        "Lantern herons leave the lagoons in late autumn, because the shallow water freezes in most winters. "
        "They follow the warm current to the islands of the south, where the lagoons stay open all year.",
        "A resting pier is a place where travelling herons sleep by day and fish by night. "
        "Young birds learn the route from their parents and fly it alone in their third autumn.",
    ],
    "History of research": [
        "In 1812, the sailor Edda Morvane described the lights and took them for burning gas. "
        "In 1847, the naturalist Tomas Ilvenny caught the first living bird near the harbour of Quell. "
        "In 1903, the chemist Berta Olsund proved that the light comes from fungi and not from the bird itself. "
        "In 1961, the coast guard forbade lamps on the piers during the months of breeding.",
    ],
    "Importance": [
        "Fishermen follow the lights of the herons to find shoals of fish in the cloudy water of the lagoons. "
        "Villages on the coast protect the nests because the birds keep the number of mud gobies low.",
    ],
    "Misconceptions": [
        "Lantern herons are often confused with night egrets, although night egrets carry no light at all.",
    ],
    "See also": ["Lantern fish are animals that carry a light of their own through the dark water of the sea."],
    "References": ["Morvane's diary is a book that was printed in the harbour of Quell by an unknown printer."],
}


def document(
    parts: Mapping[str, list[str]] = PARTS, *, title: str = "Lantern heron", lead: list[str] | None = None
) -> Document:
    text, places = "", []
    for heading, paragraphs in {"": LEAD if lead is None else lead, **parts}.items():
        start = len(text)
        text += "".join(f"{paragraph}\n" for paragraph in paragraphs)
        places.append(Part(heading=heading, start=start, end=len(text)))
    return Document(
        title=title,
        text=text,
        language="en",
        url=None,
        revision=None,
        retrieved=datetime(2026, 1, 31, 9, tzinfo=UTC),
        licence="the teacher's own",
        attribution="A teacher",
        parts=tuple(places),
    )


def write(source: Document | None = None, seed: int = 1, *earlier: Lesson, **asked: Any) -> Draft:
    request = LessonRequest(subject="biology", topic="lantern herons", **asked)
    material = Material(article=source or document())
    return ExtractiveWriter(None).write(request, material, PlainAttempt(seed=seed, earlier=earlier))


def uses(lesson: Lesson) -> set[tuple[str, str]]:
    digests = {quote.id: quote.sha256 for source in lesson.sources for quote in source.quotes}
    return {(digests[cite], fold(question.term)) for question in lesson.questions for cite in question.cites}


def prose(lesson: Lesson) -> list[str]:
    blocks = [block for section in lesson.sections for block in section.blocks if isinstance(block, Prose)]
    return [sentence.text for block in blocks for sentence in block.sentences]


# ---------------------------------------------------------------- lessons


@pytest.mark.parametrize("seed", range(8))
def test_a_full_article_without_an_encyclopedia_becomes_a_lesson_that_passes_every_check(seed: int) -> None:
    draft = write(seed=seed)
    assert examine(draft.lesson, draft.texts).problems == ()


def test_the_chapters_bear_the_articles_headings_and_what_it_is_stands_before_how_it_lives() -> None:
    for seed in range(6):
        titles = [section.title for section in write(seed=seed).lesson.sections]
        shown = [title for title in titles if title in PARTS]
        assert len(shown) >= 2
        assert shown == sorted(shown, key=lambda title: (title != "Description", shown.index(title)))


@pytest.mark.parametrize("focus", ["Voice", "its enemies", "how they breed", "Voice, and breeding"])
def test_the_sections_that_speak_of_the_focus_are_shown(focus: str) -> None:
    meant = {title for title in PARTS if title in focus or title.lower() in focus} or {"Breeding"}
    for seed in range(3):
        assert meant <= {section.title for section in write(seed=seed, focus=focus).lesson.sections}
    assert any(not meant <= {section.title for section in write(seed=seed).lesson.sections} for seed in range(3))


def test_a_short_lesson_has_fewer_sections_and_questions_and_is_not_thinner() -> None:
    for seed in range(3):
        whole, short = write(seed=seed, minutes=45).lesson, write(seed=seed, minutes=20).lesson
        assert whole.minutes > short.minutes == 20
        chapters, fewer = ([each for each in lesson.sections if each.title in PARTS] for lesson in (whole, short))
        assert 1 <= len(fewer) <= len(chapters)
        assert 5 <= len(short.questions) <= len(whole.questions)
        assert len(prose(short)) / len(fewer) >= 0.9 * len(prose(whole)) / len(chapters)


@pytest.mark.parametrize("minutes", [5, 10, 20, 30])
def test_a_short_lesson_passes_every_check(minutes: int) -> None:
    draft = write(minutes=minutes)
    assert examine(draft.lesson, draft.texts).problems == ()
    assert draft.lesson.minutes == minutes


def test_a_chapter_shows_sentences_of_its_own_section_alone() -> None:
    for seed in range(6):
        for section in write(seed=seed).lesson.sections:
            if section.title in PARTS:
                own = " ".join(PARTS[section.title])
                shown = [block for block in section.blocks if isinstance(block, Prose)]
                assert shown
                assert all(each.text in own for block in shown for each in block.sentences)


def test_sections_that_serve_the_page_are_never_quoted() -> None:
    for seed in range(8):
        lesson = write(seed=seed).lesson
        headings = {quote.section for source in lesson.sources for quote in source.quotes}
        assert not headings & {"See also", "References"}


def test_a_second_version_repeats_little_of_the_first() -> None:
    shares = []
    for seed in range(4):
        first = write(None, seed).lesson
        second = write(None, seed + 1, first).lesson
        shares.append(len(uses(second) & uses(first)) / len(uses(second)))
    assert sum(shares) / len(shares) <= 0.35


def test_events_are_put_in_the_order_of_their_years() -> None:
    parts = {heading: PARTS[heading] for heading in ("Description", "Feeding", "History of research")}
    lessons = [write(document(parts), seed).lesson for seed in range(6)]
    found = [each for lesson in lessons for each in lesson.questions if isinstance(each, Order)]
    assert found
    for each in found:
        told = [each.items[place] for place in each.answer]
        places = [PARTS["History of research"][0].index(item) for item in told]
        assert places == sorted(places)
        assert not any(character.isdigit() for item in each.items for character in item)


def test_a_reason_is_asked_for_with_the_sentence_that_gives_it() -> None:
    found = [
        each
        for seed in range(12)
        for each in write(seed=seed).lesson.questions
        if isinstance(each, Short) and each.stem.startswith("Why ")
    ]
    assert found
    text = document().text
    assert all(re.match("because |so that ", each.answer) and each.answer in text for each in found)
    assert all(each.stem.endswith("?") and "“" not in each.stem for each in found)
    assert all(each.answer not in each.stem for each in found)


def test_a_sentence_that_stands_in_the_article_twice_is_shown_once() -> None:
    doubled = document({**PARTS, "Summary": [LEAD[1] + " " + LEAD[2]]})
    for seed in range(6):
        shown = prose(write(doubled, seed).lesson)
        assert len(shown) == len(set(shown))


def test_a_text_in_paragraphs_without_headings_is_taught_as_well() -> None:
    body = [paragraph for heading, paragraphs in PARTS.items() if heading != "See also" for paragraph in paragraphs]
    draft = write(document({}, lead=[*LEAD, *body, *(text.replace("Lantern", "Old lantern") for text in body)]))
    assert examine(draft.lesson, draft.texts).problems == ()


@pytest.mark.parametrize(
    ("title", "lead"),
    [
        ("List of herons", LEAD),
        ("Heron (disambiguation)", LEAD),
        ("Heron", ["Heron may refer to:", "Heron, a bird", "Heron of Quell, a sailor"]),
    ],
)
def test_a_list_of_other_articles_is_refused_as_too_thin(title: str, lead: list[str]) -> None:
    with pytest.raises(TooThin, match="lists other articles"):
        write(document(title=title, lead=lead))


def test_a_text_that_says_what_else_a_word_may_refer_to_is_no_list() -> None:
    lead = [*LEAD, "The word heron may also refer to the boats of the coast."]
    assert not Article(document=document(lead=lead)).is_list


# ---------------------------------------------------------------- what can be lifted out


@pytest.mark.parametrize(
    "heading",
    [
        "References",
        "External links",
        "See also",
        "Further reading",
        "Notes",
        "Selected works",
        "Gallery",
        "Filmography",
    ],
)
def test_sections_that_serve_the_page_are_known_by_their_headings(heading: str) -> None:
    assert only_lists(heading)


@pytest.mark.parametrize("heading", ["", "History", "Sources of light", "Note values", "Works of the heart", "Diet"])
def test_sections_of_text_are_not_taken_for_them(heading: str) -> None:
    assert not only_lists(heading)


@pytest.mark.parametrize(
    "sentence",
    [
        "The quell (/ˈkwɛl/) is a harbour bird that fishes by night along the coast.",  # noqa: RUF001
        "The area grows as {\\displaystyle a^{2}} when the side of the pond gets longer.",
        "The light falls off as x = y / 2 when the bird stands farther from the bank.",
        "The harbour lies at 54° 12′ N and is the largest of the southern coast.",  # noqa: RUF001
        "The table below shows how many birds were counted on the piers each year.",
        "Herons were counted on every pier of the coast in that summer [12].",
        "The nests hold between and eggs in most of the years that were counted.",
    ],
)
def test_what_can_not_be_read_out_stays_where_it_is(sentence: str) -> None:
    assert not can_be_lifted(sentence)


def test_a_plain_sentence_can_be_lifted_out() -> None:
    assert can_be_lifted("Herons stand still for many minutes and let the light draw the fish to the bill.")


def test_entries_of_lists_are_known_by_their_form() -> None:
    assert is_list_item("Pier – a wooden walk above the water.")  # noqa: RUF001
    assert is_list_item("3. Count the birds on the pier.")
    assert not is_list_item("A pier is a wooden walk above the water.")


@pytest.mark.parametrize(
    "sentence",
    [
        "The method was tried on three piers and given up in the end.",
        "Most are found on old piers in the southern lagoons of the coast.",
        "Herons also nest on the roofs of boats that nobody uses in winter.",
        "In 1903, three days before the storm, they built a second pier beside the first.",
        "Some of these birds were counted twice by the guards.",
    ],
)
def test_a_paragraph_does_not_open_with_what_was_spoken_of_before(sentence: str) -> None:
    assert opens_in_the_middle(sentence, frozenset({"heron"}))


@pytest.mark.parametrize(
    "sentence",
    [
        "The herons of the southern coast nest on old wooden piers.",
        "The colour of the light depends on what the bird has eaten.",
        "The first living bird was caught near the harbour.",
        "In winter, the lagoons freeze and the birds move to the open sea.",
    ],
)
def test_what_is_clear_by_itself_may_open_one(sentence: str) -> None:
    assert not opens_in_the_middle(sentence, frozenset({"heron"}))


def test_a_surname_needs_its_full_name_before_it() -> None:
    before = "The naturalist Tomas Ilvenny caught a bird. "
    assert unexplained_names("Later that year Ilvenny drew it from life.", before, "Lantern heron")
    assert not unexplained_names("Later that year Ilvenny drew it from life.", before, before)


def test_an_acronym_needs_its_words_before_it() -> None:
    before = "The Harbour Guard Board (HGB) counts the birds. "
    assert unexplained_names("Every pier was visited by the HGB in spring.", before, "Lantern heron")
    assert not unexplained_names("Every pier was visited by the HGB in spring.", before, before)


# ---------------------------------------------------------------- terms and halves


@pytest.mark.parametrize(
    ("sentence", "name", "how"),
    [
        ("A nest raft is a flat bundle of reeds.", "nest raft", "defined"),
        ("The Harbour Guard was a body of men who watched the piers.", "Harbour Guard", "defined"),
        ("Edda Morvane, a sailor of the southern coast, described the lights.", "Edda Morvane", "defined"),
        ("A ring of birds that drives the fish together is called a fishing circle.", "fishing circle", "called"),
        ("Fungi grow between the feathers of the breast.", None, None),
        ("The reason is a lack of light.", None, None),
    ],
)
def test_terms_are_found_where_a_sentence_explains_them(sentence: str, name: str | None, how: str | None) -> None:
    found = next((each for each in explained_in(sentence) if each.how != "named"), None)
    assert (found and found.name, found and found.how) == (name, how)


def test_a_name_after_a_countrys_initials_goes_on_with_the_sentence() -> None:
    one = "The U.S. National Pier Committee had been formed by sailors of the coast."
    assert [each.text for each in split_sentences(one)] == [one]
    assert len(split_sentences("Many lanterns came from the U.S. The piers were built later.")) == 2
