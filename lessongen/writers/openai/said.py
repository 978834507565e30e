"""What a model says in a lesson's steps, read: plain text on one line, cites that exist, and nothing blank.

A part that can't be used is left out here; what a lesson can't do without is looked for by those who ask.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from lessongen.check.in_passing import concludes
from lessongen.check.items.paper import content, share, telling
from lessongen.lesson.model import FEWEST_ENTRIES, Activity, Bloom, Role
from lessongen.text.passages import GAP
from lessongen.writers.openai.plain import plain
from lessongen.writers.openai.schemas import BLOOMS, GROUPINGS, KINDS, ROLES
from lessongen.writers.openai.sources import Numbered

Json = Mapping[str, Any]

_CITES_NOTHING = ("supposition", "framing", "analogy")
_OF_A_GLOSS = 0.6
_SAYS = re.compile(r"\b(?:is|are|was|were|means?|meant)\b")
_UNTIL_IT_ENDS = '.!?…”"’)'  # noqa: RUF001


@dataclass(frozen=True, kw_only=True)
class Said:
    """A sentence with its role and the numbers of the source sentences that it cites."""

    text: str
    role: Role = "fact"
    cites: tuple[int, ...] = ()

    @property
    def is_usable(self) -> bool:
        """Whether it says something and cites what it must."""
        return bool(self.text) and (bool(self.cites) or self.role not in ("fact", "inference"))


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question with all that belongs to it.

    `options` are those of a choice, or what fits nothing in a match, each with why it is wrong.
    """

    kind: str
    stem: str
    answer: str
    options: tuple[tuple[str, str], ...]
    items: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]
    term: str
    explanation: str
    cites: tuple[int, ...]
    supposes: bool
    bloom: Bloom

    @property
    def is_usable(self) -> bool:
        """Whether it has what its kind needs."""
        match self.kind:
            case "choice":
                texts = [text for text, _ in self.options]
                has_answer = len(texts) >= 3 and self.answer in texts and len(set(texts)) == len(texts)
            case "true_false":
                has_answer = self.answer.casefold() in ("true", "false")
            case "order":
                has_answer = len(self.items) >= 3 and len(set(self.items)) == len(self.items)
            case "match":
                lefts, rights = {left for left, _ in self.pairs}, {right for _, right in self.pairs}
                rights |= {text for text, _ in self.options}
                has_answer = len(self.pairs) == len(lefts) >= 3 and len(rights) == len(self.pairs) + len(self.options)
            case "cloze":
                has_answer = bool(self.answer) and self.stem.count(GAP) == 1
            case _:
                has_answer = bool(self.answer)
        return bool(self.stem and self.explanation and self.cites) and has_answer


@dataclass(frozen=True, kw_only=True)
class Belief:
    """What students wrongly believe, why, and what is so."""

    text: str
    tempts: str
    correction: Said


@dataclass(frozen=True, kw_only=True)
class PlannedCycle:
    """An idea that is to be taught, from which sentences, and how it is made concrete."""

    title: str
    minutes: int
    objective: str
    sentences: tuple[int, ...]
    concrete: str


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a lesson is for and what it teaches; a starter is what is asked, what to listen for, and what settles it."""

    title: str
    outcome: str
    summary: Said
    prior: tuple[str, ...]
    hook: tuple[Said, ...]
    starters: tuple[tuple[str, tuple[str, ...], tuple[int, ...]], ...]
    notes: tuple[Said, ...]
    key_points: tuple[Said, ...]
    terms: tuple[tuple[str, Said], ...]
    misconceptions: tuple[Belief, ...]
    cycles: tuple[PlannedCycle, ...]
    materials: tuple[str, ...]
    safety: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Likening:
    """An analogy: after which sentence it stands, the comparison, the fact that it explains, and where it ends."""

    after: int
    comparison: str
    fact: Said
    ends: str


@dataclass(frozen=True, kw_only=True)
class Worked:
    """A worked example."""

    problem: str
    steps: tuple[Said, ...]
    answer: str
    cites: tuple[int, ...]
    supposes: bool


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What stands on the board: a table or a timeline."""

    kind: str
    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[tuple[str, ...], tuple[int, ...]], ...]


@dataclass(frozen=True, kw_only=True)
class Part:
    """A part of a task, with its model answer."""

    prompt: str
    answer: str
    criteria: tuple[str, ...]
    cites: tuple[int, ...]
    supposes: bool


@dataclass(frozen=True, kw_only=True)
class Practice:
    """A task in parts."""

    intro: Said
    parts: tuple[Part, ...]
    support: str
    stretch: str
    notes: tuple[Said, ...]


@dataclass(frozen=True, kw_only=True)
class Cycle:
    """One idea as it is taught."""

    explain: tuple[Said, ...]
    analogy: Likening | None
    example: Worked | None
    show: Shown | None
    activity: Activity | None
    notes: tuple[Said, ...]
    checks: tuple[Asked, ...]
    practice: Practice


@dataclass(frozen=True, kw_only=True)
class Quizzes:
    """What is asked at the end, and what is taken home."""

    exit: tuple[Asked, ...]
    homework: str
    criteria: tuple[str, ...]


# ---------------------------------------------------------------- reading


class Reader:
    """Reads answers about these sentences."""

    def __init__(self, numbered: Numbered) -> None:
        self._numbered = numbered

    def plan(self, answer: Json) -> Plan:
        """The plan."""
        terms = [(text(each["term"]), self.said(each["definition"])) for each in answer["terms"]]
        starters = [
            (sentence(each["ask"]), tuple(map(sentence, texts(each["listen"]))), self.cites(each["settled_by"]))
            for each in answer["starter"]
        ]
        beliefs = [
            Belief(
                text=sentence(each["belief"]),
                tempts=text(each["tempts"]),
                correction=self.said(each["correction"]),
            )
            for each in answer["misconceptions"]
        ]
        return Plan(
            title=text(answer["title"]).rstrip("."),
            outcome=sentence(answer["outcome"]),
            summary=self.said(answer["summary"]),
            prior=texts(answer["prior"]),
            hook=self._all_said(answer["hook"]),
            starters=tuple(each for each in starters if all(each)),
            notes=self._all_said(answer["notes"]),
            key_points=self._all_said(answer["key_points"]),
            terms=tuple((name, said) for name, said in terms if name and said.is_usable),
            misconceptions=tuple(each for each in beliefs if each.text and each.correction.is_usable),
            cycles=tuple(map(self._planned, answer["cycles"])),
            materials=texts(answer["materials"]),
            safety=tuple(map(sentence, texts(answer["safety"]))),
        )

    def cycle(self, answer: Json) -> Cycle:
        """A cycle."""
        return Cycle(
            explain=self._all_said(answer["explain"]),
            analogy=next(filter(None, map(self._likening, answer["analogy"])), None),
            example=next(filter(None, map(self._worked, answer["example"])), None),
            show=self._shown(answer["show"]),
            activity=next(filter(None, map(self._doing, answer["activity"])), None),
            notes=self._all_said(answer["notes"]),
            checks=self.questions(answer["checks"]),
            practice=self._practice(answer["practice"]),
        )

    def quizzes(self, answer: Json) -> Quizzes:
        """The quizzes."""
        return Quizzes(
            exit=self.questions(answer["exit"]),
            homework=sentence(answer["homework"]["prompt"]),
            criteria=texts(answer["homework"]["criteria"]),
        )

    def questions(self, answers: Iterable[Json]) -> tuple[Asked, ...]:
        """The questions that can be used."""
        return tuple(each for each in map(self.asked, answers) if each.is_usable)

    def said(self, answer: Json) -> Said:
        """A sentence."""
        role: Role = answer["role"] if answer["role"] in (*ROLES, "analogy") else "fact"
        text, cites = sentence(answer["text"]), () if role in _CITES_NOTHING else self.cites(answer["cites"])
        if role == "gloss":  # one that no source gives is marked as plain words, not as the source's
            cites = tuple(each for each in cites if self._defines(each, text))
        if role == "fact" and concludes(text, [self._numbered[each].text for each in cites]):
            role = "inference"
        return Said(text=text, role=role, cites=cites)

    def _defines(self, number: int, gloss: str) -> bool:
        """Whether a source's sentence has most words of what a gloss says of its word, behind "is" or "means"."""
        meaning = _SAYS.split(gloss, maxsplit=1)[-1]
        return share(telling(meaning), content(self._numbered[number].text)) >= _OF_A_GLOSS

    def cites(self, numbers: Iterable[object]) -> tuple[int, ...]:
        """Those of the numbers that are sentences', each once."""
        return tuple(dict.fromkeys(each for each in numbers if isinstance(each, int) and each in self._numbered))

    def asked(self, answer: Json) -> Asked:
        """A question, whether or not it can be used."""
        options = [(text(each["text"]), sentence(each["why"])) for each in answer["options"]]
        pairs = [(text(each["left"]), text(each["right"])) for each in answer["pairs"]]
        kind = answer["kind"] if answer["kind"] in KINDS else ""
        is_in_sentences = kind in ("short", "open")
        return Asked(
            kind=kind,
            stem=text(answer["stem"]),
            answer=sentence(answer["answer"]) if is_in_sentences else text(answer["answer"]),
            options=tuple(each for each in options if each[0]) if kind in ("choice", "match") else (),
            items=texts(answer["items"]) if kind == "order" else (),
            pairs=tuple(each for each in pairs if all(each)) if kind == "match" else (),
            term=text(answer["term"]),
            explanation=sentence(answer["explanation"]),
            cites=self.cites(answer["cites"]),
            supposes=answer["supposes"] is True,
            bloom=answer["level"] if answer["level"] in BLOOMS else "understand",
        )

    def shown_row(self, answer: Json) -> tuple[tuple[str, ...], tuple[int, ...]]:
        """A row of what is shown."""
        return tuple(map(text, answer["cells"])), self.cites(answer["cites"])

    def _all_said(self, answers: Iterable[Json]) -> tuple[Said, ...]:
        return tuple(each for each in map(self.said, answers) if each.is_usable)

    def _planned(self, answer: Json) -> PlannedCycle:
        minutes = answer["minutes"]
        return PlannedCycle(
            title=text(answer["title"]).rstrip("."),
            minutes=minutes if isinstance(minutes, int) and minutes > 0 else 1,
            objective=sentence(answer["objective"]),
            sentences=self.cites(answer["sentences"]),
            concrete=text(answer["concrete"]),
        )

    def _likening(self, answer: Json) -> Likening | None:
        fact = self.said(answer["fact"])
        comparison, ends = sentence(answer["comparison"]), sentence(answer["ends"])
        after = answer["after"] if isinstance(answer["after"], int) else 0
        is_whole = bool(comparison and ends and fact.cites)
        return Likening(after=after, comparison=comparison, fact=fact, ends=ends) if is_whole else None

    def _worked(self, answer: Json) -> Worked | None:
        steps, cites = self._all_said(answer["steps"]), self.cites(answer["cites"])
        problem, result = sentence(answer["problem"]), sentence(answer["answer"])
        if not (steps and problem and result and cites):
            return None
        return Worked(problem=problem, steps=steps, answer=result, cites=cites, supposes=answer["supposes"] is True)

    def _shown(self, answer: Json) -> Shown | None:
        rows = [self.shown_row(each) for each in answer["rows"]]
        headings = texts(answer["headings"])
        width = len(headings) if answer["kind"] == "table" else 2
        usable = tuple((cells, cites) for cells, cites in rows if len(cells) == width and all(cells) and cites)
        fewest = FEWEST_ENTRIES if answer["kind"] == "timeline" else 1
        if answer["kind"] not in ("table", "timeline") or len(usable) < fewest or width < 2:
            return None
        return Shown(kind=answer["kind"], title=text(answer["title"]).rstrip("."), headings=headings, rows=usable)

    def _doing(self, answer: Json) -> Activity | None:
        steps, product = list(filter(None, map(sentence, answer["steps"]))), text(answer["product"])
        grouping = answer["grouping"] if answer["grouping"] in GROUPINGS else "class"
        return Activity(steps=steps, grouping=grouping, product=product) if len(steps) > 1 and product else None

    def _practice(self, answer: Json) -> Practice:
        parts = [
            Part(
                prompt=sentence(each["prompt"]),
                answer=sentence(each["answer"]),
                criteria=texts(each["criteria"]),
                cites=self.cites(each["cites"]),
                supposes=each["supposes"] is True,
            )
            for each in answer["parts"]
        ]
        return Practice(
            intro=self.said(answer["intro"]),
            parts=tuple(each for each in parts if each.prompt and ((each.cites and each.answer) or each.criteria)),
            support=sentence(answer["support"]),
            stretch=" ".join(filter(None, map(sentence, (answer["stretch"], answer["stretch_answer"])))),
            notes=self._all_said(answer["notes"]),
        )


def text(said: object) -> str:
    """What is said on one line; "" for what is no plain text."""
    return plain(said) or ""


def texts(said: Iterable[object]) -> tuple[str, ...]:
    """Those that say something, each once."""
    return tuple(dict.fromkeys(filter(None, map(text, said))))


def sentence(said: object) -> str:
    """The same, with the stop that is missing at its end, and a capital at its front."""
    found = text(said)
    if found and found[-1] not in _UNTIL_IT_ENDS:
        found += "."
    return found[:1].upper() + found[1:]
