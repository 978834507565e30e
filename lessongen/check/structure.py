"""Rules on how a lesson is put together: ids, references, minutes, objectives, blanks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lessongen.check.forms import BLOOM_VERBS, objective_verb
from lessongen.check.reading import Reading
from lessongen.check.report import Findings
from lessongen.lesson.model import Check
from lessongen.text.words import word_count

_LANGUAGES = frozenset({"en"})
_FEWEST_WORDS = 150
# Whose blanks have rules of their own, or no meaning for a reader.
_MAY_BE_BLANK = re.compile(
    r"^provenance\.|^sources\[\d+\]\.(?:title|licence|attribution|url|revision|quotes\[\d+\]\.(?:section|text|sha256)"
    r"|text_sha256)$|\.by$|^questions\[\d+\]\.options\[\d+\]$|\.cites\[\d+\]$|\.objectives\[\d+\]$"
    r"|^questions\[\d+\]\.objective$|\.question$"
)


def id_unique(reading: Reading) -> Findings:
    """Every id is used once in the whole lesson."""
    seen: set[str] = set()
    for where, name in _ids(reading):
        if name in seen:
            yield where, f"the id “{name}” is used twice"
        seen.add(name)


def _ids(reading: Reading) -> Iterator[tuple[str, str]]:
    lesson = reading.lesson
    yield from ((f"objectives[{index}]", each.id) for index, each in enumerate(lesson.objectives))
    yield from ((f"sections[{index}]", each.id) for index, each in enumerate(lesson.sections))
    yield from ((where, each.id) for where, each in reading.questions)
    yield from ((f"sources[{index}]", each.id) for index, each in enumerate(lesson.sources))
    yield from ((where, quote.id) for where, _, quote in reading.placed_quotes)


def reference_resolves(reading: Reading) -> Findings:
    """Every reference names something that exists: a quote, an objective or a question."""
    lesson = reading.lesson
    objectives = {objective.id for objective in lesson.objectives}
    asked = {question.id for question in lesson.questions}
    for where, cites in _cites(reading):
        yield from ((where, f"there is no quote “{cite}”") for cite in cites if cite not in reading.quotes)
    for where, question in reading.questions:
        if question.objective not in objectives:
            yield where, f"there is no objective “{question.objective}”"
    for index, section in enumerate(lesson.sections):
        for name in section.objectives:
            if name not in objectives:
                yield f"sections[{index}]", f"there is no objective “{name}”"
        for number, block in enumerate(section.blocks):
            if isinstance(block, Check) and block.question not in asked:
                yield f"sections[{index}].blocks[{number}]", f"there is no question “{block.question}”"


def _cites(reading: Reading) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield from ((claim.where, claim.cites) for claim in reading.statements)
    yield from ((where, tuple(example.cites)) for where, example in reading.examples)
    yield from ((where, tuple(question.cites)) for where, question in reading.questions)


def minutes_positive(reading: Reading) -> Findings:
    """A lesson takes at least a minute."""
    if reading.lesson.minutes < 1:
        yield "minutes", f"a lesson can't take {reading.lesson.minutes} minutes"


def minutes_add_up(reading: Reading) -> Findings:
    """The minutes of the sections add up to the lesson's."""
    lesson = reading.lesson
    total = sum(section.minutes for section in lesson.sections)
    if total != lesson.minutes >= 1:
        yield "minutes", f"the sections take {total} minutes, the lesson {lesson.minutes}"


def objective_verb_fits(reading: Reading) -> Findings:
    """Each objective opens with a verb of its level in Bloom's taxonomy."""
    for index, objective in enumerate(reading.lesson.objectives):
        verb = objective_verb(objective.text)
        if objective.text.strip() and verb not in BLOOM_VERBS[objective.bloom]:
            yield f"objectives[{index}]", f"“{verb}” is no verb of the level “{objective.bloom}”"


def objective_has_section(reading: Reading) -> Findings:
    """Each objective is served by a section."""
    served = {name for section in reading.lesson.sections for name in section.objectives}
    for index, objective in enumerate(reading.lesson.objectives):
        if objective.id not in served:
            yield f"objectives[{index}]", f"no section serves the objective “{objective.id}”"


def objective_has_question(reading: Reading) -> Findings:
    """Each objective is asked about by a question."""
    asked = {question.objective for question in reading.lesson.questions}
    for index, objective in enumerate(reading.lesson.objectives):
        if objective.id not in asked:
            yield f"objectives[{index}]", f"no question asks about the objective “{objective.id}”"


def language_known(reading: Reading) -> Findings:
    """The lesson is in a language that these rules can read: English."""
    language = reading.lesson.language
    if language.strip() and language.partition("-")[0].casefold() not in _LANGUAGES:
        yield "language", f"there are no rules for the language “{language}”"


def text_filled(reading: Reading) -> Findings:
    """No text that a reader should see is blank."""
    for where, text in reading.strings:
        if not text.strip() and not _MAY_BE_BLANK.search(where):
            yield where, "is blank"


def term_in_body(reading: Reading) -> Findings:
    """Each key term occurs in the body of the lesson."""
    for index, term in enumerate(reading.lesson.key_terms):
        if term.term.strip() and not reading.is_named_in_body(term):
            yield f"key_terms[{index}]", f"“{term.term}” does not occur in the sections"


def body_length(reading: Reading) -> Findings:
    """The body has at least 150 words, repetitions not counted."""
    total = sum(word_count(text) for text in {claim.text for claim in reading.body})
    if total < _FEWEST_WORDS:
        yield "sections", f"the body has {total} words of the {_FEWEST_WORDS} that a lesson needs"


def body_repeats(reading: Reading) -> Findings:
    """No sentence of the body stands there twice."""
    seen: set[str] = set()
    for claim in (claim for run in reading.runs for claim in run):
        if claim.text in seen and claim.cites:
            yield claim.where, f"“{claim.text[:60]}” stood before"
        seen.add(claim.text)
