"""The exporters: what every format shows and withholds, and that foreign text is text in each of them."""

from __future__ import annotations

import io
import json
import re
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any, Literal, cast

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from rich.cells import cell_len
from rich.console import Console

from lessongen.exporters import Order, known_formats
from lessongen.exporters.shapes import KNOWN
from lessongen.exporters.sheet import LICENCE_NOTE, lay_out, safe_url
from lessongen.exporters.terminal import render, render_difference
from lessongen.lesson.difference import compare
from lessongen.lesson.model import Lesson
from lessongen.lesson.parts import question_numbers
from lessongen.system.printable import printable
from tests.exporters.opened import READERS, without_own_script
from tests.generation.test_lessons import other_answers, with_secrets
from tests.lessons import AUTHORS, CHOICE, CLOZE, COMPUTED, FALSE, MATCH, OPEN, ORDER, SHORT, TRUE, lesson, question

Audience = Literal["student", "teacher"]
ABOUT = {"version": "1.3", "last_updated": "2026-01-31T09:00:00.000000Z"}
EVERY_KIND = (CHOICE, TRUE, FALSE, CLOZE, SHORT, MATCH, ORDER, OPEN, COMPUTED, AUTHORS)
EXAMPLE = {
    "kind": "example",
    "problem": "How old was the boat in 1802?",
    "steps": [{"text": "Subtract 1741 from 1802.", "origin": "author", "by": "R. Teacher"}],
    "answer": "61 years",
    "origin": "computed",
    "by": "arithmetic",
}


def full_lesson() -> Lesson:
    """A lesson with every kind of block and question and a source on the web."""
    made = lesson(questions=[question(fields) for fields in EVERY_KIND]).model_dump(mode="json")
    made["sections"][1]["blocks"].append(EXAMPLE)
    made["sources"][0] |= {"url": "https://en.wikipedia.org/wiki/Lantern_(boat)?a=1&copy=2", "licence": "CC BY-SA 4.0"}
    return Lesson.model_validate(made)


def export(file_format: str, made: Lesson, audience: Audience = "teacher") -> str:
    """The lesson in a format, as text."""
    data = known_formats()[file_format].export(Order(made, audience, ABOUT))
    return READERS[file_format](data) if file_format in READERS else data.decode()


def on_terminal(made: Lesson, audience: Audience = "teacher", *, width: int = 100, colour: bool = False) -> str:
    """What a terminal of that width shows."""
    console = Console(file=io.StringIO(), width=width, force_terminal=colour, no_color=not colour)
    render(made, ABOUT, audience, console)
    return cast(io.StringIO, console.file).getvalue()


def everywhere(made: Lesson, audience: Audience) -> dict[str, str]:
    """The lesson in every form that has a reader here, whitespace collapsed."""
    forms_for_readers = [each for each in known_formats().values() if not each.has_keys and each.name != "jsonld"]
    names = [each.name for each in forms_for_readers if not each.is_binary or each.name in READERS]
    forms = {name: export(name, made, audience) for name in names} | {"terminal": on_terminal(made, audience)}
    return {name: " ".join(text.split()) for name, text in forms.items()}


# ---------------------------------------------------------------- what is shown


def test_the_formats_are_those_that_people_know() -> None:
    first = ["md", "json", "html", "worksheet", "docx", "pptx", "pdf", "worksheet-pdf"]
    assert list(known_formats())[: len(first)] == first


@pytest.mark.parametrize("audience", ["student", "teacher"])
def test_attribution_and_licence_of_every_source_are_in_every_form(audience: Audience) -> None:
    for text in everywhere(full_lesson(), audience).values():
        assert "The authors of the tests" in text
        assert "CC BY-SA 4.0" in text
        assert "CC0-1.0" in text


def test_forms_for_readers_name_the_article_the_version_and_what_was_added_to_the_sources() -> None:
    forms = everywhere(full_lesson(), "student")
    for name in ("md", "html", "worksheet", "docx", "terminal"):
        assert "Based on the Wikipedia article “Lantern boat”" in forms[name]
        assert "Version 1.3 · 2026-01-31" in forms[name]
        assert LICENCE_NOTE in forms[name]


def test_a_source_that_is_no_wikipedia_is_not_called_one() -> None:
    assert lay_out(lesson(), "teacher", ABOUT).based_on == "Based on “Lantern boat”"
    imitation = full_lesson().model_dump(mode="json")
    imitation["sources"][0]["url"] = "https://notwikipedia.org/wiki/Lantern"
    assert "Wikipedia" not in lay_out(Lesson.model_validate(imitation), "teacher", ABOUT).based_on


def test_a_teacher_sees_every_answer_notice_and_bearing_passage() -> None:
    for name, text in everywhere(full_lesson(), "teacher").items():
        readable = text.replace("\\", "")
        assert "The sources are invented." in readable
        assert "A drawing with keel, hull and lamp." in readable
        if name != "json":
            assert "B. Pine tar" in readable
            assert "1 B, 2 C, 3 A" in readable
            assert "computed" in readable


def test_the_key_speaks_of_the_letters_and_numbers_that_students_see() -> None:
    sheet = lay_out(full_lesson(), "teacher", ABOUT)
    numbers = question_numbers(full_lesson())
    kinds = {numbers[question.id]: question.kind for question in full_lesson().questions}
    keys = {kinds[each.number]: each.key.answer.text for each in sheet.questions if each.key}
    letters = {kinds[each.number]: dict(each.lettered) for each in sheet.questions}
    told = [letters["match"][pair.split()[1]] for pair in keys["match"].split(", ")]
    assert told == [MATCH["right"][index] for index in MATCH["answer"]]
    told = [letters["order"][each] for each in keys["order"].split(", ")]
    assert told == [ORDER["items"][index] for index in ORDER["answer"]]
    assert [each.number for each in sheet.questions if each.key] == list(range(1, len(EVERY_KIND) + 1))


def test_json_is_the_object_of_show_and_reads_back_as_the_lesson() -> None:
    made = full_lesson()
    exported = json.loads(export("json", made))
    assert list(exported) == ["subject", "topic", "language", "level", "variant", "metadata", "content"]
    assert exported["metadata"] == ABOUT
    assert Lesson.model_validate(exported["content"]) == made


# ---------------------------------------------------------------- what a student does not see


def test_no_form_for_students_holds_anything_that_belongs_to_an_answer() -> None:
    for text in everywhere(Lesson.model_validate(with_secrets()), "student").values():
        assert "SECRET" not in text
        assert "5318008" not in text
    for text in everywhere(Lesson.model_validate(with_secrets()), "teacher").values():
        assert "SECRET answer" in text


def test_every_form_for_students_is_the_same_whatever_the_answers_are() -> None:
    made = full_lesson()
    other = Lesson.model_validate(other_answers(made.model_dump(mode="json")))
    assert everywhere(other, "student") == everywhere(made, "student")
    assert everywhere(other, "teacher") != everywhere(made, "teacher")


# ---------------------------------------------------------------- foreign text

HOSTILE = (
    "<script>alert(1)</script>\"'><img src=x onerror=alert(1)> [x](javascript:alert(1)) ![y](http://evil.example/) "
    "`a` *b* __c__ ~~d~~ $e$ &copy; {{ 7*7 }}{% raw %} [/red][bold] -->]]> \x1b[31m\x07\u202e\u2066\x9b"
    "\n\n# Head\n- x\n1. y\n| a | b |\n"
)
HARMLESS = "A word or two, "
_STRUCTURE = frozenset(
    "id kind role bloom origin grouping objective objectives cites question sha256 text_sha256 retrieved layers "
    "ruling url".split()
)


def hostile(part: Any, key: str = "", *, text: str = HOSTILE) -> Any:
    """The part with hostile text, or another one, before every text in it."""
    if isinstance(part, dict):
        return {name: hostile(value, name, text=text) for name, value in part.items()}
    if isinstance(part, list):
        return [hostile(each, key, text=text) for each in part]
    return text + part if isinstance(part, str) and part and key not in _STRUCTURE else part


def hostile_lesson(text: str = HOSTILE) -> Lesson:
    """A lesson with hostile text, or another one, in every field that can hold it."""
    attacked = hostile(full_lesson().model_dump(mode="json"), text=text)
    attacked["sources"][0]["url"] = "javascript:alert(1)//https://evil.example"
    attacked["sources"][1]["url"] = 'https://ok.example/"onmouseover="alert(1)<b>\n[x](y)'
    return Lesson.model_validate(attacked)


class Page(HTMLParser):
    """What a browser would find in a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def values(self, attribute: str) -> list[str]:
        """All values of an attribute, whatever the tag."""
        return [value for _, attributes in self.tags if (value := attributes.get(attribute)) is not None]


@pytest.mark.parametrize("form", ["html", "worksheet"])
@pytest.mark.parametrize("audience", ["student", "teacher"])
def test_html_has_no_tag_or_attribute_that_foreign_text_brought(form: str, audience: Audience) -> None:
    exported = (export(form, hostile_lesson(text), audience) for text in (HOSTILE, HARMLESS))
    attacked, plain = (Page(without_own_script(each)) for each in exported)
    assert {tag for tag, _ in attacked.tags} <= {tag for tag, _ in plain.tags}
    assert not {"script", "img", "iframe", "link", "object", "form"} & {tag for tag, _ in attacked.tags}
    assert {name for _, attributes in attacked.tags for name in attributes} <= {
        name for _, attributes in plain.tags for name in attributes
    }
    assert all(re.match(r"#[a-z]+(-\d+|-words)?$|https://", address) for address in attacked.values("href"))
    assert printable(HOSTILE) in " ".join(attacked.text.split())


@pytest.mark.parametrize("form", ["html", "worksheet"])
@pytest.mark.parametrize("audience", ["student", "teacher"])
def test_html_asks_nothing_of_the_network_and_is_accessible(form: str, audience: Audience) -> None:
    text = without_own_script(export(form, full_lesson(), audience))
    page = Page(text)
    assert not re.search(r"@import|url\(|src=|<script", text)
    assert page.tags[0] == ("html", {"lang": "en", "dir": "ltr"})
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    ids = page.values("id")
    assert len(ids) == len(set(ids))
    assert {address[1:] for address in page.values("href") if address.startswith("#")} <= set(ids)
    assert set(page.values("aria-labelledby")) <= set(ids)


def test_a_right_to_left_language_turns_the_page() -> None:
    assert '<html lang="ar" dir="rtl">' in export("html", lesson(language="ar"))


def markdown_tokens(text: str) -> list[Token]:
    """The document's tokens, those within lines too."""
    tokens: list[Token] = []
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        tokens += [token, *(token.children or ())]
    return tokens


def shape(tokens: list[Token]) -> list[str]:
    """The kinds of tokens in order, apart from text."""
    return [token.type for token in tokens if token.type not in ("text", "text_special", "link_open", "link_close")]


@pytest.mark.parametrize("audience", ["student", "teacher"])
def test_markdown_has_the_same_structure_whatever_the_foreign_text(audience: Audience) -> None:
    attacked = markdown_tokens(export("md", hostile_lesson(), audience))
    assert shape(attacked) == shape(markdown_tokens(export("md", hostile_lesson(HARMLESS), audience)))
    links = [str(token.attrs["href"]) for token in attacked if token.type == "link_open"]
    assert links
    assert all(link.startswith(("https://ok.example/", "https://creativecommons.org/")) for link in links)


@given(
    text=st.text(alphabet=st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from("*_`#-+=>1.)[]\\&; \n~")))
)
@example(text="- x")
@example(text="+ x")
@example(text="= x")
@example(text="1. x")
@example(text="12) x")
@example(text="# x #")
@example(text="> x")
@example(text="--- ")
@example(text="&amp; &#35;")
@example(text="https://x.example <https://x.example>")
@example(text="| a | b |")
def test_markdown_shows_any_text_as_it_is(text: str) -> None:
    made = full_lesson().model_copy(update={"title": text, "prior_knowledge": [text, "end"]})
    tokens = markdown_tokens(export("md", made, "teacher"))
    inline = [token for token in tokens if token.type == "inline"]
    assert shown_text(inline[0]) == printable(text) or not printable(text)
    heading = next(i for i, token in enumerate(inline) if token.content == KNOWN)
    assert shown_text(inline[heading + 1]) == f"{printable(text)}, end"


def shown_text(inline: Token) -> str:
    """What a reader sees of a line."""
    return "".join(child.content for child in inline.children or ())


def test_json_holds_no_character_that_a_terminal_or_a_reader_is_misled_by() -> None:
    text = export("json", hostile_lesson())
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)
    assert Lesson.model_validate(json.loads(text)["content"]) == hostile_lesson()


@pytest.mark.parametrize("colour", [True, False])
def test_a_terminal_shows_foreign_text_as_text(colour: bool) -> None:
    shown = on_terminal(hostile_lesson(), width=10_000, colour=colour)
    styles = r"\x1b\[[0-9;]*m"
    assert ("\x1b" in shown) is colour
    plain = re.sub(styles, "", shown)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", plain)
    assert "[/red][bold]" in plain
    assert "31m" in plain


@pytest.mark.parametrize("width", [40, 20, 3])
def test_nothing_is_wider_than_a_narrow_terminal(width: int) -> None:
    lines = on_terminal(full_lesson(), width=width).splitlines()
    assert max(cell_len(line) for line in lines) <= width


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://en.wikipedia.org/wiki/Verb", "https://en.wikipedia.org/wiki/Verb"),
        ("https://fr.wikipedia.org/wiki/C%C5%93ur_(é)", "https://fr.wikipedia.org/wiki/C%C5%93ur_%28%C3%A9%29"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        (" https://x.example/\" a='b", "https://x.example/%22%20a=%27b"),
        ("http://[", "http://%5B"),
        ("file:///etc/passwd", None),
        ("", None),
        (None, None),
    ],
)
def test_only_web_addresses_are_linked_to_and_nothing_in_them_ends_an_attribute(
    url: str | None, safe: str | None
) -> None:
    assert safe_url(url) == safe


# ---------------------------------------------------------------- difference


def test_a_difference_is_shown_by_part_with_signs() -> None:
    old, new = lesson(), lesson(questions=[question(fields) for fields in EVERY_KIND], title="Boats [/red]\x1b[1m")
    console = Console(file=io.StringIO(), width=60, no_color=True)
    render_difference(compare(old, new), console)
    shown = cast(io.StringIO, console.file).getvalue()
    questions = shown.partition("\nQuestions\n")[2]
    signs = [line[0] for line in questions.splitlines() if line.startswith(("- ", "+ "))]
    assert signs == sorted(signs, reverse=True)
    assert "\n+ Match each term to its meaning." in questions
    assert "  + Boats [/red][1m" in shown
    assert "Objectives" not in shown
    assert "\x1b" not in shown


def test_no_difference_is_said_so() -> None:
    console = Console(file=io.StringIO(), width=60, no_color=True)
    same = lesson()
    render_difference(compare(same, same), console)
    assert cast(io.StringIO, console.file).getvalue() == "No difference.\n"


def test_keys_and_facts_keep_their_order_on_a_page_from_right_to_left() -> None:
    made = full_lesson().model_copy(update={"language": "ar"})
    mark = "\N{LEFT-TO-RIGHT MARK}"
    for form in ("html", "worksheet"):
        page = known_formats()[form].write(made, audience="teacher", about={}, image="").data.decode()
        assert re.search(rf"{mark}1 [A-C], 2 [A-C], 3 [A-C](?:&NoBreak;)?{mark}", page), form
    assert mark not in known_formats()["html"].write(lesson(), audience="teacher", about={}, image="").data.decode()
