"""Rules on questions: right answers that their quotes bear, and nothing that gives them away."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial, wraps

from lessongen.check.forms import is_lesson_word
from lessongen.check.reading import Reading
from lessongen.check.report import Findings
from lessongen.lesson.place import Place
from lessongen.lesson.questions import KINDS
from lessongen.lesson.questions.base import Question, gate_rules
from lessongen.text.passages import collapse, gaps, is_whole_in, stands_in, words
from lessongen.text.words import fold, stem, stems, tokens

_NOT_WORD = re.compile(r"\W+")


# ---------------------------------------------------------------- all kinds


def question_distinct(reading: Reading) -> Findings:
    """No two questions are alike: the same stem, or the same kind about the same term of the same quote.

    Computed ones are compared by their exact text. Of those that a judge decided on the stem alone counts: two may ask
    different things about one term of one quote.
    """
    asked: set[tuple[str, ...]] = set()
    for where, question in reading.questions:
        keys = _likenesses(reading, question)
        if asked & keys:
            yield where, f"asks what a question before it asks: “{question.stem[:60]}”"
        asked |= keys


def _likenesses(reading: Reading, question: Question) -> set[tuple[str, ...]]:
    parts = [question.stem, *sorted(question.told_apart_by)]
    if question.origin == "computed":
        return {("stem", *map(collapse, parts))}  # "What is 3 + 4?" and "What is 3 - 4?" have the same words
    stem_key = ("stem", *(_NOT_WORD.sub(" ", fold(part)).strip() for part in parts))
    if reading.is_asked_freely(question):
        return {stem_key}
    term = " ".join(words(question.term)) or question.term
    return {stem_key} | {
        ("about", quote.text, term, question.kind) for quote in reading.cited(question.cites) if question.term.strip()
    }


def question_term_known(reading: Reading) -> Findings:
    """The term that a question asks about shares a word with the material; names may be longer there or here.

    What asks for prior knowledge is free of that, for the material need not have it; so is what a judge decided on,
    whose term may be a word of students' for what the quotes say.
    """
    for where, question in reading.unsigned_questions:
        if question.asks_prior_knowledge or reading.is_asked_freely(question):
            continue
        known = [token for token in tokens(question.term) if reading.is_of_material(token)]
        if tokens(question.term) and not known:
            yield where, f"the material never speaks of “{question.term}”"


def answer_in_quote(reading: Reading) -> Findings:
    """The answer of a choice, short or open question stands in a quote that the question cites.

    A judge that decided on the question with its answer has found more than whether the words are there.
    """
    for where, question in reading.unsigned_questions:
        evidence = reading.evidence_for(question)
        if evidence.quotes and not evidence.is_judged and not question.is_borne(evidence):
            yield where, "its answer does not stand in the quotes that it cites"


def answer_hidden(reading: Reading) -> Findings:
    """Neither a stem nor an item to match shows a word of its answer, in any form, that not all options share.

    What a judge decided on may: “Why do acids taste sour?” is answered with “Acids give off hydrogen ions.”
    """
    for where, question in reading.unsigned_questions:
        if reading.is_asked_freely(question):
            continue
        hidden = question.hidden(_asked_with(reading, question))
        shown = [word for asked, answer, options in hidden for word in _given_away(asked, answer, options)]
        if shown:
            yield where, f"“{shown[0]}” gives the answer away"


def _asked_with(reading: Reading, question: Question) -> str:
    """The words of a stem but those of its request that any lesson uses: "Which sentence …" tells nothing."""
    passage = reading.passage_of(question)
    request = question.stem.replace(passage, "") if passage != question.stem else ""
    if not gaps(passage):
        passage, request = "", question.stem
    return " ".join([passage, *(token for token in tokens(request) if not is_lesson_word(token))])


def _given_away(shown: str, answer: str, options: Sequence[str]) -> list[str]:
    shared = set.intersection(*(set(stems(option)) for option in options)) if options else set()
    telling = set(stems(answer)) - shared
    return [token for token in tokens(shown) if stem(token) in telling]


def false_statement_unfounded(reading: Reading) -> Findings:
    """A statement to be judged false, like what people get wrong, stands in no source; a computed one as it is."""
    false = [
        (where, said, question.origin == "computed")
        for where, question in reading.questions
        for said, is_true in question.statements(reading.passage_of(question))
        if not is_true
    ]
    exact = [(where, said) for where, said, is_computed in false if is_computed]
    loose = [(where, said) for where, said, is_computed in false if not is_computed]
    loose += [
        (Place.of("misconceptions", index, "belief"), each.belief)
        for index, each in enumerate(reading.lesson.misconceptions)
    ]
    founded = [where for where, said in exact if any(is_whole_in(said, text) for text in reading.kept.values())]
    founded += [where for where, said in loose if stands_in(said, reading.kept.values())]
    yield from ((where, "counts as false, but stands in a source") for where in founded)


# ---------------------------------------------------------------- each kind's own


def rules_of_kinds() -> Iterator[tuple[str, Callable[[Reading], Findings]]]:
    """The rules that kinds of questions have for themselves, by code."""
    for kind in KINDS.values():
        for rule, of_all in gate_rules(kind):
            yield rule.__name__.replace("_", "-"), wraps(rule)(partial(_of_all if of_all else _of_each, kind, rule))


def _of_each(kind: type[Question], rule: Callable[..., Iterator[str]], reading: Reading) -> Findings:
    for where, question in reading.questions:
        if isinstance(question, kind):
            yield from ((where, message) for message in rule(question, reading.evidence_for(question)))


def _of_all(kind: type[Question], rule: Callable[..., Iterator[str]], reading: Reading) -> Findings:
    of_kind = [question for _, question in reading.questions if isinstance(question, kind)]
    yield from ((Place.of("questions"), message) for message in rule(of_kind))
