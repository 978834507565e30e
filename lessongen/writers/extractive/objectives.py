"""What a student can do afterwards: one objective for each thing that the chosen questions ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lessongen.lesson.model import Bloom, Objective
from lessongen.writers.extractive.candidates import Aim, Candidate
from lessongen.writers.extractive.outline import Plan
from lessongen.writers.extractive.subject import listed, subject_of, what_it_is

_WHY, _ORDER, _FACTS, _TELL = "why", "order", "facts", "tell"
_GOAL_OF: Mapping[Aim, str] = {
    "order": _ORDER,
    "parts": _FACTS,
    "tell": _TELL,
}
_BLOOM: Mapping[str, Bloom] = {_TELL: "understand", _WHY: "understand", _ORDER: "analyze", _FACTS: "remember"}
_MOST_NAMED = 3


class Goals:
    """The objectives that the chosen questions serve, numbered from o1 without a gap."""

    def __init__(self, chosen: Sequence[Candidate], plan: Plan) -> None:
        served = [goal for goal in _BLOOM if any(_goal_of(each) == goal for each in chosen)]
        self._ids = {goal: f"o{number}" for number, goal in enumerate(served, 1)}
        self.objectives = [
            Objective(id=name, bloom=_BLOOM[goal], text=_text(goal, chosen, plan)) for goal, name in self._ids.items()
        ]

    def id_of(self, candidate: Candidate) -> str:
        """The id of the objective that the question serves."""
        return self._ids[_goal_of(candidate)]

    @property
    def ids(self) -> list[str]:
        """All ids, in the lesson's order."""
        return list(self._ids.values())


def _goal_of(candidate: Candidate) -> str:
    return _GOAL_OF.get(candidate.aim, _WHY)


def _text(goal: str, chosen: Sequence[Candidate], plan: Plan) -> str:
    about = subject_of(plan.main)
    if goal == _TELL:
        asked = what_it_is(plan.main)
        return f"Explain {asked} in one's own words." if asked else f"Describe {about} in one's own words."
    if goal == _WHY:
        return f"Say why and how, with what the text tells of {about}{_headings(plan)}."
    if goal == _ORDER:
        return f"Order what the text tells of {about}."
    return f"Recall details that the text gives on {about}."


def _headings(plan: Plan) -> str:
    """ ": “Habitat” and “Diet”": the sections of the article that the lesson shows."""
    shown = [f"“{chapter.heading}”" for chapter in plan.chapters if chapter.heading][:_MOST_NAMED]
    return f" ({listed(shown)})" if shown else ""
