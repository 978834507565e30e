"""How varied, how balanced and how fast computed practice is.

python -m bench.computed [SEEDS]     the figures of each module, one table; exit code 1 where they fall short
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from collections import Counter
from dataclasses import dataclass, field

from bench.table import print_table
from lessongen.lesson.questions.choice import Choice
from lessongen.writers.computed import keys_of
from lessongen.writers.computed.registry import all_skills
from lessongen.writers.computed.skill import Skill

SEEDS = 200
QUESTIONS = 6
LONGEST_AT_MOST = 0.35
PLACES = 4
VERSIONS = 10


@dataclass(kw_only=True)
class Tally:
    """What a module gave over the seeds."""

    exercises: list[frozenset[str]] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    places: Counter[int] = field(default_factory=Counter)
    widest: int = 0
    choices: int = 0
    longest: int = 0
    milliseconds: list[float] = field(default_factory=list)

    @property
    def distinct(self) -> float:
        """The share of exercises that differ from all others, a match by what it lists."""
        return len(set(self.exercises)) / max(1, len(self.exercises))

    @property
    def share_longest(self) -> float:
        """Of the choices, how many have a right option that is longer than each other one."""
        return self.longest / max(1, self.choices)


def measure(skill: Skill, seeds: int) -> Tally:
    """The figures of one module at the general level, each practice drawn without knowledge of the others."""
    tally = Tally()
    for seed in range(seeds):
        started = time.perf_counter()
        practice = skill.practice(random.Random(seed), level="general", questions=QUESTIONS, used=())
        tally.milliseconds.append(1000 * (time.perf_counter() - started))
        places: Counter[int] = Counter({place: 0 for place in range(PLACES)})
        for question in practice.questions:
            tally.exercises.append(keys_of(question))
            tally.kinds[question.kind] += 1
            if isinstance(question, Choice):
                tally.choices += 1
                others = [option for option in question.options if option != question.answer]
                tally.longest += all(len(question.answer) > len(option) for option in others)
                if len(question.options) == PLACES:
                    places[question.options.index(question.answer)] += 1
        tally.widest = max(tally.widest, max(places.values()) - min(places.values()))
        tally.places += places
    return tally


def repeated_over_versions(skill: Skill) -> int:
    """How many exercises of ten versions, each told of those before it, stood in an earlier one."""
    used: set[str] = set()
    repeated = 0
    for seed in range(VERSIONS):
        practice = skill.practice(random.Random(seed), level="general", questions=QUESTIONS, used=used)
        keys = [keys_of(question) for question in practice.questions]
        repeated += sum(bool(each & used) for each in keys)
        used.update(*keys)
    return repeated


def main() -> int:
    """Measure all modules."""
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else SEEDS
    rows, falls_short = [], False
    for skill in all_skills():
        tally = measure(skill, seeds)
        repeated = repeated_over_versions(skill)
        total = max(1, sum(tally.places.values()))
        rows.append(
            (
                skill.name,
                f"{tally.distinct:.0%}",
                str(repeated),
                f"{tally.share_longest:.0%}",
                " ".join(f"{tally.places[place] / total:.0%}" for place in range(PLACES)),
                str(tally.widest),
                " ".join(
                    f"{kind} {count / sum(tally.kinds.values()):.0%}" for kind, count in tally.kinds.most_common()
                ),
                f"{statistics.median(tally.milliseconds):.1f}",
                f"{max(tally.milliseconds):.0f}",
            )
        )
        falls_short |= tally.share_longest > LONGEST_AT_MOST or tally.widest > 1 or repeated > 0
    print(
        f"{seeds} seeds, {QUESTIONS} questions each, level general; keys confirmed by a second computation in each run"
    )
    head = (
        "module",
        "distinct",
        f"again in {VERSIONS} versions",
        "longest",
        "places A-D",
        "widest",
        "kinds",
        "ms",
        "max",
    )
    print_table(head, rows)
    return 1 if falls_short else 0


if __name__ == "__main__":
    sys.exit(main())
