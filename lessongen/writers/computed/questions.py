"""English questions and negatives: from a statement to both, and back, with do, be and other auxiliaries."""

from __future__ import annotations

import random
from collections.abc import Callable

from lessongen.system.levels import cefr_of
from lessongen.writers.computed.conjugation import (
    ALL_TENSES,
    SUBJECTS,
    Tense,
    all_verbs,
    conjugated,
    is_form,
    stands_for,
)
from lessongen.writers.computed.described import described
from lessongen.writers.computed.exercise import Task
from lessongen.writers.computed.irregular_verbs import Verb
from lessongen.writers.computed.skill import Draw, Form
from lessongen.writers.computed.spelling import with_s
from lessongen.writers.computed.writing import GAP

_TENSES = ("present simple", "past simple", "present continuous", "past continuous", "present perfect")
_DO = {
    "present simple": {"I": "do", "you": "do", "she": "does", "they": "do"},
    "past simple": dict.fromkeys(("I", "you", "she", "they"), "did"),
}
# The form of another person, or what there is of another verb.
_OTHERS = {
    **{"do": "does", "does": "do", "did": "does", "am": "is", "is": "are", "are": "is"},
    **{"was": "were", "were": "was", "have": "has", "has": "have"},
}
_OF_OTHER_VERBS = {
    **{"do": "are", "does": "is", "did": "was", "am": "do", "is": "does", "are": "do"},
    **{"was": "did", "were": "did", "have": "do", "has": "does"},
}
_STATES = frozenset("know have understand mean cost see hear forget find mistake be do".split())


def _said(who: str) -> str:
    """The subject within a sentence."""
    return who if who in ("I", "Anna and Tom") else f"{who[:1].lower()}{who[1:]}"


def _auxiliary(tense: Tense, person: str) -> tuple[str, bool]:
    """What stands first in a question, and whether it is a form of "do"."""
    own = tense.auxiliaries[person]
    return (own, False) if own else (_DO[tense.name][person], True)


class _Sentence:
    """A statement with its question and its negative."""

    def __init__(self, tense: Tense, verb: Verb, who: str, person: str) -> None:
        self.tense, self.verb, self.who, self.person = tense, verb, who, person
        self.auxiliary, self.has_do = _auxiliary(tense, person)
        self.form = conjugated(verb, tense, person)
        self.after = verb.base if self.has_do else self.form.removeprefix(f"{self.auxiliary} ")
        self.statement = f"{who} {self.form} {verb.rest}."
        self.negative = f"{who} {self.auxiliary} not {self.after} {verb.rest}."
        self.question = f"{self.auxiliary.capitalize()} {_said(who)} {self.after} {verb.rest}?"

    def slips(self, is_question: bool) -> list[str]:
        """What learners write: no auxiliary, an ending kept after it, another person's, another's."""
        who, rest, said = self.who, self.verb.rest, _said(self.who)
        wrong = _OTHERS[self.auxiliary]
        kept = self.form.split()[-1] if self.form.split()[-1] != self.after else with_s(self.verb.base)
        if is_question:
            return [
                f"{self.form.split()[-1].capitalize()} {said} {rest}?"
                if self.has_do
                else f"Do {said} {self.form} {rest}?",
                f"{self.auxiliary.capitalize()} {said} {kept} {rest}?",
                f"{wrong.capitalize()} {said} {self.after} {rest}?",
                f"{who} {self.auxiliary} {self.after} {rest}?",
            ]
        return [
            f"{who} not {self.form} {rest}." if self.has_do else f"{who} do not {self.form} {rest}.",
            f"{who} {self.auxiliary} not {kept} {rest}.",
            f"{who} {wrong} not {self.after} {rest}.",
            f"{who} {self.form} not {rest}." if self.has_do else f"{who} not {self.form} {rest}.",
        ]

    def is_right(self, text: str) -> bool:
        """Whether a sentence is the question, the negative or the statement: read from its words."""
        words, told = text[:-1].removesuffix(f" {self.verb.rest}"), ""
        if text.endswith("?"):
            auxiliary, _, after = words.partition(f" {_said(self.who)} ")
            told = auxiliary.lower()
        else:
            after = words.removeprefix(f"{self.who} ")
            if " not " in words:
                told, _, after = after.partition(" not ")
        if not told:
            return text[-1] == "." and self.tense.name in stands_for(after, self.verb.base, self.person)
        if told in ("do", "does", "did"):
            makes = "past simple" if told == "did" else "present simple"
            fits = told == "did" or (told == "does") is (self.person == "she")
            return makes == self.tense.name and fits and is_form(after, self.verb.base, "base")
        return self.tense.name in stands_for(f"{told} {after}", self.verb.base, self.person) and " " not in after


def _drawn(rng: random.Random, grade: int, group: str) -> _Sentence:
    band = {1: 1, 2: 1, 3: 2}.get(cefr_of(grade), 3)
    # "Some" would have to become "any".
    usable = [verb for verb in all_verbs().values() if verb.base not in _STATES and "some" not in verb.rest]
    verbs = [verb for verb in usable if verb.band <= band]
    tense, verb = ALL_TENSES[group.replace("-", " ")], rng.choice(verbs)
    who, person = rng.choice([each for each in SUBJECTS.items() if each[0] != "I"])
    return _Sentence(tense, verb, who, person)


def _group(tense: str) -> str:
    return tense.replace(" ", "-")


def _reason(sentence: _Sentence) -> str:
    if sentence.has_do:
        comes = f"so “{sentence.auxiliary}” comes in, and the verb is the plain “{sentence.verb.base}”"
        return f"The {sentence.tense.name} has no auxiliary, {comes}."
    return f"“{sentence.form.capitalize()}” has an auxiliary of its own, “{sentence.auxiliary}”."


def _different(answer: str, wrong: list[str], is_right: Callable[[str], bool]) -> tuple[str, ...]:
    return tuple(each for each in dict.fromkeys(wrong) if each != answer and not is_right(each))


def _ask(group: str) -> Draw:
    def draw(rng: random.Random, grade: int) -> Task | None:
        one = _drawn(rng, grade, group)
        return Task(
            term=f"question: {one.statement}",
            ask=f"Turn the statement into a question: {one.statement}",
            answer=one.question,
            wrong=_different(
                one.question, one.slips(is_question=True), lambda text: text[-1] == "?" and one.is_right(text)
            ),
            why=(_reason(one), f"In a question the auxiliary stands before “{_said(one.who)}”: {one.question}"),
            holds=lambda text: text[-1] == "?" and one.is_right(text),
            kinds=("short", "choice"),
        )

    return draw


def _deny(group: str) -> Draw:
    def draw(rng: random.Random, grade: int) -> Task | None:
        one = _drawn(rng, grade, group)

        def holds(text: str) -> bool:
            return " not " in text and one.is_right(text)

        return Task(
            term=f"negative: {one.statement}",
            ask=f"Make the statement negative, with “not”: {one.statement}",
            answer=one.negative,
            wrong=_different(one.negative, one.slips(is_question=False), holds),
            why=(_reason(one), f"The word “not” follows the auxiliary: {one.negative}"),
            holds=holds,
            kinds=("short", "choice"),
        )

    return draw


def _state(group: str) -> Draw:
    """From the question back to the statement."""

    def draw(rng: random.Random, grade: int) -> Task | None:
        one = _drawn(rng, grade, group)
        if one.tense.name == "past simple" and one.verb.past == one.verb.base:
            return None
        who, rest = one.who, one.verb.rest
        last = one.form.split()[-1]
        other = one.verb.base if last != one.verb.base else with_s(one.verb.base)
        wrong = [
            f"{who} {one.auxiliary} {last} {rest}."
            if one.auxiliary in ("does", "did")
            else f"{who} are {last} {rest}.",
            f"{who} {other} {rest}.",
            f"{who} is {one.verb.base} {rest}.",
            f"{who} does {last} {rest}.",
        ]

        def holds(text: str) -> bool:
            return " not " not in text and one.is_right(text)

        drops = f"“{one.auxiliary}” is gone, and the verb has its own form again."
        drops = drops if one.has_do else f"“{_said(one.who)}” stands before “{one.auxiliary}” again."
        return Task(
            term=f"statement: {one.question}",
            ask=f"Turn the question into a statement: {one.question}",
            answer=one.statement,
            wrong=_different(one.statement, wrong, holds),
            why=(f"In the statement {drops}", f"So it is: {one.statement}"),
            holds=holds,
            kinds=("short", "choice"),
            bloom="analyze",
        )

    return draw


def _which_auxiliary(group: str) -> Draw:
    def draw(rng: random.Random, grade: int) -> Task | None:
        one = _drawn(rng, grade, group)
        answer = one.auxiliary.capitalize()
        pool = "Do Does Is Are" if one.has_do else "Is Are Am Was Were Have Has Do Does"
        rest = f"{_said(one.who)} {one.after} {one.verb.rest}?"
        wrong = [each for each in pool.split() if each != answer and not _fits_elsewhere(each, one)]
        rng.shuffle(wrong)
        wrong.sort(key=lambda each: each.startswith("Do") is not one.has_do)
        return Task(
            term=f"auxiliary: {one.question}",
            ask=f"Complete the question in the {one.tense.name}: {GAP} {rest}",
            answer=answer,
            wrong=tuple(wrong),
            why=(_reason(one), f"With “{_said(one.who)}” it is “{answer}”: {one.question}"),
            holds=lambda text: one.is_right(f"{text} {rest}"),
            says=f"{{}} {rest}",
            form=f"the auxiliary of the {one.tense.name}",
            kinds=("short", "choice", "cloze"),
        )

    return draw


def _fits_elsewhere(auxiliary: str, one: _Sentence) -> bool:
    """Whether it would make a question in another tense."""
    return bool(stands_for(f"{auxiliary.lower()} {one.after}", one.verb.base, one.person))


def _answer(group: str) -> Draw:
    """Short answers."""

    def draw(rng: random.Random, grade: int) -> Task | None:
        one = _drawn(rng, grade, group)
        yes = rng.random() < 0.5
        if one.who in ("We", "The teacher", "You"):
            return None
        pronoun = "he" if one.who == "He" else one.person
        answer = f"Yes, {pronoun} {one.auxiliary}." if yes else f"No, {pronoun} {one.auxiliary} not."
        others = (_OF_OTHER_VERBS[one.auxiliary], one.form.split()[-1], _OTHERS[one.auxiliary])
        wrong = [answer.replace(f" {one.auxiliary}", f" {each}") for each in others]

        def holds(text: str) -> bool:
            told = text.removesuffix(".").removesuffix(" not").split(" ")[-1]
            again = f"{told.capitalize()} {one.question.partition(' ')[2]}"
            return text.startswith("Yes" if yes else "No") and one.is_right(again)

        return Task(
            term=f"short answer: {one.question} {'yes' if yes else 'no'}",
            ask=f"Give the short answer with “{'yes' if yes else 'no'}”: {one.question}",
            answer=answer,
            wrong=_different(answer, wrong, holds),
            why=(f"A short answer takes up the auxiliary of the question, “{one.auxiliary}”.", f"So it is: {answer}"),
            holds=holds,
            kinds=("short", "choice"),
        )

    return draw


def _of(tense: str) -> tuple[Form, ...]:
    group, lowest = _group(tense), max(1, 2 * ALL_TENSES[tense].cefr - 1)
    return tuple(
        Form(draw=make(group), group=group, lowest=lowest) for make in (_deny, _ask, _which_auxiliary, _state, _answer)
    )


SKILL = described("questions-negatives", forms=tuple(form for tense in _TENSES for form in _of(tense)))
