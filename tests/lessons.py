"""A small valid lesson for tests, about things that don't exist, and ways to change it.

The sources are invented; `draft` gives the same lesson for whatever subject and topic a test asks for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from lessongen.check.reading import Reading
from lessongen.check.verdicts import judged as for_a_judge
from lessongen.lesson.draft import Draft
from lessongen.lesson.editor import Editor
from lessongen.lesson.judgement import Bar, Claim, ExamResult, Identity, KindCount, Passage, seal_of
from lessongen.lesson.model import Examined, Lesson, Verdict, sha256
from lessongen.lesson.place import Place
from lessongen.lesson.task import LessonRequest

LANTERN_BOAT = """\
A lantern boat is a small wooden vessel that carries a lamp across a lake at night. It is steered by a single rower \
who stands at the stern. The keel of a lantern boat is carved from one long plank of cedar. Every spring the rowers \
scrape the hull clean and paint it with pine tar. Pine tar is a dark resin that keeps water out of the planks. Fresh \
resin smells of smoke for several weeks.
The oldest lantern boat of Wexmere was built in 1741 by the carpenter Odile Marrow. In 1802 the village chose a yellow \
lamp for working nights and a blue lamp for feast nights. The first boat race of Wexmere followed in 1866 and drew \
rowers from nine villages.
A lantern boat must not be confused with a fishing punt, which carries nets and has no lamp. Rowers who meet on the \
water raise the lamp twice, and a boat that answers once asks for help.
"""

JETTY = """\
A jetty is a wooden walkway that reaches from the shore into deep water. The posts of a jetty are driven into the mud \
with a falling stone. A mooring ring is an iron hoop that holds the rope of a waiting boat. Ropes of hemp last for two \
winters before they must be replaced.
"""

_QUOTES = {
    "boat": "A lantern boat is a small wooden vessel that carries a lamp across a lake at night.",
    "steered": "It is steered by a single rower who stands at the stern.",
    "keel": "The keel of a lantern boat is carved from one long plank of cedar.",
    "spring": "Every spring the rowers scrape the hull clean and paint it with pine tar.",
    "tar": "Pine tar is a dark resin that keeps water out of the planks.",
    "oldest": "The oldest lantern boat of Wexmere was built in 1741 by the carpenter Odile Marrow.",
    "lamps": "In 1802 the village chose a yellow lamp for working nights and a blue lamp for feast nights.",
    "race": "The first boat race of Wexmere followed in 1866 and drew rowers from nine villages.",
    "punt": "A lantern boat must not be confused with a fishing punt, which carries nets and has no lamp.",
    "signal": "Rowers who meet on the water raise the lamp twice, and a boat that answers once asks for help.",
    "jetty": "A jetty is a wooden walkway that reaches from the shore into deep water.",
    "posts": "The posts of a jetty are driven into the mud with a falling stone.",
    "ring": "A mooring ring is an iron hoop that holds the rope of a waiting boat.",
}
JUDGED = "Builders shape the bottom beam of such a boat out of a single piece of timber."
ABLE = "able-1"
FOR_STUDENTS = frozenset(
    "id kind role stem origin supposes drawing options left right items".split()  # no key, and who made it
)
"""What students get of a question."""
_OF_JETTY = ("jetty", "posts", "ring")

CHOICE: dict[str, Any] = {
    "id": "q1",
    "kind": "choice",
    "objective": "o1",
    "bloom": "remember",
    "stem": "Which term completes this sentence? “_____ is a dark resin that keeps water out of the planks.”",
    "term": "pine tar",
    "options": ["Beeswax", "Pine tar", "Candle tallow"],
    "answer": "Pine tar",
    "cites": ["tar"],
}
YEAR: dict[str, Any] = {
    "id": "q2",
    "kind": "choice",
    "objective": "o1",
    "bloom": "remember",
    "stem": "Which year completes this sentence? “The oldest lantern boat of Wexmere was built in _____ by the "
    "carpenter Odile Marrow.”",
    "term": "1741",
    "options": ["1741", "1717", "1768", "1733"],
    "answer": "1741",
    "cites": ["oldest"],
}
CLOZE: dict[str, Any] = {
    "id": "q3",
    "kind": "cloze",
    "objective": "o2",
    "bloom": "remember",
    "stem": "Fill in the gap: “A jetty is a wooden _____ that reaches from the shore into deep water.”",
    "term": "walkway",
    "answer": "walkway",
    "cites": ["jetty"],
}
TRUE: dict[str, Any] = {
    "id": "q4",
    "kind": "true_false",
    "objective": "o2",
    "bloom": "understand",
    "stem": "True or false, according to the lesson? “The posts of a jetty are driven into the mud with a falling "
    "stone.”",
    "term": "posts",
    "answer": True,
    "cites": ["posts"],
}
FALSE: dict[str, Any] = {
    "id": "q5",
    "kind": "true_false",
    "objective": "o2",
    "bloom": "understand",
    "stem": "True or false? A mooring ring is a wooden walkway that reaches from the shore into deep water.",
    "term": "mooring ring",
    "answer": False,
    "cites": ["jetty", "ring"],
}
SHORT: dict[str, Any] = {
    "id": "q6",
    "kind": "short",
    "objective": "o1",
    "bloom": "understand",
    "stem": "What is a lantern boat?",
    "term": "lantern boat",
    "answer": _QUOTES["boat"],
    "cites": ["boat"],
}
MATCH: dict[str, Any] = {
    "id": "q7",
    "kind": "match",
    "objective": "o1",
    "bloom": "understand",
    "stem": "Match each term to its meaning.",
    "term": "jetty",
    "left": ["jetty", "mooring ring", "lantern boat"],
    "right": [
        "a small wooden vessel that carries a lamp across a lake at night.",
        "a wooden walkway that reaches from the shore into deep water.",
        "an iron hoop that holds the rope of a waiting boat.",
    ],
    "answer": [1, 2, 0],
    "cites": ["boat", "jetty", "ring"],
}
ORDER: dict[str, Any] = {
    "id": "q8",
    "kind": "order",
    "objective": "o1",
    "bloom": "analyze",
    "stem": "Put these in order, the earliest first.",
    "term": "Wexmere",
    "items": ["drew rowers from nine villages", "was built in 1741", "the village chose a yellow lamp"],
    "answer": [1, 2, 0],
    "cites": ["oldest", "lamps", "race"],
}
OPEN: dict[str, Any] = {
    "id": "q9",
    "kind": "open",
    "objective": "o1",
    "bloom": "evaluate",
    "stem": "Judge how well the rowers can speak with their lamps. Give a reason from the text.",
    "term": "lamp",
    "answer": f"{_QUOTES['signal']} {_QUOTES['lamps']}",
    "cites": ["signal", "lamps"],
}
COMPUTED: dict[str, Any] = {
    "id": "q10",
    "kind": "short",
    "objective": "o1",
    "bloom": "apply",
    "stem": "How many years passed from the oldest boat to the first race?",
    "term": "years",
    "answer": "125",
    "origin": "computed",
    "by": "arithmetic",
}
AUTHORS: dict[str, Any] = {
    "id": "q11",
    "kind": "open",
    "objective": "o1",
    "bloom": "create",
    "stem": "Our museum on Mill Street shows a boat of 1903. Draw it.",
    "term": "museum",
    "answer": "A drawing with keel, hull and lamp.",
    "origin": "author",
    "by": "R. Teacher",
}


BEESWAX = "Beeswax melts too easily."


def _signed(text: str, **fields: Any) -> dict[str, Any]:
    """A statement that an author signs."""
    return {"text": text, "origin": "author", "by": "R. Teacher", **fields}


ANALOGY: dict[str, Any] = {
    "kind": "analogy",
    "text": _signed("A lantern boat is like a bicycle with a lamp.", role="analogy"),
    "statement": {"text": "A lantern boat carries a lamp across a lake.", "cites": ["boat"], "origin": "written"},
    "ends": _signed("A bicycle does not need water.", role="analogy"),
}
TABLE: dict[str, Any] = {
    "kind": "table",
    "title": "Parts of a jetty",
    "headings": ["Part", "Meaning"],
    "rows": [
        {"cells": ["Jetty", "a wooden walkway"], "cites": ["jetty"]},
        {"cells": ["Mooring ring", "an iron hoop"], "cites": ["ring"]},
    ],
}
TIMELINE: dict[str, Any] = {
    "kind": "timeline",
    "title": "The boats of Wexmere",
    "entries": [
        {"when": "1741", "what": "The oldest lantern boat of Wexmere was built", "cites": ["oldest"]},
        {"when": "1866", "what": "The first boat race", "origin": "author", "by": "R. Teacher"},
    ],
}
FIGURE: dict[str, Any] = {
    "kind": "figure",
    "title": "The years of Wexmere",
    "alternative": "A line with the years 1741 and 1866.",
    "svg": '<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0h9"/><text x="1" y="2">1741</text></svg>',
    "cites": ["oldest"],
    "origin": "computed",
    "by": "drawing",
}
TASK: dict[str, Any] = {
    "kind": "task",
    "prompt": "Explain what a jetty is.",
    "answer": _QUOTES["jetty"],
    "criteria": ["Names the material.", "Says where it reaches to."],
    "support": "Look for the word “walkway”.",
    "stretch": "Compare it with a bridge that you know.",
    "cites": ["jetty"],
}


def quoted(*quotes: str) -> dict[str, Any]:
    """A statement of these quotes one after the other."""
    return {"text": " ".join(_QUOTES[quote] for quote in quotes), "cites": list(quotes)}


def question(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The question with its first quote as feedback."""
    cites = fields.get("cites") or ["boat"]
    return {"feedback": quoted("boat" if cites[0] == "steered" else cites[0]), **fields}


def prose(*quotes: str) -> dict[str, Any]:
    """Running text of these quotes."""
    return {"kind": "prose", "sentences": [quoted(each) for each in quotes]}


def texts() -> dict[str, str]:
    """The whole texts of the lesson's sources by SHA-256."""
    return {sha256(text): text for text in (LANTERN_BOAT, JETTY)}


def lesson(**changes: Any) -> Lesson:
    """A lesson that passes every rule, with these of its fields changed."""
    return Lesson.model_validate({**_fields(), **changes})


def teaching(**changes: Any) -> Lesson:
    """The valid lesson with each part that only schema 2 has, with these of its fields changed."""
    content = lesson().model_dump()
    explaining, checking = content["sections"][1], content["sections"][2]
    explaining |= {"cycle": 1, "blocks": [*explaining["blocks"], ANALOGY, TABLE, TIMELINE, FIGURE]}
    explaining["notes"] = [
        {"text": "Ask who can draw a lantern boat.", "role": "framing"},
        quoted("signal"),
    ]
    checking |= {"cycle": 1, "blocks": [TASK, *checking["blocks"]]}
    content["questions"][0] |= {"role": "check", "why": [{"option": "Beeswax", "reason": _signed(BEESWAX)}]}
    content["questions"][2]["role"] = "check"
    content["questions"][5]["role"] = "homework"
    content["misconceptions"][0]["tempting"] = "Both are small and made of wood."
    return Lesson.model_validate(
        {
            **content,
            "outcome": "I can explain what a lantern boat is.",
            "key_points": [quoted("boat"), quoted("jetty") | {"role": "gloss"}],
            "materials": ["Scissors", "A sheet of stiff paper"],
            "safety": ["Keep away from the flame of a candle."],
            **changes,
        }
    )


def examined(**changes: Any) -> Examined:
    """A passed exam as lessons keep it, with these figures changed and its SHA-256 right again."""
    made = Examined.of(
        ExamResult(
            identity=Identity(judge="model", model=ABLE, server="http://127.0.0.1:8080/v1", prompt_sha256="0" * 64),
            exam="en-0123456789ab",
            language="en",
            is_short=True,
            kinds=(
                KindCount(kind="paraphrase", is_honest=True, right=39, pairs=40),
                KindCount(kind="wrong cause", is_honest=False, right=40, pairs=40),
            ),
            unanswered=0,
            seconds=1.0,
            calls=2,
            tokens=9_000,
            cost=None,
            sat_at=datetime(2026, 2, 1, tzinfo=UTC),
        ),
        Bar(),
    ).model_copy(update=changes)
    return made.model_copy(update={"sha256": made.seal})


def verdict(sentence: str, quote: str, **changes: Any) -> dict[str, Any]:
    """The verdict of the able judge on a sentence and one of the lesson's quotes, with these of its fields changed."""
    passage = Passage(id=quote, text=_QUOTES[quote])
    claim = Claim(sentence=sentence, quotes=(passage,), role=changes.pop("role", "fact"))
    said = {"judge": ABLE, "exam": "en-0123456789ab", "ruling": "supported", "span": _QUOTES[quote], **changes}
    return said | {"sha256": seal_of(claim, **said)}


def judged(**changes: Any) -> Lesson:
    """The valid lesson with a sentence, `JUDGED`, in words that the rules refuse and an able judge found borne out."""
    text = changes.pop("text", JUDGED)
    said = {"text": text, "cites": ["keel"], "origin": "written", "verdict": verdict(text, "keel", **changes)}
    provenance = {**_fields()["provenance"], "judge": ABLE, "exam": "en-0123456789ab", "exams": [examined()]}
    sections = lesson().model_dump()["sections"]
    sections[1]["blocks"][0]["sentences"][3] = said
    return lesson(provenance=provenance, sections=sections)


def changed(original: Lesson, changes: Mapping[str, Any]) -> Lesson:
    """The lesson with the values at some paths replaced: `{"questions[0].answer": "Tar"}`."""
    content = original.model_dump()
    for path, value in changes.items():
        *way, last = (
            int(index) if index else name for name, index in re.findall(r"(\w+)|\[(\d+)\]", path) if name or index
        )
        place: Any = content
        for step in way:
            place = place[step]
        place[last] = value
    return Lesson.model_validate(content)


def draft(request: LessonRequest) -> Draft:
    """A valid lesson under the request's subject and topic, whatever they are."""
    made = lesson(
        subject=request.subject,
        topic=request.topic,
        language=request.language,
        level=request.level,
        variant=request.variant,
    )
    return Draft(lesson=made, texts=texts())


def _fields() -> dict[str, Any]:
    return {
        "title": "Lantern boats: an introduction",
        "subject": "crafts",
        "topic": "lantern boats",
        "language": "en",
        "level": "general",
        "variant": "core",
        "minutes": 30,
        "summary": quoted("boat", "steered"),
        "objectives": [
            {"id": "o1", "bloom": "understand", "text": "Explain what a lantern boat is."},
            {
                "id": "o2",
                "bloom": "remember",
                "text": "By the end of this lesson you will be able to name the parts of a jetty.",
            },
        ],
        "prior_knowledge": ["Lake", "What is a boat?"],
        "key_terms": [
            {"term": "Lantern boats", "definition": quoted("boat")},
            {"term": "Pine tar", "definition": quoted("tar")},
            {"term": "Jetty (structure)", "definition": quoted("jetty")},
            {"term": "Mooring ring", "definition": quoted("ring")},
        ],
        "misconceptions": [
            {"belief": "A lantern boat is the same as a fishing punt.", "correction": quoted("punt")},
        ],
        "sections": _sections(),
        "questions": [question(each) for each in (CHOICE, YEAR, CLOZE, TRUE, FALSE, SHORT)],
        "sources": [_source("s1", "Lantern boat", LANTERN_BOAT), _source("s2", "Jetty (structure)", JETTY)],
        "provenance": {"writer": "tests", "seed": 7, "duration_seconds": 0.1, "notices": ["The sources are invented."]},
    }


def _sections() -> list[dict[str, Any]]:
    return [
        {
            "id": "part1",
            "kind": "engage",
            "title": "What do you know already?",
            "minutes": 5,
            "blocks": [
                {
                    "kind": "activity",
                    "steps": ["Write down three things about boats.", "Compare your list with a partner's."],
                    "grouping": "pairs",
                    "product": "A list of three things",
                }
            ],
        },
        {
            "id": "part2",
            "kind": "explain",
            "title": "What a lantern boat is",
            "minutes": 15,
            "objectives": ["o1"],
            "blocks": [
                {
                    "kind": "prose",
                    "sentences": [
                        {"text": "Here is what the source says about lantern boats:", "role": "framing"},
                        *(quoted(each) for each in ("boat", "steered", "keel", "spring", "tar")),
                    ],
                },
                prose("oldest", "lamps", "race"),
                {"kind": "check", "question": "q1"},
                prose("punt", "signal"),
            ],
        },
        {
            "id": "part3",
            "kind": "check",
            "title": "A closer look at the jetty",
            "minutes": 10,
            "objectives": ["o2"],
            "blocks": [prose("jetty", "posts", "ring"), {"kind": "check", "question": "q3"}],
        },
    ]


def _source(source_id: str, title: str, text: str) -> dict[str, Any]:
    own = [name for name in _QUOTES if (name in _OF_JETTY) == (text is JETTY)]
    return {
        "id": source_id,
        "title": title,
        "url": None,
        "revision": "1",
        "retrieved": datetime(2026, 1, 31, tzinfo=UTC),
        "licence": "CC0-1.0",
        "attribution": "The authors of the tests",
        "text_sha256": sha256(text),
        "quotes": [{"id": name, "section": "", "text": _QUOTES[name], "sha256": sha256(_QUOTES[name])} for name in own],
    }


def all_judged(made: Lesson) -> Lesson:
    """The lesson with the able judge's verdict on all of it that is for a judge, each borne by its first quote."""
    provenance = made.provenance.model_copy(
        update={"judge": ABLE, "exam": "en-0123456789ab", "exams": [examined()], "check": None}
    )
    made = made.model_copy(update={"provenance": provenance})

    def putting(given: Verdict) -> Callable[[Any], Any]:
        return lambda part: part.model_copy(update={"verdict": given})

    puts: dict[Place, Callable[[Any], Any]] = {}
    for each in for_a_judge(Reading(made, texts())):
        span = each.claim.quotes[0].text if each.claim.quotes else ""
        said = {"judge": ABLE, "exam": "en-0123456789ab", "ruling": "supported", "span": span}
        puts[each.where] = putting(Verdict.model_validate(said | {"sha256": seal_of(each.claim, **said)}))
    return Editor(made).change(puts).lesson
