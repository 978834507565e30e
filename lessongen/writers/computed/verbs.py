"""English verbs: tenses in sentences, and the forms of irregular verbs."""

from __future__ import annotations

import random
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

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
from lessongen.writers.computed.irregular_verbs import Verb, irregular_verbs
from lessongen.writers.computed.skill import Draw, Form
from lessongen.writers.computed.spelling import changed_part, with_ed, with_ing
from lessongen.writers.computed.writing import GAP, listed

_TABLE = 12  # irregular verbs with their forms
# What is no action, or is over in a moment: seldom said with an ing form.
STATES = frozenset(
    "know have understand mean cost see hear forget find mistake misunderstand foresee overhear bear burst".split()
)
_PERSONS = (("I", "I"), ("you", "you"), ("she", "she"), ("we", "they"), ("they", "they"))


def _band(grade: int) -> int:
    """The rarest verbs of a grade."""
    return {1: 1, 2: 1, 3: 2, 4: 2}.get(cefr_of(grade), 3)


def _known(grade: int) -> list[Verb]:
    return [verb for verb in all_verbs().values() if verb.band <= _band(grade)]


# ---------------------------------------------------------------- tenses


def _sentence(rng: random.Random, grade: int, tense: Tense) -> Task | None:
    verb = rng.choice([each for each in _known(grade) if tense.form != "ing" or each.base not in STATES])
    who, person = rng.choice(list(SUBJECTS.items()))
    answer = conjugated(verb, tense, person)
    shown = f"{who} {GAP} {verb.rest}."

    def holds(text: str) -> bool:
        return tense.name in stands_for(text, verb.base, person)

    others = [conjugated(verb, other, person) for other in _neighbours(tense)]
    agreeing = [conjugated(verb, tense, other) for other in ("I", "you", "she", "they")]
    wrong = [*_slips(verb, tense, person), *agreeing, *others]
    return Task(
        term=f"{tense.name} of {verb.base} with {person}",
        ask=f"Put “{verb.base}” into the {tense.name}: {shown}",
        answer=answer,
        wrong=tuple(dict.fromkeys(each for each in wrong if each != answer)),
        why=_reasons(verb, tense, who, person, answer),
        holds=holds,
        label=f"{verb.base} ({who if who in ('I', 'You', 'She', 'They') else person})".replace("(You)", "(you)"),
        says=f"{who} {{}} {verb.rest}.",
        kinds=("choice", "cloze", "short"),
    )


def _slips(verb: Verb, tense: Tense, person: str) -> list[str]:
    """What learners write: the base after an auxiliary, past and participle mixed up, a regular ending on "go"."""
    auxiliary = tense.auxiliaries[person]
    forms = [verb.past, with_ed(verb.base), verb.base] if tense.form == "participle" else [verb.base, verb.past]
    if tense.form == "past":
        forms = [with_ed(verb.base), verb.participle, verb.base]
    if tense.form == "base":
        forms = [with_ing(verb.base), verb.past]
    return [f"{auxiliary} {form}".strip() for form in forms]


def _neighbours(tense: Tense) -> list[Tense]:
    return [other for other in ALL_TENSES.values() if other is not tense and other.form in (tense.form, "past", "ing")]


_NAMES = {"participle": "past participle", "ing": "ing form", "past": "past simple"}


def _reasons(verb: Verb, tense: Tense, who: str, person: str, answer: str) -> tuple[str, ...]:
    auxiliary = tense.auxiliaries[person]
    reasons = [tense.rule]
    if tense.form in _NAMES:
        reasons.append(f"The {_NAMES[tense.form]} of “{verb.base}” is “{answer.split()[-1]}”.")
    reasons.append(
        f"With “{who}” it is “{answer}”." if auxiliary or tense.form == "present" else f"So it is “{answer}”."
    )
    return tuple(reasons)


def _form(tense: Tense) -> Form:
    def draw(rng: random.Random, grade: int) -> Task | None:
        task = _sentence(rng, grade, tense)
        if task is None:
            return None
        # In the stems of cloze and judgement the tense has to be named, or several would fit.
        return _with_tense_named(task, tense)

    lowest = 2 * tense.cefr - 1
    return Form(draw=draw, group=_group(tense), lowest=lowest)


def _with_tense_named(task: Task, tense: Tense) -> Task:
    verb = task.term.removeprefix(f"{tense.name} of ").partition(" with ")[0]
    return replace(task, form=f"the {tense.name} of “{verb}”")


def _group(tense: Tense) -> str:
    return "future" if tense.name.startswith("future") else tense.name.replace(" ", "-")


def _which_tense(rng: random.Random, grade: int) -> Task | None:
    """The other way: a sentence is given, its tense is asked for."""
    known = [tense for tense in ALL_TENSES.values() if tense.cefr <= max(2, cefr_of(grade))]
    tense, verb = rng.choice(known), rng.choice([each for each in _known(grade) if each.base not in STATES])
    who, person = rng.choice(list(SUBJECTS.items()))
    shown = conjugated(verb, tense, person)
    readings = stands_for(shown, verb.base, person)
    if len(readings) != 1 or len(known) < 4:
        return None
    others = [other.name for other in rng.sample(known, len(known)) if other is not tense]
    others.sort(key=lambda name: -sum(word in tense.name.split() for word in name.split()))
    return Task(
        term=f"tense of {shown} with {person}",
        ask=f"Which tense is this? “{who} {shown} {verb.rest}.”",
        answer=tense.name,
        wrong=tuple(others),
        why=(f"“{shown}” is built like this.", tense.rule),
        holds=lambda text: text in readings,
        kinds=("choice",),
        bloom="analyze",
    )


def _conjugation_table(rng: random.Random, grade: int, groups: frozenset[str], terms: Collection[str]) -> Sequence[str]:
    """A verb that is neither shown nor asked through all persons of two tenses that are."""
    told = " ".join(terms)
    asked = [tense for tense in ALL_TENSES.values() if f"{tense.name} of " in told]
    verb = rng.choice(
        [each for each in _known(grade) if each.base not in STATES and f"of {each.base} with" not in told]
    )
    return [
        f"“{verb.base}” in the {tense.name}: "
        f"{listed([f'{shown} {conjugated(verb, tense, person)}' for shown, person in _PERSONS])}."
        for tense in rng.sample(asked, min(2, len(asked)))
    ]


TENSES = described(
    "english-verbs",
    forms=(*(_form(tense) for tense in ALL_TENSES.values()), Form(draw=_which_tense, group="which", lowest=3)),
    tell=_conjugation_table,
)


# ---------------------------------------------------------------- irregular verbs


def _irregular(grade: int) -> list[Verb]:
    return [verb for verb in irregular_verbs().values() if verb.band <= _band(grade)]


def _form_of(shape: str) -> Draw:
    name = _NAMES[shape]

    def draw(rng: random.Random, grade: int) -> Task | None:
        verb = rng.choice(_irregular(grade))
        answer = verb.past if shape == "past" else verb.participle
        if answer == verb.base:
            return None  # the question would say it
        other = verb.participle if shape == "past" else verb.past
        wrong = [with_ed(verb.base), other, verb.base, *_by_false_likeness(verb)]
        return Task(
            term=f"{name} of {verb.base}",
            ask=f"What is the {name} of “{verb.base}”?",
            answer=answer,
            wrong=tuple(dict.fromkeys(each for each in wrong if each != answer)),
            why=(_said(verb),),
            holds=lambda text: is_form(text, verb.base, shape),
            label=verb.base,
            says=f"The {name} of “{verb.base}” is “{{}}”.",
            match_stem=f"Match each verb to its {name}.",
            bloom="remember",
            kinds=("choice", "short", "match"),
        )

    return draw


def _said(verb: Verb) -> str:
    return f"The forms of “{verb.base}” are “{verb.past}” (past simple) and “{verb.participle}” (past participle)."


def _by_false_likeness(verb: Verb) -> list[str]:
    """Forms after the pattern of another verb that looks the same."""
    found = []
    for ending, forms in (
        ("ing", ("ang", "ung", "ought")),
        ("ink", ("ank", "unk", "ought")),
        ("eed", ("ed",)),
        ("eep", ("ept", "eeped")),
        ("ind", ("ound", "inded")),
        ("ake", ("ook", "oke", "aked")),
        ("ow", ("ew", "owed", "own")),
        ("ear", ("ore", "eard", "eared")),
        ("ell", ("old", "elled")),
        ("end", ("ent", "ended")),
        ("ive", ("ove", "ave", "ived")),
        ("ite", ("ote", "it", "ited")),
        ("ay", ("aid", "ew")),
        ("each", ("aught", "eached")),
    ):
        if verb.base.endswith(ending):
            found += [verb.base[: len(verb.base) - len(ending)] + form for form in forms]
    return [each for each in found if each not in (verb.past, verb.participle)]


def _in_sentence(shape: str) -> Draw:
    name = _NAMES[shape]

    def draw(rng: random.Random, grade: int) -> Task | None:
        verb = rng.choice(_irregular(grade))
        answer = verb.past if shape == "past" else verb.participle
        if answer == verb.base:
            return None  # the question would say it
        who = rng.choice(("They", "We", "You"))
        opens = f"Yesterday {who.lower()}" if shape == "past" else f"{who} have never"
        cue = "“Yesterday” asks for" if shape == "past" else "After “have” stands"
        return Task(
            term=f"{name} of {verb.base}",
            ask=f"Complete the sentence with the {name} of “{verb.base}”: {opens} {GAP} {verb.rest}.",
            answer=answer,
            wrong=tuple(
                dict.fromkeys(
                    each
                    for each in (
                        with_ed(verb.base),
                        verb.participle if shape == "past" else verb.past,
                        verb.base,
                        *_by_false_likeness(verb),
                    )
                    if each != answer
                )
            ),
            why=(f"{cue} the {name}.", _said(verb)),
            holds=lambda text: is_form(text, verb.base, shape),
            says=f"{opens} {{}} {verb.rest}.",
            form=f"the {name} of “{verb.base}”",
            kinds=("cloze", "choice", "short"),
        )

    return draw


def _same_pattern(rng: random.Random, grade: int) -> Task | None:
    """Which verb changes like this one: by what happens to its ending."""
    known = _irregular(grade)
    verb, others = rng.choice(known), rng.sample(known, min(len(known), 40))
    changes = _change(verb)
    alike = [each for each in others if each is not verb and _change(each) == changes and each.base not in verb.base]
    unlike = [each for each in others if _change(each) != changes and _sound(each.past) != _sound(verb.past)]
    unlike.sort(key=lambda each: (_sound(each.base) != _sound(verb.base), each.base[-1] != verb.base[-1]))
    if not alike or len(unlike) < 3 or not any(changes):
        return None
    answer = alike[0]

    def holds(text: str) -> bool:
        return _change(irregular_verbs()[text]) == changes

    return Task(
        term=f"changes like {verb.base}: {answer.base}",
        ask=f"Which verb changes in the same way as “{verb.base}, {verb.past}, {verb.participle}”?",
        answer=answer.base,
        wrong=tuple(each.base for each in unlike[:8]),
        why=(_said(answer), _said(verb)),
        holds=holds,
        kinds=("choice",),
        bloom="analyze",
    )


def _change(verb: Verb) -> tuple[str, ...]:
    """What differs between a verb's forms: ("i", "a", "u") of "sing", "swim" and "drink"."""
    return changed_part((verb.base, verb.past, verb.participle))


def _sound(form: str) -> str:
    """The first vowels of a form: verbs that differ in those of the past are not felt to change alike."""
    found = re.search(r"[aeiouy]+", form)
    return found.group() if found else ""


def _irregular_table(rng: random.Random, grade: int, groups: frozenset[str], terms: Collection[str]) -> Iterator[str]:
    """The verbs that are shown or asked and some more, those that change alike together; what is to be found, apart."""
    known = irregular_verbs()
    asked = {verb for term in terms for verb in known.values() if term.split(":")[0].split()[-1] == verb.base}
    more = [verb for verb in _irregular(grade) if verb not in asked and f"changes like {verb.base}" not in terms]
    found = {term.split(": ")[1] for term in terms if term.startswith("changes like ")}
    chosen = [*asked, *rng.sample(more, max(0, _TABLE - len(asked)))]
    alike: dict[tuple[str, ...], list[str]] = {}
    for verb in sorted(chosen, key=lambda each: each.base):
        if verb.base not in found:
            alike.setdefault(_change(verb), []).append(f"{verb.base}, {verb.past}, {verb.participle}")
    yield "Each verb is followed by its past simple and its past participle, beside verbs that change alike."
    yield from (f"{'; '.join(verbs)}.".capitalize() for verbs in sorted(alike.values(), key=lambda each: -len(each)))


IRREGULAR = described(
    "irregular-verbs",
    forms=(
        Form(draw=_form_of("past"), group="past"),
        Form(draw=_in_sentence("past"), group="past"),
        Form(draw=_form_of("participle"), group="participle", lowest=3),
        Form(draw=_in_sentence("participle"), group="participle", lowest=3),
        Form(draw=_same_pattern, group="past", lowest=5),
    ),
    tell=_irregular_table,
)
