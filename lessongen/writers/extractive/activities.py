"""What students do: instructions by the phase of the lesson, several ways of each, chosen by the seed.

Instructions state no facts; what they name are the lesson's own terms.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from lessongen.lesson.model import Activity


def engage(subject: str, rng: random.Random) -> Activity:
    """Calls up what students know already."""
    return rng.choice(
        (
            Activity(
                steps=[
                    f"Write down three things that you know, or believe that you know, about {subject}.",
                    "Compare your list with a partner's.",
                    "Keep the list for the end of the lesson.",
                ],
                grouping="pairs",
                product="A list of three things to check at the end",
            ),
            Activity(
                steps=[
                    f"Collect words that come to mind when you hear of {subject}.",
                    "Sort the words into groups.",
                    "Give each group a name.",
                ],
                grouping="groups",
                product="Words in groups, each with a name",
            ),
            Activity(
                steps=[
                    f"Write two questions about {subject} that you would like to have answered.",
                    "Read them to the class.",
                    "Mark the ones that the lesson answers while you read it.",
                ],
                grouping="class",
                product="Two questions to look for answers to",
            ),
        )
    )


def practice(subject: str, terms: Sequence[str], rng: random.Random, *, is_said: bool = True) -> Activity:
    """Works with the terms of the lesson; `is_said` where the passages above it speak of the subject."""
    some = ", ".join(terms)
    ways = [
        Activity(
            steps=[
                f"Read the passages above and underline what they say about {subject}."
                if is_said
                else "Read the passages above and underline in each the words that say what it is about.",
                "Choose one sentence and explain it to a partner in your own words.",
                "Change roles.",
            ],
            grouping="pairs",
            product="One sentence explained in your own words",
        )
    ]
    if len(terms) >= 2:
        ways += [
            Activity(
                steps=[
                    f"Draw a map with {subject} in the middle and these terms around it: {some}.",
                    "Connect what belongs together and write on each line how.",
                    "Show where in the text each connection stands.",
                ],
                grouping="groups",
                product="A map of the terms with labelled connections",
            ),
            Activity(
                steps=[
                    f"Make a card for each of these terms: {some}.",
                    "Write on the back in your own words what the text says about it.",
                    "Test a partner with your cards.",
                ],
                grouping="pairs",
                product="A set of cards",
            ),
        ]
    return rng.choice(ways)


def close(subject: str, rng: random.Random) -> Activity:
    """Looks back on what was learnt."""
    return rng.choice(
        (
            Activity(
                steps=[
                    f"Write three sentences about {subject} without looking at the text.",
                    "Compare them with the text and correct what does not agree.",
                ],
                grouping="alone",
                product="Three corrected sentences",
            ),
            Activity(
                steps=[
                    f"Explain {subject} to a partner in one minute.",
                    "Name one thing that is still unclear to you.",
                ],
                grouping="pairs",
                product="One question that is still open",
            ),
            Activity(
                steps=[
                    "Look at what you wrote at the beginning of the lesson.",
                    "Correct it where the text says something else, and add two things that you have learnt.",
                ],
                grouping="alone",
                product="Your first notes, corrected and with two things added",
            ),
        )
    )
