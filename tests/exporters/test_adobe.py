"""A whole lesson in all outputs: a plan that one can teach from, and a handout in which nothing is for the teacher."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

import pytest

from lessongen.exporters.shapes import Line, Sheet
from lessongen.exporters.sheet import lay_out
from lessongen.lesson.body import body_text
from lessongen.lesson.model import Prose, Statement, Task
from lessongen.lesson.questions import KINDS
from lessongen.lesson.statement import Model
from tests.exporters.adobe import ARTICLE, adobe
from tests.exporters.test_exporters import ABOUT, Audience, Page, export, on_terminal
from tests.exporters.test_teaching import AUDIENCES, FOR_READERS, readable

FILES = ("md", "html", "worksheet", "json")
TO_READ = (*FOR_READERS, "narrow")
STARTERS = ("Into the air.", "False")


@cache
def raw(audience: Audience) -> dict[str, str]:
    """Each form as it is."""
    forms = {form: export(form, adobe(), audience) for form in FILES}
    forms["terminal"] = on_terminal(adobe(), audience, width=80)
    return forms | {"narrow": on_terminal(adobe(), audience, width=40)}


@cache
def shown(audience: Audience) -> dict[str, str]:
    """What a reader sees of each form."""
    without_style = {form: re.sub("(?s)<style>.*</style>", "", text) for form, text in raw(audience).items()}
    return {form: plain(readable(form, text)) for form, text in without_style.items()}


def plain(text: str) -> str:
    """The words alone, whatever stands beside them and wherever lines break."""
    return " ".join(re.sub(r"\[\d+\]|[┃┊|>•☐✗\"\\\\]", " ", text).split())


def statements(part: object) -> Iterable[Statement]:
    """All statements in a part of a lesson."""
    if isinstance(part, Statement):
        yield part
    elif isinstance(part, list):
        for each in part:
            yield from statements(each)
    elif isinstance(part, Model):
        for name in type(part).model_fields:
            yield from statements(getattr(part, name))


def tasks() -> list[Task]:
    """The lesson's tasks."""
    return [block for section in adobe().sections for block in section.blocks if isinstance(block, Task)]


def secrets() -> list[str]:
    """What is for the teacher alone, apart from what the body says as well."""
    made = adobe()
    told = [each.text for question in made.questions for each in statements(question)]
    told += [note.text for section in made.sections for note in section.notes]
    told += [each.tempting for each in made.misconceptions]
    for task in tasks():
        told += [*task.criteria, *(each for each in (task.answer, task.support, task.stretch) if each)]
    told += [str(question.answer) for question in made.questions if question.kind in ("short", "open")]
    body = plain(body_text(made))
    return [plain(each) for each in told if plain(each) not in body]


# ---------------------------------------------------------------- the example


def test_the_example_has_every_kind_of_block_and_question_and_quotes_its_article() -> None:
    made = adobe()
    assert {question.kind for question in made.questions} == set(KINDS)
    assert {question.role for question in made.questions} >= {"starter", "check", "exit"}
    blocks = {block.kind for section in made.sections for block in section.blocks}
    assert blocks == {"prose", "example", "analogy", "table", "timeline", "figure", "activity", "task", "check"}
    assert sum(section.minutes for section in made.sections) == made.minutes == 45
    assert all(quote.text in ARTICLE for source in made.sources for quote in source.quotes)
    assert all(each.verdict for each in statements(made.key_points))


# ---------------------------------------------------------------- the plan


@pytest.mark.parametrize("form", TO_READ)
def test_a_teacher_finds_all_that_the_lesson_says_in_every_form(form: str) -> None:
    text = shown("teacher")[form]
    said = [plain(each.text) for each in statements(adobe()) if each.text not in STARTERS]
    assert len(said) > 50
    assert [each for each in [*said, *secrets()] if each not in text] == []
    for option in [option for question in adobe().questions for option in question.wrong_options]:
        assert option in text


@pytest.mark.parametrize("form", TO_READ)
def test_a_plan_has_its_parts_in_the_order_in_which_one_needs_them(form: str) -> None:
    text = shown("teacher")[form]
    parts = (
        "Adobe: how mud can make a cool house",
        "45 minutes · grade 5",
        "I can explain what each part",
        "What helps to know already (not from the source)",
        "Materials",
        "Safety",
        "Time plan",
        "0\u20135",
        "38\u201345",
        "Key points",
        "Often mixed up",
        "Why it tempts (not from the source):",
        "Key words",
        "Put the two stones out",
        "How can mud become a brick",
        "What would most likely happen",
        "Key: B. It would crack",
        "A. It would melt in the sun",
        "Task 1",
        "Expect: Sand is 4 of 10 cups",
        "Support: Draw ten boxes",
        "Stretch: Change the mix",
        "Key: A. The wall is still taking in heat",
        "Task 3 (homework)",
        "What the marks lead to",
        "CC BY-SA 4.0",
    )
    places, at = [], 0
    for part in parts:
        at = text.find(part, at)
        places.append((part, at))
        assert at >= 0, places


@pytest.mark.parametrize("form", [*TO_READ, "worksheet"])
def test_what_a_starter_asks_is_said_to_be_no_fact_of_the_source(form: str) -> None:
    text = shown("teacher")[form]
    for answer in STARTERS:
        assert f"Key: {answer} [prior knowledge, not from the source]" in text
    stating = 1  # stem says something before it asks
    assert text.count("[prior knowledge, not from the source]") == len(STARTERS) + stating


# ---------------------------------------------------------------- the handout


@pytest.mark.parametrize("form", [*FILES, "terminal", "narrow"])
def test_nothing_of_a_key_a_note_or_a_good_answer_is_in_a_handout(form: str) -> None:
    gaps = [question for question in adobe().questions if "_____" in question.stem]
    filled = [plain(question.stem.replace("_____", question.answer_text)) for question in gaps]
    assert filled
    hidden = [*secrets(), *filled]
    assert len(hidden) > 40
    assert [secret for secret in hidden if secret in shown("student")[form]] == []


@pytest.mark.parametrize("form", [*TO_READ, "worksheet"])
def test_a_handout_has_no_word_for_the_teacher(form: str) -> None:
    text = shown("student")[form].replace("[a teacher\N{RIGHT SINGLE QUOTATION MARK}s advice, not from the source]", "")
    assert not re.findall(
        r"teacher|\bkey:|tempts|why not|expect|support|stretch|\bmin\b|minutes|cycle|\bexam\b|seed|checks|objectives",
        text,
        re.IGNORECASE,
    )
    made = adobe()
    assert not [each for each in [*made.prior_knowledge, *made.materials] if plain(each) in text]
    assert text.count("judged by") == 1
    assert text.rfind("judged by") > text.rfind("CC BY-SA 4.0")


@pytest.mark.parametrize("form", TO_READ)
def test_a_handout_says_what_is_no_fact_and_keeps_for_the_end_what_answers_a_question(form: str) -> None:
    text = shown("student")[form]
    assert "Children build sandcastles in the same way. [not from the source]" in re.sub(r"[*]", "", text)
    assert "“Shrink” means to get smaller. [in plain words]" in text
    places = [text.index(each) for each in ("Key words", "Question 1" if form in ("md", "html") else "Q1", "Task 3")]
    places += [text.index(each) for each in ("To remember", "What the marks lead to")]
    assert "Often mixed up" not in text, "what is so would stand there beside it"
    assert places == sorted(places)


def test_tasks_that_follow_each_other_are_the_parts_of_one() -> None:
    practice = lay_out(adobe(), "student", ABOUT).practice
    assert [[part.letter for part in each.parts] for each in practice] == [["a", "b"], [""], [""]]
    for form in (*TO_READ, "worksheet"):
        assert re.search(r"Task 1 a\) Mia mixes .* b\) Mia's bricks", shown("student")[form].replace("_", "")), form


def test_a_handout_has_lines_to_write_on_and_a_plan_has_none() -> None:
    lines = sum(each.lines_to_write for each in lay_out(adobe(), "student", ABOUT).questions) + 4 * len(tasks())
    assert len(re.findall(r"^_{20,}$", raw("student")["md"], re.MULTILINE)) == lines
    assert len(re.findall(r"^ *_{20,}$", raw("student")["narrow"], re.MULTILINE)) == lines
    for form in ("html", "worksheet"):
        assert Page(raw("student")[form]).values("class").count("rule") == lines
    assert not re.search("_{20}", raw("teacher")["md"] + raw("teacher")["terminal"])
    assert "rule" not in Page(raw("teacher")["html"]).values("class")


# ---------------------------------------------------------------- marks


def lines_of(sheet: Sheet) -> list[Line]:
    """The sentences of the sections."""
    return [line for phase in sheet.phases for block in phase.blocks for line in getattr(block, "lines", ())]


@pytest.mark.parametrize("audience", AUDIENCES)
def test_each_fact_has_a_mark_for_each_quote_that_it_cites(audience: Audience) -> None:
    sheet = lay_out(adobe(), audience, ABOUT)
    cited = {statement.text: len(set(statement.cites)) for statement in statements(adobe().sections)}
    found = {line.text: len(line.notes) for line in lines_of(sheet) if line.text in cited}
    assert found == {text: cited[text] for text in found}
    prose = [block for section in adobe().sections for block in section.blocks if isinstance(block, Prose)]
    assert {each.text for block in prose for each in block.sentences} <= set(found)
    assert 2 in found.values()


def test_of_a_quote_that_answers_a_question_students_are_told_where_it_stands() -> None:
    told = {each.mark: each for each in lay_out(adobe(), "student", ABOUT).quotes}
    of_teachers = {each.text for each in lay_out(adobe(), "teacher", ABOUT).quotes}
    left_out = [each for each in told.values() if not each.text]
    assert left_out
    assert {each.text for each in told.values()} - {""} <= of_teachers
    assert not any(each.is_verbatim for each in left_out)
    assert {each.told for each in left_out} == {"its words answer a question"}


@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("form", TO_READ)
def test_marks_count_quotes_in_the_order_in_which_a_reader_meets_them(form: str, audience: Audience) -> None:
    text, _, told = readable(form, raw(audience)[form]).partition("What the marks lead to")
    if form == "html":
        text = Page(raw(audience)[form]).text.partition("What the marks lead to")[0]
    met = list(dict.fromkeys(map(int, re.findall(r"\[(\d+)\]", text))))
    assert met == list(range(1, len(met) + 1))
    own = re.findall(r"\[(\d+)\] *“", told)
    assert list(map(int, own)) == sorted(map(int, own))
    assert own
    assert set(map(int, own)) <= set(met)


def test_a_mark_leads_to_the_words_of_the_very_quote() -> None:
    quotes = {quote.id: quote.text for quote in adobe().article.quotes}
    sheet = lay_out(adobe(), "teacher", ABOUT)
    cited = {each.text: {quotes[cite] for cite in each.cites} for each in statements(adobe())}
    for line in lines_of(sheet):
        if line.text in cited:
            assert {sheet.told[note.mark] for note in line.notes} == cited[line.text]
    for form in FOR_READERS:
        told = shown("teacher")[form].partition("What the marks lead to")[2]
        assert [text for text in sheet.told.values() if plain(text) not in told] == []


@pytest.mark.parametrize("audience", AUDIENCES)
def test_a_page_has_each_quote_at_its_side_once_and_folded_where_there_is_no_room(audience: Audience) -> None:
    sheet = lay_out(adobe(), audience, ABOUT)
    page = raw(audience)["html"]
    beside = re.findall(r'<details class="beside">(.*?)</details>', page, re.DOTALL)
    marks = [int(mark) for each in beside for mark in re.findall(r'<span class="mark">(\d+)</span>', each)]
    assert len(marks) > 5
    assert sorted(marks) == sorted(sheet.beside)
    assert all("<summary>Quote" in each for each in beside)
    style = page.partition("<style>")[2].partition("</style>")[0]
    assert re.search(r"@media screen and \(min-width: \d+rem\) \{[^@]*\.beside \{ float: inline-end;", style)
