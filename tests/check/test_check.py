"""The quality gate: what it lets through, and for each rule a lesson that breaks that rule and no other."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from lessongen.check.forms import BLOOM_VERBS, form_of, is_heading
from lessongen.check.gate import RULES, examine
from lessongen.lesson.judgement import Claim, seal_of
from lessongen.lesson.model import Lesson, sha256
from lessongen.lesson.task import LessonRequest
from tests.lessons import (
    ABLE,
    AUTHORS,
    COMPUTED,
    JETTY,
    JUDGED,
    LANTERN_BOAT,
    MATCH,
    OPEN,
    ORDER,
    SHORT,
    changed,
    draft,
    examined,
    judged,
    lesson,
    prose,
    question,
    quoted,
    teaching,
    texts,
)
from tests.lessons import (
    FIGURE as FIGURE_BLOCK,
)
from tests.pictures import leaf

PROSE = "sections[1].blocks[0].sentences"
KEEL = f"{PROSE}[3]"
TRANSITION = f"{PROSE}[0].text"
ANALOGY, TABLE, TIMELINE, FIGURE = (f"sections[1].blocks[{at}]" for at in (4, 5, 6, 7))
TASK = "sections[2].blocks[0]"
WHY = teaching().questions[0].why[0].model_dump()
SVG: str = FIGURE_BLOCK["svg"]


def with_questions(*more: Mapping[str, Any]) -> Lesson:
    """The valid lesson with these questions besides its own."""
    own = [each.model_dump() for each in lesson().questions]
    return lesson(questions=[*own, *(question(each) for each in more)])


def with_block(block: Mapping[str, Any]) -> Lesson:
    """The valid lesson with this block at the end of its first section."""
    first = lesson().sections[0].model_dump()
    return changed(lesson(), {"sections[0].blocks": [*first["blocks"], block]})


def with_quote(source: int, name: str, text: str, place: str | None = None) -> Lesson:
    """The valid lesson with one more quote, cited besides the others by the statement at a place."""
    quotes = [each.model_dump() for each in lesson().sources[source].quotes]
    added = {"id": name, "section": "", "text": text, "sha256": sha256(text)}
    longer = changed(lesson(), {f"sources[{source}].quotes": [*quotes, added]})
    return changed(longer, {f"{place}.cites": ["keel", name]}) if place else longer


def with_keel(said: str, text: str) -> Lesson:
    """The valid lesson with another text as the quote about the keel, and a statement that says `said` from it."""
    index = next(index for index, each in enumerate(lesson().sources[0].quotes) if each.id == "keel")
    path = f"sources[0].quotes[{index}]"
    return changed(lesson(), {f"{path}.text": text, f"{path}.sha256": sha256(text), f"{KEEL}.text": said})


def shortened() -> Lesson:
    """The valid lesson without most of its prose, and without the quotes that only it cited."""
    dropped = ("keel", "spring", "lamps", "race", "signal")
    quotes = [each.model_dump() for each in lesson().sources[0].quotes if each.id not in dropped]
    return changed(lesson(), {"sections[1].blocks": [prose("boat", "tar")], "sources[0].quotes": quotes})


def example(**changes: Any) -> dict[str, Any]:
    """A worked example on a quote of its own words."""
    return {
        "kind": "example",
        "problem": "Which year does the text give for the yellow lamp?",
        "steps": [{"text": "Look for the lamp in the text.", "role": "framing"}],
        "answer": "In 1802",
        "origin": "quoted",
        "cites": ["lamps"],
        **changes,
    }


HALF: dict[str, Any] = {"kind": "bars", "bars": [{"parts": 2, "shaded": 1}]}


def halved(**changes: Any) -> dict[str, Any]:
    """A computed example with a bar drawn beside it, this bar changed."""
    return example(
        problem="Ada paints a half of her boat. How much is left?",
        steps=[{"text": "The other half is left: 1/2.", "origin": "computed", "by": "fractions"}],
        answer="1/2",
        origin="computed",
        by="fractions",
        cites=[],
        drawing={"kind": "bars", "bars": [{"parts": 2, "shaded": 1} | changes]},
    )


# ---------------------------------------------------------------- what passes

VALID: dict[str, Lesson] = {
    "as it is": lesson(),
    "all that a lesson may have": teaching(),
    "background that was asked for": changed(
        lesson(),
        {
            TRANSITION: "Boats like these are seen on many lakes.",
            f"{PROSE}[0].role": "background",
            "provenance.background": True,
        },
    ),
    "fact sheet": changed(
        shortened(), {"kind": "fact_sheet", "key_terms": [each.model_dump() for each in lesson().key_terms[:2]]}
    ),
    "match": with_questions(MATCH),
    "order": with_questions(ORDER),
    "open": with_questions(OPEN),
    "computed": with_questions(COMPUTED),
    "author": with_questions(AUTHORS),
    "author's statement": changed(
        lesson(),
        {TRANSITION: "On Tuesday the class visits it.", f"{PROSE}[0].origin": "author", f"{PROSE}[0].by": "R."},
    ),
    "written statement": changed(lesson(), {f"{KEEL}.text": "Its keel is made of cedar.", f"{KEEL}.origin": "written"}),
    "judged statement": judged(),
    "a run of two quotes": changed(
        lesson(), {PROSE: [quoted("boat", "steered"), *(quoted(each) for each in ("keel", "spring", "tar"))]}
    ),
    "quoted example": with_block(example()),
    "computed example": with_block(
        example(
            problem="Ada has 12 planks and needs 7. How many remain?",
            steps=[{"text": "12 - 7 = 5", "origin": "computed", "by": "arithmetic"}],
            answer="5",
            origin="computed",
            by="arithmetic",
            cites=[],
        )
    ),
    "example with a drawing": with_block(halved()),
    "figure drawn of data": changed(
        teaching(), {f"{FIGURE}.drawing": HALF, f"{FIGURE}.svg": "", f"{FIGURE}.alternative": ""}
    ),
    "objective with a lead-in": changed(
        lesson(), {"objectives[0].text": "You will be able to describe a lantern boat."}
    ),
    "a statement without quotation marks": changed(
        lesson(),
        {
            "questions[3].stem": "According to the lesson, the posts of a jetty are driven into the mud with a "
            "falling stone."
        },
    ),
}


@pytest.mark.parametrize(
    ("term", "said"),
    [
        ("Noble gas", "The noble gases glow in a lantern."),
        ("Noble gases", "A noble gas glows in a lantern."),
        ("Tea leaf", "The tea leaves lie in a lantern."),
        ("Field mouse", "Two field mice live in a lantern."),
        ("Crisis", "The lantern had two crises."),
    ],
)
def test_a_term_is_named_by_its_other_number(term: str, said: str) -> None:
    definition = {**quoted("boat"), "text": "Nobody says this."}
    named = changed(lesson(), {"key_terms[0]": {"term": term, "definition": definition}, f"{PROSE}[0].text": said})
    assert "term-in-body" not in {problem.rule for problem in examine(named, texts()).problems}


@pytest.mark.parametrize("name", VALID)
def test_a_valid_lesson_passes(name: str) -> None:
    assert examine(VALID[name], texts()).problems == ()


@pytest.mark.parametrize("topic", ["verbs", "What Is Life?", "World War II", "naïve Bayes", "1984"])
def test_a_draft_passes_whatever_its_topic(topic: str) -> None:
    made = draft(LessonRequest(subject="any subject", topic=topic, level="grade-7"))
    assert made.lesson.topic == topic
    assert examine(made.lesson, made.texts).problems == ()


def test_a_report_says_what_was_found_in_plain_json() -> None:
    report = examine(changed(lesson(), {"minutes": 31}), texts())
    assert not report.passed
    assert json.loads(json.dumps(report.as_json())) == {
        "passed": False,
        "rules": len(RULES),
        "problems": [
            {
                "rule": "minutes-add-up",
                "where": "minutes",
                "message": "the sections take 30 minutes, the lesson 31",
            }
        ],
    }


def test_every_rule_has_a_text_of_one_line_to_publish() -> None:
    for code, rule in RULES.items():
        first = (rule.__doc__ or "").splitlines()[0]
        assert first.endswith("."), code


# ---------------------------------------------------------------- what fails

BROKEN: list[tuple[str, Lesson]] = [
    ("text-filled", changed(lesson(), {"questions[0].term": " "})),
    ("text-filled", changed(lesson(), {"subject": ""})),
    ("text-filled", changed(lesson(), {TRANSITION: ""})),
    ("language-known", changed(lesson(), {"language": "fr"})),
    ("id-unique", changed(lesson(), {"sections[0].id": "q1"})),
    ("reference-resolves", changed(lesson(), {f"{KEEL}.cites": ["keel", "nowhere"]})),
    ("reference-resolves", changed(lesson(), {"questions[5].objective": "o9"})),
    ("reference-resolves", changed(lesson(), {"questions[5].cites": ["nowhere"]})),
    ("reference-resolves", changed(lesson(), {"sections[0].objectives": ["o9"]})),
    ("reference-resolves", changed(lesson(), {"sections[1].blocks[2].question": "q99"})),
    ("minutes-positive", changed(lesson(), {"minutes": 0})),
    ("minutes-add-up", changed(lesson(), {"minutes": 31})),
    ("objective-verb-fits", changed(lesson(), {"objectives[0].text": "Name what a lantern boat is."})),
    ("objective-verb-fits", changed(lesson(), {"objectives[0].text": "A lantern boat is a vessel."})),
    ("objective-has-section", changed(lesson(), {"sections[2].objectives": []})),
    ("objective-has-question", changed(lesson(), {f"questions[{index}].objective": "o1" for index in (2, 3, 4)})),
    ("term-in-body", changed(lesson(), {"key_terms[0].term": "Sail cloth"})),
    ("term-in-body", changed(lesson(), {"key_terms[0].term": "Zebra boats"})),
    ("body-length", shortened()),
    ("body-repeats", changed(lesson(), {"sections[1].blocks[1]": prose("oldest", "lamps", "race", "oldest")})),
    ("source-licensed", changed(lesson(), {"sources[1].licence": ""})),
    ("source-licensed", changed(lesson(), {"sources[1].attribution": " "})),
    (
        "source-used",
        lesson(sources=[*lesson().sources, lesson().sources[1].model_copy(update={"id": "s3", "quotes": []})]),
    ),
    (
        "quote-verbatim",
        with_keel(
            "The keel of a lantern boat is carved from one long plank of pine.",
            "The keel of a lantern boat is carved from one long plank of pine.",
        ),
    ),
    (
        "written-supported",
        changed(lesson(), {f"{KEEL}.text": "Its keel is made of pine.", f"{KEEL}.origin": "written"}),
    ),
    (
        "written-answer-supported",
        changed(lesson(), {"questions[5].origin": "written", "questions[5].answer": "Ducks tow the boat."}),
    ),
    ("quote-whole", with_quote(0, "cut", "Odile Marrow.", KEEL)),
    ("quote-hash", changed(lesson(), {"sources[0].quotes[0].sha256": "0" * 64})),
    ("quote-used", with_quote(0, "idle", "Fresh resin smells of smoke for several weeks.")),
    ("statement-verbatim", changed(lesson(), {f"{KEEL}.text": "The keel of a lantern boat is carved from cedar."})),
    (
        "statement-verbatim",
        changed(lesson(), {"summary": quoted("boat", "keel", "steered") | {"cites": ["boat", "keel"]}}),
    ),
    ("statement-verbatim", changed(lesson(), {"summary": quoted("boat", "tar")})),
    ("statement-verbatim", with_block(example(answer="In 1803"))),
    ("signed", with_questions(COMPUTED | {"by": None})),
    ("signed", changed(lesson(), {f"{PROSE}[0].origin": "author", f"{PROSE}[0].text": "Bring your own lamp."})),
    ("sentence-cited", changed(lesson(), {TRANSITION: "Lantern boats are wooden vessels."})),
    ("sentence-cited", changed(lesson(), {"title": "Lantern boats are vessels"})),
    ("sentence-cited", changed(lesson(), {"sections[2].title": "The jetty is wooden."})),
    ("sentence-cited", changed(lesson(), {"key_terms[0].term": "Boat is a vessel"})),
    ("sentence-cited", changed(lesson(), {"prior_knowledge[0]": "The lake is deep."})),
    ("sentence-cited", changed(lesson(), {"summary": {"text": "A lantern boat is a small vessel."}})),
    ("sentence-cited", changed(lesson(), {"questions[5].stem": "A boat is a jetty. What is a lantern boat?"})),
    ("sentence-cited", changed(lesson(), {"questions[5].stem": "Did you know that a lantern boat is a jetty?"})),
    ("sentence-cited", changed(lesson(), {"questions[4].feedback": {"text": "That was the jetty."}})),
    ("sentence-cited", changed(lesson(), {"sections[0].blocks[0].steps": ["A jetty is a wooden walkway."]})),
    ("sentence-cited", with_block(example(problem="A boat is a jetty. Which year does the text give?"))),
    ("sentence-words", changed(lesson(), {TRANSITION: "Now let us look at the Vikings."})),
    ("sentence-words", changed(lesson(), {"title": "Lantern boats of Patagonia"})),
    ("sentence-words", changed(lesson(), {"sections[2].title": "A closer look at the year 1750"})),
    ("sentence-words", changed(lesson(), {"objectives[0].text": "Explain why Napoleon feared lantern boats."})),
    ("question-term-known", changed(lesson(), {"questions[5].term": "zebra"})),
    ("sentence-words", changed(lesson(), {"prior_knowledge[0]": "Volcanology"})),
    ("sentence-words", changed(lesson(), {"questions[5].stem": "Which of the 300 ships is a lantern boat?"})),
    ("sentence-words", changed(lesson(), {"sections[0].blocks[0].steps": ["Write to Napoleon about it."]})),
    ("sentence-words", changed(lesson(), {"sections[0].blocks[0].product": "A drawing of the war of 1812"})),
    ("question-cited", changed(lesson(), {"questions[3].cites": []})),
    ("question-cited", with_block(example(cites=[]) | {"answer": "Look for it in the text."})),
    ("no-markup", changed(lesson(), {"sections[2].title": "A closer look at the [[jetty]]"})),
    ("no-control-characters", changed(lesson(), {"title": "Lantern \u202eboats"})),
    ("no-control-characters", changed(lesson(), {"topic": "lantern boats\x1b"})),
    ("sentence-whole", changed(lesson(), {f"{KEEL}.text": "The keel of a lantern boat is carved from one long"})),
    ("sentence-whole", changed(lesson(), {"sections[1].blocks[1].sentences[0].text": "Odile Marrow."})),
    ("nothing-dangling", changed(lesson(), {"summary": quoted("steered")})),
    (
        "nothing-dangling",
        changed(lesson(), {PROSE: [quoted(each) for each in ("boat", "keel", "steered", "spring", "tar")]}),
    ),
    (
        "question-distinct",
        with_questions(
            SHORT
            | {"id": "q12", "stem": "what is a lantern boat", "term": "boat"}
            | {"stem": "What is a lantern boat ?"}
        ),
    ),
    (
        "question-distinct",
        with_questions(SHORT | {"id": "q12", "stem": "Say what a lantern boat is.", "term": "Lantern boats"}),
    ),
    ("answer-in-quote", changed(lesson(), {"questions[5].answer": "A lantern boat is a small jetty."})),
    ("answer-in-quote", with_questions(OPEN | {"answer": "Rowers shout."})),
    ("answer-in-quote", changed(lesson(), {"questions[0].answer": "Candle tallow"})),
    ("answer-hidden", changed(lesson(), {"questions[0].stem": "Which kind of tar keeps water out of the planks?"})),
    (
        "choice-answer-offered",
        changed(lesson(), {"questions[0].stem": "What keeps water out of the planks?", "questions[0].answer": "resin"}),
    ),
    ("choice-options-distinct", changed(lesson(), {"questions[0].options": ["Candles", "Pine tar", "the candle"]})),
    ("choice-answer-place", changed(lesson(), {"questions[0].options": ["Pine tar", "Beeswax", "Candle tallow"]})),
    (
        "choice-answer-length",
        changed(
            lesson(),
            {"questions[0].options": ["Wax", "Pine tar", "Glue"], "questions[1].options": ["1741", "17", "76", "73"]},
        ),
    ),
    ("choice-distractor-wrong", changed(lesson(), {"questions[0].options": ["A plank", "Pine tar", "Candle tallow"]})),
    ("cloze-restores-quote", changed(lesson(), {"questions[2].answer": "vessel"})),
    (
        "cloze-restores-quote",
        changed(
            lesson(),
            {"questions[2].stem": "Fill in the gap: “A _____ is a wooden _____ that reaches from the shore.”"},
        ),
    ),
    (
        "true-statement-quoted",
        changed(
            lesson(),
            {"questions[3].stem": "True or false? “The posts of a jetty are driven into the sand.”"},
        ),
    ),
    (
        "false-statement-unfounded",
        changed(
            lesson(),
            {"questions[4].stem": f"True or false? {quoted('ring')['text']}"},
        ),
    ),
    ("false-statement-unfounded", changed(lesson(), {"misconceptions[0].belief": quoted("tar")["text"]})),
    ("match-bijection", with_questions(MATCH | {"answer": [1, 1, 0]})),
    ("match-bijection", with_questions(MATCH | {"left": ["jetty", "Jetty", "lantern boat"]})),
    ("match-pairs-quoted", with_questions(MATCH | {"answer": [2, 1, 0]})),
    ("order-permutation", with_questions(ORDER | {"answer": [1, 2, 2]})),
    ("order-in-quotes", with_questions(ORDER | {"answer": [2, 1, 0]})),
    ("computed-key-agrees", with_questions(COMPUTED | {"stem": "What is 17 + 25?", "term": "17 + 25", "answer": "43"})),
    ("question-distinct", with_questions(COMPUTED, COMPUTED | {"id": "q11"})),
]
# A part of this is no sentence.
PAID = "The longest jetty of Wexmere was paid for by Gov. Tamsin Kesh in 1820."
LONGER = f"{JETTY}{PAID}\n"


def with_paid(text: str, quote: str | None = None, origin: str = "quoted") -> Lesson:
    """The valid lesson that says besides what the longer source does, from this quote, else from the text itself."""
    longer = with_quote(1, "paid", quote or text)
    said = longer.sections[1].blocks[0].model_dump()["sentences"]
    added = {"text": text, "cites": ["paid"], "origin": origin}
    return changed(longer, {PROSE: [*said, added], "sources[1].text_sha256": sha256(LONGER)})


BROKEN += [
    ("reference-resolves", changed(teaching(), {f"{TASK}.cites": ["jetty", "nowhere"]})),
    ("reference-resolves", changed(teaching(), {f"{TABLE}.rows[0].cites": ["jetty", "nowhere"]})),
    ("reference-resolves", changed(teaching(), {"sections[1].notes[1].cites": ["signal", "nowhere"]})),
    ("text-filled", changed(teaching(), {"materials[0]": " "})),
    ("text-filled", changed(teaching(), {f"{TABLE}.rows[0].cells[1]": ""})),
    ("signed", changed(teaching(), {f"{FIGURE}.by": ""})),
    ("sentence-cited", changed(teaching(), {"key_points[0]": {"text": "A boat is a vessel.", "role": "gloss"}})),
    ("sentence-cited", changed(teaching(), {f"{ANALOGY}.ends": {"text": "A jetty is no boat.", "role": "analogy"}})),
    ("sentence-cited", changed(teaching(), {"sections[1].notes[0].text": "A boat is a vessel."})),
    ("sentence-cited", changed(teaching(), {f"{TASK}.prompt": "A jetty is a walkway."})),
    ("sentence-cited", changed(teaching(), {f"{TABLE}.title": "A jetty is wooden."})),
    ("sentence-cited", changed(teaching(), {"materials[0]": "A boat is needed."})),
    ("sentence-cited", changed(lesson(), {TRANSITION: "Ada has a boat.", f"{PROSE}[0].role": "supposition"})),
    ("sentence-words", changed(teaching(), {"outcome": "I can explain why Napoleon feared lantern boats."})),
    ("sentence-words", changed(teaching(), {"safety[0]": "Call the ships of 1812 for help."})),
    ("sentence-words", changed(teaching(), {"misconceptions[0].tempting": "People heard it from Napoleon."})),
    ("sentence-words", changed(teaching(), {f"{TASK}.criteria[0]": "Names the year 1812."})),
    ("sentence-words", changed(teaching(), {f"{FIGURE}.svg": SVG.replace("1741", "1812")})),
    ("no-markup", changed(teaching(), {"safety[0]": "Keep away from the <b>flame</b>."})),
    ("no-markup", changed(teaching(), {f"{TABLE}.headings[1]": "[[Meaning]]"})),
    ("sentence-whole", changed(teaching(), {"sections[1].notes[1].text": "Rowers who meet on the water raise the"})),
    ("statement-verbatim", changed(teaching(), {"key_points[0].text": "A lantern boat is a small wooden boat."})),
    (
        "written-supported",
        changed(teaching(), {f"{TABLE}.rows[0].origin": "written", f"{TABLE}.rows[0].cells[1]": "a walkway of 1850"}),
    ),
    ("role-borne", changed(lesson(), {f"{PROSE}[0].role": "fact"})),
    ("role-borne", changed(teaching(), {"sections[1].notes[0].role": "inference"})),
    ("role-unborne", changed(lesson(), {f"{KEEL}.role": "framing"})),
    ("role-unborne", changed(lesson(), {f"{KEEL}.role": "supposition"})),
    ("analogy-marked", changed(lesson(), {f"{KEEL}.role": "analogy"})),
    ("analogy-marked", changed(teaching(), {f"{ANALOGY}.text.role": "fact"})),
    ("analogy-marked", changed(teaching(), {f"{ANALOGY}.statement.role": "analogy"})),
    (
        "background-wished",
        changed(
            lesson(),
            {f"{PROSE}[0]": {"text": "Boats tire.", "role": "background", "origin": "author", "by": "R."}},
        ),
    ),
    ("piece-cited", changed(teaching(), {f"{TASK}.cites": []})),
    ("piece-cited", changed(teaching(), {f"{TABLE}.rows[0].cites": []})),
    ("piece-in-quotes", changed(teaching(), {f"{TABLE}.rows[1].cells[1]": "a golden hoop"})),
    ("piece-in-quotes", changed(teaching(), {f"{TIMELINE}.entries[0].when": "1742"})),
    ("piece-in-quotes", changed(teaching(), {f"{TASK}.answer": "A jetty is a boat."})),
    ("table-even", changed(teaching(), {f"{TABLE}.rows[0].cells": ["Jetty", "a wooden walkway", "deep water"]})),
    ("figure-safe", changed(teaching(), {f"{FIGURE}.svg": SVG.replace("<path", '<path onclick="alert(1)"')})),
    ("figure-safe", changed(teaching(), {f"{FIGURE}.svg": SVG.replace("<path", '<image href="http://a.b/c"/><path')})),
    ("figure-safe", changed(teaching(), {f"{FIGURE}.svg": SVG.replace("<path", '<path fill="url(http://a.b/c)"')})),
    ("figure-safe", changed(teaching(), {f"{FIGURE}.svg": SVG.replace("<path", '<path tabindex="1"')})),
    ("figure-safe", changed(teaching(), {f"{FIGURE}.svg": SVG.replace("<path", '<path style="top"')})),
    ("figure-safe", changed(teaching(), {f"{FIGURE}.svg": "<!DOCTYPE svg>" + SVG})),
    ("figure-safe", changed(teaching(), {f"{FIGURE}.svg": "a boat"})),
    ("figure-safe", changed(teaching(), {f"{FIGURE}.alternative": " "})),
    ("drawing-sound", with_block(halved(shaded=3))),
    ("drawing-sound", changed(teaching(), {f"{FIGURE}.drawing": HALF})),
    ("drawing-agrees", with_block(halved(parts=3))),
    ("drawing-agrees", with_block(halved(label="1/4"))),
    (
        "task-answered",
        changed(teaching(), {f"{TASK}.answer": None, f"{TASK}.criteria": []}),
    ),
    ("outcome-said-by-students", changed(teaching(), {"outcome": "Students can explain what a lantern boat is."})),
    ("outcome-said-by-students", changed(teaching(), {"outcome": "I can name a boat. I can draw a jetty."})),
    ("cycle-in-order", changed(teaching(), {"sections[2].cycle": 3})),
    ("cycle-in-order", changed(teaching(), {"sections[0].cycle": 2})),
    ("question-role-placed", changed(lesson(), {"sections[2].kind": "starter"})),
    ("question-role-placed", changed(lesson(), {"sections[2].kind": "exit", "questions[2].role": "check"})),
    ("question-role-placed", changed(lesson(), {"questions[2].role": "homework"})),
    ("why-of-wrong-options", changed(teaching(), {"questions[0].why[0].option": "Pine tar"})),
    (
        "why-of-wrong-options",
        changed(teaching(), {"questions[0].why": 2 * [WHY]}),
    ),
    ("why-of-wrong-options", changed(teaching(), {"questions[5].why": [WHY]})),
    ("not-cut-at-abbreviation", with_paid("The longest jetty of Wexmere was paid for by Gov.")),
    ("not-cut-at-abbreviation", with_paid("Tamsin Kesh in 1820.")),
    ("not-cut-at-abbreviation", with_paid("The longest jetty of Wexmere was paid for by Gov.", PAID)),
    (
        "not-cut-at-abbreviation",
        with_paid("The longest jetty of Wexmere was paid by Gov.", PAID, "written"),
    ),
]
BORNE = "Its keel is made of cedar."  # by the rules too
BROKEN += [
    ("verdict-given", changed(judged(text=BORNE), {f"{KEEL}.verdict": None})),
    ("verdict-supported", judged(ruling="not said")),
    ("verdict-unaltered", changed(judged(), {f"{KEEL}.text": JUDGED.replace("single", "thick")})),
    ("verdict-unaltered", changed(judged(), {f"{KEEL}.role": "inference"})),
    ("verdict-unaltered", changed(judged(), {f"{KEEL}.verdict.span": "carved from one long plank"})),
    ("verdict-unaltered", changed(judged(), {f"{KEEL}.verdict.sha256": "0" * 64})),
    ("verdict-unaltered", changed(judged(), {f"{KEEL}.cites": ["keel", "tar"]})),
    ("verdict-span", judged(span="carved from one long plank of pine")),
    ("verdict-span", judged(span="")),
    ("judge-passed", judged(judge="other-1")),
    ("judge-passed", judged(exam="en-ba9876543210")),
    ("judge-passed", changed(judged(), {"provenance.judge": "other-1"})),
    ("judge-passed", changed(judged(), {"provenance.exams[0]": examined(caught=30)})),
    ("judge-passed", changed(judged(), {"provenance.exams[0]": examined(accepted=30)})),
    ("judge-passed", changed(judged(), {"provenance.exams[0]": examined(caught=0, unfaithful=0)})),
    ("judge-passed", changed(judged(), {"provenance.exams[0]": examined(judge="other-1"), "provenance.judge": None})),
    ("exam-unaltered", changed(judged(), {"provenance.exams[0].caught": 39})),
    ("exam-unaltered", changed(judged(), {"provenance.exams[0].needed_caught": 0.5})),
    ("no-tripwire", judged(text="In 1999 the keel was carved from one plank of cedar.")),
    ("no-tripwire", judged(text="The keel of a lantern boat is not carved from one long plank of cedar.")),
]
PICTURED = lesson(image=leaf().shown().model_dump())
BROKEN += [
    ("image-credited", changed(PICTURED, {"image.licence": "Fair use"})),
    ("image-credited", changed(PICTURED, {"image.licence": ""})),
    ("image-credited", changed(PICTURED, {"image.author": " "})),
    ("image-credited", changed(PICTURED, {"image.alternative": ""})),
    ("image-credited", changed(PICTURED, {"image.page_url": "javascript:alert(1)"})),
    ("image-credited", changed(PICTURED, {"image.licence_url": 'https://a.b/"onload="x'})),
    ("image-kept", changed(PICTURED, {"image.data_sha256": "0" * 64})),
    ("image-kept", changed(PICTURED, {"image.media_type": "image/jpeg"})),
    ("image-kept", changed(PICTURED, {"image.width": 61})),
    ("image-kept", changed(PICTURED, {"image.data_sha256": sha256(LONGER)})),
    ("no-markup", changed(PICTURED, {"image.alternative": "A <b>leaf</b>"})),
]
FORGED: list[tuple[str, dict[str, str]]] = [
    ("source-kept", {sha256(LANTERN_BOAT): LANTERN_BOAT}),
    ("source-kept", {**texts(), sha256(JETTY): JETTY.replace("iron", "gold")}),
]


@pytest.mark.parametrize(("rule", "broken"), BROKEN, ids=[f"{index}-{rule}" for index, (rule, _) in enumerate(BROKEN)])
def test_a_lesson_that_breaks_one_rule_is_refused_for_it_alone(rule: str, broken: Lesson) -> None:
    kept = {sha256(text): text for text in (LONGER, leaf().data)}
    problems = examine(broken, {**texts(), **kept}).problems
    assert {problem.rule for problem in problems} == {rule}, problems


def test_a_lesson_with_an_image_and_its_file_passes() -> None:
    assert examine(PICTURED, {**texts(), sha256(leaf().data): leaf().data}).problems == ()


def test_a_sentence_with_an_abbreviation_in_its_middle_is_whole() -> None:
    assert examine(with_paid(PAID), {**texts(), sha256(LONGER): LONGER}).problems == ()


@pytest.mark.parametrize(("rule", "kept"), FORGED)
def test_a_lesson_whose_kept_text_is_missing_or_altered_is_refused(rule: str, kept: dict[str, str]) -> None:
    problems = examine(lesson(), kept).problems
    assert {problem.rule for problem in problems} == {rule}, problems


def test_each_rule_is_broken_by_one_of_the_lessons_above() -> None:
    assert {rule for rule, _ in BROKEN} | {rule for rule, _ in FORGED} == set(RULES)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("text", JUDGED.replace("single", "thick")),
        ("verdict.span", "carved from two long planks"),
        ("verdict.sha256", "0" * 64),
        ("verdict.ruling", "contradicted"),
        ("verdict.judge", "other-1"),
        ("verdict.judge", "rules"),
        ("verdict.exam", "en-ba9876543210"),
        ("verdict", None),
    ],
)
def test_a_judged_sentence_of_which_one_thing_is_altered_is_refused_where_it_stands(path: str, value: Any) -> None:
    problems = examine(changed(judged(), {f"{KEEL}.{path}": value}), texts()).problems
    assert {str(problem.where) for problem in problems} == {KEEL}, problems


def test_a_judged_sentence_whose_quote_is_altered_with_its_hash_is_refused() -> None:
    quotes = judged().sources[0].quotes
    at = next(at for at, each in enumerate(quotes) if each.id == "keel")
    other = quotes[at].text.replace("one long", "some long")
    altered = {f"sources[0].quotes[{at}].text": other, f"sources[0].quotes[{at}].sha256": sha256(other)}
    rules = {problem.rule for problem in examine(changed(judged(), altered), texts()).problems}
    assert rules >= {"quote-verbatim", "verdict-unaltered"}


def test_what_a_passed_judge_found_borne_out_needs_no_closed_form_and_no_cite_where_its_role_has_none() -> None:
    text = "Suppose Ada has three boats and lends one of them."
    alone = {"text": text, "role": "supposition", "origin": "written"}
    claim = Claim(sentence=text, quotes=(), role="supposition")
    said = {"judge": ABLE, "exam": "en-0123456789ab", "ruling": "supported", "span": ""}
    stands = changed(judged(), {f"{PROSE}[0]": alone | {"verdict": said | {"sha256": seal_of(claim, **said)}}})
    assert examine(stands, texts()).problems == ()
    unjudged = {problem.rule for problem in examine(changed(judged(), {f"{PROSE}[0]": alone}), texts()).problems}
    assert unjudged >= {"sentence-cited", "verdict-given"}


# ---------------------------------------------------------------- the closed lists


@pytest.mark.parametrize(
    ("sentence", "form"),
    [
        ("What is a boat?", "question"),
        ("In one sentence, say what a boat is.", "instruction"),
        ("Then compare your list with a partner's.", "instruction"),
        ("Rule a table with two rows.", "instruction"),
        ("Shade your half of the drawing.", "instruction"),
        ("Rule of law is what they wanted.", None),
        ("Record heat kills crops.", None),
        ("Now to the jetties of the lake.", "transition"),
        ("Here is what the sources say about boats:", "transition"),
        ("A boat floats, doesn't it?", None),
        ("Did you know that boats float?", None),
        ("Stress is a force.", None),
        ("Remember that boats float.", None),
        ("Note that boats float.", None),
        ("Explain that boats float.", None),
        ("According to the lesson, boats float", None),
        ("Now boats are fish.", None),
        ("When water freezes it becomes ice.", None),
        ("Boats float.", None),
    ],
)
def test_only_listed_forms_need_no_cite(sentence: str, form: str | None) -> None:
    assert form_of(sentence) == form


def test_a_title_may_hold_a_verb_only_as_part_of_a_name_or_a_question() -> None:
    assert is_heading("Life Is Beautiful: an introduction", ("Life Is Beautiful",))
    assert is_heading("What a verb is", ())
    assert is_heading("Martin Luther King Jr.", ())
    assert not is_heading("A verb is a word", ("Verb",))
    assert not is_heading("Verbs\nare words", ())


def test_every_level_of_the_taxonomy_has_verbs_in_lower_case() -> None:
    assert set(BLOOM_VERBS) == {"remember", "understand", "apply", "analyze", "evaluate", "create"}
    assert all(verb.isalpha() and verb.islower() for verbs in BLOOM_VERBS.values() for verb in verbs)


# ---------------------------------------------------------------- any lesson


EVERYTHING = with_questions(MATCH, ORDER, OPEN, COMPUTED, AUTHORS)


def _paths(path: str, value: Any) -> list[str]:
    if isinstance(value, dict):
        return [each for key, inner in value.items() for each in _paths(f"{path}.{key}" if path else key, inner)]
    if isinstance(value, list):
        return [each for index, inner in enumerate(value) for each in _paths(f"{path}[{index}]", inner)] + [path]
    return [path]


_PATHS = _paths("", EVERYTHING.model_dump())
_PIECES = st.sampled_from(["“", "”", "_____", ".", "?", ":", "It is", "\n", "<b>", "1741", "(", "True or false?"])
_TEXT = st.one_of(st.text(max_size=40), st.lists(st.one_of(_PIECES, st.text(max_size=5)), max_size=8).map(" ".join))
_VALUE = st.one_of(
    _TEXT,
    st.lists(_TEXT, max_size=5),
    st.lists(st.integers(min_value=-9, max_value=9), max_size=5),
    st.integers(min_value=-9, max_value=99),
    st.booleans(),
)


@settings(max_examples=150)
@given(st.dictionaries(st.sampled_from(_PATHS), _VALUE, min_size=1, max_size=4))
def test_no_lesson_that_fits_the_schema_upsets_the_gate(changes: dict[str, Any]) -> None:
    try:
        mutated = changed(EVERYTHING, changes)
    except (ValidationError, TypeError, IndexError, KeyError):
        return  # does not fit the schema, or one change took away the place of another
    report = examine(mutated, texts())
    assert report.passed == (not report.problems)
    assert {problem.rule for problem in report.problems} <= set(RULES)
