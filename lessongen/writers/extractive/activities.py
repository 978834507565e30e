"""What students do with the text, by what kind of thing it is about; the seed chooses between two ways.

Instructions state no facts; what they name are the lesson's own terms and names.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

from lessongen.check.forms import FUNCTION_WORDS
from lessongen.lesson.model import Activity
from lessongen.text.nouns import singular
from lessongen.text.vocabulary import common_words, is_no_name, step_of
from lessongen.text.wordlists import word_lists
from lessongen.text.words import stem, stems
from lessongen.writers.extractive.outline import Plan
from lessongen.writers.extractive.subject import listed, subject_of

# "Vienna" inside a sentence, "the Black Sea", "the Republic of Buryatia"; "French" is a name of nothing by itself.
_NAME = re.compile(r"(?<=[a-z,] )[A-ZÀ-Þ][\w’'-]+(?: (?:of (?:the )?)?[A-ZÀ-Þ][\w’'-]+){0,4}")  # noqa: RUF001
_OF_A_PEOPLE = re.compile(r"^\w+(?:ish|ese|ian|can|nch|eek|utch|tern|man)$")
_FEWEST_NAMES, _MOST_NAMES = 3, 6
_FEWEST_WORDS, _MOST_WORDS, _HARD = 3, 6, 5  # from C1 on, the hardest

_WAYS = word_lists(__file__, "activities")


def practice(plan: Plan, rng: random.Random, was: Sequence[Activity] = ()) -> Activity:
    """An activity that only this kind of topic has, or on the text's own hard words; another than those there were."""
    names = _names(plan)
    about = subject_of(plan.main)
    ways = [
        way.format(about=about, names=listed(names)) for way in _WAYS.lines(plan.kind) if names or "{names}" not in way
    ]
    parted = [way.split(" || ") for way in ways]
    made = [Activity(steps=steps.split(" | "), grouping="pairs", product=product) for steps, product in parted]
    fresh = [each for each in made if each not in was]
    words = on_words(plan) if not fresh else None
    return rng.choice(fresh or [words or made[0]])


def of_a_sheet(plan: Plan) -> Activity | None:
    """What is done with a fact sheet: on its hard words; nothing where these are few."""
    return None if plan.is_closed else on_words(plan)


def on_words(plan: Plan) -> Activity | None:
    """The words of the text that a class may not know and the lesson does not explain, to be put into plain ones."""
    hard = _hard_words(plan)
    if len(hard) < _FEWEST_WORDS:
        return None
    return Activity(
        steps=[
            f"Find in the text: {listed(hard)}.",
            f"Look up what each means, and choose the meaning that fits a text on {subject_of(plan.main)}.",
        ],
        grouping="pairs",
        product=f"A list of {len(hard)} words with their meanings here",
    )


def _hard_words(plan: Plan) -> list[str]:
    explained = set(stems(" ".join([plan.main.name, *(term.name for term in plan.terms)])))
    found: dict[str, tuple[int, str]] = {}
    for word in common_words(" ".join(passage.text for passage in plan.passages)):
        root = stem(word.lower())
        step = min(map(step_of, (word, singular(word)))) if word not in FUNCTION_WORDS else 0
        if word.islower() and step >= _HARD and len(word) > 4 and root not in explained:
            found.setdefault(root, (step, word))
    hardest = sorted(found.values(), key=lambda each: -each[0])[:_MOST_WORDS]
    return [word for step, word in found.values() if (step, word) in hardest]


def _names(plan: Plan) -> list[str]:
    """Names that the text has inside its sentences; none where they are few."""
    found = [re.sub("['’]s$", "", name) for each in plan.passages for name in _NAME.findall(each.text)]  # noqa: RUF001
    own = plan.main.term.name if plan.main.term else plan.main.name
    names = [
        name
        for name in dict.fromkeys(found)
        if name not in own
        and not set(stems(name)) & set(stems(plan.main.name))
        and not (" " not in name and (is_no_name(name) or _OF_A_PEOPLE.match(name)))
        and not any(name != other and name in other for other in found)
    ]
    return names[:_MOST_NAMES] if len(names) >= _FEWEST_NAMES else []
