"""A lesson as a capable model writes one, with each part and each role that schema 2 knows; all of it is invented."""

from __future__ import annotations

from typing import Any

from lessongen.lesson.model import Lesson
from tests.lessons import CHOICE, CLOZE, FALSE, MATCH, OPEN, ORDER, SHORT, YEAR, lesson, question, quoted

_QUOTED = {quote.id: quote.text for source in lesson().sources for quote in source.quotes}
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 340 70"><title>Wexmere</title>'
    '<defs><marker id="tip" markerWidth="6" markerHeight="6" refX="5" refY="3" orient="auto">'
    '<path d="M0 0L6 3L0 6z"/></marker></defs>'
    '<path d="M10 40H330" stroke="#1f5a7a" stroke-width="3" marker-end="url(#tip)"/>'
    '<circle cx="40" cy="40" r="6"/><circle cx="170" cy="40" r="6"/><circle cx="300" cy="40" r="6"/>'
    '<text x="20" y="22" font-size="15">1741</text><text x="150" y="22" font-size="15">1802</text>'
    '<text x="280" y="22" font-size="15">1866</text></svg>'
)


def written(text: str, *cites: str, role: str = "fact") -> dict[str, Any]:
    """A sentence in a writer's words that a judge found borne out by these quotes."""
    verdict = {"judge": "able-1", "exam": "en-1", "span": _QUOTED[cites[0]], "sha256": "0" * 64} if cites else None
    return {"text": text, "role": role, "cites": list(cites), "origin": "written", "verdict": verdict}


def rich_lesson(**changes: Any) -> Lesson:
    """The lesson, with these of its fields changed. What is for the teacher alone has "TEACHER" in it."""
    return Lesson.model_validate({**lesson().model_dump(), **_FIELDS, **changes})


def fact_sheet() -> Lesson:
    """The least that there is: a fact sheet without objectives, terms and questions."""
    section = {"id": "f1", "kind": "explain", "title": "What is known", "minutes": 5, "blocks": [_prose(_BOAT)]}
    return lesson(
        kind="fact_sheet",
        title="Lantern boats",
        objectives=[],
        prior_knowledge=[],
        key_terms=[],
        misconceptions=[],
        sections=[section],
        questions=[],
        minutes=5,
    )


def _prose(*sentences: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "prose", "sentences": list(sentences)}


_BOAT = written("A lantern boat is a small wooden boat that carries a lamp across the lake at night.", "boat")
_SECTIONS: list[dict[str, Any]] = [
    {
        "id": "p1",
        "kind": "starter",
        "title": "What do you know already?",
        "minutes": 4,
        "blocks": [
            {
                "kind": "activity",
                "steps": ["Look at the lake on the map.", "Say how you would cross it in the dark."],
                "grouping": "pairs",
                "product": "One idea for a light",
            }
        ],
        "notes": [written("TEACHER Let three pairs say their idea; write all of them down.", role="framing")],
    },
    {
        "id": "p2",
        "kind": "explain",
        "title": "Why the hull stays dry",
        "minutes": 10,
        "objectives": ["o1"],
        "cycle": 1,
        "blocks": [
            _prose(
                written("Why does a boat of wood not fill with water?", role="framing"),
                _BOAT,
                written("Each spring its rowers scrape the hull and paint it with pine tar.", "spring"),
                written(
                    "The tar is a dark resin that keeps water out, so the planks stay dry.", "tar", role="inference"
                ),
                written("“Resin” means the sticky juice of a tree.", role="gloss"),
                written("Imagine that Mia forgets to paint her boat this spring.", role="supposition"),
                written("Resin also has been used to seal barrels.", role="background"),
            ),
            {
                "kind": "analogy",
                "text": written("Pine tar is like the wax on a jacket.", role="analogy"),
                "statement": written("It keeps water out of the planks.", "tar"),
                "ends": written("A jacket has to let air through, and a hull does not.", role="analogy"),
            },
            {
                "kind": "table",
                "title": "Words of the harbour",
                "headings": ["Thing", "What it is", "What it does"],
                "rows": [
                    {
                        "cells": ["Jetty", "a wooden walkway", "reaches from the shore into deep water"],
                        "cites": ["jetty"],
                    },
                    {"cells": ["Mooring ring", "an iron hoop", "holds the rope of a waiting boat"], "cites": ["ring"]},
                ],
            },
            {"kind": "check", "question": "q1"},
        ],
        "notes": [
            written("TEACHER Show a piece of waxed cloth and drip water on it.", role="framing"),
            written("TEACHER The rowers paint the hull every spring.", "spring", "signal"),
        ],
    },
    {
        "id": "p3",
        "kind": "practice",
        "title": "Say it in your own words",
        "minutes": 8,
        "objectives": ["o2"],
        "cycle": 1,
        "blocks": [
            {
                "kind": "task",
                "prompt": "Explain to a friend why a rower paints the hull.",
                "answer": "TEACHER Pine tar keeps water out of the planks.",
                "criteria": ["TEACHER Names pine tar.", "TEACHER Says what it keeps out."],
                "support": "TEACHER Offer the words tar, water and planks.",
                "stretch": "TEACHER Let them compare it with paint on a fence.",
                "cites": ["tar"],
                "origin": "written",
            },
            {
                "kind": "timeline",
                "title": "The boats of Wexmere",
                "entries": [
                    {
                        "when": "1741",
                        "what": "The oldest lantern boat is built.",
                        "cites": ["oldest"],
                        "origin": "written",
                    },
                    {"when": "1866", "what": "The first boat race follows.", "cites": ["race"], "origin": "written"},
                ],
            },
            {
                "kind": "figure",
                "title": "The years of Wexmere",
                "alternative": "A line with the years 1741, 1802 and 1866, in this order.",
                "svg": SVG,
                "cites": ["oldest", "lamps", "race"],
                "origin": "computed",
                "by": "drawing",
            },
            {"kind": "check", "question": "q3"},
        ],
    },
]
_FIELDS: dict[str, Any] = {
    "level": "grade 5",
    "outcome": "I can explain why a boat of wood stays dry.",
    "summary": written("A lantern boat is a wooden boat with a lamp, and pine tar keeps it dry.", "boat", "tar"),
    "minutes": 22,
    "prior_knowledge": ["Wood soaks up water.", "A lake is water with land all around it."],
    "key_points": [
        written("Pine tar keeps water out of the planks.", "tar"),
        written("The hull is painted anew each spring.", "spring"),
    ],
    "key_terms": [
        {"term": "Lantern boats", "definition": _BOAT},
        {"term": "Pine tar", "definition": written("A dark, sticky stuff from trees.", "tar", role="gloss")},
        {"term": "Mooring ring", "definition": quoted("ring")},
    ],
    "misconceptions": [
        {
            "belief": "A lantern boat is a fishing punt.",
            "tempting": "TEACHER Both are small, and both are made of wood.",
            "correction": written("A punt carries nets and has no lamp.", "punt"),
        }
    ],
    "materials": ["A map of a lake", "A piece of waxed cloth"],
    "safety": ["Wipe up spilled water at once."],
    "sections": _SECTIONS,
    "questions": [
        question(YEAR) | {"role": "exit"},
        question(CHOICE)
        | {
            "role": "check",
            "feedback": written("TEACHER Tar is what is painted on.", "tar"),
            "why": [
                {"option": "Beeswax", "reason": written("TEACHER Wax is waterproof too.", role="background")},
                {"option": "Candle tallow", "reason": written("TEACHER It sounds like the lamp.", "boat")},
            ],
        },
        question(CLOZE) | {"role": "check"},
        question(FALSE) | {"role": "starter"},
        question(SHORT) | {"role": "homework"},
        question(MATCH) | {"role": "exit"},
        question(ORDER) | {"role": "exit"},
        question(OPEN) | {"role": "homework", "answer": "TEACHER Two signals are told apart by colour and count."},
    ],
    "provenance": {
        "writer": "openai",
        "model": "able-1",
        "judge": "able-1",
        "exam": "en-1, caught 98 %, accepted 96 %",
        "background": True,
        "seed": 7,
        "duration_seconds": 0.1,
        "notices": ["TEACHER The sources are invented."],
    },
}
