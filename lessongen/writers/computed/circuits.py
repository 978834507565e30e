"""Ohm's law and simple circuits: voltage, current and resistance, in series and in parallel."""

from __future__ import annotations

import random
from fractions import Fraction

from lessongen.lesson.drawings.circuit import Circuit
from lessongen.writers.computed.described import described
from lessongen.writers.computed.exercise import Task
from lessongen.writers.computed.measuring import asked, measured
from lessongen.writers.computed.writing import DIVIDED, MINUS, TIMES, listed, number

_OHM = "\N{GREEK CAPITAL LETTER OMEGA}"
_SAFE = 60  # volts: what a class may have on the table
_THINGS = ("resistor", "heating wire", "coil of wire")


def _values(rng: random.Random, grade: int) -> tuple[Fraction, int, Fraction]:
    """Current, resistance and voltage, with whole numbers for beginners."""
    if grade < 9 or rng.random() < 0.4:
        current, resistance = Fraction(rng.randint(2, 6)), rng.randint(2, _SAFE // 6)
    else:
        resistance = rng.randint(2, 24) * 5
        current = Fraction(rng.randint(1, 10 * _SAFE // resistance), 10)
    return current, resistance, current * resistance


def _voltage(rng: random.Random, grade: int) -> Task | None:
    current, resistance, voltage = _values(rng, grade)
    thing = rng.choice(_THINGS)
    task = asked(
        f"voltage of {number(current)} A and {resistance} {_OHM}",
        f"A current of {number(current)} A flows through a {thing} of {resistance} {_OHM}. "
        "What is the voltage across it?",
        (
            "Voltage is current multiplied by resistance.",
            f"{number(current)} {TIMES} {resistance} = {number(voltage)}, in V.",
        ),
        label=f"{number(current)} A and {resistance} {_OHM}",
        says=f"A current of {number(current)} A flows through a {thing} of {resistance} {_OHM}. "
        "The voltage across it is {}.",
        match_stem="Match the current and the resistance of each part to the voltage across it.",
        drawing=Circuit(battery="?", resistors=[f"{resistance} {_OHM}"], current=f"{number(current)} A"),
    )
    slips = (resistance / current, current / resistance, voltage * 10, voltage / 10, current + resistance)
    return measured(task, voltage, " V", slips=slips, fits=lambda u: u / current == resistance)


def _current(rng: random.Random, grade: int) -> Task | None:
    current, resistance, voltage = _values(rng, grade)
    thing = rng.choice(_THINGS)
    task = asked(
        f"current of {number(voltage)} V and {resistance} {_OHM}",
        f"A {thing} of {resistance} {_OHM} is connected to {number(voltage)} V. What is the current through it?",
        (
            "Current is voltage divided by resistance.",
            f"{number(voltage)} {DIVIDED} {resistance} = {number(current)}, in A.",
        ),
        label=f"{number(voltage)} V and {resistance} {_OHM}",
        says=f"A {thing} of {resistance} {_OHM} is connected to {number(voltage)} V. The current through it is {{}}.",
        match_stem="Match the voltage and the resistance of each part to the current through it.",
        drawing=Circuit(battery=f"{number(voltage)} V", resistors=[f"{resistance} {_OHM}"], current="?"),
    )
    slips = (voltage * resistance, resistance / voltage, current * 10, current / 10, voltage - resistance)
    return measured(task, current, " A", slips=slips, fits=lambda i: i * resistance == voltage)


def _resistance(rng: random.Random, grade: int) -> Task | None:
    current, resistance, voltage = _values(rng, grade)
    thing = rng.choice(_THINGS)
    task = asked(
        f"resistance of {number(voltage)} V and {number(current)} A",
        f"At {number(voltage)} V a current of {number(current)} A flows through a {thing}. What is its resistance?",
        (
            "Resistance is voltage divided by current.",
            f"{number(voltage)} {DIVIDED} {number(current)} = {resistance}, in {_OHM}.",
        ),
        label=f"{number(voltage)} V and {number(current)} A",
        says=f"At {number(voltage)} V a current of {number(current)} A flows through a {thing}. "
        "Its resistance is {}.",
        match_stem="Match the voltage and the current of each part to its resistance.",
        drawing=Circuit(battery=f"{number(voltage)} V", resistors=["?"], current=f"{number(current)} A"),
    )
    slips = (voltage * current, current / voltage, resistance * 10, Fraction(resistance, 10), voltage - current)
    return measured(task, resistance, f" {_OHM}", slips=slips, fits=lambda r: current * r == voltage)


def _several(rng: random.Random, grade: int) -> list[int]:
    return [rng.randint(2, 30) for _ in range(2 if grade < 8 else rng.randint(2, 3))]


def _in_series(rng: random.Random, grade: int) -> Task | None:
    parts = _several(rng, grade)
    total = sum(parts)
    shown = listed([f"{each} {_OHM}" for each in parts])
    task = asked(
        f"series of {shown}",
        f"Resistors of {shown} are connected in series. What is their total resistance?",
        (
            "In series the current passes one resistor after the other, so their resistances are added.",
            f"{' + '.join(map(str, parts))} = {total}, in {_OHM}.",
        ),
        label=f"in series: {shown}",
        says=f"Resistors of {shown} in series have a total resistance of {{}}.",
        match_stem="Match the resistors of each circuit to their total resistance.",
        drawing=Circuit(resistors=[f"{each} {_OHM}" for each in parts]),
    )
    inverse = 1 / sum((Fraction(1, each) for each in parts), start=Fraction())
    slips = (inverse, Fraction(total, len(parts)), parts[0] * parts[1], max(parts))
    # What is left without the others is the first.
    return measured(task, total, f" {_OHM}", slips=slips, fits=lambda r: r - sum(parts[1:]) == parts[0])


def _in_parallel(rng: random.Random, grade: int) -> Task | None:
    if rng.random() < 0.4 or grade < 9:
        count = rng.randint(2, 4)
        total = Fraction(rng.randint(2, 15))
        parts = [int(total) * count] * count
        shown = f"{ {2: 'Two', 3: 'Three', 4: 'Four'}[count] } resistors of {parts[0]} {_OHM} each"
        why = (
            f"The current has {count} equal ways, so the resistance is that of one divided by {count}.",
            f"{parts[0]} {DIVIDED} {count} = {number(total)}, in {_OHM}.",
        )
    else:
        first, second = rng.sample(range(2, 61), 2)
        parts, total = [first, second], Fraction(first * second, first + second)
        if total.denominator != 1:
            return None
        shown = f"Resistors of {first} {_OHM} and {second} {_OHM}"
        why = (
            f"In parallel the inverse values are added: 1/{first} + 1/{second} = {1 / total}.",
            f"The total resistance is the inverse of that: 1 {DIVIDED} {1 / total} = {number(total)}, in {_OHM}.",
        )
    task = asked(
        f"parallel: {shown}",
        f"{shown} are connected in parallel. What is their total resistance?",
        why,
        label=f"in parallel: {shown[:1].lower()}{shown[1:]}",
        says=f"{shown} in parallel have a total resistance of {{}}.",
        match_stem="Match the resistors of each circuit to their total resistance.",
        drawing=Circuit(resistors=[f"{each} {_OHM}" for each in parts], is_parallel=True) if len(parts) < 4 else None,
    )
    slips = (sum(parts), parts[0] * parts[1], Fraction(sum(parts), len(parts)), 1 / total)
    # At a voltage of one volt the currents of all ways make up the whole one.
    return measured(task, total, f" {_OHM}", slips=slips, fits=lambda r: sum(r / each for each in parts) == 1)


def _whole_circuit(rng: random.Random, grade: int) -> Task | None:
    """Two steps: the total resistance, then the current."""
    first, second = rng.randint(2, 15), rng.randint(2, 15)
    current = rng.randint(1, _SAFE // (first + second))
    total = first + second
    voltage = total * current
    task = asked(
        f"current at {voltage} V through {first} and {second} {_OHM}",
        f"Resistors of {first} {_OHM} and {second} {_OHM} are connected in series to {voltage} V. "
        "What is the current through them?",
        (
            f"The total resistance is {first} + {second} = {total}, in {_OHM}.",
            f"The current is {voltage} {DIVIDED} {total} = {current}, in A. It is the same in both resistors.",
        ),
        label=f"{first} {_OHM} and {second} {_OHM} at {voltage} V",
        match_stem="Two resistors are in series. Match them and the voltage to the current.",
        says=f"At {voltage} V the current through {first} {_OHM} and {second} {_OHM} in series is {{}}.",
        drawing=Circuit(battery=f"{voltage} V", resistors=[f"{first} {_OHM}", f"{second} {_OHM}"], current="?"),
    )
    slips = (Fraction(voltage, first), Fraction(voltage, second), voltage * total, voltage - total)
    # The voltages across both make up the whole one.
    return measured(task, current, " A", slips=slips, fits=lambda i: i * first + i * second == voltage)


def _shared_voltage(rng: random.Random, grade: int) -> Task | None:
    """From one part back to the other."""
    first, second, current = rng.randint(2, 12), rng.randint(2, 12), rng.randint(1, 4)
    if first == second or (first + second) * current > _SAFE:
        return None
    whole, across = (first + second) * current, first * current
    task = asked(
        f"rest of {whole} V over {across} V",
        f"Two lamps are connected in series to {whole} V. The voltage across one is {across} V. "
        "What is the voltage across the other?",
        (
            "In series the voltages across the parts add up to that of the battery.",
            f"{whole} {MINUS} {across} = {whole - across}, in V.",
        ),
        label=f"{whole} V in all, {across} V across one",
        says=f"Of two lamps in series at {whole} V, one of which has {across} V, the other has {{}}.",
        match_stem="Two lamps are in series. Match what is known to the voltage across the other lamp.",
    )
    slips = (across, whole, whole + across, Fraction(whole, 2))
    return measured(task, whole - across, " V", slips=slips, fits=lambda u: u + across == whole)


SKILL = described(
    "ohms-law", _voltage, _current, _resistance, _in_series, _shared_voltage, _in_parallel, _whole_circuit
)
