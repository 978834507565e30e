"""Question candidates on dated events: to be put in order, or matched with their years."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Sequence

from lessongen.text.words import fold, word_count
from lessongen.writers.extractive.article import Passage
from lessongen.writers.extractive.candidates import Candidate
from lessongen.writers.extractive.lifting import can_be_lifted

# A sentence with two years dates two things.
_ANY_NUMBER = re.compile(r"\b\d{3,4}\b")
# "In March 1842, the bridge …".
_DATE_FIRST = re.compile(r"^(?:In|On|By) (?:[A-Z][a-z]+ )?(?:\d{1,2},? )?(?:[A-Z][a-z]+,? )?(?P<year>\d{4}),? (?=\S)")
# "The bridge was opened in 1842."
_DATE_LAST = re.compile(r",? (?:in|on) (?:(?:early|late|mid) )?(?:[A-Z][a-z]+ )?(?:\d{1,2}, )?(?P<year>\d{4})\.$")
_MOST_WORDS_OF_EVENT = 26
_EVENTS = 4


def events(passages: Sequence[Passage], rng: random.Random) -> Iterable[Candidate]:
    """Events with their years taken off, to be put in order; and the years, to be matched with them."""
    dated: dict[str, tuple[Passage, str]] = {}
    for passage in passages:
        event = _event_of(passage)
        if event is not None and event[0] not in dated:
            dated[event[0]] = (passage, event[1])
    if len(dated) < 3:
        return
    years = sorted(rng.sample(sorted(dated), min(_EVENTS, len(dated))))
    cited = tuple(dated[year][0] for year in years)
    items = [dated[year][1] for year in years]
    if len({fold(item) for item in items}) < len(items) or len(set(cited)) < len(cited):
        return
    yield Candidate(
        kind="order",
        aim="date",
        bloom="understand",
        stem="Put these in order, the earliest first.",
        asked=years[0],
        passages=cited,
        pairs=tuple(zip(years, items, strict=True)),
    )
    yield Candidate(
        kind="match",
        aim="date",
        bloom="remember",
        stem="Match each year to what is said of it.",
        asked=years[0],
        passages=cited,
        pairs=tuple(zip(years, items, strict=True)),
    )


def _event_of(passage: Passage) -> tuple[str, str] | None:
    """The year of a sentence that dates one event, and the event as the sentence has it without the year."""
    text = passage.text
    if len(_ANY_NUMBER.findall(text)) != 1 or "BC" in text or not can_be_lifted(text):
        return None
    first, last = _DATE_FIRST.match(text), _DATE_LAST.search(text)
    if first is not None:
        year, event = first["year"], text[first.end() :].removesuffix(".")
    elif last is not None:
        year, event = last["year"], text[: last.start()]
    else:
        return None
    is_short = 5 <= word_count(event) <= _MOST_WORDS_OF_EVENT
    is_clear = not re.match(r"(?:he|she|it|they|this|these|his|her|its|their|the same)\b", event, re.IGNORECASE)
    return (year, event) if is_short and is_clear else None
