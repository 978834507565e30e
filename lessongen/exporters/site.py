"""A site: a page for each lesson, an index by subject, and what the index is searched by. It works from `file://`.

Nothing is fetched: the index page has all lessons in it, and the words to search for come as a script of data. All
links are relative. A page is what `html` makes of the lesson, with a way back to the index.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from lessongen.exporters import Exported, Order
from lessongen.exporters.markup import sound
from lessongen.system.printable import printable

if TYPE_CHECKING:
    from lessongen.exporters.shapes import Sheet
    from lessongen.lesson.material import Audience
    from lessongen.lesson.model import Lesson

INDEX, WORDS, LIST = "index.html", "words.js", "site.json"
PAGES = "lessons"
_PAGE = re.compile(rf"{PAGES}/[^/\\\x00]+\.html")
_CALLED: Mapping[Audience, str] = {
    "student": "Student\N{RIGHT SINGLE QUOTATION MARK}s edition",
    "teacher": "Teacher\N{RIGHT SINGLE QUOTATION MARK}s edition",
}


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A lesson in the index: what is told of it, where its pages are, and the words that find it."""

    subject: str
    title: str
    language: str
    direction: str
    facts: str
    outcome: str
    based_on: str
    licences: tuple[str, ...]
    pages: Mapping[Audience, str]
    words: str

    @property
    def links(self) -> Sequence[tuple[str, str]]:
        """Its pages, the student's first: what each is called, and its address."""
        return [(_CALLED[each], address(self.pages[each])) for each in _CALLED if each in self.pages]


def page_of(order: Order, pages: Mapping[Audience, str]) -> tuple[Exported, Entry]:
    """A lesson's page for its readers, and its entry; `pages` are the names of its pages."""
    from lessongen.exporters.lesson_page import lesson_page
    from lessongen.exporters.page import code_of, is_right_to_left, not_shown

    lesson = order.lesson
    other = [each for each in pages if each != order.audience]
    trail = [("All lessons", f"../{INDEX}"), *((_CALLED[each], address(pages[each], PAGES)) for each in other)]
    made, sheet = lesson_page(order, trail)
    entry = Entry(
        subject=printable(lesson.subject),
        title=sheet.title,
        language=code_of(sheet.language),
        direction="rtl" if is_right_to_left(sheet.language) else "ltr",
        facts=" · ".join(_facts(lesson, sheet.title)),
        outcome=sheet.outcome,
        based_on=sheet.based_on,
        licences=tuple(dict.fromkeys(each.licence for each in sheet.references)),
        pages=pages,
        words=_words(lesson, sheet),
    )
    return Exported(data=made, losses=tuple(not_shown(sheet))), entry


def _facts(lesson: Lesson, title: str) -> Iterator[str]:
    """What tells a lesson from others, and how long it takes."""
    if lesson.topic.casefold() not in title.casefold():
        yield printable(lesson.topic)
    if lesson.level != "general":
        yield f"level {printable(lesson.level)}"
    if lesson.variant != "core":
        yield f"variant {printable(lesson.variant)}"
    if lesson.language != "en":
        yield f"language {printable(lesson.language)}"
    yield f"{lesson.minutes} minutes"


def _words(lesson: Lesson, sheet: Sheet) -> str:
    """What a lesson is found by: of what students read, so that no answer is among it."""
    terms = [term for term, _ in sheet.key_terms]
    told = [sheet.title, lesson.subject, lesson.topic, sheet.outcome, *terms, *(each.title for each in sheet.phases)]
    told += [source.title for source in sheet.references]
    return " ".join(dict.fromkeys(sound(printable(" ".join(told))).split()))


def address(path: str, folder: str = "") -> str:
    """A page's relative address, from a page in that folder."""
    from urllib.parse import quote

    return quote(path.removeprefix(f"{folder}/"))


# ---------------------------------------------------------------- what stands on all lessons


def index(entries: Iterable[Entry]) -> bytes:
    """The page that lists all lessons by subject, and finds them."""
    from lessongen.exporters.page import digest, script, template
    from lessongen.exporters.sheet import LICENCE_NOTE

    ordered = sorted(entries, key=_place)
    subjects = [
        (number, found[0].subject, found)
        for number, found in enumerate((list(found) for _, found in groupby(ordered, key=_subject)), 1)
    ]
    code = script("search.js")
    return (
        template("site.html")
        .render(
            subjects=subjects,
            total=len(ordered),
            licences=sorted({each for entry in ordered for each in entry.licences}, key=str.casefold),
            script=code,
            digest=digest(code),
            words=WORDS,
            licence_note=LICENCE_NOTE,
        )
        .encode()
    )


def words(entries: Iterable[Entry]) -> bytes:
    """The script of data that the index is searched by: for each lesson, in its order, the words that find it."""
    found = [each.words for each in sorted(entries, key=_place)]
    return f"window.lessongenWords = {json.dumps(found, ensure_ascii=True, indent=0)};\n".encode()


def _place(entry: Entry) -> tuple[str, ...]:
    return (_subject(entry), entry.title.casefold(), entry.language, entry.facts, *sorted(entry.pages.values()))


def _subject(entry: Entry) -> str:
    return " ".join(entry.subject.casefold().split())


def listing(files: Mapping[str, str]) -> bytes:
    """The list of a site's files with their digests, by which a later run knows what of them is its own."""
    return (json.dumps({"files": dict(sorted(files.items()))}, indent=1) + "\n").encode()


def listed(data: bytes) -> Mapping[str, str]:
    """The pages in such a list, with their digests; none where it is no such list. No path leads out of the site."""
    try:
        files = json.loads(data)["files"]
        return {path: str(files[path]) for path in files if _PAGE.fullmatch(path)}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def digest_of(data: bytes) -> str:
    """What a file is known again by."""
    return hashlib.sha256(data).hexdigest()
