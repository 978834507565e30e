"""Sentences that explain, asked as one asks in class: "Why are the mills closed?", the other half the answer."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lessongen.lesson.model import Bloom
from lessongen.text.sentences import ends_like_a_sentence
from lessongen.text.words import stems, word_count
from lessongen.writers.extractive.article import Passage
from lessongen.writers.extractive.candidates import Aim
from lessongen.writers.extractive.clauses import clause_of

_HEDGES = r"(?:mainly |largely |partly |simply |primarily |mostly |chiefly |in part )?"
_SAID = r"^(?P<rest>[^,;:()]{3,90}?)"
_FEWEST_TOLD, _MOST_TOLD = 3, 24  # words
_TWO_THINGS = re.compile(r"\b(?:that|which|who|whose|where|and|or|but|as|if|when|how)\b")
_BEING = frozenset(("is", "are", "was", "were"))
_SECOND_VERB = re.compile(r"\b\w{3,}ed\b|\bby\b")
_MORE_THAN_ONE = re.compile(
    r"[;?!:“”\"]|, (?:but|although|though|while|whereas) |\b(?:this|these|those|former|latter|such)\b|\b(?:e\.g|i\.e)\."
)
# "by adding the salt", but not "by running water".
_BY_DOING = (
    r"by (?:means of|[a-z]+ing (?:the|an?|its|their|his|her|it|them|in|on|out|up|off|from|into|to|with|one|two|more"
    r"|[a-z]+ly)\b)"
)

# What stands between what a sentence says and its explanation, and the question word that asks for it.
_WAYS: tuple[tuple[Aim, Bloom, str, re.Pattern[str]], ...] = (
    (
        "why",
        "understand",
        "Why",
        re.compile(rf"{_SAID},? {_HEDGES}(?P<answer>(?:because|due to|owing to|so that|in order to) .+)$"),
    ),
    ("how", "understand", "How", re.compile(rf"{_SAID} (?P<answer>{_BY_DOING}.+)$")),
    ("why", "understand", "What", re.compile(r"^(?:\w+ly )?(?P<rest>used (?P<answer>(?P<ends>to|for) .+))$")),
    ("parts", "remember", "What", re.compile(r"^(?P<rest>(?:consist|made up|composed) of)(?P<answer> .+)$")),
    ("parts", "remember", "What", re.compile(r"^(?P<rest>divided into)(?P<answer> .+)$")),
)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A whole question and its answer, which stands in the sentence word for word."""

    aim: Aim
    bloom: Bloom
    stem: str
    subject: str
    answer: str


def asked_of(text: str) -> Asked | None:
    """What one can ask about a sentence that explains something; None for any other."""
    clause = None if _MORE_THAN_ONE.search(text) else clause_of(text)
    if clause is None:
        return None
    for aim, bloom, word, pattern in _WAYS:
        found = pattern.match(clause.rest)
        if found is None:
            continue
        answer, rest = found["answer"].strip(), found["rest"]
        if clause.asks == "did" and _SECOND_VERB.search(rest):
            continue  # "the raid carried out by them targeted …"
        if word == "Why" and clause.asks in _BEING and re.match(r"(?:an?|the|one) ", rest):
            continue  # "X is the energy due to …" says what it is, not why
        rest = "used for" if "ends" in found.groupdict() else rest
        is_clear = (
            _FEWEST_TOLD <= word_count(answer) <= _MOST_TOLD
            and not _TWO_THINGS.search(rest)
            and not ends_like_a_sentence(answer)
            and len(stems(answer)) >= _FEWEST_TOLD - 1
        )
        if is_clear:
            stem = f"{word} {clause.asks} {clause.inside} {rest}?"
            return Asked(aim=aim, bloom=bloom, stem=stem, subject=clause.subject, answer=answer)
    return None


def explains(passage: Passage) -> bool:
    """Whether something can be asked about a passage that needs the text."""
    return passage.can_be_asked and asked_of(passage.text) is not None
