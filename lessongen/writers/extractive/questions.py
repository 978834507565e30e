"""Question candidates: everything that can be asked about the passages that a lesson shows.

`choose.py` picks among them. Each asks about a term, name or number (`asked`) of one or more passages.
"""

from __future__ import annotations

import dataclasses
import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from lessongen.language.nouns import indefinite, is_plural, plural
from lessongen.language.words import fold, stems, tokens, word_count
from lessongen.lesson import Bloom
from lessongen.writers.extractive.article import Article, Passage, Term, names
from lessongen.writers.extractive.distractors import (
    Distractors,
    fits,
    is_plausible,
    is_surely_wrong,
    says_one_of_many,
    shares_words,
)
from lessongen.writers.extractive.shelf import Shelf

GAP = "_____"
Aim = Literal["define", "recall", "connect", "date", "number", "reason"]
Kind = Literal["choice", "true_false", "cloze", "short", "match", "order"]

_MENTIONED_IN_SENSE = 0.28
_NEAR_THE_TOPIC = 0.38
_YEAR = re.compile(
    r"\b(?:[Ii]n|[Ss]ince|[Uu]ntil|[Ff]rom|January|February|March|April|May|June|July|August|September|October|November"
    r"|December|\d,) (?:(?:late|early) )?(?P<year>1\d{3}|20[0-2]\d)\b(?! [a-z]+s\b|[%–-])"  # noqa: RUF001
)
_OTHER_CALENDAR = re.compile(r"BC|century|\bCE\b")
_LIST_BEFORE = re.compile(r"(?:,|\band|\bor|\bas|\blike|\bincluding|\bboth)\s*(?:an?|the)?\s*$")
_LIST_AFTER = re.compile(r"\s*(?:,|and\b|or\b)")
_BE = "is|are|was|were"
# What may follow a gap; anything else may make the gap a part of a compound ("_____ structure").
_AFTER_A_NOUN = re.compile(
    r"\s*[,.;:)—]|\s+(?:of|in|on|at|to|for|from|by|with|as|that|which|who|whose|where|when|while|and|or|but|is|are|was"
    r"|were|has|have|had|can|may|could|would|will|must|do|does|did|into|through|between|during|after|before|than|since"
    r"|until|using|via|under|over|within|without|because|if|not|also|including|such|about|against|among|around)\b"
)
# "… is generally defined as": says how people speak of it, not at once what it is.
_NO_CLASS = re.compile(r"(?:\w+ly |also |often )?(?:\w+ed|known|seen|held|thought|said|made|found|not) ")
_IS_A = re.compile(r"^[^,.;]{2,50} (?:is|are) (?:an?|any|defined as)\b")
_FEWEST_WORDS_AROUND = 7  # "A _____ is the price of labor." leaves too much open
_DERIVED = 3  # letters that a people's name shares with its country's: "Spanish", "Polish"
YEARS_OFFERED = 3  # besides the right one
_YEARS_AWAY = (-31, -23, -17, -11, -6, 7, 12, 19, 26, 34)


@dataclass(frozen=True, eq=False, kw_only=True)
class Candidate:
    """A question that could be asked; `options` are wrong ones, `pairs` what belongs together.

    `makeshift` is above 0 where it asks for a word and not for an idea, 2 where only its context tells which.
    """

    kind: Kind
    aim: Aim
    bloom: Bloom
    stem: str
    asked: str
    passages: tuple[Passage, ...]
    answer: str = ""
    is_true: bool = True
    options: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    feedback: Passage | None = None
    is_central: bool = False
    is_about_main: bool = False
    makeshift: int = 0

    @property
    def uses(self) -> frozenset[tuple[str, str]]:
        """What freshness counts: each passage by its SHA-256 with the asked term."""
        return frozenset((passage.sha256, fold(self.asked)) for passage in self.passages)


class Questions:
    """Makes the candidates of one lesson from the passages it shows and the terms it explains."""

    def __init__(self, main: Article, shelf: Shelf, rng: random.Random) -> None:
        self._main = main
        self._shelf = shelf
        self._rng = rng

    def candidates(self, passages: Sequence[Passage], terms: Sequence[Term]) -> list[Candidate]:
        """All that can be asked, in a fixed order for a given seed."""
        distractors = Distractors(self._shelf, terms, self._rng)
        found: list[Candidate] = []
        for term in terms:
            if term.how == "named":
                found += self._explain(term)
                continue  # nothing says what it is
            found += self._definition_choice(term, distractors)
            found += self._definition_cloze(term)
            found += self._true_or_false(term, terms)
            found += self._explain(term)
        for passage in passages:
            if passage.can_be_asked:
                found += self._about_mentions(passage, terms, distractors)
                found += self._year(passage)
        found += self._connections(passages, terms)
        found += self._matches(terms)
        return self.ranked(found)

    def ranked(self, found: Iterable[Candidate]) -> list[Candidate]:
        """The candidates with how near they are to what the lesson is about."""
        return [self._with_rank(candidate) for candidate in found]

    def _with_rank(self, candidate: Candidate) -> Candidate:
        """Central is what asks for the meaning of the very thing that the lesson is about."""
        main = self._main.term
        is_central = main is not None and candidate.aim == "define" and candidate.passages == (main.definition,)
        is_about_main = all(passage.speaks_of(self._main) for passage in candidate.passages)
        return dataclasses.replace(candidate, is_central=is_central, is_about_main=is_about_main)

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
            in_form = _capital if opening.start() == 0 else str
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

    def _about_mentions(self, passage: Passage, terms: Sequence[Term], distractors: Distractors) -> Iterable[Candidate]:
        """A sentence with another article's title as the gap."""
        for term, start, end in self._named_terms(passage, terms):
            if is_in_list(passage.text, start, end) or not is_noun_there(passage.text[end:]):
                continue
            surface = passage.text[start:end]
            masked = mask(passage.text, start, end, term)
            own = passage.article.term
            if own and own.name != term.name and shares_words(own, term):
                continue  # "A radio _____ is …"
            if masked is None or not self._is_worth_asking(term, terms) or _refers_back(passage.text[:start]):
                continue
            about = self._about(passage, term)
            yield Candidate(
                kind="cloze",
                aim="recall",
                bloom="remember",
                stem=f"Fill in the gap{about and f' in this sentence{about}'}: “{masked}”",
                asked=_as_named(passage, term, surface),
                passages=(passage,),
                answer=surface,
            )
            yield from self._mention_choice(passage, term, (start, end), distractors)

    def _mention_choice(
        self, passage: Passage, term: Term, span: tuple[int, int], distractors: Distractors
    ) -> Iterable[Candidate]:
        start, end = span
        before = re.search(r"\b(an?|the) $", passage.text[:start])
        start = before.start() if before else start
        surface, masked = passage.text[start:end], mask(passage.text, start, end, term)
        wrong = distractors.of_the_lesson(term, passage) if masked else []
        if is_plural(surface) and not is_plural(term.name):
            wrong = [each for each in wrong if each.is_countable or not each.is_common_noun]
        if masked and len(wrong) >= 2 and start > 0:
            yield Candidate(
                kind="choice",
                aim="recall",
                bloom="remember",
                stem=f"What completes this sentence{self._about(passage, term)}? “{masked}”",
                asked=_as_named(passage, term, surface),
                passages=(passage,),
                answer=surface,
                options=tuple(_in_form_of(surface, each, before.group(1) if before else "") for each in wrong),
            )

    def _year(self, passage: Passage) -> Iterable[Candidate]:
        if not passage.speaks_of(self._main):
            return  # when some other city lost its rank is no matter of this lesson
        if self._main.category == "Mathematics" or _OTHER_CALENDAR.search(passage.text):
            return
        for found in _YEAR.finditer(passage.text):
            year = found["year"]
            if passage.text.count(year) > 1:
                continue
            whole = passage.article.document.text
            away = [int(year) + distance for distance in _YEARS_AWAY]
            wrong = [str(other) for other in away if other <= passage.article.document.retrieved.year]
            wrong = [other for other in wrong if other not in whole]
            masked = passage.text[: found.start("year")] + GAP + passage.text[found.end("year") :]
            if len(wrong) >= 2 * YEARS_OFFERED:
                offered = _thinned(wrong, year, self._rng)
                if max(offered) < year:
                    continue  # the latest year of all would always be the right one
                yield Candidate(
                    kind="choice",
                    aim="date",
                    bloom="remember",
                    stem=f"Which year completes this sentence{self._about(passage)}? “{masked}”",
                    asked=year,
                    passages=(passage,),
                    answer=year,
                    options=tuple(offered),
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
                said = _capital(other.noun_phrase) + definition.text[opening.end() :]
                yield self._judgement(said, other.running, definition, is_true=False)

    def _judgement(self, said: str, asked: str, passage: Passage, *, is_true: bool) -> Candidate:
        return Candidate(
            kind="true_false",
            aim="define",
            bloom="understand",
            stem=f"True or false, according to the lesson? “{said}”",
            asked=asked,
            passages=(passage,),
            is_true=is_true,
        )

    def _explain(self, term: Term) -> Iterable[Candidate]:
        if not term.definition.points_back and (term.how != "named" or term.definition.can_be_asked):
            asks = "Who" if term.is_someone else "What"
            stem = f"{asks} {term.verb} {term.noun_phrase}?"
            if term.entry is None and term is not self._main.term:
                stem = f"What does the lesson say about {term.noun_phrase}?"
                if term.is_common_noun and (term.how == "called" or _IS_A.search(term.definition.text)):
                    stem = f"What does the lesson mean by “{term.running}”?"
            yield Candidate(
                kind="short",
                aim="define",
                bloom="understand",
                stem=stem,
                asked=term.running,
                passages=(term.definition,),
                answer=term.definition.text,
            )

    def _connections(self, passages: Sequence[Passage], terms: Sequence[Term]) -> Iterable[Candidate]:
        """What a passage says about two terms at once."""
        own = {term.definition.article: term for term in terms if term.entry}
        main = own.get(self._main)
        for passage in passages:
            about = own.get(passage.article)
            for other in [main] if passage.article is not self._main else list(own.values()):
                if about is None or other is None or other is about or not passage.stands_alone:
                    continue
                both = _says(passage.text, other) and _says(passage.text, about)
                if both and not shares_words(about, other) and passage is not about.definition:
                    yield Candidate(
                        kind="short",
                        aim="connect",
                        bloom="analyze",
                        stem=f"How does the lesson connect {about.in_general} and {other.in_general}?",
                        asked=other.running if passage.article is self._main else about.running,
                        passages=(passage,),
                        answer=passage.text,
                    )

    def _matches(self, terms: Sequence[Term]) -> Iterable[Candidate]:
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
                    bloom="understand",
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

    def _named_terms(self, passage: Passage, terms: Sequence[Term]) -> Iterable[tuple[Term, int, int]]:
        about = passage.article.entry
        if about is None or passage.article.is_full:
            # The title would give the subject itself away.
            others = [term for term in terms if not (passage.article.is_full and term is passage.article.term)]
            yield from _terms_in(passage, others)
        if about is None:
            return
        for article, start, end in self._shelf.mentioned(passage):
            near = self._shelf.nearness(about, article.entry)
            if article.term and article.is_suitable and near >= _MENTIONED_IN_SENSE:
                yield article.term, start, end

    def _is_worth_asking(self, term: Term, terms: Sequence[Term]) -> bool:
        """Whether the lesson explains the term, or it is a name, or near what the lesson is about."""
        if term.name in {each.name for each in terms} or not term.is_common_noun:
            return True
        return self._shelf.nearness(self._main.entry, term.entry) >= _NEAR_THE_TOPIC

    def _about(self, passage: Passage, asked: Term | None = None) -> str:
        """ " about volcanoes", where the sentence does not itself say so and it gives nothing away."""
        term = passage.article.term
        if term is None or names(passage.text, term.name) or (asked and shares_words(asked, term)):
            return ""
        return f" about {term.in_general}"


def mask(text: str, start: int, end: int, term: Term) -> str | None:
    """The text with a gap there, or None if any form of the term remains, or another gap's worth of it."""
    rest = text[:start] + " " + text[end:]
    roots = {stem[:5] for stem in term.stems if len(stem) >= 5}
    for word, stemmed in ((word, stems(word, keep_stopwords=True)) for word in tokens(rest)):
        if set(stemmed) & set(term.stems) or any(word.startswith(root) for root in roots):
            return None
    if term.category == "Geography" and _names_its_people(rest, term):
        return None
    return text[:start] + GAP + text[end:] if word_count(rest) >= _FEWEST_WORDS_AROUND else None


def _names_its_people(text: str, place: Term) -> bool:
    """Whether a word of the text may be derived from the place's name: "Chinese" from "China"."""
    openings = {word[:_DERIVED] for word in place.name.split() if word[:1].isupper()}
    return any(word[:_DERIVED] in openings for word in re.findall(r"\b[A-Z]\w+", text))


def _terms_in(passage: Passage, terms: Sequence[Term]) -> Iterable[tuple[Term, int, int]]:
    for term in terms:
        found = list(re.finditer(rf"\b{re.escape(term.running)}(?:e?s)?\b", passage.text))
        if len(found) == 1 and term.definition is not passage:
            yield term, found[0].start(), found[0].end()


def is_in_list(text: str, start: int, end: int) -> bool:
    """Whether the words are one of several in a row: others would fit the gap as well."""
    return bool(_LIST_BEFORE.search(text[:start]) or _LIST_AFTER.match(text[end:]))


def _thinned(years: Sequence[str], year: str, rng: random.Random) -> list[str]:
    """Some of the years on either side, so that the distances tell nothing; enough for the right one at any place."""
    sides = [other for other in years if other < year], [other for other in years if other > year]
    return sorted(
        other for side in sides for other in rng.sample(side, max(min(YEARS_OFFERED, len(side)), len(side) - 1))
    )


def _says(text: str, term: Term) -> bool:
    """Whether the text speaks of the term itself, not of a compound with it ("tax incentives")."""
    named = rf"\b(?:{re.escape(term.running)}|{re.escape(plural(term.running))})\b"
    return any(is_noun_there(text[found.end() :]) for found in re.finditer(named, text, re.IGNORECASE))


def _as_named(passage: Passage, term: Term, surface: str) -> str:
    """The term as the lesson knows it, or as the passage has it where that is another form of the name."""
    return term.running if names(passage.text, term.name) else re.sub(r"^(?:an?|the) ", "", surface)


def is_noun_there(rest: str) -> bool:
    """Whether what follows a name leaves it a noun, not the first half of a compound ("sentence structure")."""
    return _AFTER_A_NOUN.match(rest) is not None


def _refers_back(before: str) -> bool:
    """Whether the gap would open the sentence, or stand for what "The …" refers to, or be a part of a name."""
    return before.strip() in ("", "The") or re.search(r"(?<!^)\b[A-Z]\w* $|- ?$", before) is not None


def _said_of(term: Term) -> str | None:
    """What the definition says after its verb, if it gives the term away nowhere."""
    text = term.definition.text
    opening = re.match(rf"(?:An? |The )?{re.escape(term.name)} (?:{_BE}) ", text, re.IGNORECASE)
    if opening is None or mask(text, 0, opening.end(), term) is None:
        return None
    said = text[opening.end() :].removesuffix(".")
    if _NO_CLASS.match(said):
        return None
    return said if 4 <= word_count(said) <= 34 else None


def _in_form_of(surface: str, term: Term, article: str) -> str:
    """The term as it would stand where `surface` stood: same number, same kind of article."""
    noun = surface[len(article) :].strip()
    name = term.running if noun[:1].islower() or not term.is_common_noun else term.name
    if term.is_common_noun and is_plural(noun) and not is_plural(name):
        name = plural(name)
    if article in ("a", "an"):
        return indefinite(name)
    return f"{article} {name}".strip()


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
