"""What students do with the text, by what kind of thing it is about; the seed chooses between two ways.

Instructions state no facts; what they name are the lesson's own terms and names.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence

from lessongen.check.forms import FUNCTION_WORDS
from lessongen.lesson.model import Activity
from lessongen.text.nouns import singular
from lessongen.text.vocabulary import common_words, step_of
from lessongen.text.wordlists import word_lists
from lessongen.text.words import stem, stems
from lessongen.writers.extractive.kinds import Kind
from lessongen.writers.extractive.outline import Plan
from lessongen.writers.extractive.subject import subject_of

_MOST_WORDS, _HARD = 8, 5  # from C1 on, the hardest
_LATIN = re.compile(r"(?<=[a-z,(] )[A-Z][a-z]+ ([a-z]+)\b")  # "Yersinia pestis": of a name
_OF_ONE = re.compile(r"['’]s\b")  # noqa: RUF001 - "viola's"
_FEWEST_SENTENCES = 3
# Of these kinds that a noun tells, the encyclopedia's own subject has to agree where it has one.
_SUBJECTS: Mapping[Kind, str] = {"person": "People", "place": "Geography", "event": "History", "work": "Arts"}

_WAYS = word_lists(__file__, "activities")


def practice(plan: Plan, rng: random.Random, was: Sequence[Activity] = ()) -> Activity:
    """An activity that only this kind of topic has; another than those there were."""
    made = [_activity(way, plan) for way in _WAYS.lines(plan.kind)]
    return rng.choice([each for each in made if each not in was] or made[:1])


def of_a_sheet(plan: Plan) -> Activity | None:
    """What is done with a fact sheet, by what it is about; nothing where its text is too short for it."""
    is_sure = plan.kind in _SUBJECTS and plan.main.category in ("", _SUBJECTS[plan.kind])
    if plan.is_closed or (not is_sure and len(plan.passages) < _FEWEST_SENTENCES):
        return None
    (way,) = _WAYS.lines(f"sheet_{plan.kind if is_sure else 'thing'}")
    return _activity(way, plan)


def _activity(way: str, plan: Plan) -> Activity:
    steps, product = way.format(about=subject_of(plan.main)).split(" || ")
    return Activity(steps=steps.split(" | "), grouping="pairs", product=product)


def hard_words(plan: Plan) -> list[str]:
    """The hardest words that the text has and the lesson does not explain, in its order."""
    text = " ".join(passage.text for passage in plan.passages)
    explained = set(stems(" ".join([plan.main.name, *(term.name for term in plan.terms), *_LATIN.findall(text)])))
    found: dict[str, tuple[int, str]] = {}
    for word in common_words(_OF_ONE.sub("", text)):
        root = stem(word.lower())
        step = min(map(step_of, (word, singular(word)))) if word not in FUNCTION_WORDS else 0
        if word.islower() and step >= _HARD and len(word) > 4 and root not in explained:
            found.setdefault(root, (step, word))
    hardest = sorted(found.values(), key=lambda each: -each[0])[:_MOST_WORDS]
    return [word for step, word in found.values() if (step, word) in hardest]
