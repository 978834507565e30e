"""Questions on the year in which something was: the year is the gap, other years stand around it."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Sequence

from lessongen.writers.extractive.article import Article, Passage
from lessongen.writers.extractive.candidates import GAP, YEARS_OFFERED, Candidate
from lessongen.writers.extractive.gapping import about

# "in 1815", "March 1815": a year that dates something, no number.
_YEAR = re.compile(
    r"\b(?:[Ii]n|[Ss]ince|[Uu]ntil|[Ff]rom|January|February|March|April|May|June|July|August|September|October|November"
    r"|December|\d,) (?:(?:late|early) )?(?P<year>1\d{3}|20[0-2]\d)\b(?! [a-z]+s\b|[%–-])"  # noqa: RUF001
)
# "44 BC", "5th century": other years would be compared wrongly.
_OTHER_CALENDAR = re.compile(r"B\.?C|century|\bCE\b")
_YEARS_AWAY = (-31, -23, -17, -11, -6, 7, 12, 19, 26, 34)


def years(passage: Passage, main: Article, rng: random.Random) -> Iterable[Candidate]:
    """A choice for each year that the passage dates something by."""
    if not passage.speaks_of(main):
        return  # when some other city lost its rank is no matter of this lesson
    if main.category == "Mathematics" or _OTHER_CALENDAR.search(passage.text):
        return
    for found in _YEAR.finditer(passage.text):
        year = found["year"]
        if passage.text.count(year) > 1:
            continue
        whole = passage.article.document.text
        away = [int(year) + distance for distance in _YEARS_AWAY]
        wrong = [str(other) for other in away if other <= passage.article.document.retrieved.year]
        wrong = [other for other in wrong if other not in whole]
        masked = passage.text[: found.start("year")] + GAP + passage.text[found.end("year") :]
        if len(wrong) >= 2 * YEARS_OFFERED:
            offered = _thinned(wrong, year, rng)
            if max(offered) < year:
                continue  # the latest year of all would always be the right one
            yield Candidate(
                kind="choice",
                aim="date",
                bloom="remember",
                stem=f"Which year completes this sentence{about(passage)}? “{masked}”",
                asked=year,
                passages=(passage,),
                answer=year,
                options=tuple(offered),
            )


def _thinned(years: Sequence[str], year: str, rng: random.Random) -> list[str]:
    """Some of the years on either side, so that the distances tell nothing; enough for the right one at any place."""
    sides = [other for other in years if other < year], [other for other in years if other > year]
    return sorted(
        other for side in sides for other in rng.sample(side, max(min(YEARS_OFFERED, len(side)), len(side) - 1))
    )
