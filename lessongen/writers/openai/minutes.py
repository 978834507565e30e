"""How long each section takes: whole minutes by what there is to read, to do and to answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lessongen.lesson.limits import USUAL_SECTIONS
from lessongen.lesson.model import Activity, Block, Check, Prose, Section, SectionKind
from lessongen.text.words import word_count

_WORDS_A_MINUTE = 90  # read, talked about, noted down
_MINUTES_A_QUESTION = 1.5
_MINUTES_AN_ACTIVITY = 4
_SHORTEST = 10


@dataclass(frozen=True, kw_only=True)
class Phase:
    """A section that has no minutes yet; `objectives` are ids."""

    kind: SectionKind
    title: str
    objectives: tuple[str, ...]
    blocks: tuple[Block, ...]

    @property
    def weight(self) -> float:
        """The minutes that it would take by its length."""
        words = sum(
            word_count(each.text) for block in self.blocks if isinstance(block, Prose) for each in block.sentences
        )
        doing = sum(isinstance(block, Activity) for block in self.blocks)
        asking = sum(isinstance(block, Check) for block in self.blocks)
        return words / _WORDS_A_MINUTE + doing * _MINUTES_AN_ACTIVITY + asking * _MINUTES_A_QUESTION


def timed(phases: Sequence[Phase], minutes: int | None) -> list[Section]:
    """The sections; their minutes add up to those asked for, or to what their length needs, at least one each.

    In a short lesson phases without text or questions are left out, and others put together.
    """
    kept = list(phases) if minutes is None else _that_fit(phases, max(minutes, USUAL_SECTIONS.fewest))
    weights = [max(phase.weight, 0.1) for phase in kept]
    total = max(minutes or _rounded(sum(weights)), len(kept))
    return [
        Section(
            id=f"part{number}",
            kind=phase.kind,
            title=phase.title,
            minutes=spent,
            objectives=list(phase.objectives),
            blocks=list(phase.blocks),
        )
        for number, (phase, spent) in enumerate(zip(kept, shares(weights, total), strict=True), 1)
    ]


def shares(weights: Sequence[float], total: int) -> list[int]:
    """Whole minutes by weight that sum up exactly; at least one each."""
    spare = [weight / sum(weights) * (total - len(weights)) for weight in weights]
    whole = [1 + int(share) for share in spare]
    by_remainder = sorted(range(len(weights)), key=lambda index: int(spare[index]) - spare[index])
    for index in by_remainder[: total - sum(whole)]:
        whole[index] += 1
    return whole


def _that_fit(phases: Sequence[Phase], minutes: int) -> list[Phase]:
    kept = list(phases)
    for kind in ("close", "engage"):
        if len(kept) > minutes:
            kept = [phase for phase in kept if phase.kind != kind]
    while len(kept) > minutes:
        first, second, *rest = kept
        objectives = tuple(dict.fromkeys((*first.objectives, *second.objectives)))
        blocks = (*first.blocks, *second.blocks)
        kept = [Phase(kind=first.kind, title=first.title, objectives=objectives, blocks=blocks), *rest]
    return kept


def _rounded(minutes: float) -> int:
    return max(_SHORTEST, -(-int(minutes + 0.999) // 5) * 5)
