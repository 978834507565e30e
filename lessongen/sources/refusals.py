"""How sources say that a topic names several articles, and which titles are near it."""

from __future__ import annotations

from collections.abc import Sequence

from lessongen.system.errors import Ambiguous

_MOST_CHOICES = 8
OTHER_WAYS = "Name an article with --article TITLE, or put the topic in other words."


def ambiguous(topic: str, site: str, titles: Sequence[str], *, other: str = "", near: Sequence[str] = ()) -> Ambiguous:
    """The error that lists what may be chosen; where that is one alone, it was not sure enough.

    `other` is a thing that the topic may mean and that has no article there; `near` are further titles to choose from.
    """
    shown = list(dict.fromkeys((*titles, *near)))[:_MOST_CHOICES]
    hint = f'Choose one, such as --article "{shown[0]}".' if shown else "Name one with --article TITLE."
    if len(shown) > 1:
        hint += f" Others: {'; '.join(shown[1:])}."
    if len(titles) == 1:
        told = f": {other}" if other else ""
        return Ambiguous(f"“{topic}” may be something else than “{titles[0]}” of {site}{told}.", hint=hint)
    return Ambiguous(f"“{topic}” names several articles of {site}.", hint=hint)


def nearest_titles(titles: Sequence[str], most: int) -> str:
    """The hint where there is no article: the titles nearest to the topic, if any is near, and what else to do."""
    return f"Nearest titles: {', '.join(titles[:most])}. {OTHER_WAYS}" if titles else OTHER_WAYS
