"""What can be asked so that one has to read: why, how, what comes of it, in which order, and to tell it oneself."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from lessongen.lesson.questions.open import POINT
from lessongen.text.nouns import is_plural, plural
from lessongen.text.words import stems
from lessongen.writers.extractive.article import Article, Passage, Term
from lessongen.writers.extractive.candidates import Candidate
from lessongen.writers.extractive.cuts import Cut, can_be_cut, cuts_of
from lessongen.writers.extractive.events import in_order
from lessongen.writers.extractive.naming import names
from lessongen.writers.extractive.outline import Plan, Told
from lessongen.writers.extractive.passing import explained_in, states
from lessongen.writers.extractive.subject import subject_of

_FEWEST_WRONG, _MOST_WRONG = 2, 3
_LEAST_LIKE, _MOST_LIKE = 0.6, 1.7  # of the right option's length
_MAY_BE_LONGEST = 0.25
_POINTS, _MOST_POINTS = 3, 4

_KNOWN = re.compile(
    r"\b(?:is|are|was|were) (?:also )?(?:(?:best|well|widely|chiefly|mainly|most) )?(?:known|famous|noted|remembered)"
    r" for "
)
_BY_PRONOUN = re.compile(r"(?:He|She|It|They)\b")
# "A vein is a blood vessel that …".
_DIFFERENCE = re.compile(
    r"^[^,;()]{3,60} is an? (?P<class>(?:[a-z-]+ ){0,2}[a-z]{3,}) "
    r"(?=that|which|who|used|consisting|designed|in which|where)"
    r"(?P<difference>[^;]{20,160})\.$"
)


class Questions:
    """Makes the candidates of one lesson from the passages that it shows."""

    def __init__(self, articles: Sequence[Article], rng: random.Random) -> None:
        self._articles, self._rng = articles, rng

    def candidates(self, plan: Plan) -> list[Candidate]:
        """All that can be asked, in a fixed order for a given seed."""
        own = [passage for passage in plan.passages if can_be_cut(passage)]
        found = [candidate for passage in own for candidate in self._explained(passage)]
        found += [each for passage in plan.opening for each in _known_for(passage, plan)]
        found += [each for term in plan.terms for each in _told_apart(term, self._articles)]
        found += in_order(plan, self._rng)
        for told in plan.told[1:] or plan.told:
            found += _to_tell(told, subject_of(plan.main))
        return found

    def spare(self, plan: Plan) -> list[Candidate]:
        """What can be asked besides, of which a lesson asks nothing by itself: what it says of what it speaks of."""
        found = []
        for passage in plan.passages:
            about = next(explained_in(passage.text), None)
            if about is not None and passage.can_be_asked:
                found.append(
                    Candidate(
                        kind="short",
                        aim="tell",
                        bloom="understand",
                        stem=f"What does the text say about “{about.name}”? Answer in your own words.",
                        asked=about.name,
                        passages=(passage,),
                        answer=passage.text,
                    )
                )
        return found

    def _explained(self, passage: Passage) -> Iterator[Candidate]:
        """What a sentence explains: to be chosen among what others of the same text explain, else to be said."""
        cut = next(cuts_of(passage.text), None)
        if cut is None:
            return
        options = self._wrong(cut)
        yield Candidate(
            kind="choice" if options else "short",
            aim=cut.way.aim,
            bloom=cut.way.bloom,
            stem=f"{cut.way.asks} “{cut.said}{'' if cut.way.opens else '.'}”",
            asked=_subject_of(cut.said),
            passages=(passage,),
            answer=cut.told,
            options=options,
        )

    def _wrong(self, cut: Cut) -> tuple[str, ...]:
        """What explains other things in the same form and at about the same length; none where there is too little."""
        if cut.way.form == "list" or set(stems(cut.said)) & set(stems(cut.told)):
            return ()
        about = set(stems(f"{cut.said} {cut.told}"))
        size = len(cut.told)
        near = [
            each
            for each in dict.fromkeys(self._told_elsewhere.get(cut.way.form, ()))
            if _LEAST_LIKE * size <= len(each) <= _MOST_LIKE * size
            and not about & set(stems(each))
            and each.split()[0].islower() == cut.told.split()[0].islower()
        ]
        self._rng.shuffle(near)
        chosen: list[str] = []
        for each in near:
            if all(not set(stems(each)) & set(stems(other)) for other in chosen):
                chosen.append(each)
        if len(chosen) < _FEWEST_WRONG:
            return ()
        longer = [each for each in chosen if len(each) >= size]
        if not longer and self._rng.random() >= _MAY_BE_LONGEST:
            return ()
        return tuple(dict.fromkeys([*longer[:1], *chosen]))[:_MOST_WRONG]

    @cached_property
    def _told_elsewhere(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for article in self._articles:
            for passage in article.passages:
                for cut in cuts_of(passage.text):
                    found.setdefault(cut.way.form, []).append(cut.told)
        return found


def _known_for(passage: Passage, plan: Plan) -> Iterator[Candidate]:
    """What the topic is known for, where its opening says so."""
    found = _KNOWN.search(passage.text)
    term = plan.main.term
    is_about_it = passage.article is plan.main and (
        _BY_PRONOUN.match(passage.text) or names(passage.text, plan.main.name)
    )
    if found and term and is_about_it:
        told = passage.text[found.end() :].removesuffix(".")
        yield Candidate(
            kind="short",
            aim="known",
            bloom="remember",
            stem=f"What {term.verb} {subject_of(plan.main)} known for?",
            asked=subject_of(plan.main),
            passages=(passage,),
            answer=told,
        )


def _told_apart(term: Term, own: Sequence[Article]) -> Iterator[Candidate]:
    """What sets a thing apart from others of its class, where the topic's own text defines it."""
    found = _DIFFERENCE.match(term.definition.text)
    is_own = term.how == "defined" and term.definition.article in own and term.definition.stands_alone
    *first, noun = found["class"].split() if found else [""]
    if found and is_own and term.is_common_noun and not is_plural(noun) and plural(noun) != noun:
        kind = " ".join([*first, plural(noun)])
        yield Candidate(
            kind="short",
            aim="apart",
            bloom="understand",
            stem=f"What sets {term.noun_phrase} apart from other {kind}?",
            asked=term.running,
            passages=(term.definition,),
            answer=found["difference"],
        )


def _to_tell(told: Told, about: str) -> Iterable[Candidate]:
    """What a section tells, to be told in other words; each of its sentences is a point to mark."""
    points = [passage for passage in told.passages if passage.stands_alone][:_MOST_POINTS]
    if len(points) >= _POINTS:
        yield Candidate(
            kind="open",
            aim="tell",
            bloom="understand",
            stem=f"Explain in your own words what the text on {about} says under “{told.title}”: {len(points)} points.",
            asked=points[0].article.name,
            passages=tuple(points),
            answer=POINT.join(passage.text for passage in points),
        )


def _subject_of(said: str) -> str:
    """What a question is about: the first words of content."""
    words = [word.strip(",;:()'’") for word in said.split()]  # noqa: RUF001
    return " ".join([word for word in words if stems(word) and not states(word)][:2])
