"""Every text of a lesson that states something has the marks of its quotes or a label, in each output that shows it."""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest

from lessongen.check.forms import form_of
from lessongen.exporters import Order, known_formats
from lessongen.exporters.labels import ADVICE, PRIOR_KNOWLEDGE, of_asked, of_help
from lessongen.exporters.quiz import quiz_of
from lessongen.exporters.shapes import ROLE_LABELS, Line, Sheet, WorkedExample
from lessongen.exporters.sheet import lay_out
from lessongen.lesson.material import Audience
from lessongen.lesson.model import Lesson, Task
from lessongen.text.sentences import split_sentences
from tests.exporters.rich import rich_lesson, written

_STEM = "Bells may be heard, and lamps may be seen. Why does a boat carry a lamp?"
_PROMPT = "Lamps were carried across the lake. Explain in two sentences why."
_PROBLEM = "A boat carries one lamp. How many lamps do three boats carry?"
_SUPPORT = "A lamp can be seen from afar in the dark."
_STRETCH = "Say what a bell adds. A bell is heard where nothing can be seen."
_CRITERION = "The lamp is named as a sign."
_NOTE = "Ask what is heard, and wait for the answer that a bell carries far."
_INVENTED = "There are two boats on the water. Which one is seen?"
_LABELLED = (_STEM, _PROMPT, _PROBLEM, _SUPPORT, _STRETCH, _CRITERION, _NOTE)


@pytest.fixture(scope="module")
def stating() -> Lesson:
    """A lesson in which each free text states something in passing."""
    lesson = rich_lesson()
    content = lesson.model_dump()
    for section in content["sections"]:
        if section["kind"] == "practice":
            cites = ["boat"]
            section["blocks"].append(
                {
                    **{"kind": "task", "prompt": _PROMPT, "answer": "A lamp shows a boat at night.", "cites": cites},
                    **{"criteria": [_CRITERION], "support": _SUPPORT, "stretch": _STRETCH, "origin": "written"},
                }
            )
            example = {"problem": _PROBLEM, "steps": [written("One lamp a boat.", "boat", role="inference")]}
            section["blocks"].append(
                {"kind": "example", **example, "answer": "Three lamps.", "origin": "written", "cites": cites}
            )
            section["notes"].append({**written(_NOTE, role="framing")})
            break
    asked = next(each for each in content["questions"] if each["kind"] == "short")
    asked |= {"stem": _STEM, "origin": "written", "supposes": False, "role": "check", "cites": ["boat"]}
    return Lesson.model_validate(content)


@pytest.mark.parametrize("audience", ["student", "teacher"])
def test_each_text_that_states_something_is_marked_or_labelled_on_the_sheet(
    stating: Lesson, audience: Audience
) -> None:
    sheet = lay_out(stating, audience, {})
    # What is put before students in a source's words is there to be judged.
    quoted = {question.stem for question in stating.questions if question.origin != "written"}
    bare = [text for text in _texts(sheet) if _states(text) and text not in quoted]
    assert [text for text in bare if not any(f"[{each}]" in text for each in _LABELS)] == []


@pytest.mark.parametrize("text", _LABELLED)
def test_what_states_in_passing_wears_its_label_in_all_texts_for_teachers(stating: Lesson, text: str) -> None:
    worn = {f"{text} [{label}]" for label in (*ROLE_LABELS.values(), ADVICE)}
    for name in ("md", "html"):
        data = known_formats()[name].export(Order(stating, "teacher")).decode()
        plain = unescape(data.replace("\\", "").replace('<span class="by">', "").replace("</span>", ""))
        assert any(each in plain for each in worn), name


def test_a_stem_wears_its_label_where_machines_ask_it(stating: Lesson) -> None:
    stems = [item.stem for item in quiz_of(stating, "teacher", {}).items]
    assert f"{_STEM} [a conclusion]" in stems
    answers = [
        said for item in quiz_of(stating, "teacher", {}).items if item.stem.startswith(_STEM) for said in item.feedback
    ]
    assert answers[0].startswith("A good answer: ")
    assert answers[0].endswith("[a conclusion]")


def test_what_opens_with_suppose_asks_or_is_to_be_judged_wears_none() -> None:
    free = (
        "Suppose a boat has two lamps. One of them is out. What then?",
        "Which boat carries a lamp, and why?",
        "Every boat has a lamp. True or false? Give your reason.",
        "A boat carries a _____ at night.",
        "True or false? A bell is heard from afar.",
    )
    assert [of_asked(text, origin="written", supposes=False) for text in free] == [None] * 5
    assert of_asked(_INVENTED, origin="written", supposes=True) == "an imagined case"
    assert of_asked(_INVENTED, origin="written", supposes=False, is_starter=True) == PRIOR_KNOWLEDGE
    assert of_asked(_INVENTED, origin="author", supposes=False) is None


def test_help_wears_a_label_where_it_tells_and_none_where_it_only_asks() -> None:
    task = Task(prompt="Explain.", answer="So.", cites=["boat"], origin="written")
    assert of_help("Start like this: The lamp is …", task) == "a conclusion"
    assert of_help("sum 90 and mean 15", task) == "a conclusion"
    assert of_help("names the lamp", task) is None
    assert of_help("Answer two questions: what is seen, and what is heard?", task) is None
    assert of_help(_SUPPORT, task.model_copy(update={"cites": []})) == ADVICE


_LABELS = (*ROLE_LABELS.values(), ADVICE, PRIOR_KNOWLEDGE, "a teacher’s advice, not from the source")  # noqa: RUF001


def _states(text: str) -> bool:
    return any(form_of(each.text) is None for each in split_sentences(text)) and text.endswith((".", "?", "]"))


def _texts(part: Any) -> Iterator[str]:
    """The texts of what is asked, told and noted on a sheet that have no marks of quotes, nor a label as such."""
    if isinstance(part, Line):
        if not (part.notes or part.by or part.label or part.role == "analogy"):  # which its block says by its heading
            yield part.text
    elif isinstance(part, Sheet):
        yield from _texts([part.key_points, part.key_terms, part.misconceptions, part.starters, part.closing])
        yield from _texts([[phase.notes, phase.steps] for phase in part.phases])
    elif isinstance(part, WorkedExample):
        yield part.problem
        yield from _texts([part.steps, part.answer])
    elif isinstance(part, (list, tuple)):
        for each in part:
            yield from _texts(each)
    elif hasattr(part, "__dataclass_fields__"):
        skipped = {"title", "heading", "kind", "role", "label", "grouping", "product", "belief", "tempting", "term"}
        skipped |= {"picture", "lettered", "numbered", "boxes", "letter", "reviews"}
        for name in part.__dataclass_fields__:
            if name not in skipped:
                yield from _texts(getattr(part, name))
    elif isinstance(part, str):
        yield part
