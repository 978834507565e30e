"""What can be asked so that one has to read: why, how, in which order, and to tell it oneself."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator

from lessongen.lesson.questions.open import POINT
from lessongen.text.words import stems
from lessongen.writers.extractive.article import Passage
from lessongen.writers.extractive.asked import asked_of, explains
from lessongen.writers.extractive.candidates import Candidate
from lessongen.writers.extractive.clauses import clause_of
from lessongen.writers.extractive.events import in_order
from lessongen.writers.extractive.naming import names
from lessongen.writers.extractive.outline import Plan, Told
from lessongen.writers.extractive.subject import listed, subject_of, what_it_is

_POINTS, _MOST_POINTS, _FEWEST_SENTENCES = 3, 4, 2

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
            passages=(passage,),
            answer=told,
        )


def _to_tell(told: Told, plan: Plan) -> Iterable[Candidate]:
    """What a section tells, to be told in other words, each sentence a point to mark.

    The points are named by what the sentences speak of, where that can be said, else each first sentence is one:
    so nobody has to guess what counts.
    """
    usable = [passage for passage in told.passages if passage.stands_alone]
    by_prompt = {prompt: passage for passage in reversed(usable) if (prompt := _prompt(passage, plan))}
    prompts = {passage: prompt for prompt, passage in by_prompt.items()}
    is_prompted = len(prompts) >= _POINTS
    about, under = subject_of(plan.main), f" under “{told.title}”" if len(plan.told) > 1 else ""
    if is_prompted:
        worth = {passage: _worth(passage, plan) for passage in prompts}
        best = sorted(worth, key=lambda each: -worth[each])[:_MOST_POINTS]
        chosen = sorted(best, key=lambda each: each.sentence.start)
        asked = f"Speak of {listed([prompts[each] for each in chosen])}"
        ways = [(f"Explain in your own words what the text says of {about}{under}. {asked}", chosen)]
    else:
        ends = [("first ", told.passages[:_MOST_POINTS]), ("last ", told.passages[-_MOST_POINTS:])]
        ends = ends if len(told.passages) >= 2 * _MOST_POINTS else ends[:1]
        ways = [
            (
                f"Say in other words what each of the {end if len(part) < len(told.passages) else ''}{len(part)} "
                f"sentences on {about}{under} tells",
                part,
            )
            for end, part in ends
        ]
    for stem, part in ways:
        points_elsewhere = not part[0].stands_alone and part[0].sentence.index  # at what the key does not hold
        if len(part) < _FEWEST_SENTENCES or not usable or points_elsewhere:
            continue
        yield Candidate(
            kind="open",
            aim="tell",
            bloom="understand",
            stem=f"{stem}: a point for each.",
            asked=part[0].article.name,
            passages=tuple(part),
            answer=POINT.join(passage.text for passage in part),
        )


def _prompt(passage: Passage, plan: Plan) -> str | None:
    """What a sentence speaks of, as a question can name it."""
    term = next((each for each in plan.terms if each.definition is passage and each.how == "defined"), None)
    if term is not None:
        return what_it_is(plan.main) if term is plan.main.term else term.what_it_is
    clause = clause_of(passage.text)
    return None if clause is None or set(stems(clause.subject)) <= set(stems(plan.main.name)) else clause.inside


def _worth(passage: Passage, plan: Plan) -> int:
    """How much a sentence belongs to what a class should take away: what it is, why and how, and the topic's name."""
    term = plan.main.term
    is_definition = term is not None and term.definition is passage
    return 4 * is_definition + 2 * explains(passage) + names(passage.text, plan.main.name)
