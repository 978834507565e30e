"""Which computed modules serve a topic."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache

from lessongen.writers.computed.skill import Module, Skill


@lru_cache(maxsize=256)
def modules_for(subject: str, topic: str) -> Sequence[Module]:
    """The modules that serve the topic, the best first, each narrowed to what it asks for; none for most topics.

    Each word of the topic has to be known to one of them: "fractions and percentages" is served by two, "history of
    algebra" and "verbs in Latin" by none.
    """
    named = [skill for skill in all_skills() if skill.scope.names(subject, topic)]
    serving = [skill for skill in named if not skill.scope.rest(topic)] or named
    # "Present simple tense" names the simple present, and not the present tense beside it.
    covered = [skill.scope.covered(subject, topic) for skill in serving]
    serving = [
        skill for skill, words in zip(serving, covered, strict=True) if not any(words < more for more in covered)
    ]
    families = {skill.scope.family for skill in serving}
    if not named or len(families) > 1 or frozenset.intersection(*(skill.scope.rest(topic) for skill in serving)):
        return ()
    ranked = sorted(serving, key=lambda skill: -skill.fits(subject, topic))
    return tuple(skill.narrowed(topic) for skill in ranked)


@cache
def all_skills() -> Sequence[Skill]:
    """Every skill that there is."""
    from lessongen.writers.computed.angles import SKILL as ANGLES
    from lessongen.writers.computed.apostrophes import SKILL as APOSTROPHES
    from lessongen.writers.computed.arithmetic import SKILL as ARITHMETIC
    from lessongen.writers.computed.binary import SKILL as BINARY
    from lessongen.writers.computed.circuits import SKILL as OHMS_LAW
    from lessongen.writers.computed.clock import SKILL as TELLING_TIME
    from lessongen.writers.computed.comparison import SKILL as COMPARISON
    from lessongen.writers.computed.counting import SKILL as COUNTING_SQUARES
    from lessongen.writers.computed.equations import SKILL as EQUATIONS
    from lessongen.writers.computed.fractions import SKILL as FRACTIONS
    from lessongen.writers.computed.motion import SKILL as MEAN_SPEED
    from lessongen.writers.computed.percentages import SKILL as PERCENTAGES
    from lessongen.writers.computed.plurals import SKILL as PLURALS
    from lessongen.writers.computed.powers import SKILL as POWERS
    from lessongen.writers.computed.present import SKILL as SIMPLE_PRESENT
    from lessongen.writers.computed.primes import SKILL as PRIMES
    from lessongen.writers.computed.probability import SKILL as PROBABILITY
    from lessongen.writers.computed.pythagoras import SKILL as PYTHAGORAS
    from lessongen.writers.computed.quadratics import SKILL as QUADRATICS
    from lessongen.writers.computed.questions import SKILL as QUESTIONS
    from lessongen.writers.computed.ratios import SKILL as RATIOS
    from lessongen.writers.computed.reactions import SKILL as BALANCING
    from lessongen.writers.computed.rounding import SKILL as ROUNDING
    from lessongen.writers.computed.samples import SKILL as SAMPLES
    from lessongen.writers.computed.shapes import SKILL as SHAPES
    from lessongen.writers.computed.units import SKILL as UNITS
    from lessongen.writers.computed.verbs import IRREGULAR, TENSES

    return (
        ARITHMETIC,
        FRACTIONS,
        PERCENTAGES,
        EQUATIONS,
        QUADRATICS,
        POWERS,
        PRIMES,
        SHAPES,
        UNITS,
        SAMPLES,
        RATIOS,
        TENSES,
        IRREGULAR,
        PLURALS,
        COMPARISON,
        PYTHAGORAS,
        BINARY,
        MEAN_SPEED,
        ROUNDING,
        ANGLES,
        PROBABILITY,
        OHMS_LAW,
        BALANCING,
        TELLING_TIME,
        COUNTING_SQUARES,
        APOSTROPHES,
        SIMPLE_PRESENT,
        QUESTIONS,
    )
