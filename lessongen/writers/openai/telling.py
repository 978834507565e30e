"""What a model is told besides a template's words: lists of numbers, of refused sentences, of what to avoid."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from lessongen.lesson.model import Lesson
from lessongen.text.words import fold
from lessongen.writers.openai.asked import PlannedQuestion
from lessongen.writers.openai.passages import Numbered
from lessongen.writers.openai.plain import as_data, fenced, given
from lessongen.writers.openai.prose import Line
from lessongen.writers.openai.shortening import Shortenable

Use = tuple[str, str]  # a quote's SHA-256 and the folded term asked about it
_MOST_AVOIDED = 12


def uses_of(lessons: Iterable[Lesson]) -> Counter[Use]:
    """How often each (quote, asked term) pair stands in these lessons' questions."""
    counted: Counter[Use] = Counter()
    for lesson in lessons:
        digests = {quote.id: quote.sha256 for source in lesson.sources for quote in source.quotes}
        for question in lesson.questions:
            counted.update((digests[cite], fold(question.term)) for cite in question.cites if cite in digests)
    return counted


def to_avoid(uses: Iterable[Use], numbered: Numbered) -> str:
    """A line for a prompt: what earlier versions of the lesson asked about; "" where there are none."""
    asked = [(numbered.number_of[digest], term) for digest, term in uses if digest in numbered.number_of]
    if not asked:
        return ""
    numbers = spelled(sorted({number for number, _ in asked}))
    terms = "; ".join(dict.fromkeys(given(term) for _, term in sorted(asked)[-_MOST_AVOIDED:]))
    return f"Earlier versions asked about sentences {numbers}, on: {terms}. Prefer other sentences and other points."


def spelled(numbers: Sequence[int]) -> str:
    """Numbers for a prompt: "1, 2, 5"."""
    return ", ".join(map(str, numbers))


def quizzed(questions: Sequence[PlannedQuestion], offered: Sequence[Sequence[str]], numbered: Numbered) -> str:
    """Questions without their keys, each with its quote and with what may be answered, fenced."""
    lines: list[str] = []
    for number, (asked, answers) in enumerate(zip(questions, offered, strict=True), 1):
        lines.append(f"{number}. Quote: {as_data(numbered[asked.number].text)}")
        lines.append(f"   Question: {as_data(asked.stem)}")
        if answers:
            lines.append(f"   Offered: {as_data(' | '.join(answers))}")
    return fenced("QUESTIONS", lines)


def shortenable(found: Sequence[Shortenable]) -> str:
    """The cuts of each sentence by their letters, fenced."""
    told: list[str] = []
    for number, each in enumerate(found, 1):
        told.append(f"{number}.")
        told += [f"   {letter}: {as_data(text)}" for letter, text in zip(each.letters, each.texts, strict=True)]
    return fenced("SENTENCES", told)


def judged(lines: Sequence[Line], numbered: Numbered) -> str:
    """Sentences beside the quotes that they cite, fenced."""
    told: list[str] = []
    for number, line in enumerate(lines, 1):
        told.append(f"{number}. Sentence: {as_data(line.text)}")
        told += [f"   Quote: {as_data(numbered[cite].text)}" for cite in line.cites]
    return fenced("SENTENCES", told)


def refused(lines: Sequence[Line], numbered: Numbered, sections: Sequence[Sequence[int]]) -> str:
    """Refused sentences with the rule that each broke, and the source sentences for another one, fenced."""
    told: list[str] = []
    for number, line in enumerate(lines, 1):
        cites = line.cites or sections[line.section]
        rule = f"{line.refused.rule}: {as_data(line.refused.message)}" if line.refused else ""
        told.append(f"{number}. {as_data(line.text) or '(nothing usable)'} — cites {spelled(cites)}; {rule}")
    return fenced("REFUSED", told)
