"""Which versions of a copied sentence a model may choose among, and which questions are asked in the end."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from lessongen.lesson.task import LessonRequest
from lessongen.writers.openai.asked import PlannedQuestion, choose
from lessongen.writers.openai.passages import Numbered, Room, number_sentences
from lessongen.writers.openai.plain import Recitation
from lessongen.writers.openai.prose import Judge, Line
from lessongen.writers.openai.shortening import Shortenable, shortenable
from tests import made_up_articles

BELL = "The bell of the guild is kept in the museum of Hallow, and it was cast in 1612 by the smith Tamsin Orde."
CRANE = "The guild crane carries a wooden hook, which lifts the heavy stones (flat discs of two tons)."
BACK = "It was brought to the island on a flat boat."
PLENTY = 100


@pytest.fixture
def numbered() -> Numbered:
    """The sentences of an article with the ones above at its end."""
    request = LessonRequest(subject="crafts", topic="skerry mills")
    material = made_up_articles.skerry_mills(BELL, CRANE, BACK)
    return number_sentences(request, material, None, Room(tokens=5000, sentences=60), {})


def line(text: str, numbered: Numbered) -> Line:
    number = next(number for number in numbered.numbers if numbered[number].text == text)
    return Line(text=text, cites=(number,), section=0, is_quote=True)


def found_in(
    texts: Sequence[str],
    numbered: Numbered,
    asked: Sequence[PlannedQuestion] = (),
    terms: Sequence[str] = (),
    spare: int = PLENTY,
) -> list[Shortenable]:
    lines = [line(text, numbered) for text in texts]
    return shortenable(lines, asked, terms, Judge(numbered, Recitation([])), spare)


def question(kind: str, text: str, numbered: Numbered, stem: str, answer: str) -> PlannedQuestion:
    number = line(text, numbered).cites[0]
    return PlannedQuestion(kind=kind, number=number, stem=stem, term=answer, answer=answer)  # type: ignore[arg-type]


def test_versions_come_shortest_first_and_the_whole_sentence_last(numbered: Numbered) -> None:
    (found,) = found_in([CRANE], numbered)
    assert found.texts == [
        "The guild crane carries a wooden hook.",
        "The guild crane carries a wooden hook, which lifts the heavy stones.",
        CRANE,
    ]
    assert found.letters == "abc"


def test_a_choice_is_a_version_and_any_other_the_whole_quote(numbered: Numbered) -> None:
    (found,) = found_in([BELL], numbered)
    chosen = found.chosen("a")
    assert (chosen.text, chosen.is_quote) == ("The bell of the guild is kept in the museum of Hallow.", False)
    assert found.chosen("b") == found.line
    assert found.chosen("z") == found.line


@pytest.mark.parametrize(
    ("kind", "stem", "answer"),
    [
        ("cloze", "Fill in the gap: “… in 1612 by the smith _____.”", "Tamsin Orde"),
        ("short", "Who cast the bell?", "the smith"),
        ("true_false", "True or false: “The bell was cast by a smith.”", "true"),
    ],
)
def test_what_a_question_asks_about_is_not_left_out(numbered: Numbered, kind: str, stem: str, answer: str) -> None:
    assert found_in([BELL], numbered, [question(kind, BELL, numbered, stem, answer)]) == []


def test_a_key_term_is_not_left_out(numbered: Numbered) -> None:
    assert found_in([BELL], numbered, terms=["Tamsin Orde"]) == []
    assert found_in([BELL], numbered, terms=["museum of Hallow"])
    assert found_in([BELL], numbered, terms=["tide table"])


def test_a_gap_in_what_stays_lets_the_rest_go(numbered: Numbered) -> None:
    asked = question("cloze", BELL, numbered, "Fill in the gap: “… in the museum of _____, …”", "Hallow")
    assert found_in([BELL], numbered, [asked])


def test_a_sentence_that_the_next_one_points_back_to_stays_whole(numbered: Numbered) -> None:
    assert [each.line.text for each in found_in([BELL, CRANE, BACK], numbered)] == [BELL]


def test_no_more_words_go_than_a_lesson_can_spare(numbered: Numbered) -> None:
    assert [each.line.text for each in found_in([BELL, CRANE], numbered, spare=12)] == [BELL]
    assert found_in([BELL, CRANE], numbered, spare=3) == []


def test_a_line_in_other_words_is_not_shortened(numbered: Numbered) -> None:
    quote = line(BELL, numbered)
    own = Line(
        text="The bell of Hallow, which is the oldest, was cast by a smith in 1612.", cites=quote.cites, section=0
    )
    assert shortenable([own], [], [], Judge(numbered, Recitation([])), PLENTY) == []


def asked(kind: str, number: int, answer: str) -> PlannedQuestion:
    stem = f"{kind} {number} {answer}"
    return PlannedQuestion(kind=kind, number=number, stem=stem, term=answer, answer=answer)  # type: ignore[arg-type]


def test_a_quarter_of_the_questions_is_above_recall_where_there_are_as_many(numbered: Numbered) -> None:
    recall = [asked("cloze", number, f"word {number}") for number in range(1, 9)]
    above = [asked("short", number, f"point {number}") for number in range(9, 12)]
    chosen = choose([*recall, *above], 8, (), numbered)
    assert [each.bloom for each in chosen].count("understand") == 2
    assert len(chosen) == 8
    assert len(set(chosen)) == 8
    assert chosen[:6] == recall[:6]


def test_questions_of_recall_stay_where_there_are_no_others(numbered: Numbered) -> None:
    recall = [asked("cloze", number, f"word {number}") for number in range(1, 9)]
    assert choose(recall, 8, (), numbered) == recall
