"""What students do with the text, by what kind of thing it is about; the seed chooses between two ways.

Instructions state no facts; what they name are the lesson's own terms and names.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

from lessongen.lesson.model import Activity
from lessongen.writers.extractive.kinds import Kind
from lessongen.writers.extractive.outline import Plan
from lessongen.writers.extractive.subject import listed, subject_of

# "Vienna" inside a sentence, "the Black Sea".
_NAME = re.compile(r"(?<=[a-z,] )[A-ZÀ-Þ][\w’'-]+(?: [A-ZÀ-Þ][\w’'-]+){0,2}")  # noqa: RUF001
_FEWEST_NAMES, _MOST_NAMES = 3, 6

Ways = Sequence[tuple[Sequence[str], str]]  # steps, and what one has in hand at the end

_WAYS: dict[Kind, Ways] = {
    "process": (
        (
            (
                "Write each step that the text tells of on a slip of paper.",
                "Put the slips in the order in which one thing leads to the next.",
                "Draw an arrow from each to the next, and write on it what makes it happen.",
            ),
            "The steps in order, each arrow with its cause",
        ),
        (
            (
                "Draw what happens as pictures in a row, one for each step that the text tells of.",
                "Write below each picture what goes in and what comes out.",
                "Take one picture away and ask a partner what is missing.",
            ),
            "A row of pictures, one for each step",
        ),
    ),
    "event": (
        (
            (
                "Draw a line of time and mark on it each date that the text gives, with what happened.",
                "Write on the left what the text gives as causes, on the right what followed.",
                "Draw an arrow from each cause to what it led to.",
            ),
            "A timeline with causes and consequences",
        ),
        (
            (
                "Sort what the text tells into three columns: before, during and after {about}.",
                "Mark in the first column what made it happen, in the last one what would not be without it.",
                "Choose the cause that you think matters most, and give a reason out of the text.",
            ),
            "Three columns, with one cause chosen and a reason for it",
        ),
    ),
    "person": (
        (
            (
                "Draw a path with a stop for each station of the life that the text tells of.",
                "Write at each stop when it was and what happened there.",
                "Mark the stop that changed most, and say to a partner why.",
            ),
            "The stations of a life, one of them marked",
        ),
        (
            (
                "Write three questions that you would ask {about}.",
                "Let a partner answer them as {about}, with what the text says and nothing else.",
                "Mark each answer that the text does not bear.",
            ),
            "Three questions with answers out of the text",
        ),
    ),
    "place": (
        (
            (
                "Find {about} on a map.",
                "Find on the map, too: {names}.",
                "Write beside each what the text says of it.",
            ),
            "A map with the places of the text and what is said of them",
        ),
        (
            (
                "Draw a map of {about} from the text alone.",
                "Compare it with a printed map and correct it.",
                "Write into your map what the text tells of land, water and people.",
            ),
            "A map of your own, corrected",
        ),
    ),
    "work": (
        (
            (
                "Choose a passage of {about} of about ten lines, or look closely at one part of it.",
                "Mark in it what agrees with what the text says of the whole.",
                "Read or show it to a partner, and explain what you marked.",
            ),
            "A passage with marks, each with its reason",
        ),
        (
            (
                "Write in five sentences what {about} is about and how it is made, with what the text says.",
                "Look at the beginning of {about} itself.",
                "Write one sentence on what you would not have expected after reading the text.",
            ),
            "Five sentences, and one on the work itself",
        ),
    ),
    "skill": (
        (
            (
                "Write down as steps how it is done, as far as the text tells.",
                "Try the first steps, or show them with your hands.",
                "Write down what the text leaves out and one has to be shown.",
            ),
            "Steps to follow, and what is missing in them",
        ),
        (
            (
                "Explain to a partner who has never done it how to begin, with the words of the text.",
                "Let your partner show with their hands what you said.",
                "Correct your words where your partner went wrong.",
            ),
            "An instruction that somebody has tried out",
        ),
    ),
    "thing": (
        (
            (
                "Make a table with two columns: a part or property that the text names, and what comes of it.",
                "Fill at least four rows, as far as the text goes.",
                "Cover one column and let a partner say what stood there.",
            ),
            "A table of parts and properties with what they are good for",
        ),
        (
            (
                "Write five clues to {about} out of the text, none of which names it.",
                "Put them in order, from the one that fits many things to the one that fits this alone.",
                "Read them to a partner, and mark the clue that gave it away.",
            ),
            "Five clues, the telling one marked",
        ),
    ),
    "idea": (
        (
            (
                "Find an example of your own for {about}, and something that looks like it and is none.",
                "Check both against what the text says, sentence by sentence.",
                "Let a partner decide which is which, and give the reason.",
            ),
            "An example and a counterexample, with reasons",
        ),
        (
            (
                "Choose the sentence of the text that is hardest to understand.",
                "Write a case from everyday life in which it holds.",
                "Ask a partner whether your case fits every word of the sentence.",
            ),
            "A sentence of the text with a case of your own",
        ),
    ),
}


def practice(plan: Plan, rng: random.Random, was: Sequence[Activity] = ()) -> Activity:
    """An activity that only this kind of topic has, another than those that there were."""
    names = _names(plan)
    about = subject_of(plan.main)
    ways = [way for way in _WAYS[plan.kind] if names or not any("{names}" in step for step in way[0])]
    made = [
        Activity(
            steps=[step.format(about=about, names=listed(names)) for step in steps], grouping="pairs", product=product
        )
        for steps, product in ways
    ]
    return rng.choice([each for each in made if each not in was] or made)


def _names(plan: Plan) -> list[str]:
    """Names that the text has inside its sentences; none where they are few."""
    found = (name for passage in plan.passages for name in _NAME.findall(passage.text))
    names = [name for name in dict.fromkeys(found) if name not in plan.main.name and plan.main.name not in name]
    return names[:_MOST_NAMES] if len(names) >= _FEWEST_NAMES else []


def find_out_more(plan: Plan) -> Activity:
    """Where a fact sheet leads to."""
    about = subject_of(plan.main)
    return Activity(
        steps=[
            f"Write down two questions about {about} that the text does not answer.",
            "Look for the answers in a book, an encyclopedia or on the web.",
            "Write down beside each answer where you found it.",
        ],
        grouping="alone",
        product="Two questions with answers, and where they come from",
    )
