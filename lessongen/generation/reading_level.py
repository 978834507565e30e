"""How hard a lesson is to read, measured and put beside the level that was asked for.

What can't be reached is said in a notice and never refused: a teacher decides.
"""

from __future__ import annotations

from statistics import mean

from lessongen.lesson.model import Legibility, Lesson, Prose
from lessongen.system.levels import CEFR, GENERAL, GRADES, grade_of
from lessongen.text.readability import reading_grade
from lessongen.text.sentences import split_sentences
from lessongen.text.vocabulary import common_words, step_of
from lessongen.text.words import word_count

_KNOWN_WORDS = 0.95
_COMMON = 4  # B2
_TOO_HARD_FOR_MANY = 9.0
_ROOM = 1.0  # grades; the formula is no finer


def legibility(lesson: Lesson) -> Legibility:
    """The figures of the lesson's running text.

    The CEFR level is the first at which 95 % of the words are known, the coverage that reading takes (Laufer and
    Ravenhorst-Kalovski, "Lexical threshold revisited", 2010).
    """
    text = running_text(lesson)
    steps = [step_of(word) for word in common_words(text)] or [1]
    known = [sum(step <= each for step in steps) / len(steps) for each in range(1, len(CEFR) + 1)]
    return Legibility(
        grade=round(reading_grade(text), 1),
        sentence_words=round(mean(word_count(each.text) for each in split_sentences(text)), 1) if text else 0.0,
        rare_words=round(1 - known[_COMMON - 1], 3),
        cefr=next(level for level, share in zip(CEFR, known, strict=True) if share >= _KNOWN_WORDS),
    )


def running_text(lesson: Lesson) -> str:
    """What students read in whole sentences: the prose of the sections, one statement a line."""
    return "\n".join(
        sentence.text
        for section in lesson.sections
        for block in section.blocks
        if isinstance(block, Prose)
        for sentence in block.sentences
    )


def notices(found: Legibility, level: str) -> list[str]:
    """What a teacher should know of the text for that level: nothing where it is reached."""
    reads = f"The text reads at about grade {found.grade:.0f} (Flesch-Kincaid)"
    if level in GRADES and found.grade > grade_of(level) + _ROOM:
        return [f"{reads}, above the {level} asked for. Read it with the class, or give simpler text: --source."]
    if level in CEFR and CEFR.index(found.cefr) > CEFR.index(level):
        rare = f"{found.rare_words:.0%} of its words are above B2"
        return [f"The words of the text are those of {found.cefr}, above the {level} asked for; {rare}."]
    if level == GENERAL and found.grade >= _TOO_HARD_FOR_MANY:
        return [f"{reads}: too hard for younger students."]
    return []
