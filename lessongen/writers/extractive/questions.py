"""What can be asked so that one has to read: why, how, in which order, and to tell it oneself."""

from __future__ import annotations

import random
import re
from collections.abc import Collection, Iterator
from itertools import dropwhile

from lessongen.lesson.questions.open import POINT
from lessongen.text.words import stems, word_count
from lessongen.writers.extractive.article import Passage
from lessongen.writers.extractive.asked import asked_of
from lessongen.writers.extractive.candidates import Candidate
from lessongen.writers.extractive.causes import cause_and_effect
from lessongen.writers.extractive.clauses import clause_of
from lessongen.writers.extractive.events import in_order
from lessongen.writers.extractive.naming import names
from lessongen.writers.extractive.outline import Plan, Told
from lessongen.writers.extractive.subject import subject_of, what_it_is

_MORE_FACTS, _FACTS, _CAUSES = 2, 3, 2
_IN_WORDS = ("no", "one", "two", "three")
_FEWEST_WORDS = 4
_ANOTHER_FACT = re.compile(
    r"; (?:and |but |while )?|, (?=(?:which|who|where|while|although|though|whereas|but)\b"
    r"|and (?:is|are|was|were|has|have|had|can|may|it|its|they|he|she)\b"
    r"|(?!during)[a-z]+ing (?:the|an?|its|their|his|her|it|them|[A-Z]\w+)\b)"
)
_BY_PRONOUN = re.compile(r"(?:He|She|It|They|His|Her|Its|Their)\b")


def candidates(plan: Plan, rng: random.Random) -> list[Candidate]:
    """All that can be asked, in a fixed order for a given seed."""
    if plan.is_closed:
        return []  # a skill is practised
    found = [candidate for passage in plan.passages for candidate in _explained(passage)]
    asked = {passage for each in found for passage in each.passages}
    found += in_order(plan, rng)
    has_headings = any(each.heading for each in plan.chapters)
    for told in plan.told if has_headings else [Told(title="", runs=tuple(plan.runs))]:
        causes = list(_causes(told, plan, asked))
        elsewhere = asked.union(*(each.passages for each in causes))
        found += [*causes, *_to_tell(told, plan, elsewhere)]
    return list({each.stem: each for each in found}.values())


def spare(plan: Plan) -> list[Candidate]:
    """What can be asked where the rest is too little: what the text says of what a sentence speaks of."""
    found: dict[frozenset[str], Candidate] = {}
    defined = {term.definition for term in plan.terms}
    for passage in plan.passages if not plan.is_closed else ():
        about = clause_of(passage.text) if passage.can_be_asked and passage not in defined else None
        if about is not None and not names(about.subject, plan.main.name):
            stem = f"What does the text say about {about.inside}? Answer in your own words."
            asked = Candidate(
                kind="short",
                aim="tell",
                bloom="understand",
                stem=stem,
                asked=about.subject,
                passages=(passage,),
                answer=passage.text,
            )
            found.setdefault(frozenset(stems(about.subject)), asked)
    return list(found.values())


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


def _under(told: Told, plan: Plan) -> str:
    return f" under “{told.title}”" if told.title and len(plan.told) > 1 else ""


def _causes(told: Told, plan: Plan, asked: Collection[Passage]) -> Iterator[Candidate]:
    """What leads to what: to be found in the text, and told with both sides."""
    found = [
        (passage, halves)
        for passage in told.passages
        if passage not in asked and passage.stands_alone and (halves := cause_and_effect(passage.text)) is not None
    ][:_CAUSES]
    if found:
        many = "two things in the text with their causes"
        what = many if len(found) > 1 else "the thing in the text that has a cause"
        yield Candidate(
            kind="open",
            aim="why",
            bloom="understand",
            stem=f"Find {what}{_under(told, plan)}, and say in your own words what the cause is and what follows: "
            "a point for each.",
            asked=f"causes of {plan.main.name}",
            passages=tuple(passage for passage, _ in found),
            answer=POINT.join(half for _, halves in found for half in halves),
        )


def _to_tell(told: Told, plan: Plan, elsewhere: Collection[Passage]) -> Iterator[Candidate]:
    """What it is, and facts that students choose; none that another question asks for."""
    term, what = plan.main.term, what_it_is(plan.main)
    first = term.definition if term and what and term.definition in told.passages else None
    first = None if first and first.points_back else first  # its key would begin in the middle
    rest = [each for each in told.passages if each not in elsewhere and each is not first]
    if not first:
        rest = list(dropwhile(_is_in_the_middle, rest))
    on_it = [each for each in rest if _is_on(each, plan) or (each is rest[0] and not first)]
    facts = [fact for each in on_it for fact in facts_of(each.text)]
    if len(facts) <= _MORE_FACTS:  # too few to choose from
        on_it, facts = rest, [fact for each in rest for fact in facts_of(each.text)]
    start, *more = facts_of(first.text) if first else [""]
    facts = [*more, *facts]
    chosen = min(_MORE_FACTS if first else _FACTS, len(facts))
    if chosen < (1 if first else _MORE_FACTS):
        return  # a definition alone would be handed back
    number, about = _IN_WORDS[chosen], f"{subject_of(plan.main)}{_under(told, plan)}"
    stem = f"Explain in your own words {what}, and add {number} more fact{'s' if chosen > 1 else ''}: a point for each."
    if not first:
        stem = f"Give {number} facts on {about}, each in a sentence of your own words: a point for each."
    answer = POINT.join([*([start] if first else []), *facts])
    number = _IN_WORDS[min(_FACTS, len(facts) + bool(first))]
    again = f"Write {number} questions on {about} that the text answers, with your own answers: a point for each."
    for rank, each in enumerate((stem, again)):
        yield Candidate(
            kind="open",
            aim="tell",
            bloom="understand",
            stem=each,
            asked=f"questions on {plan.main.name}" if rank else plan.main.name,
            passages=(*([first] if first else []), *on_it),
            answer=answer,
            rank=rank,
        )


def _is_in_the_middle(passage: Passage) -> bool:
    return not passage.stands_alone and (passage.sentence.index > 0 or passage.points_back)


def _is_on(passage: Passage, plan: Plan) -> bool:
    """Whether a sentence says something of the topic, and not of what another one spoke of."""
    return _BY_PRONOUN.match(passage.text) is not None or names(passage.text, plan.main.name.split()[-1])


def facts_of(text: str) -> list[str]:
    """What a sentence says, one thing at a time, in its own words; the whole of a list, or of what is too short."""
    parts = _ANOTHER_FACT.split(text)
    is_list = text.count(";") > 1 or any(word_count(part) < _FEWEST_WORDS for part in parts)
    return [text] if is_list else parts
