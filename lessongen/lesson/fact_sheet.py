"""What is made where a source has too little for a lesson, and how it says so wherever its title is shown."""

from __future__ import annotations

from lessongen.lesson.limits import FEWEST_WORDS, KEY_TERMS, OBJECTIVES, QUESTIONS
from lessongen.lesson.model import Lesson, Prose
from lessongen.lesson.versions import WHERE_TO_GET_MORE
from lessongen.text.words import word_count

FACT_SHEET = "Fact sheet"
_INTRODUCES = ": an introduction"
FEWEST_SENTENCES = 12
"""On its topic, that a lesson is made of."""


def titled(about: str) -> str:
    """The title of a fact sheet about that."""
    return f"{FACT_SHEET}: {about}"


def grown(lesson: Lesson) -> Lesson:
    """A fact sheet as a lesson where enough was added to it; anything else as it is."""
    said = {
        claim.text
        for section in lesson.sections
        for block in section.blocks
        if isinstance(block, Prose)
        for claim in block.sentences
    }
    if lesson.kind != "fact_sheet" or not _has_enough(lesson) or sum(map(word_count, said)) < FEWEST_WORDS:
        return lesson
    about = lesson.title.removeprefix(f"{FACT_SHEET}: ")
    notices = [each for each in lesson.provenance.notices if WHERE_TO_GET_MORE not in each]
    return lesson.model_copy(
        update={
            "kind": "lesson",
            "title": f"{about[0].upper()}{about[1:]}{_INTRODUCES}",
            "provenance": lesson.provenance.model_copy(update={"notices": notices}),
        }
    )


def ungrown(lesson: Lesson) -> Lesson:
    """A lesson as a fact sheet where so much was taken from it that it is none any more; anything else as it is."""
    if lesson.kind != "lesson" or _has_enough(lesson):
        return lesson
    return lesson.model_copy(update={"kind": "fact_sheet", "title": titled(lesson.title.removesuffix(_INTRODUCES))})


def _has_enough(lesson: Lesson) -> bool:
    return (
        len(lesson.questions) >= QUESTIONS.fewest
        and len(lesson.key_terms) >= KEY_TERMS.fewest
        and len(lesson.objectives) >= OBJECTIVES.fewest
    )
