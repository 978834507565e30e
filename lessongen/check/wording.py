"""Rules on what a writer put in words of its own: how far these go from their quotes (`lessongen.check.word_rules`)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from lessongen.check.reading import Reading
from lessongen.check.report import Findings
from lessongen.check.word_rules import refusal
from lessongen.lesson.place import Place
from lessongen.lesson.who_judged import RULES
from lessongen.text.passages import stands_in
from lessongen.text.sentences import split_sentences


def written_supported(reading: Reading) -> Findings:
    """A written sentence that no model judged stands on its quotes, as far as words, numbers and names can tell."""
    for claim in (*reading.statements, *reading.example_claims, *reading.piece_claims):
        if claim.origin == "written" and claim.cites and not reading.is_judged(claim):
            yield from _unsupported(reading, claim.where, claim.text, claim.cites)


def written_answer_supported(reading: Reading) -> Findings:
    """What a written question that no model judged counts as right stands on its quotes; what counts as wrong, not."""
    for where, question in reading.unsigned_questions:
        is_judged = question.verdict is not None and question.verdict.judge != RULES
        if question.origin != "written" or not question.cites or is_judged:
            continue
        answer = question.model_answer
        # An answer in the quote's very words may be less than a sentence.
        if answer is not None and not stands_in(answer, reading.quote_texts(question.cites)):
            yield from _unsupported(reading, where, answer, question.cites)
        for said, is_true in question.statements(reading.passage_of(question)):
            unsupported = list(_unsupported(reading, where, said, question.cites))
            if is_true:
                yield from unsupported
            elif not unsupported:
                yield where, f"“{said[:60]}” counts as wrong, but its quotes say so"


def _unsupported(reading: Reading, where: Place, text: str, cites: Sequence[str]) -> Findings:
    quotes = reading.cited(cites)
    if not quotes:
        return  # cites that don't resolve are another rule's affair
    sources = [reading.source_text_of(quote) or "" for quote in quotes]
    article = sentences_of(tuple(dict.fromkeys(sources)))
    title = "; ".join(dict.fromkeys(reading.source_of[quote.id].title for quote in quotes))
    for sentence in split_sentences(text):
        found = refusal(sentence.text, [quote.text for quote in quotes], title=title, article=article)
        if found is not None:
            yield where, f"“{sentence.text[:60]}” goes beyond its quotes ({found.rule}): {found.message}"


@lru_cache(maxsize=16)
def sentences_of(texts: tuple[str, ...]) -> tuple[str, ...]:
    """All sentences of whole texts."""
    return tuple(sentence.text for text in texts for sentence in split_sentences(text))
