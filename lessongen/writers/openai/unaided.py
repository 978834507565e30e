"""Questions above recall that the sentences bear by themselves: the reason that one gives, what a term means.

A small model fills in few of them. Their keys are whole sentences of the sources, so no model has to answer them first.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator, Sequence

from lessongen.writers.extractive.articles import Articles
from lessongen.writers.extractive.candidates import Candidate
from lessongen.writers.extractive.definitions import Definitions
from lessongen.writers.extractive.facts import Facts
from lessongen.writers.openai.asked import PlannedQuestion
from lessongen.writers.openai.outline import Word
from lessongen.writers.openai.passages import Numbered


def above_recall(
    numbered: Numbered, taught: Collection[int], words: Sequence[Word], rng: random.Random
) -> list[PlannedQuestion]:
    """Those on sentences that are taught and on terms that are key, in the seed's order."""
    facts, definitions = Facts(numbered.article, rng), Definitions(numbered.article, Articles(None), rng)
    candidates = list(facts.reasons([numbered[number] for number in sorted(taught)]))
    for word in words:
        if word.term is not None and numbered[word.number] is word.term.definition:
            candidates += definitions.explanation(word.term)
    rng.shuffle(candidates)
    return list(_asked(candidates, numbered))


def _asked(candidates: Sequence[Candidate], numbered: Numbered) -> Iterator[PlannedQuestion]:
    for each in candidates:
        number = numbered.number_of[each.passages[0].sha256]
        yield PlannedQuestion(kind="short", number=number, stem=each.stem, term=each.asked, answer=each.answer)
