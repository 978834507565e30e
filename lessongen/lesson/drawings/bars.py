"""Bars: wholes that are cut into equal parts, some of them shaded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import gcd
from typing import Literal

from pydantic import Field

from lessongen.lesson.drawings.base import Drawing, Label, Readable
from lessongen.lesson.drawings.canvas import WIDTH, Canvas
from lessongen.lesson.statement import Model

_MARGIN, _HIGH, _ROW = 8.0, 34.0, 22.0
_LETTERS = 48


class Bar(Model):
    """One whole."""

    parts: int = Field(ge=1, le=24)
    shaded: int = Field(ge=0, le=24, description="how many of the parts, from the left")
    label: Label = Field(default="", description="what stands above it")
    whole: Label = Field(default="", description="how much all of it is, under it")

    @property
    def fraction(self) -> str:
        """The part that is shaded."""
        return f"{self.shaded}/{self.parts}"

    @property
    def said(self) -> str:
        """What one sees of it."""
        parts = f"{self.parts} equal parts, {self.shaded} of them shaded" if self.parts > 1 else "one part"
        return f"a bar of {parts}" + (f"; the whole bar is {self.whole}" if self.whole else "")


class Bars(Drawing):
    """Wholes of one size, one above the other, cut into equal parts, some of them shaded."""

    kind: Literal["bars"] = "bars"
    bars: list[Bar] = Field(min_length=1, max_length=4)

    @property
    def alternative(self) -> str:
        """How many parts each has, and how many are shaded."""
        if len(self.bars) == 1 and not self.bars[0].label:
            return f"{_capital(self.bars[0].said)}."
        named = [each.label or f"Bar {at}" for at, each in enumerate(self.bars, 1)]
        told = " ".join(f"{name}: {each.said}." for name, each in zip(named, self.bars, strict=True))
        return told if len(self.bars) == 1 else f"Bars of the same length. {told}"

    @property
    def shown(self) -> Sequence[Sequence[str]]:
        found: list[Sequence[str]] = []
        for each in self.bars:
            rest = each.parts - each.shaded
            ways = [each.fraction, f"{each.shaded} : {rest}"]
            hundredths = each.shaded * 100
            found.append([*ways, *([f"{hundredths // each.parts}%"] if hundredths % each.parts == 0 else [])])
            found += [[told] for told in (each.label, each.whole) if told]
        return found

    @property
    def readable(self) -> Sequence[Readable]:
        if len(self.bars) > 1:
            return ()
        bar = self.bars[0]
        by = gcd(bar.shaded, bar.parts)
        lowest = f"{bar.shaded // by}/{bar.parts // by}"
        found = [
            Readable(
                ask="What fraction of the bar is shaded?",
                answer=bar.fraction,
                says="The shaded part of the bar is {} of it.",
            ),
            Readable(
                ask="What fraction of the bar is shaded? Give the answer in lowest terms.",
                answer=lowest,
                says="In lowest terms, the shaded part of the bar is {} of it.",
            ),
            Readable(
                ask="What fraction of the bar is not shaded?",
                answer=f"{bar.parts - bar.shaded}/{bar.parts}",
                says="The part of the bar that is not shaded is {} of it.",
            ),
            Readable(
                ask="What is the ratio of the shaded parts of the bar to the others?",
                answer=f"{bar.shaded} : {bar.parts - bar.shaded}",
                says="The ratio of the shaded parts of the bar to the others is {}.",
            ),
        ]
        if bar.shaded * 100 % bar.parts == 0:
            found.append(
                Readable(
                    ask="What percentage of the bar is shaded?",
                    answer=f"{bar.shaded * 100 // bar.parts}%",
                    says="As a percentage, the shaded part of the bar is {} of it.",
                )
            )
        return found

    def faults(self) -> Iterator[str]:
        """No more parts are shaded than there are."""
        for each in self.bars:
            if each.shaded > each.parts:
                yield f"a bar has {each.parts} parts, and {each.shaded} of them are shaded"

    def draw(self) -> Canvas:
        """The bars at their full width, with a line between parts."""
        rows = [_HIGH + _MARGIN + _ROW * (bool(each.label) + bool(each.whole)) for each in self.bars]
        canvas = Canvas(sum(rows) + _MARGIN)
        y = _MARGIN
        for each, row in zip(self.bars, rows, strict=True):
            top = y + _ROW * bool(each.label)
            if each.label:
                canvas.words((_MARGIN, y + _ROW / 2 - 2), each.label, anchor="start")
            wide = (WIDTH - 2 * _MARGIN) / each.parts
            for part in range(each.parts):
                canvas.box((_MARGIN + part * wide, top), wide, _HIGH, shaded=part < each.shaded)
            if each.whole:
                canvas.words((WIDTH / 2, top + _HIGH + _ROW / 2), each.whole)
            y += row
        return canvas

    def in_letters(self) -> Sequence[str]:
        """Each part as so many blocks or dots between upright lines."""
        rows: list[str] = []
        for each in self.bars:
            row = [" "] * (_LETTERS + 1)
            for part in range(each.parts):
                start, end = (round(at * _LETTERS / each.parts) for at in (part, part + 1))
                row[start:end] = ["│", *("█" if part < each.shaded else "·") * (end - start - 1)]
            row[-1] = "│"
            rows += [each.label] if each.label else []
            rows.append("".join(row))
            rows += [f"= {each.whole}"] if each.whole else []
        return rows


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
