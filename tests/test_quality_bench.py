"""The figures of `bench.quality` fall when what they measure is spoiled; no figure is 100 % by its making."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import pytest

from bench.measures import Measured, for_students, holds_no_key
from bench.on_topic import OnTopic
from lessongen.exporters import Order, known_formats
from lessongen.lesson.model import Lesson
from tests.lessons import CHOICE, lesson, question, texts

Content = dict[str, Any]


def content() -> Content:
    return lesson().model_dump(mode="json")


def measured(made: Content) -> Measured:
    figures = Measured()
    figures.add(made, texts())
    return figures


def uncite(made: Content) -> None:
    made["summary"]["cites"] = []


def reword(made: Content) -> None:
    made["summary"] |= {"text": "Marlow built 17 lantern boats.", "origin": "written"}


def misquote(made: Content) -> None:
    made["sources"][0]["quotes"][0]["text"] += " It floats."


def exchange_key(made: Content) -> None:
    first = next(each for each in made["questions"] if each["kind"] == "choice")
    first["answer"] = next(each for each in first["options"] if each != first["answer"])


def orphan(made: Content) -> None:
    for section in made["sections"]:
        section["objectives"] = [each for each in section["objectives"] if each != "o1"]


@pytest.mark.parametrize(
    ("figure", "spoil"),
    [("cited", uncite), ("borne", reword), ("sound", misquote), ("keys", exchange_key), ("served", orphan)],
)
def test_a_spoiled_lesson_is_seen_in_its_figure(figure: str, spoil: Callable[[Content], None]) -> None:
    made = content()
    assert getattr(measured(made), figure).value == 1.0
    spoil(made)
    assert getattr(measured(made), figure).value < 1.0


def test_the_same_lesson_twice_in_a_batch_is_all_duplicates() -> None:
    figures = measured(content())
    assert not figures.duplicates
    figures.add(content(), texts())
    assert len(figures.duplicates) == len(content()["questions"])


def test_a_second_version_that_asks_the_same_overlaps_wholly() -> None:
    figures = measured(content())
    figures.add_second(content(), content())
    assert figures.repeated == [1.0]


def test_right_options_in_one_place_are_unbalanced() -> None:
    made = lesson(questions=[question({**CHOICE, "id": f"c{n}", "stem": f"{CHOICE['stem']} {n}"}) for n in range(5)])
    assert measured(made.model_dump(mode="json")).balanced.value == 0.0


def test_an_output_with_answers_is_told_from_one_without() -> None:
    export = known_formats()["md"].export

    def for_teachers(made: Mapping[str, Any]) -> bytes:
        return export(Order(Lesson.model_validate(made), "teacher"))

    assert holds_no_key(content(), partial(for_students, form="md"))
    assert not holds_no_key(content(), for_teachers)


def borrow(made: Content) -> None:
    made["sources"].insert(0, made["sources"].pop())


def ask_apart(made: Content) -> None:
    for section in made["sections"]:
        section["blocks"] = [block for block in section["blocks"] if block["kind"] != "check"] or section["blocks"]


def compare_unlike(made: Content) -> None:
    first, second = (source["quotes"][0] for source in made["sources"][:2])
    first["text"], second["text"] = "A jetty is a wooden walk.", "A lagoon is a shallow lake."
    made["questions"][0] |= {"stem": "Compare jetties and lagoons.", "cites": [first["id"], second["id"]]}


def on_topic(made: Content) -> OnTopic:
    figures = OnTopic()
    figures.add("boats", made, texts())
    return figures


def test_a_gap_beside_its_sentence_and_a_comparison_of_unlike_things_are_counted() -> None:
    made = content()
    assert on_topic(made).retold
    assert not on_topic(made).unlike
    ask_apart(made)
    compare_unlike(made)
    assert len(on_topic(made).retold) < len(on_topic(content()).retold)
    assert len(on_topic(made).unlike) == 1


def test_sentences_of_another_article_lower_the_share_of_the_topics_own() -> None:
    made = content()
    own, borrowed = OnTopic(), OnTopic()
    own.add("boats", made, texts())
    borrow(made)
    borrowed.add("boats", made, texts())
    assert borrowed.own.value < own.own.value


def test_a_key_without_points_is_told_from_one_with_points() -> None:
    for answer, share in (("A jetty is long. A jetty is old.", 0.0), ("A jetty is long. • A jetty is old.", 1.0)):
        made = content()
        made["questions"].append(
            {**made["questions"][0], "id": "open", "kind": "open", "stem": "Tell.", "answer": answer}
        )
        made["questions"][-1].pop("options", None)
        assert on_topic(made).marked.value == share
