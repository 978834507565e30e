"""The editable Markdown read back: what the lesson says now, on which line each thing stands, and what is wrong.

A text that carries a note is what the note says; one without is an author's. Who that is, and what has changed, is for
`signing`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, get_args

from lessongen.generation.editable.blocks import OPENINGS, opened, take, takes_lines
from lessongen.generation.editable.text import ROLES, bearing_of, read_drawing, split_note, unescaped
from lessongen.lesson.model import Bloom, SectionKind
from lessongen.lesson.questions import KINDS
from lessongen.lesson.questions.base import QuestionRole, Written

BLOOMS, SECTION_KINDS = get_args(Bloom), get_args(SectionKind)
QUESTION_ROLES = get_args(QuestionRole)
_HEADINGS = {
    "outcome": "outcome",
    "summary": "summary",
    "objectives": "objectives",
    "what helps to know already": "prior_knowledge",
    "key points": "key_points",
    "key terms": "key_terms",
    "often mixed up": "misconceptions",
    "materials": "materials",
    "safety": "safety",
    "questions": "questions",
}
_VERSION = re.compile(r"<!-- version (\S+) -->")
_NUMBERED = re.compile(r"[0-9]{1,3}\. ?(.*)")
_LETTERED = re.compile(r"([A-Z])\. ?(.*)")
_OPTION = re.compile(r"- \[([ xX]?)\] ?(.*)")
_FIELD = re.compile(r"(term|feedback|why not|because|drawing): ?(.*)")
_TWO_NOTES = re.compile(r"(.*\}) (\{[^{}]*\})$")

Content = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Mistake:
    """What is wrong on a line, from 1; and what to do about it."""

    line: int
    message: str
    remedy: str


@dataclass(eq=False)
class Reading:
    """Markdown while it is read; `content` and `mistakes` are what comes of it, `lines` says where what stands."""

    text: str
    content: Content = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.content = {"title": "", "outcome": "", "summary": None, "sections": []}
        self.content |= {name: [] for name in _HEADINGS.values() if name not in self.content}
        self._take: Callable[[str], None] = self._outside
        self._written: list[Written] = []
        self._at = 0
        self._is_new_block = True
        self._is_in_note = False
        for number, line in enumerate(self.text.replace("\r\n", "\n").removeprefix("\ufeff").split("\n"), 1):
            self._at = number
            self._read(line)
        self._finish()

    # ------------------------------------------------------------ lines

    def _read(self, line: str) -> None:
        stripped = line.strip()
        if stripped.startswith("<!--") and stripped.endswith("-->"):
            return
        if not stripped:
            self._is_new_block = True
        elif line.startswith("### "):
            self._open_question(line[4:])
        elif line.startswith("## "):
            self._open(line[3:])
        elif line.startswith("# "):
            self.content["title"] = unescaped(line[2:].rstrip())
            self.stand("title")
            self._take = self._outside
        else:
            self._take(line)
            self._is_new_block = False

    def stand(self, path: str) -> None:
        """Note that the thing of that path stands on this line."""
        self.lines.setdefault(path, self._at)

    def wrong(self, message: str, remedy: str, line: int | None = None) -> None:
        """Note a mistake, on the line that is being read unless told otherwise."""
        self.mistakes.append(Mistake(line=line or self._at, message=message, remedy=remedy))

    def _outside(self, line: str) -> None:
        self.wrong("nothing is expected here", "Put it under a heading, or take it out.")

    def _open(self, heading: str) -> None:
        """Begin what stands under a heading."""
        if heading.startswith("Section:"):
            self._open_section(heading.removeprefix("Section:").removeprefix(" "))
            return
        name = _HEADINGS.get(heading.strip().casefold())
        if name is None:
            known = ", ".join(f"“{each.capitalize()}”" for each in _HEADINGS)
            self.wrong(f"there is no heading “{heading.strip()[:60]}”", f"Use {known} or “Section: …”.")
            self._take = lambda line: None
            return
        self.stand(name)
        takes: Mapping[str, Callable[[str], None]] = {
            "outcome": self._outcome,
            "summary": self._summary,
            "objectives": self._objective,
            "prior_knowledge": partial(self._listed, name),
            "materials": partial(self._listed, name),
            "safety": partial(self._listed, name),
            "key_points": self._key_point,
            "key_terms": self._key_term,
            "misconceptions": self._misconception,
            "questions": self._outside,
        }
        self._take = takes[name]

    # ------------------------------------------------------------ what there is one of, and lists

    def statement(self, line: str, path: str) -> Content:
        """The statement of a line; without a note it stands on nothing yet."""
        self.stand(path)
        text, words = split_note(line)
        role = words.pop(0) if words and words[0] in ROLES else "fact"
        return {"text": unescaped(text), "role": role, **bearing_of(words), "verdict": None}

    def _outcome(self, line: str) -> None:
        if self.content["outcome"]:
            self.wrong("the outcome has a second line", "Write the outcome on one line.")
        self.content["outcome"] = unescaped(line.rstrip())

    def _summary(self, line: str) -> None:
        said = self.statement(line, "summary")
        before = self.content["summary"]
        if before is None:
            self.content["summary"] = said
        else:
            self.wrong("the summary has a second line", "Write the summary on one line.")

    def _item(self, line: str, what: str) -> str | None:
        if line.startswith("- "):
            return line[2:]
        self.wrong(f"a line of the {what} begins with “- ”", "Put “- ” before it.")
        return None

    def _objective(self, line: str) -> None:
        item = self._item(line, "objectives")
        bloom, colon, rest = (item or "").partition(": ")
        if item is None:
            return
        if not colon or bloom not in BLOOMS:
            self.wrong("an objective names its level first", f"Write one of {', '.join(BLOOMS)} and a colon before it.")
            return
        text, words = split_note(rest)
        self.stand(f"objectives[{len(self.content['objectives'])}]")
        name = words[0] if words else ""
        self.content["objectives"].append({"id": name, "bloom": bloom, "text": unescaped(text)})

    def _listed(self, name: str, line: str) -> None:
        item = self._item(line, name.replace("_", " "))
        if item is not None:
            self.stand(f"{name}[{len(self.content[name])}]")
            self.content[name].append(unescaped(item.rstrip()))

    def _key_point(self, line: str) -> None:
        item = self._item(line, "key points")
        if item is not None:
            points = self.content["key_points"]
            points.append(self.statement(item, f"key_points[{len(points)}]"))

    def _key_term(self, line: str) -> None:
        self._pair(line, "key_terms", "term", "definition")

    def _misconception(self, line: str) -> None:
        self._pair(line, "misconceptions", "belief", "correction")

    def _pair(self, line: str, name: str, first: str, second: str) -> None:
        """A line of two: what is named, and under it what is said of it."""
        items = self.content[name]
        if line.startswith("= ") and items and items[-1][second] is None:
            items[-1][second] = self.statement(line[2:], f"{name}[{len(items) - 1}].{second}")
        elif line.startswith("- "):
            self.stand(f"{name}[{len(items)}]")
            tempting = {"tempting": ""} if first == "belief" else {}
            items.append({first: unescaped(line[2:].rstrip()), **tempting, second: None})
        elif line.startswith("tempting: ") and items and "tempting" in items[-1]:
            items[-1]["tempting"] = unescaped(line.removeprefix("tempting: ").rstrip())
        else:
            self.wrong(f"a {first} begins with “- ”, its {second} on the next line with “= ”", "Put that before it.")

    # ------------------------------------------------------------ sections

    def _open_section(self, heading: str) -> None:
        title, words = split_note(heading)
        sections = self.content["sections"]
        self.stand(f"sections[{len(sections)}]")
        section: Content = {"id": "", "kind": "explain", "title": unescaped(title), "minutes": 5}
        section |= {"objectives": [], "cycle": None}
        if words:
            section |= self._facts_of_section(words)
        sections.append({**section, "blocks": [], "notes": []})
        self._take = self._block
        self._is_in_note = False
        self._is_new_block = True

    def _facts_of_section(self, words: list[str]) -> Content:
        cycle = None
        if words[2:3] == ["cycle"] and len(words) > 3 and re.fullmatch(r"[1-9]\d{0,8}", words[3], re.ASCII):
            cycle, words = int(words[3]), [*words[:2], *words[4:]]
        name, kind, minutes, _, *objectives = [*words, *[""] * (4 - len(words))]
        if kind not in SECTION_KINDS or not re.fullmatch(r"\d{1,9}", minutes, re.ASCII):
            kinds = ", ".join(SECTION_KINDS)
            self.wrong("the note of a section is incomplete", f"Write {{id kind 5 min o1}}; a kind is one of {kinds}.")
            return {}
        return {"id": name, "kind": kind, "minutes": int(minutes), "objectives": objectives, "cycle": cycle}

    def _block(self, line: str) -> None:
        section = self.content["sections"][-1]
        blocks = section["blocks"]
        path = f"sections[{len(self.content['sections']) - 1}].blocks"
        if line.startswith(":: "):
            self.stand(f"{path}[{len(blocks)}]")
            self._is_in_note = line[3:].split(" ")[0] == "note"
            self._open_block(line[3:], section)
        elif not self._is_new_block and not self._is_in_note and blocks and takes_lines(blocks[-1]):
            message = take(self, blocks[-1], line, f"{path}[{len(blocks) - 1}]")
            if message is not None:
                self.wrong(message, "Begin it so, or put a blank line before it.")
        else:
            if self._is_new_block or self._is_in_note or not blocks or blocks[-1]["kind"] != "prose":
                self.stand(f"{path}[{len(blocks)}]")
                blocks.append({"kind": "prose", "sentences": []})
            self._is_in_note = False
            sentences = blocks[-1]["sentences"]
            sentences.append(self.statement(line, f"{path}[{len(blocks) - 1}].sentences[{len(sentences)}]"))

    def _open_block(self, line: str, section: Content) -> None:
        rest, words = split_note(line)
        what, _, detail = rest.strip().partition(" ")
        if what == "note":
            path = f"sections[{len(self.content['sections']) - 1}].notes[{len(section['notes'])}]"
            section["notes"].append(self.statement(line.removeprefix("note").removeprefix(" "), path))
            return
        block = opened(what, detail, words)
        if block is not None:
            section["blocks"].append(block)
        else:
            self.wrong(f"“:: {rest[:40]}” opens nothing", f"After “:: ” stands {OPENINGS}.")

    # ------------------------------------------------------------ questions

    def _open_question(self, heading: str) -> None:
        two = _TWO_NOTES.fullmatch(heading.rstrip())
        rest, words = split_note(two[1] if two else heading)
        _, bears = split_note(two[2]) if two else ("", None)
        questions = self.content["questions"]
        self.stand(f"questions[{len(questions)}]")
        question: Content = {"id": "", "kind": "", "objective": "", "bloom": "remember", "role": None}
        question |= {**bearing_of(bears), "supposes": False, "why": [], "verdict": None, "drawing": None}
        if words and words[-1] == "supposes":
            question["supposes"], words = True, words[:-1]
        facts = ("id", "kind", "objective", "bloom", "role")
        if words and len(words) in (len(facts) - 1, len(facts)):
            question |= dict(zip(facts, words, strict=False))
        else:
            question["kind"] = next((word for word in (words or rest.split()) if word in KINDS), "")
        if question["role"] not in (None, *QUESTION_ROLES):
            self.wrong("there is no such role of a question", f"Use one of {', '.join(QUESTION_ROLES)}.")
        if question["kind"] not in KINDS or question["bloom"] not in BLOOMS:
            self.wrong(
                "a question says of which kind it is",
                f"Write “### Question {{{next(iter(KINDS))}}}”: {', '.join(KINDS)}.",
            )
            question["kind"] = "open"
        questions.append({**question, "stem": "", "term": "", "feedback": None})
        self._written.append(Written())
        self._take = self._of_question

    def _of_question(self, line: str) -> None:
        question = self.content["questions"][-1]
        path = f"questions[{len(self.content['questions']) - 1}]"
        kind, written = KINDS[question["kind"]], self._written[-1]
        option, lettered, numbered = _OPTION.fullmatch(line), _LETTERED.fullmatch(line), _NUMBERED.fullmatch(line)
        named = _FIELD.fullmatch(line)
        if line.startswith("? "):
            question["stem"] = unescaped(line[2:].rstrip())
        elif line.startswith("= "):
            written.answer = unescaped(line[2:].rstrip())
            self.stand(f"{path}.answer")
        elif option and "option" in kind.marks:
            is_right = option[1].lower() == "x"
            if is_right and kind.is_marked_once and any(marked for marked, _ in written.options):
                self.wrong("two options are marked as right", "Mark one with [x], the others with [ ].")
            written.options.append((is_right, unescaped(option[2].rstrip())))
        elif lettered and "lettered" in kind.marks:
            written.lettered.append(unescaped(lettered[2].rstrip()))
        elif numbered and "numbered" in kind.marks:
            written.numbered.append(unescaped(numbered[1].rstrip()))
        elif named and named[1] == "feedback":
            question["feedback"] = self.statement(named[2], f"{path}.feedback")
        elif named and named[1] == "why not":
            self.stand(f"{path}.why[{len(question['why'])}]")
            question["why"].append({"option": unescaped(named[2].rstrip()), "reason": None})
        elif named and named[1] == "because" and question["why"]:
            question["why"][-1]["reason"] = self.statement(named[2], f"{path}.why[{len(question['why']) - 1}].reason")
        elif named and named[1] == "drawing":
            self.stand(f"{path}.drawing")
            question["drawing"] = read_drawing(named[2])
            if question["drawing"] is None:
                self.wrong("“drawing: ” is followed by an object of JSON", "Put back what stood there.")
        elif named and named[1] == "term":
            question["term"] = unescaped(named[2].rstrip())
        else:
            self.wrong(
                "this line is no part of a question", "Begin it with “? ”, “- [ ] ”, “= ”, “term: ” or “feedback: ”."
            )

    # ------------------------------------------------------------ the end

    def _finish(self) -> None:
        self._at = 1
        if self.content["summary"] is None:
            self.wrong("there is no summary", "Write one under “## Summary”.", self.lines.get("summary"))
        for name, second in (("key_terms", "definition"), ("misconceptions", "correction")):
            for at, each in enumerate(self.content[name]):
                if each[second] is None:
                    self.wrong(
                        f"its {second} is missing",
                        "Write it on the next line, after “= ”.",
                        self.lines[f"{name}[{at}]"],
                    )
        for at, question in enumerate(self.content["questions"]):
            self._finish_question(question, self._written[at], self.lines[f"questions[{at}]"])

    def _finish_question(self, question: Content, written: Written, line: int) -> None:
        """Give the question its answer in the form of its kind."""
        kind = KINDS[question["kind"]]
        question |= kind.read(written)
        if question["answer"] is None:
            self.wrong("the question has no right answer", kind.remedy, line)
        if any(why["reason"] is None for why in question["why"]):
            self.wrong("a wrong option has no reason", "Write it on the next line: “because: …”.", line)
        if question["feedback"] is None:
            self.wrong("the question has no feedback", "Write what a student reads: “feedback: …”.", line)


def version_of(text: str) -> str | None:
    """The version that a file says it was made from; None where it does not say."""
    found = _VERSION.search(text)
    return found[1] if found else None
