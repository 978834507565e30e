"""A new draft of a lesson with the locked parts of its newest version in place of its own.

Kept parts stay as they are, ids and cites too; the new draft makes room for them, and gives up what then repeats them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from copy import deepcopy
from functools import cached_property
from typing import Any

from lessongen.lesson.draft import Draft
from lessongen.lesson.edition import cites_of
from lessongen.lesson.grafting import Graft, quotes_of, sentences_of
from lessongen.lesson.model import Lesson
from lessongen.lesson.parts import QUIZ, SINGLE, keys_within
from lessongen.text.passages import names
from lessongen.text.sentences import points_back
from lessongen.text.words import fold

_MOST_SECTIONS = 6
_MOST_OBJECTIVES = 4
_FEWEST_QUESTIONS, _MOST_QUESTIONS = 5, 12

Content = dict[str, Any]


def with_kept(stored: Draft, fresh: Draft, locks: Iterable[str]) -> Draft:
    """The fresh draft with the stored one's parts of these keys (`parts.Part.key`), and the sources of both."""
    content = _Keeping(stored.lesson, fresh.lesson, frozenset(locks)).content()
    return as_draft(content, {**stored.texts, **fresh.texts})


def as_draft(content: Mapping[str, Any], texts: Mapping[str, str]) -> Draft:
    """The content as a draft, with those of the texts that its sources name."""
    lesson = Lesson.model_validate(content)
    wanted = {source.text_sha256 for source in lesson.sources}
    return Draft(lesson=lesson, texts={digest: text for digest, text in texts.items() if digest in wanted})


def kept_keys(content: Mapping[str, Any], locks: Iterable[str]) -> frozenset[str]:
    """The keys of all that locks keep: of a section its questions too, of the quiz each question."""
    keys = frozenset(locks)
    return keys.union(*(keys_within(content, key) for key in keys))


def serve_objectives(content: Content, kept: Collection[str]) -> None:
    """See to it that each objective has a question and a section, or drop it where none of the `kept` parts needs it.

    Only questions and sections that are not kept are given to other objectives.
    """
    needed = {name for each in content["sections"] if f"section:{each['id']}" in kept for name in each["objectives"]}
    needed |= {each["objective"] for each in content["questions"] if f"question:{each['id']}" in kept}
    if "objectives" in kept:
        needed = {each["id"] for each in content["objectives"]}
    free = [each for each in content["questions"] if f"question:{each['id']}" not in kept]
    asked = [question["objective"] for question in content["questions"]]
    for name in sorted(needed - set(asked)):
        spare = next((each for each in free if asked.count(each["objective"]) > 1), None)
        if spare is not None:
            asked[asked.index(spare["objective"])] = name
            spare["objective"] = name
    content["objectives"] = [each for each in content["objectives"] if each["id"] in asked or each["id"] in needed]
    names_left = [each["id"] for each in content["objectives"]]
    open_sections = [each for each in content["sections"] if f"section:{each['id']}" not in kept]
    for section in open_sections:
        section["objectives"] = [name for name in section["objectives"] if name in names_left]
    served = {name for section in content["sections"] for name in section["objectives"]}
    if open_sections:
        open_sections[-1]["objectives"] += [name for name in names_left if name not in served]


class _Keeping:
    """Puts one content together from two."""

    def __init__(self, stored: Lesson, fresh: Lesson, locks: frozenset[str]) -> None:
        self._old = stored.model_dump(mode="json")
        self._locks = locks
        self._keys = kept_keys(self._old, locks)
        self._graft = Graft(self._old)
        self._graft.open_with(fresh.model_dump(mode="json")["sources"][0])
        self._new = self._renamed(fresh.model_dump(mode="json"))

    def content(self) -> Content:
        """The new content with what is kept of the old one."""
        content = deepcopy(self._new)
        for name, (field, _) in SINGLE.items():
            if name in self._locks and name != "objectives":
                content[field] = self._old[field]
        content["objectives"] = self._objectives(content)
        content["sections"] = self._sections(content)
        content["questions"] = self._questions(content)
        self._ask_in_sections(content)
        self._show_what_is_kept(content)
        serve_objectives(content, self._keys)
        self._share_minutes(content)
        self._graft.prune(content)
        signed = self._old["provenance"]["signed"] | content["provenance"]["signed"]
        texts = set(_strings(content))
        content["provenance"]["signed"] = {text: author for text, author in signed.items() if text in texts}
        return {**content, "sources": self._graft.sources}

    # ------------------------------------------------------------ what is kept

    @cached_property
    def _kept_sections(self) -> list[tuple[int, Content]]:
        """The kept sections with their places."""
        return [(at, each) for at, each in enumerate(self._old["sections"]) if f"section:{each['id']}" in self._keys]

    @cached_property
    def _kept_questions(self) -> list[tuple[int, Content]]:
        return [(at, each) for at, each in enumerate(self._old["questions"]) if f"question:{each['id']}" in self._keys]

    @cached_property
    def _kept_objectives(self) -> list[Content]:
        """Those that kept sections serve and kept questions ask about, or all where they are locked themselves."""
        referred = {name for _, section in self._kept_sections for name in section["objectives"]}
        referred |= {question["objective"] for _, question in self._kept_questions}
        is_locked = "objectives" in self._locks
        return [each for each in self._old["objectives"] if is_locked or each["id"] in referred]

    def _is_kept(self, section: Content) -> bool:
        return any(section is each for _, each in self._kept_sections)

    def _renamed(self, new: Content) -> Content:
        """The new content with ids that the old one does not use, and cites of the quotes as they are named there."""
        names: dict[str, str] = {}
        for field in ("objectives", "sections", "questions"):
            names |= {each["id"]: self._graft.free(each["id"]) for each in new[field]}
        carried: Content = self._graft.carry({**new, "sources": []}, new["sources"])
        for each in (*carried["objectives"], *carried["sections"], *carried["questions"]):
            each["id"] = names[each["id"]]
        for section in carried["sections"]:
            section["objectives"] = [names[name] for name in section["objectives"]]
            for block in section["blocks"]:
                if block["kind"] == "check":
                    block["question"] = names[block["question"]]
        for question in carried["questions"]:
            question["objective"] = names[question["objective"]]
        return carried

    # ------------------------------------------------------------ objectives

    def _objectives(self, content: Content) -> list[Content]:
        """Those that kept parts need, in the new draft's words where it has as many; then its others, up to four.

        What serves one that there is no room for serves another of its level.
        """
        free: list[Content] = list(content["objectives"])
        chosen: list[Content] = []
        instead: dict[str, str] = {}
        for old in self._kept_objectives:
            new = _nearest(old, free)
            if new is not None:
                free.remove(new)
                instead[new["id"]] = old["id"]
            chosen.append(old if new is None or "objectives" in self._locks else {**new, "id": old["id"]})
        room = 0 if "objectives" in self._locks else _MOST_OBJECTIVES - len(chosen)
        chosen += free[:room]
        for number, each in enumerate(free[room:]):
            alike = [one["id"] for one in chosen if one["bloom"] == each["bloom"]] or [one["id"] for one in chosen]
            instead[each["id"]] = alike[number % len(alike)]
        for section in content["sections"]:
            named = (instead.get(name, name) for name in section["objectives"])
            section["objectives"] = list(dict.fromkeys(named))
        for question in content["questions"]:
            question["objective"] = instead.get(question["objective"], question["objective"])
        return chosen

    # ------------------------------------------------------------ sections and questions

    def _sections(self, content: Content) -> list[Content]:
        """The new sections, each kept one in the place of one of its kind that is nearest."""
        sections: list[Content] = content["sections"]
        for at, kept in self._kept_sections:
            others = [place for place, each in enumerate(sections) if not self._is_kept(each)]
            alike = [place for place in others if self._are_of_a_kind(sections[place], kept)]
            if not alike and len(sections) < _MOST_SECTIONS:
                sections.insert(min(at, len(sections)), kept)
                continue
            place = min(alike or others, key=lambda place: (abs(place - at), place))
            sections[place] = kept
        shown = {each["text"] for _, section in self._kept_sections for each in sentences_of(section)}
        for section in sections:
            if not self._is_kept(section):
                _drop_repeated(section, shown)
        return [section for section in sections if section["blocks"]]

    def _are_of_a_kind(self, one: Content, other: Content) -> bool:
        """Whether one section may stand for the other: worked examples or exercises for such, text for text."""
        return one["kind"] == other["kind"] and self._is_computed(one) == self._is_computed(other)

    def _is_computed(self, section: Content) -> bool:
        asked = set(_asked_in(section))
        shown = [block for block in section["blocks"] if block["kind"] == "example"]
        questions = [*self._old["questions"], *self._new["questions"]]
        return any(each["origin"] == "computed" for each in (*shown, *(q for q in questions if q["id"] in asked)))

    def _questions(self, content: Content) -> list[Content]:
        """The kept ones at their places among the new ones; those about sections that gave way go first."""
        kept = [question for _, question in self._kept_questions]
        proposed: list[Content] = [] if QUIZ in self._locks else content["questions"]
        proposed = [each for each in proposed if not any(self._are_alike(each, other) for other in kept)]
        asked = {name for section in content["sections"] for name in _asked_in(section)}
        placed_before = {name for section in self._new["sections"] for name in _asked_in(section)}
        orphans = [each for each in proposed if each["id"] in placed_before - asked]
        wanted = min(max(len(self._new["questions"]), len(kept)), _MOST_QUESTIONS) - len(kept)
        chosen = _fewer([each for each in proposed if each not in orphans], max(0, wanted), kept)
        chosen += orphans[: max(0, _FEWEST_QUESTIONS - len(kept) - len(chosen))]
        for at, question in self._kept_questions:
            chosen.insert(min(at, len(chosen)), question)
        return chosen

    def _are_alike(self, one: Content, other: Content) -> bool:
        if fold(one["stem"]) == fold(other["stem"]):
            return True
        same_term = fold(one["term"]) == fold(other["term"])
        return same_term and bool(set(cites_of(one)) & set(cites_of(other)))

    def _ask_in_sections(self, content: Content) -> None:
        """Have the sections ask all questions that there are, and no others."""
        names = {question["id"] for question in content["questions"]}
        in_kept = {name for _, section in self._kept_sections for name in _asked_in(section)}
        open_sections = [section for section in content["sections"] if not self._is_kept(section)]
        for section in open_sections:
            blocks = section["blocks"]
            section["blocks"] = [
                each for each in blocks if each["kind"] != "check" or each["question"] in names - in_kept
            ]
        asked = {name for section in content["sections"] for name in _asked_in(section)}
        waiting = [question["id"] for question in content["questions"] if question["id"] not in asked]
        place = next((each for each in open_sections if each["kind"] == "check"), None)
        place = place or next((each for each in reversed(open_sections) if sentences_of(each)), None)
        if place is not None:
            at = max((at + 1 for at, each in enumerate(place["blocks"]) if each["kind"] != "activity"), default=0)
            place["blocks"][at:at] = [{"kind": "check", "question": name} for name in waiting]
        content["sections"] = [section for section in content["sections"] if section["blocks"]]

    def _show_what_is_kept(self, content: Content) -> None:
        """Have the sections show what kept questions and terms stand on, where they don't."""
        shown = {each["text"] for section in content["sections"] for each in sentences_of(section)}
        quotes = quotes_of(self._old["sources"])
        needed = self._needed(quotes)
        missing = [cite for cite in dict.fromkeys(needed) if not any(quotes[cite]["text"] in text for text in shown)]
        said = [
            {"text": quotes[cite]["text"], "cites": [cite], "origin": "quoted", "by": None}
            for cite in missing
            if not points_back(quotes[cite]["text"])
        ]
        open_sections = [each for each in content["sections"] if not self._is_kept(each) and sentences_of(each)]
        if said and open_sections:
            blocks = open_sections[-1]["blocks"]
            at = max(at + 1 for at, block in enumerate(blocks) if block["kind"] == "prose")
            blocks.insert(at, {"kind": "prose", "sentences": said})

    def _needed(self, quotes: Mapping[str, Mapping[str, Any]]) -> list[str]:
        """The quotes that kept questions and terms cite, and that speak of what they and kept objectives name."""
        needed: list[str] = []
        named: list[str] = []
        for _, question in self._kept_questions:
            needed += question["cites"]
            named.append(question["term"])
        for term in self._old["key_terms"]:
            if "key-terms" in self._locks:
                needed += term["definition"]["cites"]
            in_objective = any(names(each["text"], term["term"]) for each in self._old["objectives"])
            if in_objective and "objectives" in self._locks:
                named.append(term["term"])
        for term in named:
            if not any(names(quotes[cite]["text"], term) for cite in needed):
                needed += [cite for cite, quote in quotes.items() if names(quote["text"], term)][:1]
        return needed

    def _share_minutes(self, content: Content) -> None:
        """Have the minutes add up, to as many as the new draft takes where its own sections can make up for it."""
        open_sections = [section for section in content["sections"] if not self._is_kept(section)]
        left = self._new["minutes"] - sum(section["minutes"] for section in content["sections"])
        for section in sorted(open_sections, key=lambda section: -section["minutes"]):
            change = max(left, 1 - section["minutes"])
            section["minutes"] += change
            left -= change
        content["minutes"] = sum(section["minutes"] for section in content["sections"])


def _nearest(objective: Content, others: list[Content]) -> Content | None:
    """Of the others that of the same text, or else of the same level, or else the first."""
    for field in ("text", "bloom"):
        for each in others:
            if each[field] == objective[field]:
                return each
    return others[0] if others else None


def _fewer(questions: list[Content], most: int, kept: list[Content]) -> list[Content]:
    """So many of the questions: for each kept one, one of its origin gives way, the last ones first."""
    left = list(questions)
    for each in kept:
        alike = [question for question in left if question["origin"] == each["origin"]]
        if len(left) > most and alike:
            left.remove(alike[-1])
    return left[:most]


def _asked_in(section: Content) -> list[str]:
    return [block["question"] for block in section["blocks"] if block["kind"] == "check"]


def _strings(piece: Any) -> Iterator[str]:
    """All texts of a piece of content."""
    if isinstance(piece, str):
        yield piece
    elif isinstance(piece, Mapping):
        for value in piece.values():
            yield from _strings(value)
    elif isinstance(piece, list):
        for value in piece:
            yield from _strings(value)


def _drop_repeated(section: Content, shown: set[str]) -> None:
    """Leave out of a section the sentences that are shown elsewhere, with what points back at them."""
    blocks: list[Content] = []
    for block in section["blocks"]:
        if block["kind"] == "prose":
            left: list[Content] = []
            is_gone = False
            for sentence in block["sentences"]:
                is_gone = sentence["text"] in shown or (is_gone and points_back(sentence["text"]))
                if not is_gone:
                    left.append(sentence)
            block["sentences"] = left
            if not left:
                continue
        blocks.append(block)
    section["blocks"] = blocks
