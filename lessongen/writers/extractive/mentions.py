"""Questions on other articles and terms that a sentence names: the name is the gap."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from lessongen.text.nouns import is_plural
from lessongen.writers.extractive.article import Article, Passage, Term
from lessongen.writers.extractive.articles import Articles
from lessongen.writers.extractive.candidates import Candidate
from lessongen.writers.extractive.distractors import Distractors, shares_words
from lessongen.writers.extractive.gapping import about, in_form_of, is_in_list, is_noun_there, is_quoted, mask
from lessongen.writers.extractive.naming import names

_MENTIONED_IN_SENSE = 0.28
# "Baking can be combined with grilling": with smoking as well, though no one says so.
_LEAVES_OPEN = re.compile(r"\b(?:can|may|might|could|often|sometimes|usually|commonly|typically|generally|many|some)\b")
_NEAR_THE_TOPIC = 0.38


class Mentions:
    """Makes the candidates on what one lesson's sentences name."""

    def __init__(self, main: Article, articles: Articles) -> None:
        self._main, self._shelf = main, articles

    def candidates(self, passage: Passage, terms: Sequence[Term], distractors: Distractors) -> Iterable[Candidate]:
        """A sentence with another article's title as the gap."""
        for term, start, end in self._named_terms(passage, terms):
            if is_in_list(passage.text, start, end) or not is_noun_there(passage.text[end:]):
                continue
            if is_quoted(passage.text, start):
                continue
            surface = passage.text[start:end]
            masked = mask(passage.text, start, end, term)
            own = passage.article.term
            if own and own.name != term.name and shares_words(own, term):
                continue  # "A radio _____ is …"
            if masked is None or not self._is_worth_asking(term, terms) or _refers_back(passage.text[:start]):
                continue
            spoken_of = about(passage, term)
            yield Candidate(
                kind="cloze",
                aim="recall",
                bloom="remember",
                stem=f"Fill in the gap{spoken_of and f' in this sentence{spoken_of}'}: “{masked}”",
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
        is_open = term.is_common_noun and _LEAVES_OPEN.search(passage.text)
        if masked and len(wrong) >= 2 and start > 0 and not is_open:
            yield Candidate(
                kind="choice",
                aim="recall",
                bloom="remember",
                stem=f"What completes this sentence{about(passage, term)}? “{masked}”",
                asked=_as_named(passage, term, surface),
                passages=(passage,),
                answer=surface,
                options=tuple(in_form_of(surface, each, before.group(1) if before else "") for each in wrong),
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


def _terms_in(passage: Passage, terms: Sequence[Term]) -> Iterable[tuple[Term, int, int]]:
    for term in terms:
        found = list(re.finditer(rf"\b{re.escape(term.running)}(?:e?s)?\b", passage.text))
        if len(found) == 1 and term.definition is not passage:
            yield term, found[0].start(), found[0].end()


def _as_named(passage: Passage, term: Term, surface: str) -> str:
    """The term as the lesson knows it, or as the passage has it where that is another form of the name."""
    return term.running if names(passage.text, term.name) else re.sub(r"^(?:an?|the) ", "", surface)


def _refers_back(before: str) -> bool:
    """Whether the gap would open the sentence, or stand for what "The …" refers to, or be a part of a name."""
    return before.strip() in ("", "The") or re.search(r"(?<!^)\b[A-Z]\w* $|- ?$", before) is not None
