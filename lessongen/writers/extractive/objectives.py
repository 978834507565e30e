"""What a student can do afterwards: one objective for each thing that the chosen questions ask."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum

from lessongen.lesson.model import Bloom, Objective
from lessongen.text.nouns import plural
from lessongen.text.words import stems
from lessongen.writers.extractive.article import Term
from lessongen.writers.extractive.candidates import Candidate
from lessongen.writers.extractive.gapping import is_noun_there
from lessongen.writers.extractive.plan import Plan

_MOST_NAMED = 4
_MOST_GOALS = 4


class Goal(StrEnum):
    """What a question may aim at, in the order in which a lesson states its objectives."""

    MAIN = "main"
    FACTS = "facts"
    TERMS = "terms"
    LINKS = "links"
    REASONS = "reasons"
    WORTH = "worth"


_BLOOM: Mapping[Goal, Bloom] = {
    Goal.MAIN: "understand",
    Goal.FACTS: "remember",
    Goal.TERMS: "understand",
    Goal.LINKS: "analyze",
    Goal.REASONS: "understand",
    Goal.WORTH: "evaluate",
}


class Goals:
    """The objectives that the chosen questions serve, numbered from o1 without a gap."""

    def __init__(self, chosen: Sequence[Candidate], plan: Plan) -> None:
        served = {_goal_of(candidate) for candidate in chosen}
        for spare in (Goal.REASONS, Goal.LINKS):
            if len(served) > _MOST_GOALS:
                served.discard(spare)  # its questions then serve another one
        self._ids = {goal: f"o{number}" for number, goal in enumerate((each for each in Goal if each in served), 1)}
        self.objectives = [
            Objective(id=name, bloom=_BLOOM[goal], text=_text(goal, chosen, plan)) for goal, name in self._ids.items()
        ]

    def id_of(self, candidate: Candidate) -> str:
        """The id of the objective that the question serves."""
        wanted = (_goal_of(candidate), Goal.FACTS, Goal.TERMS, Goal.MAIN)
        return next(self._ids[goal] for goal in wanted if goal in self._ids)

    def ids(self, *goals: Goal) -> list[str]:
        """The ids of those of these goals that the lesson has, in its order."""
        return [name for goal, name in self._ids.items() if goal in goals]


def _goal_of(candidate: Candidate) -> Goal:
    if candidate.aim == "connect":
        return Goal.LINKS
    if candidate.aim in ("recall", "date", "number"):
        return Goal.FACTS
    if candidate.aim == "reason":
        return Goal.REASONS
    if candidate.aim == "judge":
        return Goal.WORTH
    return Goal.MAIN if candidate.is_central else Goal.TERMS


def _text(goal: Goal, chosen: Sequence[Candidate], plan: Plan) -> str:
    asked = [candidate for candidate in chosen if _goal_of(candidate) is goal]
    if goal is Goal.MAIN:
        return f"{_explain(plan)}."
    if goal is Goal.FACTS:
        return _recall(asked, plan)
    if goal is Goal.TERMS:
        return _explain_terms(_terms_asked(asked, plan))
    if goal is Goal.REASONS:
        return f"Explain the reasons that the lesson gives for what it says about {subject_of(plan)}."
    if goal is Goal.WORTH:
        return f"Judge which facts about {subject_of(plan)} are the most important, and give reasons."
    return _relate(asked, plan)


def _recall(asked: Sequence[Candidate], plan: Plan) -> str:
    """Promises facts about the subject only where the questions ask for some."""
    if plan.chapters:
        return f"Recall what the lesson says about {subject_of(plan)}{_headings(plan)}."
    articles = dict.fromkeys(each.passages[0].article for each in asked if not each.is_about_main)
    others = [article.term.in_general for article in articles if article.term and article is not plan.main]
    about_main = [subject_of(plan)] if any(candidate.is_about_main for candidate in asked) or not others else []
    return f"Recall what the lesson says about {listed([*about_main, *others][:_MOST_NAMED])}."


def _headings(plan: Plan) -> str:
    """ ": “Habitat” and “Diet”": the sections of the article that the lesson shows."""
    shown = [f"“{chapter.heading}”" for chapter in plan.chapters if chapter.heading]
    return f": {listed(shown)}" if shown else ""


def _relate(asked: Sequence[Candidate], plan: Plan) -> str:
    """ "Relate cymbals to orchestras.", "Compare cymbals and gongs." """
    named = {candidate.asked for candidate in asked if candidate.kind != "open"}
    others = [term.in_general for term in plan.terms if term.running in named and term is not plan.main.term]
    compared = {passage for candidate in asked if candidate.kind == "open" for passage in candidate.passages}
    both = [_in_short(term, plan) for term in plan.terms if term.definition in compared]
    related = f"elate {subject_of(plan)} to {listed(others) if others else 'other ideas of the lesson'}"
    if not both:
        return f"R{related}."
    return f"Compare {listed(both)}{f', and r{related}' if others else ''}."


def subject_of(plan: Plan) -> str:
    """What the lesson is about, in running text: "verbs", "the heart", "Brazil"."""
    term = plan.main.term
    if term is not None:
        return _in_short(term, plan)
    name, text = plan.main.name, plan.main.document.text
    if plan.main.is_common_noun:
        return _in_general(name[0].lower() + name[1:], text)
    return f"the {name}" if f" the {name}" in text else name


def _in_short(term: Term, plan: Plan) -> str:
    """What a term is called: who the lesson is about as the article's title has it, without all given names."""
    title = plan.main.name
    is_within = set(title.split()) < set(term.name.split())
    return title if term is plan.main.term and term.is_person and is_within else term.in_general


def _in_general(noun: str, text: str) -> str:
    """A common noun that the text does not define, as the text speaks of it: "glaciers", "the tundra", "glass"."""
    before = [
        found.group(1).lower()
        for found in re.finditer(rf"\b(an?|the) {re.escape(noun)}\b", text, re.IGNORECASE)
        if is_noun_there(text[found.end() :]) or re.match(r" [a-z]+s\b", text[found.end() :])
    ]
    many = plural(noun)
    if {"a", "an"} & set(before) and stems(many) == stems(noun):
        return many
    is_bare = re.match(rf"{re.escape(noun)} [a-z]", text, re.IGNORECASE)
    return f"the {noun}" if before and not is_bare else noun


def what_it_is(plan: Plan) -> str | None:
    """ "what a verb is", "who Plato was"; None where one would not ask so: of a place, or without a definition."""
    term = plan.main.term
    if term is None or (term.category == "Geography" and not term.is_common_noun):
        return None
    return term.what_it_is.replace(term.in_general, _in_short(term, plan))


def _explain(plan: Plan) -> str:
    asked = what_it_is(plan)
    return f"Explain {asked}" if asked else f"Describe {subject_of(plan)}"


def _terms_asked(chosen: Sequence[Candidate], plan: Plan) -> list[Term]:
    """The terms whose definitions are asked about, but the article's own."""
    asked = {passage for each in chosen for passage in each.passages}
    return [term for term in plan.terms if term.definition in asked and term is not plan.main.term]


def _explain_terms(terms: Sequence[Term]) -> str:
    """ "Explain the term “sonata” and describe Franz Liszt." """
    words = [f"“{term.running}”" for term in terms[:_MOST_NAMED] if term.is_common_noun]
    named = [term.noun_phrase for term in terms[:_MOST_NAMED] if not term.is_common_noun]
    parts = [f"explain the {'terms' if len(words) > 1 else 'term'} {listed(words)}"] if words else []
    parts += [f"describe {listed(named)}"] if named else []
    text = " and ".join(parts)
    return f"{text[:1].upper()}{text[1:]}."


def listed(items: Sequence[str]) -> str:
    """ "verbs, nouns and adverbs"."""
    return " and ".join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else items)
