"""What can be asked so that one has to read: why, how, in which order, and to tell it oneself."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

from lessongen.lesson.questions.open import POINT
from lessongen.writers.extractive.article import Passage
from lessongen.writers.extractive.asked import asked_of
from lessongen.writers.extractive.candidates import Candidate
from lessongen.writers.extractive.clauses import clause_of
from lessongen.writers.extractive.events import in_order
from lessongen.writers.extractive.naming import names
from lessongen.writers.extractive.outline import Plan, Told
from lessongen.writers.extractive.subject import subject_of

_POINTS, _MOST_POINTS, _FEWEST_SENTENCES = 3, 6, 2

_KNOWN = re.compile(
    r"\b(?:is|are|was|were) (?:also )?(?:(?:best|well|widely|chiefly|mainly|most) )?(?:known|famous|noted|remembered)"
    r" for "
)
_BY_PRONOUN = re.compile(r"(?:He|She|It|They)\b")


def candidates(plan: Plan, rng: random.Random) -> list[Candidate]:
    """All that can be asked, in a fixed order for a given seed."""
    if plan.is_closed:
        return []  # a skill is practised
    found = [candidate for passage in plan.passages for candidate in _explained(passage)]
    found += [each for passage in plan.opening for each in _known_for(passage, plan)]
    found += in_order(plan, rng)
    for told in plan.told:
        found += _to_tell(told, plan)
    return found


def spare(plan: Plan) -> list[Candidate]:
    """What can be asked where the rest is too little: what the text says of what a sentence speaks of."""
    found, defined = [], {term.definition for term in plan.terms}
    for passage in plan.passages if not plan.is_closed else ():
        about = clause_of(passage.text) if passage.can_be_asked and passage not in defined else None
        if about is not None and not names(about.subject, plan.main.name):
            found.append(
                Candidate(
                    kind="short",
                    aim="tell",
                    bloom="understand",
                    stem=f"What does the text say about {about.inside}? Answer in your own words.",
                    asked=about.subject,
                    passages=(passage,),
                    answer=passage.text,
                )
            )
    return found


def _explained(passage: Passage) -> Iterator[Candidate]:
    asked = asked_of(passage.text) if passage.can_be_asked else None
    if asked is not None:
        yield Candidate(
            kind="short",
            aim=asked.aim,
            bloom=asked.bloom,
            stem=asked.stem,
            asked=asked.subject,
            passages=(passage,),
            answer=asked.answer,
        )


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
            passages=(passage,) if passage.stands_alone else (plan.opening[0], passage),
            answer=told,
        )


def _to_tell(told: Told, plan: Plan) -> Iterator[Candidate]:
    """Some of what a section tells, chosen by students and told in other words; of two sentences both."""
    about, under = subject_of(plan.main), f" under “{told.title}”" if len(plan.told) > 1 else ""
    whole = told.passages
    ways = [("the text says of", whole)]
    if len(whole) > _MOST_POINTS:
        ways = [(f"the first {_MOST_POINTS} sentences say of", whole[:_MOST_POINTS])]
    if len(whole) >= 2 * _MOST_POINTS:
        ways.append((f"the last {_MOST_POINTS} sentences say of", whole[-_MOST_POINTS:]))
    for said, part in ways:
        if len(part) < _FEWEST_SENTENCES or not part[0].stands_alone:
            continue  # its key would begin in the middle
        wanted = min(_POINTS, len(part) - (len(part) > _FEWEST_SENTENCES))
        stem = f"Choose {wanted} things that {said} {about}{under}, and say each in a sentence of your own words: "
        if wanted == len(part):  # nothing to choose
            stem = f"Say what {said} {about}{under} in {wanted} sentences of your own words: "
        yield Candidate(
            kind="open",
            aim="tell",
            bloom="understand",
            stem=f"{stem}a point for each.",
            asked=part[0].article.name,
            passages=tuple(part),
            answer=POINT.join(passage.text for passage in part),
        )
