"""Question candidates: everything that can be asked about the passages that a lesson shows.

`choose.py` picks among them. Each asks about a term, name or number (`asked`) of one or more passages.
"""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Iterable, Sequence

from lessongen.writers.extractive.article import Article, Passage, Term
from lessongen.writers.extractive.articles import Articles
from lessongen.writers.extractive.candidates import Candidate
from lessongen.writers.extractive.definitions import Definitions
from lessongen.writers.extractive.distractors import Distractors
from lessongen.writers.extractive.mentions import Mentions
from lessongen.writers.extractive.relations import connections
from lessongen.writers.extractive.years import years


class Questions:
    """Makes the candidates of one lesson from the passages it shows and the terms it explains."""

    def __init__(self, main: Article, articles: Articles, rng: random.Random) -> None:
        self._main, self._shelf, self._rng = main, articles, rng

    def candidates(self, passages: Sequence[Passage], terms: Sequence[Term]) -> list[Candidate]:
        """All that can be asked, in a fixed order for a given seed."""
        distractors = Distractors(self._shelf, terms, self._rng)
        definitions, mentions = Definitions(self._main, self._shelf, self._rng), Mentions(self._main, self._shelf)
        found = list(definitions.candidates(terms, distractors))
        for passage in passages:
            if passage.can_be_asked:
                found += mentions.candidates(passage, terms, distractors)
                found += years(passage, self._main, self._rng)
        found += connections(self._main, passages, terms)
        found += definitions.matches(terms)
        return self.ranked(found)

    def ranked(self, found: Iterable[Candidate]) -> list[Candidate]:
        """The candidates with how near they are to what the lesson is about."""
        return [self._with_rank(candidate) for candidate in found]

    def _with_rank(self, candidate: Candidate) -> Candidate:
        """Central is what asks for the meaning of the very thing that the lesson is about."""
        main = self._main.term
        is_central = main is not None and candidate.aim == "define" and candidate.passages == (main.definition,)
        is_about_main = all(passage.speaks_of(self._main) for passage in candidate.passages)
        return dataclasses.replace(candidate, is_central=is_central, is_about_main=is_about_main)
