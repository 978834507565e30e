"""The simple present: who takes the s, how it is spelled, am, is and are."""

from __future__ import annotations

import random
import re

from lessongen.system.levels import cefr_of
from lessongen.writers.computed.conjugation import SUBJECTS, all_verbs, is_form, stands_for
from lessongen.writers.computed.described import described
from lessongen.writers.computed.exercise import Task
from lessongen.writers.computed.irregular_verbs import Verb
from lessongen.writers.computed.spelling import with_ing, with_s
from lessongen.writers.computed.writing import GAP

_TENSE = "present simple"
_RULES = {
    "es": "After s, x, z, ch, sh and o the ending is es.",
    "ies": "After a consonant a y becomes ies.",
    "has": "The form of “have” is “has”.",
    "s": "Most verbs take an s and nothing else.",
}
_BE = {"I": "am", "you": "are", "she": "is", "they": "are"}
_STATES = ("tired", "at home", "happy", "in the garden", "late", "from Spain", "ten years old", "very hungry")


def _ending(verb: str) -> str:
    """What is added or changed: by the written forms alone."""
    form = with_s(verb)
    if verb == "have":
        return "has"
    return "ies" if not form.startswith(verb) else form[len(verb) :]


def _known(grade: int) -> list[Verb]:
    most = {1: 1, 2: 1, 3: 2}.get(cefr_of(grade), 3)
    return [verb for verb in all_verbs().values() if verb.band <= most]


def _verb(rng: random.Random, grade: int) -> Verb:
    """Each way of spelling about as often as another; “have” now and then."""
    known = _known(grade)
    ending = rng.choices(("s", "es", "ies", "has"), (4, 3, 3, 1))[0]
    return rng.choice([verb for verb in known if _ending(verb.base) == ending] or known)


def _slips(verb: str) -> list[str]:
    """The s without its rule, a rule where none belongs, no ending, another tense's."""
    return [
        f"{verb}s",
        f"{verb[:-1]}ies" if verb.endswith("y") else f"{verb}es",
        f"{verb}es",
        verb,
        f"is {verb}",
        with_ing(verb),
    ]


def _different(answer: str, wrong: list[str]) -> tuple[str, ...]:
    return tuple(each for each in dict.fromkeys(wrong) if each != answer)


def _third_person(rng: random.Random, grade: int) -> Task | None:
    verb = _verb(rng, grade)
    answer = with_s(verb.base)
    return Task(
        term=f"third person of {verb.base}",
        ask=f"Write the form of “{verb.base}” that follows “he”, “she” or “it” in the simple present.",
        answer=answer,
        wrong=_different(answer, _slips(verb.base)),
        why=(
            "After “he”, “she” and “it” the verb takes an ending.",
            f"{_RULES[_ending(verb.base)]} So it is “{answer}”.",
        ),
        holds=lambda text: is_form(text, verb.base, "s"),
        label=verb.base,
        says=f"After “she” the simple present of “{verb.base}” is “{{}}”.",
        match_stem="Match each verb to its form after “she”.",
        kinds=("choice", "short", "match"),
    )


def _in_sentence(rng: random.Random, grade: int) -> Task | None:
    verb = _verb(rng, grade)
    who, person = rng.choice(list(SUBJECTS.items()))
    is_third = person == "she"
    answer = with_s(verb.base) if is_third else verb.base
    slips = _slips(verb.base) if is_third else [with_s(verb.base), f"am {verb.base}"]
    like = "one other person or thing, like “he” or “she”" if is_third else "not “he”, “she” or “it”"
    rule = _RULES[_ending(verb.base)] if is_third else "So the verb stays as it is."
    return Task(
        term=f"{_TENSE} of {verb.base} with {who}",
        ask=f"Complete with the simple present of “{verb.base}”: {who} {GAP} {verb.rest}.",
        answer=answer,
        wrong=_different(answer, [*slips, with_ing(verb.base), f"is {with_ing(verb.base)}"]),
        why=(f"“{who}” is {like}.", rule, f"So it is “{who} {answer}”."),
        holds=lambda text: _TENSE in stands_for(text, verb.base, person),
        says=f"{who} {{}} {verb.rest}.",
        form=f"the simple present of “{verb.base}”",
        kinds=("choice", "short", "cloze"),
    )


def _base(rng: random.Random, grade: int) -> Task | None:
    """From the form with an ending back to the verb."""
    verb = _verb(rng, grade)
    shown = with_s(verb.base)
    wrong = [shown[:-1], shown.removesuffix("es"), f"{shown.removesuffix('es')}e", f"{verb.base}e"]
    return Task(
        term=f"verb of {shown}",
        ask=f"Which verb does “{shown}” come from, without its ending?",
        answer=verb.base,
        wrong=_different(verb.base, wrong),
        why=(_RULES[_ending(verb.base)], f"Without the ending “{shown}” is “{verb.base}”."),
        holds=lambda text: _without_ending(shown) == text,
        label=shown,
        says=f"Without its ending “{shown}” is “{{}}”.",
        match_stem="Match each form to its verb without the ending.",
        kinds=("short", "match"),
        bloom="analyze",
    )


def _without_ending(shown: str) -> str:
    """By the letters before the ending, whatever verb it is of."""
    if shown == "has":
        return "have"
    if re.search(r"[^aeiou]ies$", shown) and shown not in ("dies", "lies", "ties"):
        return f"{shown[:-3]}y"
    return shown[:-2] if re.search(r"(?:ss|x|zz|ch|sh|o)es$", shown) else shown[:-1]


def _alike(rng: random.Random, grade: int) -> Task | None:
    """Which verb takes the same ending."""
    ending = rng.choice(("es", "ies"))
    known = [verb.base for verb in _known(grade) if verb.base != "have"]
    same = [verb for verb in known if _ending(verb) == ending]
    verb, answer = rng.sample(same, 2) if len(same) > 1 else ("", "")
    others = [each for each in known if _ending(each) != ending]
    if not verb or len(others) < 4:
        return None
    rng.shuffle(others)
    others.sort(key=lambda each: each[-1] != answer[-1])
    return Task(
        term=f"ending like {verb}: {answer}",
        ask=f"Which verb changes after “she” in the same way as “{verb}, {with_s(verb)}”?",
        answer=answer,
        wrong=tuple(others[:6]),
        why=(_RULES[ending], f"So it is “{with_s(verb)}” and “{with_s(answer)}”."),
        holds=lambda text: is_form(f"{text[:-1]}ies" if ending == "ies" else f"{text}es", text, "s"),
        kinds=("choice",),
        bloom="analyze",
    )


def _be(rng: random.Random, grade: int) -> Task | None:
    who, person = rng.choice(list(SUBJECTS.items()))
    state = rng.choice(_STATES)
    answer = _BE[person]
    persons = {"am": {"I"}, "is": {"she"}, "are": {"you", "they"}}
    return Task(
        term=f"be: {who}, {state}",
        ask=f"Complete with “am”, “is” or “are”: {who} {GAP} {state}.",
        answer=answer,
        wrong=_different(answer, ["am", "is", "are", "be"]),
        why=(
            "“Am” goes with “I”, “is” with one other person or thing, “are” with “you” and with several.",
            f"So it is “{who} {answer}”.",
        ),
        holds=lambda text: person in persons.get(text, set()),
        says=f"{who} {{}} {state}.",
        form="a form of “be”",
        kinds=("choice", "short", "cloze"),
    )


SKILL = described("simple-present", _third_person, _in_sentence, _be, _base, _alike)
