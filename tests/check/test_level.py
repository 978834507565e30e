"""Level: what is aimed at, which sentences of which cycle are too hard for it, and that syllables are well guessed."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import mean

import pytest

from lessongen.check.level import Aim, aim, easy_parts, hard_parts, legibility, running_text
from lessongen.lesson.model import Lesson
from lessongen.lesson.place import Place
from lessongen.system.levels import CEFR, GRADES, LEVELS, grade_of
from lessongen.text.readability import reading_grade, syllables
from lessongen.text.sentences import split_sentences
from lessongen.text.words import word_count
from tests.check.papers import Fields
from tests.check.texts_by_level import TO_THE_AIM
from tests.lessons import lesson

EASY = TO_THE_AIM["grade-4"]
HARD = TO_THE_AIM["grade-12"]
ONE_TOO_LONG = (
    "Because the lighthouse keeper had forgotten to fill the lamp with enough oil on the evening of the storm, "
    "several fishing boats that were returning to the harbour with their catch could no longer recognise the entrance."
)


def cycles(*texts: str, level: str, numbers: Sequence[int | None] = (), **changes: object) -> Lesson:
    """A lesson with a section for each text, a sentence a statement, in these cycles."""
    return lesson(
        level=level,
        sections=[
            {
                "id": f"s{at}",
                "kind": "explain",
                "title": f"Part {at}",
                "minutes": 9,
                "cycle": numbers[at - 1] if numbers else at,
                "blocks": [{"kind": "prose", "sentences": [_said(each.text) for each in split_sentences(text)]}],
            }
            for at, text in enumerate(texts, 1)
        ],
        **changes,
    )


def _said(text: str, **fields: object) -> Fields:
    return {"text": text, "origin": "written", **fields}


# ---------------------------------------------------------------- the aim


def test_the_aim_rises_with_the_level() -> None:
    assert aim("grade-5") == Aim(mean_words=12, most_words=20, cefr="B1")
    assert aim("general") == aim("grade-7")
    assert aim("A2") == Aim(mean_words=11, most_words=19, cefr="A2")
    for levels in (GRADES, CEFR):
        means = [aim(level).mean_words for level in levels]
        assert means == sorted(means)
        assert len(set(means)) == len(levels)
    assert {aim(level).cefr for level in LEVELS} == set(CEFR)


@pytest.mark.parametrize("level", TO_THE_AIM)
def test_a_text_written_to_the_aim_reads_within_a_grade_of_the_level(level: str) -> None:
    text, aimed = TO_THE_AIM[level], aim(level)
    lengths = [word_count(each.text) for each in split_sentences(text)]
    assert mean(lengths) == pytest.approx(aimed.mean_words, abs=6)
    assert max(lengths) <= aimed.most_words
    assert reading_grade(text) == pytest.approx(grade_of(level), abs=1)


@pytest.mark.parametrize("grade", [2, 4, 6, 8, 10, 12])
def test_what_a_writer_is_given_to_hear_reads_within_about_a_grade_of_the_level(grade: int) -> None:
    assert reading_grade(aim(f"grade-{grade}").sounds) == pytest.approx(grade, abs=1.2)


# ---------------------------------------------------------------- what is too hard


@pytest.mark.parametrize("level", TO_THE_AIM)
def test_a_text_within_its_level_has_no_hard_parts(level: str) -> None:
    assert hard_parts(cycles(TO_THE_AIM[level], level=level)) == []


@pytest.mark.parametrize("level", ["grade-2", "grade-6", "grade-10", "A1", "A2", "B1", "B2", "general"])
def test_a_hard_text_is_too_hard_for_a_lower_level(level: str) -> None:
    found = hard_parts(cycles(HARD, level=level))
    assert 1 <= len(found) <= 6
    assert {problem.rule for problem in found} == {"level-too-hard"}


def test_the_sentence_that_makes_a_cycle_too_hard_is_named_with_its_words() -> None:
    found = hard_parts(cycles(f"{EASY} {ONE_TOO_LONG}", level="grade-4"))
    (problem,) = found
    assert problem.where == Place.of("sections", 0, "blocks", 0, "sentences", 11)
    said = "Too hard for grade-4: 37 words in a sentence, where 19 are the most and 11 the mean. Its hardest words: "
    assert problem.message.startswith(f"{said}“lighthouse”, ")


def test_each_cycle_is_measured_by_itself_and_sections_of_one_cycle_together() -> None:
    apart = hard_parts(cycles(EASY, HARD, level="grade-4"))
    assert {problem.where.steps[1] for problem in apart} == {1}
    together = hard_parts(cycles(EASY, ONE_TOO_LONG, EASY, level="grade-6", numbers=(1, 1, 1)))
    assert together == []
    assert len(hard_parts(cycles(EASY, ONE_TOO_LONG, EASY, level="grade-6", numbers=(1, None, 1)))) == 1


def test_the_sentences_named_are_enough_to_bring_the_cycle_within_the_level() -> None:
    simple = "The lamp was out in the storm. The boats came home with fish. They did not find the way in."
    before = cycles(f"{EASY} {ONE_TOO_LONG} {ONE_TOO_LONG}", level="grade-4")
    named = {int(problem.where.steps[-1]) for problem in hard_parts(before)}
    sentences = [each.text for each in split_sentences(running_text(before))]
    after = " ".join(simple if at in named else sentence for at, sentence in enumerate(sentences))
    assert named
    assert hard_parts(cycles(after, level="grade-4")) == []


def test_general_is_too_hard_from_grade_nine_only() -> None:
    assert reading_grade(TO_THE_AIM["grade-8"]) < 9 <= reading_grade(TO_THE_AIM["grade-10"])
    assert hard_parts(cycles(TO_THE_AIM["grade-8"], level="general")) == []
    assert hard_parts(cycles(TO_THE_AIM["grade-10"], level="general"))


def test_a_cefr_level_counts_rare_words_but_no_key_terms() -> None:
    text = (
        "The photon hits a quark. The quark takes a photon. A gluon holds each quark. So the quark gets a gluon. " * 2
    )
    rare = cycles(text, level="A2")
    assert reading_grade(text) < grade_of("A2") + 1
    assert all("“quark”" in problem.message for problem in hard_parts(rare))
    assert hard_parts(rare)
    terms = [{"term": each, "definition": _said("A very small part.")} for each in ("Photons", "quark", "gluon")]
    assert hard_parts(cycles(text, level="A2", key_terms=terms)) == []
    glossed = rare.model_dump()
    glosses = [_said(f"A {each} is a small part.", role="gloss") for each in ("photon", "quark", "gluon")]
    glossed["sections"][0]["blocks"][0]["sentences"] += glosses
    assert hard_parts(Lesson.model_validate(glossed)) == []


def test_a_few_words_are_not_measured() -> None:
    assert (
        hard_parts(cycles("Notwithstanding considerable heterogeneity, investigations corroborate it.", level="A1"))
        == []
    )


def test_the_plainest_sentences_of_a_cycle_that_is_too_easy_are_named_and_no_question_is() -> None:
    text = f"{EASY} Where were the boats? Who saw the lamp?"
    found = easy_parts(cycles(text, HARD, level="grade-12", numbers=(1, None)))
    assert {problem.rule for problem in found} == {"level-too-easy"}
    assert {problem.where.steps[1] for problem in found} == {0}
    assert 1 <= len(found) <= 6
    assert "Too easy for grade-12: " in found[0].message
    sentences = [each.text for each in split_sentences(text)]
    assert not any(sentences[int(problem.where.steps[-1])].endswith("?") for problem in found)


@pytest.mark.parametrize("level", TO_THE_AIM)
def test_a_text_within_its_level_has_no_easy_parts(level: str) -> None:
    assert easy_parts(cycles(TO_THE_AIM[level], level=level)) == []


def test_what_is_easy_is_no_fault_where_no_level_is_asked_for_or_its_words_are_those_of_the_level() -> None:
    assert easy_parts(cycles(EASY, level="general")) == []
    assert easy_parts(cycles(EASY, level="grade-5")) == []
    assert easy_parts(cycles(EASY, level="C2"))


def test_the_plain_sentences_named_are_enough_to_bring_the_cycle_up_to_the_level() -> None:
    fuller = "Because the lighthouse was dark, the boats could not find the harbour until the storm had passed over it."
    before = cycles(EASY, level="grade-6")
    named = {int(problem.where.steps[-1]) for problem in easy_parts(before)}
    sentences = [each.text for each in split_sentences(running_text(before))]
    after = " ".join(fuller if at in named else sentence for at, sentence in enumerate(sentences))
    assert named
    assert easy_parts(cycles(after, level="grade-6")) == []


def test_a_comparison_is_read_too_and_a_table_is_not() -> None:
    content = cycles(EASY, level="grade-4").model_dump()
    table = {"kind": "table", "title": "T", "headings": ["A", "B"], "rows": [{"cells": [ONE_TOO_LONG, HARD]}]}
    content["sections"][0]["blocks"].append(table)
    assert hard_parts(Lesson.model_validate(content)) == []
    halves = {"statement": _said("So it is."), "ends": _said("No more.")}
    analogy = {"kind": "analogy", "text": _said(ONE_TOO_LONG), **halves}
    content["sections"][0]["blocks"].append(analogy)
    (problem,) = hard_parts(Lesson.model_validate(content))
    assert problem.where == Place.of("sections", 0, "blocks", 2, "text")
    assert ONE_TOO_LONG in running_text(Lesson.model_validate(content))


def test_the_figures_of_a_lesson_are_those_of_all_its_cycles() -> None:
    both = cycles(EASY, HARD, level="grade-8")
    assert legibility(both).grade == round(reading_grade(running_text(both)), 1)


# ---------------------------------------------------------------- syllables


SPOKEN = (
    "a-corn ac-tu-al-ly an-i-mal ar-e-a beau-ti-ful care-ful cal-cu-late close-ly co-lo-ni-al cre-ate ear-li-er "
    "ex-pe-ri-ence ge-o-met-ric he-ro-i-sm hous-es i-de-a i-on lan-guage loy-al ma-te-ri-al meas-ure-ment mil-lion "
    "mu-se-um na-tion of-fi-cial played pe-ri-od qui-et ra-di-a-tion ra-di-o read re-gion sam-pled sci-ence so-ci-e-ty "
    "some-thing spe-cial stat-ed ta-ble the-a-tre use-ful u-su-al var-i-ous walked want-ed wide-ly"
).split()


def test_syllables_of_nearly_all_words_are_guessed_right() -> None:
    wrong = [word for word in SPOKEN if syllables(word.replace("-", "")) != word.count("-") + 1]
    assert len(wrong) <= 0.1 * len(SPOKEN), wrong
