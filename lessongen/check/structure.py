"""Rules on how a lesson is put together: ids, references, minutes, objectives, blanks."""

from __future__ import annotations

from collections.abc import Iterator

from lessongen.check.forms import BLOOM_VERBS, objective_verb
from lessongen.check.reading import Reading
from lessongen.check.report import Findings
from lessongen.lesson.limits import FEWEST_WORDS
from lessongen.lesson.model import Check
from lessongen.lesson.place import Place
from lessongen.text.words import word_count

_LANGUAGES = frozenset({"en"})


def id_unique(reading: Reading) -> Findings:
    """Every id is used once in the whole lesson."""
    seen: set[str] = set()
    for where, name in _ids(reading):
        if name in seen:
            yield where, f"the id “{name}” is used twice"
        seen.add(name)


def _ids(reading: Reading) -> Iterator[tuple[Place, str]]:
    lesson = reading.lesson
    yield from ((Place.of("objectives", index), each.id) for index, each in enumerate(lesson.objectives))
    yield from ((Place.of("sections", index), each.id) for index, each in enumerate(lesson.sections))
    yield from ((where, each.id) for where, each in reading.questions)
    yield from ((Place.of("sources", index), each.id) for index, each in enumerate(lesson.sources))
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
                yield Place.of("sections", index), f"there is no objective “{name}”"
        for number, block in enumerate(section.blocks):
            if isinstance(block, Check) and block.question not in asked:
                yield Place.of("sections", index, "blocks", number), f"there is no question “{block.question}”"


def _cites(reading: Reading) -> Iterator[tuple[Place, tuple[str, ...]]]:
    yield from ((claim.where, claim.cites) for claim in reading.statements)
    yield from ((where, tuple(example.cites)) for where, example in reading.examples)
    yield from ((where, tuple(each.cites)) for where, each in (*reading.pieces, *reading.questions))


def minutes_positive(reading: Reading) -> Findings:
    """A lesson takes at least a minute."""
    if reading.lesson.minutes < 1:
        yield Place.of("minutes"), f"a lesson can't take {reading.lesson.minutes} minutes"


def minutes_add_up(reading: Reading) -> Findings:
    """The minutes of the sections add up to the lesson's."""
    lesson = reading.lesson
    total = sum(section.minutes for section in lesson.sections)
    if total != lesson.minutes >= 1:
        yield Place.of("minutes"), f"the sections take {total} minutes, the lesson {lesson.minutes}"


def objective_verb_fits(reading: Reading) -> Findings:
    """Each objective opens with a verb of its level in Bloom's taxonomy."""
    for index, objective in enumerate(reading.lesson.objectives):
        verb = objective_verb(objective.text)
        if objective.text.strip() and verb not in BLOOM_VERBS[objective.bloom]:
            yield Place.of("objectives", index), f"“{verb}” is no verb of the level “{objective.bloom}”"


def objective_has_section(reading: Reading) -> Findings:
    """Each objective is served by a section."""
    served = {name for section in reading.lesson.sections for name in section.objectives}
    for index, objective in enumerate(reading.lesson.objectives):
        if objective.id not in served:
            yield Place.of("objectives", index), f"no section serves the objective “{objective.id}”"


def objective_has_question(reading: Reading) -> Findings:
    """Each objective is asked about by a question."""
    asked = {question.objective for question in reading.lesson.questions}
    for index, objective in enumerate(reading.lesson.objectives):
        if objective.id not in asked:
            yield Place.of("objectives", index), f"no question asks about the objective “{objective.id}”"


def language_known(reading: Reading) -> Findings:
    """The lesson is in a language that these rules can read: English."""
    language = reading.lesson.language
    if language.strip() and language.partition("-")[0].casefold() not in _LANGUAGES:
        yield Place.of("language"), f"there are no rules for the language “{language}”"


def text_filled(reading: Reading) -> Findings:
    """No text that a reader should see is blank."""
    for where, text in reading.strings:
        if not text.strip() and not _may_be_blank(where):
            yield where, "is blank"


def _may_be_blank(place: Place) -> bool:
    """Whether a blank there has a rule of its own, or no meaning for a reader."""
    match place.steps:
        case ("provenance", *_) | (*_, "by" | "question") | (*_, "cites", int()) | (*_, "verdict", str()):
            return True
        case ("image", *_):
            return True
        case ("outcome",) | ("misconceptions", int(), "tempting"):
            return True
        case ("sources", int(), "title" | "licence" | "attribution" | "url" | "revision" | "text_sha256"):
            return True
        case ("sources", int(), "quotes", int(), "section" | "text" | "sha256"):
            return True
        case ("sections", int(), "objectives", int()) | ("questions", int(), "objective"):
            return True
        case ("questions", int(), "options", int()):
            return True
        case ("sections", int(), "blocks", int(), "alternative" | "svg"):
            return True  # of a figure, which is drawn of data or has both
    return "drawing" in place.steps  # not every drawing has each label that it may have


def term_in_body(reading: Reading) -> Findings:
    """Each key term occurs in the body of the lesson."""
    for index, term in enumerate(reading.lesson.key_terms):
        if term.term.strip() and not reading.is_named_in_body(term):
            yield Place.of("key_terms", index), f"“{term.term}” does not occur in the sections"


def body_length(reading: Reading) -> Findings:
    """The body of a lesson has at least 150 words, repetitions not counted; a fact sheet's may be shorter."""
    if reading.lesson.kind != "lesson":
        return
    total = sum(word_count(text) for text in {claim.text for claim in reading.body})
    if total < FEWEST_WORDS:
        yield Place.of("sections"), f"the body has {total} words of the {FEWEST_WORDS} that a lesson needs"


def body_repeats(reading: Reading) -> Findings:
    """No sentence of the body stands there twice."""
    seen: set[str] = set()
    for claim in (claim for run in reading.runs for claim in run):
        if claim.text in seen and claim.cites:
            yield claim.where, f"“{claim.text[:60]}” stood before"
        seen.add(claim.text)
