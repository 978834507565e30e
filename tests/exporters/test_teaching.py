"""What a lesson of schema 2 looks like in every format: each part in both editions, and what is for teachers in one."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import pytest
from rich.cells import cell_len

from lessongen.exporters.drawing import drawn
from lessongen.exporters.formats import worksheet
from lessongen.exporters.shapes import SheetQuestion
from lessongen.exporters.sheet import lay_out
from lessongen.lesson.model import Lesson
from lessongen.lesson.parts import question_numbers, question_numbers_in
from tests.exporters.opened import without_own_script
from tests.exporters.rich import SVG, fact_sheet, rich_lesson, written
from tests.exporters.test_exporters import (
    ABOUT,
    HOSTILE,
    Audience,
    Page,
    everywhere,
    export,
    hostile,
    markdown_tokens,
    on_terminal,
    shape,
)
from tests.lessons import changed, lesson

FOR_READERS = ("md", "html", "terminal")
READ = (*FOR_READERS, "docx")
EVERYWHERE = (*READ, "worksheet")
AUDIENCES: tuple[Audience, ...] = ("student", "teacher")
FOR_TEACHERS = (
    "A punt carries nets and has no lamp.",
    "A map of a lake",
    "Wood soaks up water.",
    "22 minutes",
    "cycle 1, practice",
    "sentences judged by able-1 (en-1, caught 98 %, accepted 96 %)",
)
IN_BOTH = (
    "I can explain why a boat of wood stays dry.",
    "Pine tar keeps water out of the planks.",
    "Wipe up spilled water at once.",
    "a teacher\N{RIGHT SINGLE QUOTATION MARK}s advice, not from the source",
    "Think of it like this",
    "A jacket has to let air through",
    "Words of the harbour",
    "an iron hoop",
    "The oldest lantern boat is built.",
    "A line with the years 1741, 1802 and 1866, in this order.",
    "Explain to a friend why a rower paints the hull.",
    "sentences judged by able-1",
)


def readable(form: str, text: str) -> str:
    """What a reader sees of a form, marks of Markdown, tags and entities apart."""
    if form in ("html", "worksheet"):
        text = re.sub(r'<nav class="contents".*?</nav>', "", without_own_script(text), flags=re.DOTALL)
        labels = re.findall(r'aria-label="([^"]*)"', text)
        return " ".join((Page(text).text + " ".join(labels)).split())
    return re.sub(r" ┃| ┊", "", text.replace("\\", "").replace("*", ""))


def shown(made: Lesson, audience: Audience) -> dict[str, str]:
    """What a reader sees of each form."""
    return {form: readable(form, text) for form, text in everywhere(made, audience).items()}


@pytest.mark.parametrize("audience", AUDIENCES)
def test_each_part_of_a_lesson_is_in_both_editions(audience: Audience) -> None:
    forms = shown(rich_lesson(), audience)
    for form in READ:
        assert [part for part in IN_BOTH if part not in forms[form]] == [], form
        is_there = [part in forms[form] for part in FOR_TEACHERS]
        assert is_there == [audience == "teacher"] * len(FOR_TEACHERS), form


@pytest.mark.parametrize("audience", AUDIENCES)
def test_what_is_no_fact_of_the_source_says_so_in_every_output(audience: Audience) -> None:
    forms = shown(rich_lesson(), audience)
    for form in READ:
        assert "sealed" not in forms[form]
        assert "Resin also has been used to seal barrels. [not from the source]" in forms[form]
        assert "“Resin” means the sticky juice of a tree. [in plain words]" in forms[form]
        imagined = "Imagine that Mia forgets to paint her boat this spring."
        assert f"{imagined} [an imagined case]" in forms[form]
        assert "Pine tar is like the wax on a jacket. It keeps water out of the planks." in forms[form]
    assert '<span class="background">Resin also' in export("html", rich_lesson(), audience)


def test_students_and_teachers_are_told_each_time_what_is_no_fact() -> None:
    said = [written(f"Suppose that {name} has a boat.", role="supposition") for name in ("Mia", "Ben", "Ida")]
    section = rich_lesson().sections[1].model_dump() | {"blocks": [{"kind": "prose", "sentences": said}]}
    made = rich_lesson(sections=[rich_lesson().sections[0], section, rich_lesson().sections[2]])
    count = {who: shown(made, who)["md"].count("[an imagined case]") for who in AUDIENCES}
    assert count["student"] == 3
    assert count["teacher"] >= 3


def test_a_model_answer_in_a_writers_words_is_marked_as_a_conclusion() -> None:
    task = {"kind": "task", "prompt": "Say why.", "answer": "Tar keeps water out.", "origin": "written",
            "cites": rich_lesson().summary.cites or [rich_lesson().sources[0].quotes[0].id]}  # fmt: skip
    section = rich_lesson().sections[1].model_dump() | {"blocks": [task]}
    made = rich_lesson(sections=[rich_lesson().sections[0], section, rich_lesson().sections[2]])
    assert re.search(r"Tar keeps water out\..{0,12}\[a conclusion\]", shown(made, "teacher")["md"])


def test_background_in_a_row_of_such_sentences_is_marked_sentence_by_sentence() -> None:
    background = [written(f"{name} is old.", role="background") for name in ("Tar", "Resin", "Wax")]
    section = rich_lesson().sections[1].model_dump() | {"blocks": [{"kind": "prose", "sentences": background}]}
    made = rich_lesson(sections=[rich_lesson().sections[0], section, rich_lesson().sections[2]])
    for form in READ:
        assert everywhere(made, "student")[form].replace("\\", "").count("[not from the source]") == len(background)


# ---------------------------------------------------------------- marks


def test_each_written_fact_has_a_mark_that_leads_to_the_very_passage_that_it_cites() -> None:
    sheet = lay_out(rich_lesson(), "teacher", ABOUT)
    for phase, section in zip(sheet.phases, rich_lesson().sections, strict=True):
        for block, kept in zip(phase.blocks, section.blocks, strict=True):
            if block.kind == "paragraph" and kept.kind == "prose":
                for line, sentence in zip(block.lines, kept.sentences, strict=True):
                    assert sorted(sheet.told[note.mark] for note in line.notes) == sorted(_texts(sentence.cites))
            elif block.kind == "table" and kept.kind == "table":
                found = [[sheet.told[note.mark] for note in row[-1].notes] for row in block.rows]
                assert found == [_texts(row.cites) for row in kept.rows]


@pytest.mark.parametrize("audience", AUDIENCES)
def test_marks_in_a_page_are_links_to_their_quotes_and_back(audience: Audience) -> None:
    page = Page(export("html", rich_lesson(), audience))
    ids = page.values("id")
    marks = {address for address in page.values("href") if re.fullmatch(r"#quote-\d+", address)}
    back = {address for address in page.values("href") if re.fullmatch(r"#mark-\d+", address)}
    assert marks
    assert {address.replace("quote", "mark") for address in marks} == back
    assert {address[1:] for address in marks | back} <= set(ids)


def test_marks_stay_with_their_sentence_and_may_be_broken_between_each_other() -> None:
    made = changed(rich_lesson(), {"summary": written("Boats carry lamps.", "boat", "lamps", "oldest")})
    text = export("html", made, "student")
    # Three of them that hold together would leave a phone's table no room for the other columns.
    assert re.search(r"Boats carry lamps\.&NoBreak;(<a class=\"note\"[^>]*>\[\d\]</a>){3}", text)


def _texts(cites: list[str]) -> list[str]:
    quotes = {quote.id: quote.text for source in rich_lesson().sources for quote in source.quotes}
    return [quotes[cite] for cite in cites]


def test_a_passage_that_is_the_answer_to_a_question_is_not_told_to_students() -> None:
    made = rich_lesson()
    told = set(lay_out(made, "student", ABOUT).told.values())
    withheld = {quote.text for source in made.sources for quote in source.quotes} - told
    (order,) = [question for question in made.questions if question.kind == "order"]
    assert withheld >= set(_texts(order.cites))


def test_sentences_in_the_source_s_own_words_have_marks_whose_quotes_are_not_told_twice() -> None:
    student = lay_out(lesson(), "student", ABOUT)
    lines = [
        line for phase in student.phases for block in phase.blocks if block.kind == "paragraph" for line in block.lines
    ]
    assert all(len(line.notes) == 1 for line in lines if line.text[:4] != "Here")
    assert student.listed_quotes == ()
    told = on_terminal(lesson(), "student")
    assert told.count("Every spring the rowers scrape the hull") == 1
    assert "[4], [5], [13]: in the words of the source, as they stand above, Jetty (structure)" in told


# ---------------------------------------------------------------- what is for teachers


@pytest.mark.parametrize("made", [rich_lesson(), changed(rich_lesson(), {"kind": "fact_sheet"})])
def test_nothing_that_is_for_the_teacher_is_in_a_student_s_edition(made: Lesson) -> None:
    for form, text in everywhere(made, "student").items():
        for secret in ("TEACHER", "tempts", "Expect", "Why not", "Answer key", "Key:", "For the teacher", "Stretch"):
            assert secret not in text, form
        for secret in ("0" * 64, '"span"', '"verdict"', '"why"', '"notes"', "<!--", "seed"):
            assert secret not in text, form


def test_a_teacher_sees_all_of_it_in_every_form() -> None:
    wanted = [text for text in _texts_of(rich_lesson().model_dump()) if "TEACHER" in text]
    assert len(wanted) > 12
    of_questions = [text for text in _texts_of(rich_lesson().model_dump()["questions"]) if "TEACHER" in text]
    forms = shown(rich_lesson(), "teacher")
    for form in READ:
        assert [text for text in wanted if text not in forms[form]] == [], form
    assert [text for text in of_questions[1:] if text not in forms["worksheet"]] == []
    for solution in (
        "TEACHER Pine tar keeps water out",
        "TEACHER Names pine tar.",
        "TEACHER Offer",
        "TEACHER Let them",
    ):
        assert solution in forms["worksheet"]


def _texts_of(part: Any) -> list[str]:
    if isinstance(part, dict):
        return [text for value in part.values() for text in _texts_of(value)]
    if isinstance(part, list):
        return [text for each in part for text in _texts_of(each)]
    return [part] if isinstance(part, str) else []


def test_the_teacher_s_edition_is_a_plan_with_minutes_and_keys_at_their_places() -> None:
    for form in READ:
        text = shown(rich_lesson(), "teacher")[form]
        plan = text.partition("Time plan")[2].partition("Key points")[0]
        assert [plan.index(title) for title in ("What do you", "Why the hull", "Say it in")] == sorted(
            plan.index(title) for title in ("What do you", "Why the hull", "Say it in")
        )
        assert re.search(r"0\u20134.*4\u201314.*14\u201322", plan)
        section = text.rpartition("2. Why the hull stays dry")[2].partition("3. Say it in")[0]
        assert "B. Pine tar" in section


def test_a_reason_names_its_wrong_option_by_the_letter_that_students_see() -> None:
    for form in EVERYWHERE:
        assert re.search(r"A\. Beeswax: TEACHER Wax is", shown(rich_lesson(), "teacher")[form]), form


# ---------------------------------------------------------------- questions


@pytest.mark.parametrize("audience", AUDIENCES)
def test_questions_stand_under_their_roles_in_the_order_of_their_numbers(audience: Audience) -> None:
    for form in READ:
        text = shown(rich_lesson(), audience)[form]
        places = [
            text.index(each)
            for each in (
                "Starter",
                "mooring ring is a wooden walkway",
                "1. What do you know already?",
                "Which term completes",
                "Exit quiz",
                "Which year completes",
                "Homework",
                "What is a lantern boat?",
            )
        ]
        assert places == sorted(places), form
    numbers = [each.number for each in lay_out(rich_lesson(), audience, ABOUT).questions]
    assert numbers == list(range(1, len(rich_lesson().questions) + 1))


def test_a_worksheet_says_when_each_question_is_asked_and_has_room_for_practice() -> None:
    text = readable("worksheet", export("worksheet", rich_lesson(), "student"))
    titles = ("Before we start", "On the way", "Question 2", "Task 1", "Question 3", "Exit quiz", "Homework")
    assert [text.index(title) for title in titles] == sorted(text.index(title) for title in titles)
    assert "On the way" not in export("worksheet", lesson(), "student")


def test_a_worksheet_counts_its_lines_to_write_on_as_high_as_they_are_printed() -> None:
    page = export("worksheet", rich_lesson(), "student")
    printed = re.search(r"\.rule \{[^}]*height: ([\d.]+)em", page)
    of_text = re.search(r"font: var\(--size\)/([\d.]+)", page)
    assert printed is not None
    assert of_text is not None
    ask = SheetQuestion(number=1, stem="Why?", role="check")
    more = worksheet._height(replace(ask, lines_to_write=10), 9.0) - worksheet._height(ask, 9.0)
    assert more == pytest.approx(10 * float(printed[1]) / float(of_text[1]))


def test_the_key_of_a_worksheet_is_in_the_order_of_the_worksheet() -> None:
    sheet, _, key = export("worksheet", rich_lesson(), "teacher").partition("Answer key")
    asked = r"(?:Question|Task) \d+"
    assert re.findall(f"<dt>({asked})", key) == re.findall(f"<h3[^>]*>({asked})", sheet)


@pytest.mark.parametrize("cells", [["Jetty", "a walkway"], ["Jetty", "a walkway", "reaches", "out", "far"]])
def test_a_row_that_does_not_fit_its_headings_is_shown_whole(cells: list[str]) -> None:
    made = changed(rich_lesson(), {"sections[1].blocks[2].rows[0].cells": cells})
    for width in (80, 40):
        text = on_terminal(made, "student", width=width)
        assert [cell for cell in cells if cell not in text] == []
    for form in ("md", "html"):
        assert [cell for cell in cells if cell not in export(form, made, "student")] == []


def test_numbers_are_the_same_whether_the_models_are_loaded_or_not() -> None:
    for made in (rich_lesson(), lesson()):
        assert question_numbers(made) == question_numbers_in(made.model_dump(mode="json"))


def test_an_exit_quiz_of_which_a_part_is_asked_before_is_not_announced_twice() -> None:
    placed = changed(rich_lesson(), {"questions[1].role": "exit"})
    assert [group.title for group in lay_out(placed, "student", ABOUT).closing] == ["Further questions", "Homework"]


# ---------------------------------------------------------------- fact sheets


@pytest.mark.parametrize("audience", AUDIENCES)
def test_a_fact_sheet_says_so_in_its_title_and_has_no_empty_headings(audience: Audience) -> None:
    forms = everywhere(fact_sheet(), audience)
    for form in EVERYWHERE:
        assert "Fact sheet: Lantern boats" in forms[form], form
        for heading in ("Objectives", "Key words", "Starter", "Exit quiz", "Answer key", "Materials", "Time plan"):
            assert heading not in readable(form, forms[form]), (form, heading)
    assert "<title>Fact sheet: Lantern boats" in forms["html"]
    named = fact_sheet().model_copy(update={"title": "Fact sheet on boats"})
    assert lay_out(named, audience, ABOUT).title == "Fact sheet on boats"


# ---------------------------------------------------------------- figures


def test_a_figure_stands_in_pages_as_a_drawing_and_in_text_as_what_it_shows() -> None:
    page = Page(export("html", rich_lesson(), "student"))
    line_of_time, drawing = [attributes for tag, attributes in page.tags if tag == "svg"]
    assert line_of_time["aria-label"] == "A line of time from 1741 to 1866. On it, in this order: 1741; 1866."
    assert drawing["role"] == "img"
    assert drawing["aria-label"] == "A line with the years 1741, 1802 and 1866, in this order."
    assert "<svg" not in export("md", rich_lesson(), "student") + on_terminal(rich_lesson(), "student")


def test_figures_have_ids_of_their_own() -> None:
    made = rich_lesson()
    figure = made.sections[2].blocks[2]
    twice = made.sections[2].model_copy(update={"blocks": [figure, figure]})
    page = Page(export("html", made.model_copy(update={"sections": [*made.sections[:2], twice]}), "student"))
    ids = page.values("id")
    assert len(ids) == len(set(ids))
    used = {found for value in page.values("marker-end") for found in re.findall(r"#([^)]+)\)", value)}
    assert len(used) == 2
    assert used <= set(ids)


@pytest.mark.parametrize(
    "svg",
    [
        "no drawing",
        "<svg><path/></svg>",
        '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        '<svg xmlns="http://www.w3.org/2000/svg"><image href="http://evil.example/x"/></svg>',
        '<svg xmlns="http://www.w3.org/2000/svg"><path onclick="alert(1)"/></svg>',
        '<svg xmlns="http://www.w3.org/2000/svg"><foreignObject><b>x</b></foreignObject></svg>',
        '<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg"><text>&a;</text></svg>',
        '<svg xmlns="http://www.w3.org/2000/svg"><path fill="url(http://evil.example/x)"/></svg>',
        '<svg xmlns="http://www.w3.org/2000/svg">' + "<g>" * 5_000 + "</g>" * 5_000 + "</svg>",
    ],
    ids=str.__len__,
)
def test_a_drawing_that_is_not_safe_gives_way_to_what_it_shows(svg: str) -> None:
    made = changed(rich_lesson(), {"sections[2].blocks[2].svg": svg})
    assert drawn(svg, 1, "x") == ""
    text = export("html", made, "student")
    assert text.count("<svg") == 1  # the timeline's, which this program drew
    assert "evil.example" not in text
    assert "A line with the years 1741" in text


def test_words_in_a_drawing_are_shown_as_words() -> None:
    svg = SVG.replace(">1741<", ">&lt;script&gt;alert(1)&lt;/script&gt; \u202e\u2066x<")
    (text,) = [each for each in ElementTree.fromstring(drawn(svg, 1, "x")).iter("text") if "alert" in (each.text or "")]  # noqa: S314
    assert text.text == "<script>alert(1)</script> x"
    assert "<script" not in drawn(svg, 1, "x")


@pytest.mark.parametrize("audience", AUDIENCES)
def test_what_is_drawn_of_data_is_in_every_form_beside_its_question_and_its_example(audience: Audience) -> None:
    made = with_drawings("3/8")
    for form in ("html", "worksheet"):
        tags = Page(export(form, made, audience)).tags
        found = [attributes["aria-label"] for tag, attributes in tags if tag == "svg"]
        told = [each for each in found if each and "a bar of" in each]
        assert len(told) == (2 if form == "html" else 1)  # a worksheet has no examples
        assert set(told) == {"3/8: a bar of 8 equal parts, 3 of them shaded."}
    for text in (export("md", made, audience), on_terminal(made, audience)):
        assert text.count("│█████│█████│█████│·····│·····│·····│·····│·····│") == 2
        assert text.count("a bar of 8 equal parts, 3 of them shaded.") == 2
    data = json.loads(export("json", made, audience))["content"]
    asked = [each["drawing"] for each in data["questions"] if each.get("drawing")]
    drawn_of = [*asked, data["sections"][1]["blocks"][0]["drawing"]]
    assert [each["bars"] for each in drawn_of] == [[{"parts": 8, "shaded": 3, "label": "3/8", "whole": ""}]] * 2


def test_a_figure_of_data_is_drawn_and_told_without_a_text_of_its_own() -> None:
    drawing = {"kind": "clock", "hour": 9, "minute": 30}
    figure = "sections[2].blocks[2]"
    made = changed(rich_lesson(), {f"{figure}.drawing": drawing, f"{figure}.svg": "", f"{figure}.alternative": ""})
    told = "Its short hand is between 9 and 10, its long hand at 6."
    tags = Page(export("html", made, "student")).tags
    assert any(told in (attributes["aria-label"] or "") for tag, attributes in tags if tag == "svg")
    assert told in export("md", made, "student")
    assert told in " ".join(on_terminal(made, "student").split())


def test_a_narrow_terminal_is_told_what_it_has_no_room_to_draw() -> None:
    text = on_terminal(with_drawings("3/8"), "student", width=30)
    assert "│█████" not in text
    assert "shaded" in text


def test_labels_of_drawings_are_words_in_every_form() -> None:
    label = "```\n<script>a()</script> \u202e*x*"
    for form in ("html", "worksheet"):
        attacked, plain = (Page(export(form, with_drawings(each), "student")) for each in (label, "3/8"))
        assert [tag for tag, _ in attacked.tags] == [tag for tag, _ in plain.tags]
    attacked_md, plain_md = (shape(markdown_tokens(export("md", with_drawings(x), "student"))) for x in (label, "3/8"))
    assert attacked_md == plain_md
    assert "\u202e" not in on_terminal(with_drawings(label), "student")


def with_drawings(label: str) -> Lesson:
    """The rich lesson with a bar of that label at its first question, and at an example of its own."""
    drawing = {"kind": "bars", "bars": [{"parts": 8, "shaded": 3, "label": label}]}
    example = {
        **{"kind": "example", "problem": "What is shaded?", "steps": [{"text": "Count.", "role": "framing"}]},
        **{"answer": "3/8", "origin": "computed", "by": "bars", "drawing": drawing},
    }
    content = rich_lesson().model_dump(mode="json")
    content["questions"][3]["drawing"] = drawing  # the starter, which is asked first
    content["sections"][1]["blocks"].insert(0, example)
    return Lesson.model_validate(content)


# ---------------------------------------------------------------- foreign text, width


def attacked_lesson() -> Lesson:
    """The rich lesson with hostile text in every field that can hold it, the drawing apart."""
    content = hostile(rich_lesson().model_dump(mode="json"))
    content["sections"][2]["blocks"][2]["svg"] = SVG
    return Lesson.model_validate(content)


@pytest.mark.parametrize("audience", AUDIENCES)
def test_foreign_text_is_text_in_every_form(audience: Audience) -> None:
    undated = changed(rich_lesson(), {"sections[2].blocks[1].entries[0].when": "long ago"})  # as the attacked one is
    for form in ("html", "worksheet"):
        attacked, plain = Page(export(form, attacked_lesson(), audience)), Page(export(form, undated, audience))
        assert {tag for tag, _ in attacked.tags} <= {tag for tag, _ in plain.tags}
        names = [{name for _, attributes in page.tags for name in attributes} for page in (attacked, plain)]
        assert names[0] <= names[1]
    assert shape(markdown_tokens(export("md", attacked_lesson(), audience))) == shape(
        markdown_tokens(export("md", undated, audience))
    )
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", on_terminal(attacked_lesson(), audience))
    assert "\x1b" in HOSTILE


@pytest.mark.parametrize("audience", AUDIENCES)
def test_html_is_accessible(audience: Audience) -> None:
    for form in ("html", "worksheet"):
        text = without_own_script(export(form, rich_lesson(), audience))
        page = Page(text)
        levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))
        ids = page.values("id")
        assert len(ids) == len(set(ids))
        assert {address[1:] for address in page.values("href") if address.startswith("#")} <= set(ids)
        assert not re.search(r"@import|src=|<script|style=", text)


@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("width", [80, 40, 20, 3])
def test_nothing_is_wider_than_the_terminal(width: int, audience: Audience) -> None:
    assert max(cell_len(line) for line in on_terminal(rich_lesson(), audience, width=width).splitlines()) <= width


def test_a_table_keeps_all_its_words_on_a_narrow_terminal() -> None:
    lines = on_terminal(rich_lesson(), "student", width=40).splitlines()
    text = " ".join(" ".join(lines).split())
    assert "• Jetty What it is: a wooden walkway What it does: reaches from the shore into deep water" in text
