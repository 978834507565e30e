"""Questions on what the lesson's terms mean, as their sources define them."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Sequence

from lessongen.text.words import word_count
from lessongen.writers.extractive.article import Article, Passage, Term
from lessongen.writers.extractive.articles import Articles
from lessongen.writers.extractive.candidates import Candidate, statement
from lessongen.writers.extractive.distractors import (
    Distractors,
    fits,
    is_plausible,
    is_surely_wrong,
    says_one_of_many,
    shares_words,
)
from lessongen.writers.extractive.gapping import capital, is_in_list, mask
from lessongen.writers.extractive.naming import names

_BE = "is|are|was|were"
# "A verb is a word …": tells what it is, so that it can be explained.
_IS_A = re.compile(r"^[^,.;]{2,50} (?:is|are) (?:an?|any|defined as)\b")


class Definitions:
    """Makes the candidates on one lesson's terms."""

    def __init__(self, main: Article, articles: Articles, rng: random.Random) -> None:
        self._main, self._shelf, self._rng = main, articles, rng

    def candidates(self, terms: Sequence[Term], distractors: Distractors) -> Iterable[Candidate]:
        """All that can be asked about the terms, in a fixed order for a given seed."""
        for term in terms:
            if term.how == "named":
                yield from self.explanation(term)
                continue  # nothing says what it is
            yield from self._definition_choice(term, distractors)
            yield from self._definition_cloze(term)
            yield from self._true_or_false(term, terms)
            yield from self.explanation(term)

    def _definition_choice(self, term: Term, distractors: Distractors) -> Iterable[Candidate]:
        """A definition with its own term as the gap, article and all, so that no article gives it away."""
        definition = term.definition
        named = rf"(?:^(?:an?|the) |^|, (?:an?|the) |, ){re.escape(term.name)}\b(?= (?:{_BE})\b|, | \()"
        opening = re.search(named, definition.text[:160], re.IGNORECASE)
        if opening is None or not definition.stands_alone:
            return
        answer = opening.group().removeprefix(", ")
        masked = mask(definition.text, opening.end() - len(answer), opening.end(), term)
        wrong = distractors.for_term(term, definition) if masked else []
        if masked and len(wrong) >= 2:
            in_form = capital if opening.start() == 0 else str
            yield Candidate(
                kind="choice",
                aim="define",
                bloom="remember",
                stem=f"Which {'term' if term.is_common_noun else 'name'} completes this sentence? “{masked}”",
                asked=term.running,
                passages=(definition,),
                answer=answer,
                options=tuple(in_form(each.noun_phrase) for each in wrong),
            )

    def _definition_cloze(self, term: Term) -> Iterable[Candidate]:
        definition = term.definition
        if not term.is_common_noun or says_one_of_many(definition):
            return  # without options, many a name fits: "_____ was a German composer."
        found = re.search(
            rf"\b{re.escape(term.name)}\b(?= (?:{_BE}|refers)\b|, | \()", definition.text[:120], re.IGNORECASE
        )
        masked = mask(definition.text, found.start(), found.end(), term) if found else None
        if found and masked and definition.stands_alone and not is_in_list(definition.text, *found.span()):
            yield Candidate(
                kind="cloze",
                aim="define",
                bloom="remember",
                stem=f"Fill in the gap: “{masked}”",
                asked=term.running,
                passages=(definition,),
                answer=found.group(),
            )

    def _true_or_false(self, term: Term, terms: Sequence[Term]) -> Iterable[Candidate]:
        """A definition as it stands; and the same said of another term, which makes it false."""
        definition = term.definition
        opening = re.match(rf"(?:An? |The )?{re.escape(term.name)}\b(?= (?:{_BE})\b)", definition.text)
        if not definition.stands_alone:
            return
        yield self._judgement(definition.text, term.running, definition, is_true=True)
        if opening is None or mask(definition.text, 0, opening.end(), term) is None:
            return
        for other in terms:
            if other is term or other.how == "named" or not is_plausible(other, term, self._shelf):
                continue
            if is_surely_wrong(other, term, definition, self._shelf):
                said = capital(other.noun_phrase) + definition.text[opening.end() :]
                yield self._judgement(said, other.running, definition, is_true=False)

    def _judgement(self, said: str, asked: str, passage: Passage, *, is_true: bool) -> Candidate:
        return statement(said, aim="define", asked=asked, passage=passage, is_true=is_true)

    def explanation(self, term: Term) -> Iterable[Candidate]:
        """What a term means, to be said in other words than the source's."""
        if not term.definition.points_back and (term.how != "named" or term.definition.can_be_asked):
            yield Candidate(
                kind="short",
                aim="define",
                bloom="understand",
                stem=self._asks_to_explain(term),
                asked=term.running,
                passages=(term.definition,),
                answer=term.definition.text,
            )

    def _asks_to_explain(self, term: Term) -> str:
        if term.entry is not None or term is self._main.term:
            return f"Explain in your own words {term.what_it_is}."
        if term.is_common_noun and (term.how == "called" or _IS_A.search(term.definition.text)):
            return f"Explain in your own words what the lesson means by “{term.running}”."
        return f"Summarise in your own words what the lesson says about {term.noun_phrase}."

    def matches(self, terms: Sequence[Term]) -> Iterable[Candidate]:
        """Four or five terms with what their definitions say of them; none would fit another's."""
        usable = [(term, said) for term in terms if term.how == "defined" and (said := _said_of(term))]
        self._rng.shuffle(usable)
        for first in range(len(usable)):
            chosen: list[tuple[Term, str]] = []
            for term, said in usable[first:] + usable[:first]:
                if len(chosen) < 4 and all(self._are_distinct(term, other) for other, _ in chosen):
                    chosen.append((term, said))
            if len(chosen) >= 3:
                are_words = chosen[0][0].is_common_noun
                yield Candidate(
                    kind="match",
                    aim="define",
                    bloom="remember",
                    stem=f"Match each {'term to its meaning' if are_words else 'name to its description'}.",
                    asked=chosen[0][0].running,
                    passages=tuple(term.definition for term, _ in chosen),
                    pairs=tuple((term.running, said) for term, said in chosen),
                    feedback=chosen[0][0].definition,
                )

    def _are_distinct(self, one: Term, other: Term) -> bool:
        """Whether neither's description fits the other, nor shows by its form whose it is: a person among things."""
        return (
            (one.is_common_noun, one.is_someone, one.verb) == (other.is_common_noun, other.is_someone, other.verb)
            and not shares_words(one, other)
            and not names(one.definition.text, other.name)
            and not names(other.definition.text, one.name)
            and not fits(one.definition, one, other)
            and not fits(other.definition, other, one)
        )


def _said_of(term: Term) -> str | None:
    """What the definition says after its verb, if it gives the term away nowhere."""
    text = term.definition.text
    field = r"(?:In (?:the )?[a-z]+(?: [a-z]+)?, )?"
    opening = re.match(rf"{field}(?:an? |the )?{re.escape(term.name)} (?:{_BE}) ", text, re.IGNORECASE)
    if opening is None or mask(text, 0, opening.end(), term) is None:
        return None
    said = text[opening.end() :].removesuffix(".")
    return said if 4 <= word_count(said) <= 34 else None
