"""Questions that a page's own script asks and marks: the form of each, and what is right in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from lessongen.exporters.markup import element
from lessongen.lesson.interactions import Fill, Interaction, Pair, Pick, Sort, Write

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from lessongen.exporters.quiz import Item


def told(item: Item, number: int) -> dict[str, Any]:
    """A question as the page's script marks it: what is right of each of its fields."""
    asked = item.asked
    said = [*item.feedback, *item.reasons]
    about: dict[str, Any] = {"number": number, "kind": asked.name, "told": said, "fields": _right(asked)}
    if isinstance(asked, Fill):
        about["tolerance"] = asked.tolerance if asked.is_number else None
    return about


def _right(asked: Interaction) -> list[list[str]]:
    """For each field the values that are right there; of a choice all that are to be picked."""
    if isinstance(asked, Pick):
        return [[str(place) for place, (_, is_right) in enumerate(asked.options) if is_right]]
    if isinstance(asked, Fill):
        return [list(asked.answers)]
    if isinstance(asked, Pair):
        return [[str(asked.choices.index(right))] for _, right in asked.pairs]
    if isinstance(asked, Sort):
        return [[str(place)] for place, _ in _shuffled(asked)]
    return []


def _shuffled(asked: Sort) -> list[tuple[int, str]]:
    """The items in alphabetical order, each with its place."""
    return sorted(enumerate(asked.items, 1), key=lambda each: each[1].casefold())


def form(item: Item, number: int) -> Element:
    """What is filled in to answer a question; what is told of the answer comes into it."""
    about = {"class": "answer", "data-question": str(number), "role": "group", "aria-labelledby": f"question-{number}"}
    fields = element("div", about, *_fields(item.asked, number))
    fields.append(element("div", {"class": "told", "role": "status"}))
    return fields


def _fields(asked: Interaction, number: int) -> Iterator[Element]:
    def named(name: str, **more: str) -> dict[str, str]:
        return {"name": f"q{number}-{name}", **more}

    if isinstance(asked, Pick):
        kind = "radio" if len(asked.right) == 1 else "checkbox"
        for place, (text, _) in enumerate(asked.options):
            field = element("input", named("0", type=kind, value=str(place)))
            yield element("p", element("label", field, f" {text}"))
    elif isinstance(asked, Pair):
        for place, (left, _) in enumerate(asked.pairs):
            yield _select(left, named(str(place)), list(enumerate(asked.choices)))
    elif isinstance(asked, Sort):
        places = [(place, str(place)) for place in range(1, len(asked.items) + 1)]
        for at, (_, text) in enumerate(_shuffled(asked)):
            yield _select(text, named(str(at)), places)
    else:
        about = {"aria-label": f"Answer to question {number}"}
        own = element("textarea", about) if isinstance(asked, Write) else element("input", {**about, "type": "text"})
        own.attrib |= named("0")
        yield element("p", own)


def _select(text: str, name: dict[str, str], choices: list[tuple[int, str]]) -> Element:
    options = [element("option", {"value": str(value)}, said) for value, said in choices]
    return element(
        "p", element("label", f"{text} ", element("select", name, element("option", {"value": ""}), *options))
    )
