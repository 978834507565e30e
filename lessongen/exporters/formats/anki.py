"""Anki: a deck of cards of the key words and the questions, which a lesson that was edited updates."""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC
from typing import TYPE_CHECKING, Any

from lessongen.exporters import Format, Order
from lessongen.exporters.markup import archive, element, html_of, paragraphs, svg_file
from lessongen.lesson.interactions import Pair, Pick, Sort, Write

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from lessongen.exporters.quiz import Item
    from lessongen.lesson.material import Audience
    from lessongen.lesson.model import Lesson

_MODEL_ID, _FIELDS = 1_725_018_001, ("Front", "Back", "Sources")
_STYLE = ".card { font: 20px/1.4 sans-serif; text-align: left } .sources { font-size: 12px; opacity: .7 }"
_BACK = '{{FrontSide}}<hr id="answer">{{Back}}<p class="sources">{{Sources}}</p>'
# What Anki takes for a sound, a formula or a command though it stands in a text.
_COMMAND = re.compile(r"\[(?=(?:sound|anki):|latex\]|\$)|\\(?=[\[(])|\{(?=\{)", re.IGNORECASE)

_Card = tuple[Sequence[str], str, str]


def export(order: Order) -> bytes:
    """The deck as a package. A card is known again by the lesson's name with its term, or with its question's
    id and what that asks about: another question of a new version may have the same id."""
    return join("", [order])


def join(title: str, orders: Iterable[Order]) -> bytes:
    """A deck a lesson in one package, called as in a package of its own: what was imported is known again."""
    import genanki

    from lessongen.exporters.packed import moment

    decks: list[Any] = []
    media: dict[str, bytes] = {}
    updated = 0.0
    for order in orders:
        deck, drawn = _deck(order)
        decks.append(deck)
        media |= drawn
        updated = max(updated, moment(order.about.get("last_updated")).replace(tzinfo=UTC).timestamp())
    return _packed(genanki.Package(decks), updated, media)


def _deck(order: Order) -> tuple[Any, dict[str, bytes]]:
    """The deck of a lesson, and its drawings by the names of their files."""
    import genanki

    from lessongen.exporters.quiz import quiz_of

    lesson = order.lesson
    quiz = quiz_of(lesson, order.audience, order.about)
    of_lesson = (lesson.subject, lesson.topic, lesson.language, lesson.level, lesson.variant)
    template = {"name": "Card", "qfmt": "{{Front}}", "afmt": _BACK}
    model = genanki.Model(
        _MODEL_ID, "lessongen", fields=[{"name": name} for name in _FIELDS], templates=[template], css=_STYLE
    )
    named = "::".join(each.replace("::", ":") for each in (lesson.subject, quiz.sheet.title))
    credits = paragraphs(map(_defused, quiz.credits))
    deck = genanki.Deck(_number(of_lesson), _defused(named), credits)
    quotes = {each.mark: f"{each.told} ({each.place})" if each.place else each.told for each in quiz.sheet.quotes}
    cards: list[_Card] = [
        (("term", term.casefold()), _html([term]), _html([said.worn, *(quotes[note.mark] for note in said.notes)]))
        for term, said in quiz.sheet.key_terms
    ]
    figures = {f"lessongen-{_number((*of_lesson, *_key(item)))}.svg": item for item in quiz.items if _is_drawn(item)}
    pictures = {item.key: name for name, item in figures.items()}
    cards += [_card(item, pictures.get(item.key)) for item in quiz.items]
    for key, front, back in cards:
        guid = genanki.guid_for(*of_lesson, *key)
        deck.add_note(genanki.Note(model=model, fields=[front, back, credits], guid=guid, tags=["lessongen"]))
    return deck, {name: svg_file(item.picture) for name, item in figures.items() if item.picture}


def _packed(package: Any, timestamp: float, media: Mapping[str, bytes]) -> bytes:
    """The package with these files in it, and nothing of the time at which it is made."""
    import zipfile

    written = io.BytesIO()
    package.write_to_file(written, timestamp)
    with zipfile.ZipFile(written) as files:
        collection = files.read("collection.anki2")
    names = {str(number): name for number, name in enumerate(media)}
    numbered = {number: media[name] for number, name in names.items()}
    return archive({"collection.anki2": collection, "media": json.dumps(names).encode(), **numbered})


def _is_drawn(item: Item) -> bool:
    return item.picture is not None and bool(item.picture.svg)


def _key(item: Item) -> Sequence[str]:
    return "question", item.key, item.term.casefold()


def _number(of: Sequence[str]) -> int:
    """A number that these words always have."""
    return int.from_bytes(hashlib.sha256("\x1f".join(of).encode()).digest()[:6], "big")


def _card(item: Item, drawing: str | None) -> _Card:
    shown = [element("p", _defused(item.stem))]
    if drawing and item.picture:
        shown.append(element("p", element("img", {"src": drawing, "alt": _defused(item.picture.alternative)})))
    elif item.picture:
        shown.append(element("p", _defused(item.picture.alternative)))
    asked = item.asked
    if isinstance(asked, Pick):
        shown.append(_list("ol", [text for text, _ in asked.options]))
    elif isinstance(asked, Pair):
        shown += [_list("ol", [left for left, _ in asked.pairs]), _list("ul", asked.choices)]
    elif isinstance(asked, Sort):
        shown.append(_list("ul", sorted(asked.items, key=str.casefold)))
    key = [] if isinstance(asked, Write) else [_list("ol" if isinstance(asked, Pair | Sort) else "ul", asked.in_words)]
    return _key(item), html_of(*shown), html_of(*key) + _html([*item.feedback, *item.reasons])


def _list(tag: str, texts: Sequence[str]) -> Element:
    return element(tag, *(element("li", _defused(text)) for text in texts))


def _html(texts: Sequence[str]) -> str:
    return paragraphs(map(_defused, texts))


def _defused(text: str) -> str:
    """The text with nothing in it that Anki would play, typeset or fill in."""
    return _COMMAND.sub(lambda found: f"{found[0]}\N{WORD JOINER}", text)


def losses(lesson: Lesson, audience: Audience) -> Iterator[str]:
    """That a deck is no lesson, and a student's has no questions: a card shows its key."""
    if audience == "student":
        yield "An Anki deck for students holds the key words alone: a card of a question would show its key."
    else:
        yield "An Anki deck holds key words and questions: summary, sections and tasks are not in it."


FORMAT = Format(
    name="anki",
    ending="apkg",
    media_type="application/octet-stream",
    export=export,
    join=join,
    losses=losses,
    is_binary=True,
    extra="anki",
    libraries=("genanki",),
    asked_by=("apkg",),
    about="anki is a deck of cards",
    place=25,
)
