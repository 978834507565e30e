"""English plurals: regular endings, f and ves, o and oes, irregular, unchanged and Latin ones."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from functools import cache

from lessongen.system.levels import cefr_of
from lessongen.text.nouns import NounClass, indefinite, noun_classes
from lessongen.writers.computed.described import described
from lessongen.writers.computed.exercise import Task
from lessongen.writers.computed.spelling import changed_part, with_s

_REGULAR = frozenset({"s", "es", "ies", "fs", "os"})


@cache
def _table() -> Mapping[str, tuple[str, NounClass]]:
    """Each noun with its plural and its class."""
    return {noun: (plural, each) for each in noun_classes() for noun, plural in each.plurals.items()}


def _by_rule(noun: str) -> str:
    """The plural that the rule of the noun's class makes, without the table's own."""
    of = next(each for each in noun_classes() if noun in each.plurals)
    if of.name == "ee":
        return noun.replace(of.take, of.put)
    return noun[: len(noun) - len(of.take)] + of.put if noun.endswith(of.take) else ""


def _known(grade: int, *, irregular: bool | None = None) -> list[str]:
    step = max(2, cefr_of(grade))
    return [
        noun
        for noun, (_, of) in _table().items()
        if of.cefr <= step and (irregular is None or (of.name in _REGULAR) is not irregular)
    ]


def _plural(rng: random.Random, grade: int, *, irregular: bool) -> Task | None:
    noun = rng.choice(_known(grade, irregular=irregular))
    plural, of = _table()[noun]
    slips = [f"{noun}s", f"{noun}es", with_s(noun), f"{noun[:-1]}ies" if noun.endswith("y") else "", f"{plural}s"]
    if noun.endswith("f"):
        slips.insert(0, f"{noun[:-1]}ves")
    wrong = [each for each in dict.fromkeys(slips) if each and each != plural]
    rng.shuffle(wrong)
    sentence = rng.choice(
        ("There is one {}; there are many", "I saw {a}; later I saw some", "Here is one {}; there are two")
    )
    lead = sentence.format(noun, a=indefinite(noun))
    return Task(
        term=f"plural of {noun}",
        ask=rng.choice((f"What is the plural of “{noun}”?", f"Write the plural of “{noun}”.")),
        answer=plural,
        wrong=tuple(wrong),
        why=(of.rule, f"The plural of “{noun}” is “{plural}”."),
        holds=lambda text: text == _by_rule(noun),
        label=noun,
        says=f"{lead} {{}}.",
        kinds=("short", "cloze", "match"),
        match_stem="Match each noun to its plural.",
    )


def _regular(rng: random.Random, grade: int) -> Task | None:
    return _plural(rng, grade, irregular=False)


def _irregular(rng: random.Random, grade: int) -> Task | None:
    return _plural(rng, grade, irregular=True)


def _like(rng: random.Random, grade: int, *, irregular: bool) -> Task | None:
    """Which noun forms its plural like another; wrong are nouns that look alike."""
    nouns = _known(grade, irregular=irregular)
    noun = rng.choice(nouns)
    plural, of = _table()[noun]
    same = [each for each in nouns if _table()[each][1] is of and each != noun and each[-3:] != noun[-3:]]
    others = [each for each in _known(grade) if _ending(each, _table()[each][0]) != _ending(noun, plural)]
    if not same:
        return None
    answer = rng.choice(same)
    rng.shuffle(others)
    others.sort(key=lambda each: each[-1] != answer[-1])
    if len(others) < 4:
        return None
    ending = _ending(noun, plural)

    def holds(text: str) -> bool:
        return _ending(text, _by_rule(text)) == ending

    return Task(
        term=f"plural like {noun}: {answer}",
        ask=f"Which noun forms its plural in the same way as “{noun}, {plural}”?",
        answer=answer,
        wrong=tuple(others[:8]),
        why=(of.rule, f"The plural of “{answer}” is “{_table()[answer][0]}”."),
        holds=holds,
        kinds=("choice",),
        bloom="analyze",
    )


def _ending(noun: str, plural: str) -> tuple[str, str]:
    """What is replaced by what: ("y", "ies"), ("oo", "ee"). "Knife" counts as "wolf" does."""
    taken, put = changed_part((noun, plural))
    return ("f" if (taken, put) == ("fe", "ves") else taken, put)


def _like_regular(rng: random.Random, grade: int) -> Task | None:
    return _like(rng, grade, irregular=False)


def _like_irregular(rng: random.Random, grade: int) -> Task | None:
    return _like(rng, grade, irregular=True)


def nouns() -> Sequence[str]:
    """All nouns of the tables."""
    return list(_table())


SKILL = described("plurals", _regular, _like_regular, _irregular, _like_irregular)
