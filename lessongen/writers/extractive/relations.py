"""Questions on how two of the lesson's terms belong together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import combinations

from lessongen.text.nouns import plural
from lessongen.text.sentences import split_sentences
from lessongen.writers.extractive.article import Article, Passage, Term
from lessongen.writers.extractive.articles import Articles
from lessongen.writers.extractive.candidates import Candidate
from lessongen.writers.extractive.distractors import head, is_plausible, shares_words
from lessongen.writers.extractive.gapping import is_noun_there
from lessongen.writers.extractive.genus import genus
from lessongen.writers.extractive.lifting import is_title

_TO_CHOOSE_FROM, _MOST_TO_CHOOSE_FROM = 2, 3  # sentences


def connections(main: Article, passages: Sequence[Passage], terms: Sequence[Term]) -> Iterable[Candidate]:
    """What a passage says about two terms at once."""
    own = {term.definition.article: term for term in terms if term.entry}
    main_term = own.get(main)
    for passage in passages:
        about = own.get(passage.article)
        for other in [main_term] if passage.article is not main else list(own.values()):
            if about is None or other is None or other is about or not passage.stands_alone:
                continue
            both = _says(passage.text, other) and _says(passage.text, about)
            if both and not shares_words(about, other) and passage is not about.definition:
                yield Candidate(
                    kind="short",
                    aim="connect",
                    bloom="analyze",
                    stem=f"How does the lesson connect {about.in_general} and {other.in_general}?",
                    asked=other.running if passage.article is main else about.running,
                    passages=(passage,),
                    answer=passage.text,
                )


def _says(text: str, term: Term) -> bool:
    """Whether the text speaks of the term itself, not of a compound with it ("tax incentives")."""
    named = rf"\b(?:{re.escape(term.running)}|{re.escape(plural(term.running))})\b"
    return any(is_noun_there(text[found.end() :]) for found in re.finditer(named, text, re.IGNORECASE))


def comparisons(terms: Sequence[Term], articles: Articles) -> Iterable[Candidate]:
    """Two terms of one kind to be compared: what both definitions say is what a good answer holds."""
    usable = [term for term in terms if term.how == "defined" and term.definition.stands_alone]
    for first, second in combinations(usable, 2):
        if (
            _are_of_one_kind(first, second)
            and is_plausible(second, first, articles)
            and not shares_words(first, second)
            and first.definition is not second.definition
        ):
            yield Candidate(
                kind="open",
                aim="connect",
                bloom="analyze",
                stem=f"Compare {first.in_general} and {second.in_general}: "
                "what do they have in common, and how are they different?",
                asked=f"{first.running} and {second.running}",
                passages=(first.definition, second.definition),
                answer=f"{first.definition.text} {second.definition.text}",
            )


def _are_of_one_kind(first: Term, second: Term) -> bool:
    """Whether both definitions put their terms in the same class: two words, two composers."""
    ours, theirs = genus(first.definition.text), genus(second.definition.text)
    return bool(ours and theirs and ours[-1] == theirs[-1]) or head(first) == head(second) != ""


def judgements(main: Article, passages: Sequence[Passage], subject: str) -> Iterable[Candidate]:
    """What of a section matters most: the facts to choose from are its sentences, the reasons are the student's."""
    by_heading: dict[str, list[Passage]] = {}
    for passage in passages:
        if passage.article is main and passage.can_be_asked:
            by_heading.setdefault(passage.heading, []).append(passage)
    for heading, all_told in by_heading.items():
        told = all_told[:_MOST_TO_CHOOSE_FROM]
        answer = " ".join(passage.text for passage in told)
        # "A.M.P.A.S." ends a passage, and would not end a sentence before another one.
        is_clear = [each.text for each in split_sentences(answer)] == [passage.text for passage in told]
        if len(told) >= _TO_CHOOSE_FROM and is_clear:
            where = f" under “{heading}”" if heading and is_title(heading) else ""
            yield Candidate(
                kind="open",
                aim="judge",
                bloom="evaluate",
                stem=f"Which fact{where} is the most important one to someone who is new to {subject}? Give reasons.",
                asked=heading or main.name,
                passages=tuple(told),
                answer=answer,
            )
