"""One part of a stored lesson by a model, past the checks of a whole lesson: its questions, or a section's text."""

from __future__ import annotations

from collections.abc import Sequence

from lessongen.lesson.draft import Anew
from lessongen.lesson.model import Activity, Prose, Statement
from lessongen.lesson.questions.base import Places
from lessongen.system.errors import TooThin
from lessongen.text.words import split_title, word_count
from lessongen.writers.extractive.anew import Regeneration
from lessongen.writers.extractive.article import Passage
from lessongen.writers.extractive.quotes import QuoteBook
from lessongen.writers.openai.asked import choose
from lessongen.writers.openai.compose import as_question
from lessongen.writers.openai.outline import Outline, Topic
from lessongen.writers.openai.passages import Numbered
from lessongen.writers.openai.plain import is_clean, speaks_to_a_program
from lessongen.writers.openai.writing import Writing

_FEWEST_SENTENCES = 2
_FEWEST_WORDS = 40  # of a section that is said more shortly


def numbered_for_questions(regeneration: Regeneration) -> Numbered:
    """The sentences that the lesson shows: what there is to ask about."""
    return _numbered(regeneration, regeneration.shown)


def numbered_for_section(regeneration: Regeneration, name: str) -> Numbered:
    """The sentences for a section: what its sources say besides, and what it said before."""
    section = regeneration.section_named(name)
    before = regeneration.shown_in(section)
    words = sum(len(passage.text.split()) for passage in before)
    others = [passage for run in regeneration.other_runs(section, words) for passage in run] if before else []
    return _numbered(regeneration, [*others, *before])


def questions(regeneration: Regeneration, writing: Writing) -> Anew:
    """The questions whose keys a blind check finds, fresh ones first; where they are too few, verbatim ones."""
    _, asked = writing.quiz(writing.askable(writing.numbered.numbers))
    taught = [each for each in asked if each.is_statement or regeneration.tells(each.answer)]
    ranked = choose(taught, len(taught), writing.uses, writing.numbered)
    book, places = QuoteBook(regeneration.main), Places(writing.rng("anew"))
    made = [
        as_question(
            each,
            name=f"q{number}",
            objective=regeneration.stored.lesson.objectives[0].id,
            feedback=book.statement(writing.numbered[each.number]),
            places=places,
        )
        for number, each in enumerate(ranked, 1)
    ]
    spent = writing.attempt.spent()
    return Anew(
        questions=made,
        sources=book.sources(),
        texts=book.texts,
        reserve=regeneration.questions(),
        tokens=spent.tokens,
        cost=spent.cost,
    )


def section(regeneration: Regeneration, name: str, writing: Writing) -> Anew:
    """Other text for a section, and another activity where it has one."""
    was = regeneration.section_named(name)
    book = QuoteBook(regeneration.main)
    blocks: list[Prose | Activity] = []
    if regeneration.shown_in(was):
        terms = [split_title(term.term)[0] for term in regeneration.stored.lesson.key_terms]
        said = _said(was.title, terms, writing, book)
        blocks += [Prose(sentences=said)] if said else []
    activity = regeneration.other_activity(was)
    blocks += [activity] if activity else []
    spent = writing.attempt.spent()
    return Anew(blocks=blocks, sources=book.sources(), texts=book.texts, tokens=spent.tokens, cost=spent.cost)


def _said(title: str, terms: Sequence[str], writing: Writing, book: QuoteBook) -> list[Statement]:
    """The section's sentences in the model's words, or quotes where these did not stand."""
    topic = Topic(numbers=tuple(writing.numbered.numbers), title=title, objective=None, level="understand")
    outline = Outline(topics=(topic,), words=())
    prose, _ = writing.sections(outline)
    writing.verify(prose, outline)
    said: list[Statement] = []
    spare = sum(word_count(line.text) for line in prose.lines) - _FEWEST_WORDS
    for line in writing.shortened(prose.lines, (), terms, spare):
        if line.is_quote:
            said.append(book.statement(writing.numbered[line.cites[0]]))
        else:
            cites = [book.cite(writing.numbered[number]) for number in line.cites]
            said.append(Statement(text=line.text, cites=cites, origin="written"))
    return said


def _numbered(regeneration: Regeneration, passages: Sequence[Passage]) -> Numbered:
    """The passages by number, but those that speak to a program. Raises `TooThin` where too few are left."""
    usable = [each for each in passages if is_clean(each.text) and not speaks_to_a_program(each.text)]
    if len(usable) < _FEWEST_SENTENCES:
        raise TooThin(
            "The lesson's sources have nothing else to say there.",
            hint="Change it by hand with `lessongen edit`, or write the whole lesson again with `lessongen create`.",
        )
    return Numbered(article=regeneration.main, passages=usable, left_out=len(passages) - len(usable))
