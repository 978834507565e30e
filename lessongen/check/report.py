"""What an examination finds: problems by rule and place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from lessongen.lesson.draft import Problem
from lessongen.lesson.place import Place

Findings: TypeAlias = Iterator[tuple[Place, str]]
"""What a rule finds: pairs of a place and a message in plain words."""


@dataclass(frozen=True, kw_only=True)
class Report:
    """All problems found, in the order of the rules, and by how many rules was examined."""

    problems: tuple[Problem, ...]
    rules: int

    @property
    def passed(self) -> bool:
        """Whether the lesson may be saved."""
        return not self.problems

    def as_json(self) -> dict[str, Any]:
        """The documented shape `{"passed", "rules", "problems": [{"rule", "where", "message"}]}`."""
        return {
            "passed": self.passed,
            "rules": self.rules,
            "problems": [problem.as_json() for problem in self.problems],
        }
