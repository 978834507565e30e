"""What a lesson says in passing and nothing bears: what students think, how many there are, what no part teaches.

English only; for writers to mend, no part of the gate.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from lessongen.check.items.paper import content, share
from lessongen.check.reading import Reading
from lessongen.lesson.draft import Problem
from lessongen.lesson.model import Lesson, Question, Task
from lessongen.lesson.place import Place

STUDENTS, COUNTED, UNTAUGHT = "tells-of-students", "counts-in-passing", "rests-on-untaught"
UNANSWERED = "task-unanswered"
"""That a reader found a task to need what the lesson does not give."""

_OF_STUDENTS = re.compile(
    r"\b(?:some|many|most|several|a few|others|students|pupils|children|learners|classes|beginners|people)"
    r"(?: of (?:them|the (?:students|class)))?(?: (?:students|pupils|children|learners|people|classes))?"
    r"(?: (?:often|usually|easily|may|will|still|also|tend to|first))* "
    r"(?:take|think|believe|expect|assume|suppose|forget|confuse|mix up|overlook|say|answer|write|feel|imagine|read"
    r"|hold|mistake)\b",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|[2-9]) (?:\w+ ){0,2}?"
    r"(?:explanations?|reasons?|causes?|effects?|kinds?|types?|sorts?|views?|theories|accounts|claims|positions|parts"
    r"|stages|phases|rules|powers|factors|uses|arguments|interpretations|consequences|dangers|problems)\b",
    re.IGNORECASE,
)
_CONCLUDES = re.compile(r"\b(?:therefore|thus|hence|disputed|differ\w*|unlike|whereas|in contrast|that is why)\b", re.I)
_GIVEN = 0.6
"""Of the words of a quote: so many in what is asked put it before the students."""


def said_in_passing(lesson: Lesson) -> list[Problem]:
    """Each such text, at its place."""
    if lesson.language != "en":
        return []
    reading = Reading(lesson, {})
    return [*_of_students(lesson), *_counted(lesson), *_untaught(reading)]


def _of_students(lesson: Lesson) -> Iterator[Problem]:
    """For a note “Some take the albedo for …” that cites a sentence on albedo: no source says what students think."""
    for at, section in enumerate(lesson.sections):
        for number, note in enumerate(section.notes):
            found = _OF_STUDENTS.search(note.text)
            if found and note.cites and note.origin == "written":
                message = f"no source says what students think: say “If somebody …” instead of “{found[0]}”"
                yield Problem(rule=STUDENTS, where=Place.of("sections", at, "notes", number), message=message)


def _counted(lesson: Lesson) -> Iterator[Problem]:
    """For “weigh four explanations”: a title, an outcome or an objective has no cite that bears a number."""
    texts = [(Place.of("title"), lesson.title), (Place.of("outcome"), lesson.outcome)]
    texts += [(Place.of("objectives", at, "text"), each.text) for at, each in enumerate(lesson.objectives)]
    texts += [(Place.of("sections", at, "title"), each.title) for at, each in enumerate(lesson.sections)]
    for where, text in texts:
        if found := _COUNTED.search(text):
            yield Problem(rule=COUNTED, where=where, message=f"nothing bears “{found[0]}”: name them, or say no number")


def _untaught(reading: Reading) -> Iterator[Problem]:
    """For a key that rests on a sentence of the source which no text for students tells or puts before them."""
    lesson = reading.lesson
    said = [lesson.summary, *lesson.key_points, *(each.definition for each in lesson.key_terms)]
    said += [each.correction for each in lesson.misconceptions]
    taught = {cite for each in said for cite in each.cites} | {cite for each in reading.body for cite in each.cites}
    for where, part in _asking(reading):
        asked = content(part.stem if isinstance(part, Question) else part.prompt)
        missing = [quote.text for quote in reading.cited([each for each in part.cites if each not in taught])]
        missing = [text for text in missing if share(content(text), asked) < _GIVEN]
        if missing:
            yield Problem(
                rule=UNTAUGHT,
                where=where,
                message=f"its answer rests on what no part tells students, “{missing[0]}”: put that into what is asked",
            )


def unanswered(lesson: Lesson, needs: Mapping[int, str]) -> Iterator[Problem]:
    """The tasks, by their numbers from 1, of which a reader says what they need that the lesson does not give."""
    tasks = [where for where, each in Reading(lesson, {}).pieces if isinstance(each, Task)]
    for number, where in enumerate(tasks, 1):
        if needed := needs.get(number):
            yield Problem(rule=UNANSWERED, where=where, message=f"students need for it what is not told: {needed}")


def concludes(text: str, quotes: Sequence[str]) -> bool:
    """Whether a sentence weighs or concludes in words that none of its quotes has: “disputed”, “differ”, “thus”."""
    found = _CONCLUDES.search(text)
    return found is not None and not any(found[0].casefold() in quote.casefold() for quote in quotes)


def _asking(reading: Reading) -> Sequence[tuple[Place, Question | Task]]:
    found: list[tuple[Place, Question | Task]] = [
        (where, each) for where, each in reading.pieces if isinstance(each, Task)
    ]
    found += [(where, each) for where, each in reading.questions if not each.asks_prior_knowledge]
    return [(where, each) for where, each in found if each.origin == "written"]
