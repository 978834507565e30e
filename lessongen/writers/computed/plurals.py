"""English plurals: regular endings, f and ves, o and oes, irregular, unchanged and Latin ones."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from lessongen.system.levels import cefr_of
from lessongen.writers.computed.exercise import TRUE_OR_FALSE, Task, Worked
from lessongen.writers.computed.skill import Demonstration, Form, Skill
from lessongen.writers.computed.spelling import changed_part, with_s
from lessongen.writers.computed.topics import Scope
from lessongen.writers.computed.writing import GAP


@dataclass(frozen=True, kw_only=True)
class Class:
    """Nouns that form their plural alike. `pairs` is the table of both forms; `take`, `put` make one from the other."""

    name: str
    cefr: int
    pairs: str
    take: str
    put: str
    rule: str


_CLASSES = (
    Class(
        name="s",
        cefr=1,
        pairs="book books|chair chairs|window windows|garden gardens|teacher teachers|lamp lamps"
        "|river rivers|cloud clouds"
        "|day days|key keys|boy boys|toy toys|monkey monkeys|donkey donkeys|tray trays|valley valleys|turkey turkeys",
        take="",
        put="s",
        rule="Most nouns take an s, and so do those with a vowel before the y.",
    ),
    Class(
        name="es",
        cefr=1,
        pairs="box boxes|bus buses|class classes|dish dishes|fox foxes|glass glasses|brush brushes|watch watches"
        "|church churches|peach peaches|beach beaches|dress dresses|branch branches"
        "|lunch lunches|tax taxes|bush bushes",
        take="",
        put="es",
        rule="After s, x, ch and sh the plural takes es.",
    ),
    Class(
        name="ies",
        cefr=1,
        pairs="baby babies|city cities|country countries|family families|lady ladies|party parties|story stories"
        "|berry berries|factory factories|library libraries|puppy puppies|penny pennies"
        "|butterfly butterflies|army armies",
        take="y",
        put="ies",
        rule="A y after a consonant becomes ies.",
    ),
    Class(
        name="ves",
        cefr=2,
        pairs="leaf leaves|wolf wolves|half halves|shelf shelves|thief thieves|loaf loaves"
        "|calf calves|elf elves|self selves",
        take="f",
        put="ves",
        rule="In these nouns the f becomes ves.",
    ),
    Class(
        name="ves after fe",
        cefr=2,
        pairs="knife knives|life lives|wife wives|penknife penknives|housewife housewives|midwife midwives",
        take="fe",
        put="ves",
        rule="In these nouns fe becomes ves.",
    ),
    Class(
        name="fs",
        cefr=3,
        pairs="roof roofs|chief chiefs|cliff cliffs|belief beliefs|chef chefs|proof proofs|cuff cuffs|reef reefs",
        take="",
        put="s",
        rule="These nouns keep their f and take an s.",
    ),
    Class(
        name="oes",
        cefr=2,
        pairs="potato potatoes|tomato tomatoes|hero heroes|echo echoes|veto vetoes",
        take="",
        put="es",
        rule="These nouns in o take es.",
    ),
    Class(
        name="os",
        cefr=3,
        pairs="photo photos|piano pianos|radio radios|video videos|kilo kilos|studio studios"
        "|zoo zoos|kangaroo kangaroos",
        take="",
        put="s",
        rule="These nouns in o take an s alone.",
    ),
    Class(
        name="men",
        cefr=1,
        pairs="man men|woman women|fisherman fishermen|policeman policemen|postman postmen"
        "|snowman snowmen|fireman firemen",
        take="an",
        put="en",
        rule="The a of “man” becomes an e.",
    ),
    Class(
        name="ee",
        cefr=2,
        pairs="foot feet|tooth teeth|goose geese|forefoot forefeet",
        take="oo",
        put="ee",
        rule="The oo becomes ee.",
    ),
    Class(
        name="ice",
        cefr=2,
        pairs="mouse mice|louse lice|dormouse dormice",
        take="ouse",
        put="ice",
        rule="Ouse becomes ice.",
    ),
    Class(
        name="en",
        cefr=2,
        pairs="child children|grandchild grandchildren|stepchild stepchildren|schoolchild schoolchildren",
        take="",
        put="ren",
        rule="“Child” takes ren.",
    ),
    Class(
        name="unchanged",
        cefr=2,
        pairs="sheep sheep|deer deer|aircraft aircraft|spacecraft spacecraft|series series"
        "|species species|salmon salmon"
        "|moose moose|offspring offspring|crossroads crossroads",
        take="",
        put="",
        rule="These nouns have the same form in the plural.",
    ),
    Class(
        name="es from is",
        cefr=4,
        pairs="crisis crises|analysis analyses|thesis theses|oasis oases|diagnosis diagnoses|hypothesis hypotheses"
        "|basis bases|axis axes|synthesis syntheses|parenthesis parentheses",
        take="is",
        put="es",
        rule="The is of these Greek words becomes es.",
    ),
    Class(
        name="i from us",
        cefr=4,
        pairs="nucleus nuclei|stimulus stimuli|alumnus alumni|radius radii|bacillus bacilli|locus loci",
        take="us",
        put="i",
        rule="The us of these Latin words becomes i.",
    ),
    Class(
        name="a",
        cefr=4,
        pairs="bacterium bacteria|stratum strata|erratum errata|ovum ova|addendum addenda",
        take="um",
        put="a",
        rule="The um of these Latin words becomes a.",
    ),
    Class(
        name="a from on",
        cefr=4,
        pairs="criterion criteria|phenomenon phenomena",
        take="on",
        put="a",
        rule="On becomes a.",
    ),
    Class(
        name="ae",
        cefr=5,
        pairs="larva larvae|alga algae|alumna alumnae|vertebra vertebrae",
        take="",
        put="e",
        rule="A becomes ae.",
    ),
)
_REGULAR = frozenset({"s", "es", "ies", "fs", "os"})


@cache
def _table() -> Mapping[str, tuple[str, Class]]:
    """Each noun with its plural and its class."""
    return {pair.split(" ")[0]: (pair.split(" ")[1], each) for each in _CLASSES for pair in each.pairs.split("|")}


def _by_rule(noun: str) -> str:
    """The plural that the rule of the noun's class makes, without the table's own."""
    of = next(each for each in _CLASSES if any(pair.startswith(f"{noun} ") for pair in each.pairs.split("|")))
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
        ("There is one {}; there are many", "I saw a {}; later I saw some", "Here is one {}; there are two")
    )
    lead = sentence.format(noun).replace(" a o", " an o").replace(" a a", " an a").replace(" a e", " an e")
    return Task(
        term=f"plural of {noun}",
        ask=rng.choice((f"What is the plural of “{noun}”?", f"Write the plural of “{noun}”.")),
        answer=plural,
        wrong=tuple(wrong),
        why=(of.rule, f"The plural of “{noun}” is “{plural}”."),
        holds=lambda text: text == _by_rule(noun),
        label=noun,
        says=f"{lead} {{}}.",
        kinds=("short", "cloze", TRUE_OR_FALSE, "match"),
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


def _shown(irregular: bool) -> Demonstration:
    def show(rng: random.Random, grade: int) -> Worked | None:
        noun = rng.choice(_known(grade, irregular=irregular))
        plural, of = _table()[noun]
        return Worked(
            term=f"plural of {noun}",
            problem=f"Complete the phrase: one {noun}, two {GAP}.",
            steps=(of.rule, f"So “{noun}” becomes “{plural}”."),
            answer=plural,
            holds=lambda text: text == _by_rule(noun),
        )

    return Demonstration(show=show, group="irregular" if irregular else "regular")


def nouns() -> Sequence[str]:
    """All nouns of the tables."""
    return list(_table())


SKILL = Skill(
    name="plurals",
    by="lessongen.computed.plurals",
    scope=Scope(
        family="english",
        cores={
            "plurals": "",
            "plural nouns": "",
            "noun plurals": "",
            "english plurals": "",
            "irregular plurals": "irregular",
            "irregular plural nouns": "irregular",
            "regular plurals": "regular",
            "singular plural": "",
            "singular plural nouns": "",
        },
        companions={
            "irregular": "irregular",
            "regular": "regular",
            **dict.fromkeys(("noun", "english", "singular", "form", "grammar"), ""),
        },
        unsure=frozenset({"plurals"}),
    ),
    objective=("apply", "Form the plural of nouns."),
    forms=(
        Form(draw=_regular, group="regular"),
        Form(draw=_like_regular, group="regular"),
        Form(draw=_irregular, group="irregular"),
        Form(draw=_like_irregular, group="irregular"),
    ),
    demonstrations=(_shown(irregular=False), _shown(irregular=True)),
)
