"""The exam: labelled pairs of a sentence and its quotes that come with the package, and how answers are marked.

An exam file is JSON Lines: what it is and how it was made on the first line, a pair on each other. An exam is known by
its language and the hash of its pairs, so that a result counts for no other.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from random import Random
from typing import Any

from lessongen.lesson.judgement import Claim, KindCount, Passage, Verdict

HONEST = "honest"
LANGUAGES = ("en",)
SHORT_PAIRS = 80
OPENING_PAIRS = 10
OPENING_RIGHT = 6  # one that is right in 92.5 %, as the bar asks at least, has fewer in 1 of 2,000 openings


@dataclass(frozen=True, kw_only=True)
class Pair:
    """A sentence with its quotes, of a kind, that is honest or is not."""

    id: str
    kind: str
    is_honest: bool
    claim: Claim
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class Exam:
    """Pairs of one language. `name` is "en-" and the beginning of the pairs' SHA-256."""

    name: str
    language: str
    about: Mapping[str, Any] = field(repr=False)
    pairs: tuple[Pair, ...] = field(repr=False)

    @cached_property
    def sealed(self) -> frozenset[str]:
        """The hashes of what is judged in its pairs."""
        return frozenset(pair.claim.sha256 for pair in self.pairs)

    def short(self, seed: str | None = None, *, count: int = SHORT_PAIRS) -> tuple[Pair, ...]:
        """About so many pairs, half of them honest, drawn evenly by kind.

        The draw is always the same for an exam; with another `seed` it is another one.
        """
        return _drawn(self.pairs, count, f"short {seed or self.name}")

    def opening(self) -> tuple[Pair, ...]:
        """The few pairs of the short exam, half of them honest, that are put to a judge before the others."""
        return _drawn(self.short(), OPENING_PAIRS, f"opening {self.name}")

    def after_opening(self) -> tuple[Pair, ...]:
        """The other pairs of the short exam."""
        opening = self.opening()
        return tuple(pair for pair in self.short() if pair not in opening)

    def mark(self, pairs: Sequence[Pair], verdicts: Sequence[Verdict]) -> tuple[KindCount, ...]:
        """How often the verdicts are right, by kind: unfaithful kinds first, each by name."""
        right: dict[tuple[bool, str], list[bool]] = {}
        for pair, verdict in zip(pairs, verdicts, strict=True):
            is_right = is_right_on(pair, verdict)
            right.setdefault((pair.is_honest, pair.kind), []).append(is_right)
        return tuple(
            KindCount(kind=kind, is_honest=is_honest, right=sum(found), pairs=len(found))
            for (is_honest, kind), found in sorted(right.items())
        )


def is_right_on(pair: Pair, verdict: Verdict) -> bool:
    """Whether the verdict lets an honest sentence stand or refuses another. To give none is never right."""
    if verdict.ruling == "no verdict" or not verdict.is_of(pair.claim):
        return False
    return verdict.stands == pair.is_honest


@cache
def load_exam(language: str = "en") -> Exam:
    """The exam that the package has for a language. Raises `KeyError` where it has none."""
    about, *pairs = _lines(language)
    return Exam(
        name=_name(language, pairs),
        language=language,
        about=json.loads(about),
        pairs=tuple(pair_of(json.loads(line)) for line in pairs),
    )


def exam_name(language: str = "en") -> str:
    """The name of that exam, for those who need none of its pairs. Raises `KeyError` where the package has none."""
    return _name(language, _lines(language)[1:])


def _lines(language: str) -> list[str]:
    if language not in LANGUAGES:
        raise KeyError(language)
    return Path(__file__).with_name(f"exam_{language}.jsonl").read_text(encoding="utf-8").splitlines()


def _name(language: str, pairs: Sequence[str]) -> str:
    return f"{language}-{hashlib.sha256(chr(10).join(pairs).encode()).hexdigest()[:12]}"


def pair_of(written: Mapping[str, Any]) -> Pair:
    """A pair as files have it: id, title, quotes, sentence, label, kind."""
    quotes = tuple(Passage(id=f"q{number}", text=text) for number, text in enumerate(written["quotes"], 1))
    return Pair(
        id=str(written["id"]),
        kind=written["kind"],
        is_honest=written["label"] == HONEST,
        claim=Claim(sentence=written["sentence"], quotes=quotes, title=written["title"]),
        why=written.get("why", ""),
    )


def _drawn(pairs: Sequence[Pair], count: int, seed: str) -> tuple[Pair, ...]:
    """So many pairs, half of them honest, drawn evenly by kind and always the same by a seed."""
    random = Random(seed)  # noqa: S311 - no secret
    honest, unfaithful = ([each for each in pairs if each.is_honest is wanted] for wanted in (True, False))
    half = count // 2
    drawn = [*_evenly(honest, half, random), *_evenly(unfaithful, half, random)]
    return tuple(sorted(drawn, key=lambda pair: pair.id))


def _evenly(pairs: Iterable[Pair], count: int, random: Random) -> list[Pair]:
    """So many pairs, of each kind as many as of every other, or one more."""
    by_kind: dict[str, list[Pair]] = {}
    for pair in pairs:
        by_kind.setdefault(pair.kind, []).append(pair)
    kinds = sorted(by_kind)
    random.shuffle(kinds)
    for kind in kinds:
        random.shuffle(by_kind[kind])
    drawn: list[Pair] = []
    while len(drawn) < count and any(by_kind.values()):
        drawn += [by_kind[kind].pop() for kind in kinds if by_kind[kind]][: count - len(drawn)]
    return drawn
