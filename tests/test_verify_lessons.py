"""The independent verifier: what stands in a database passes, and whatever is damaged there is found."""

from __future__ import annotations

import contextlib
import io
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from lessongen.writers.computed.registry import all_skills
from scripts.verify_lessons import computed_right, main
from scripts.verify_lessons import verify as problems_in
from tests import lessons
from tests.conftest import give_index, run_cli
from tests.lessons import CHOICE, question, quoted, texts
from tests.pictures import leaf

_REPOSITORY = Path(__file__).parent.parent
_SCRIPT = _REPOSITORY / "scripts" / "verify_lessons.py"
_ASKED = [
    getattr(lessons, name) for name in "CHOICE YEAR CLOZE TRUE FALSE SHORT MATCH ORDER OPEN COMPUTED AUTHORS".split()
]
_REMEMBERED = {
    "id": "q12",
    "kind": "choice",
    "objective": "o1",
    "bloom": "remember",
    "stem": "Who built the oldest lantern boat of Wexmere?",
    "term": "Odile Marrow",
    "options": ["Tamsin Crake", "Odile Marrow", "Berit Holm"],
    "answer": "Odile Marrow",
    "origin": "written",
    "cites": ["oldest"],
}
_BUILT = {
    "text": "The carpenter Odile Marrow built the oldest boat of Wexmere in 1741.",
    "cites": ["oldest"],
    "origin": "written",
}
_RACE = {"text": "By the 1860s, nine villages sent rowers to a race.", "cites": ["race"], "origin": "written"}
_EXAMPLE = {
    "kind": "example",
    "problem": "How old was the oldest boat at the first race?",
    "steps": [quoted("race"), {"text": "1866 - 1741 = 125", "origin": "computed", "by": "arithmetic"}],
    "answer": "125 years",
    "origin": "computed",
    "by": "arithmetic",
}
_NAMED = {
    "kind": "example",
    "problem": "Which lamp burns on a feast night?",
    "steps": [quoted("lamps")],
    "answer": "a blue lamp",
    "origin": "quoted",
    "cites": ["lamps"],
}


def whole_lesson() -> dict[str, Any]:
    """A good lesson with every kind of block, question and origin."""
    content: dict[str, Any] = lessons.lesson(questions=[*map(question, _ASKED), question(_REMEMBERED)]).model_dump(
        mode="json"
    )
    read: list[Any] = content["sections"][1]["blocks"]
    read.append({"kind": "prose", "sentences": [{"text": "Now look at it in other words:"}, _BUILT, _RACE]})
    read += [_EXAMPLE, _NAMED]
    return json.loads(lessons.lesson(**content).model_dump_json())  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory, index: Path) -> Path:
    """A database with a lesson that the command line made, and one with parts of every kind."""
    home = tmp_path_factory.mktemp("verified")
    give_index(home, index)
    environment = {
        **{name: os.environ[name] for name in ("PATH", "TMPDIR") if name in os.environ},
        "LESSONGEN_HOME": str(home),
        "PYTHONPATH": os.environ.get("PYTHONPATH", str(_REPOSITORY)),
    }
    for command in (["create", "english", "verbs", "--wait"], ["worker", "stop"]):
        assert run_cli(*command, environment=environment).code == 0
    database = home / "lessons.db"
    with closing(sqlite3.connect(database)) as connection, connection:
        [(lesson,)] = connection.execute("SELECT id FROM lessons").fetchall()
        connection.execute(
            "INSERT INTO versions (lesson, number, content, writer, reason, created_at)"
            " VALUES (?, 1, ?, 'tests', '', '')",
            (lesson, json.dumps(whole_lesson())),
        )
        for digest, text in texts().items():
            connection.execute("INSERT INTO texts VALUES (?, ?)", (digest, text))
            connection.execute("INSERT INTO version_texts VALUES (?, 1, ?)", (lesson, digest))
    return database


@pytest.fixture
def copy(good: Path, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A copy of the good database, to be damaged."""
    shutil.copy(good, tmp_path / "copy.db")
    with closing(sqlite3.connect(tmp_path / "copy.db", isolation_level=None)) as connection:
        yield connection


def verify(database: Path) -> subprocess.CompletedProcess[str]:
    """Run the verifier without the package in reach."""
    return subprocess.run(
        [sys.executable, "-I", "-S", _SCRIPT, database],
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )


def problems_of(connection: sqlite3.Connection) -> str:
    """What the verifier says of a damaged database."""
    [(_, _, path)] = connection.execute("PRAGMA database_list").fetchall()
    with contextlib.redirect_stdout(io.StringIO()) as said:
        assert main([path]) == 1
    return said.getvalue()


def set_in(connection: sqlite3.Connection, path: str, value: Any, version: int = 1) -> None:
    """Replace the value at a path of a version's content."""
    where = (path, version)
    [(kind,)] = connection.execute("SELECT json_type(content, ?) FROM versions WHERE number = ?", where).fetchall()
    assert kind is not None, f"the lesson has nothing at {path}"
    connection.execute(
        "UPDATE versions SET content = json_set(content, ?, json(?)) WHERE number = ?",
        (path, json.dumps(value), version),
    )


def test_good_lessons_pass(good: Path) -> None:
    done = verify(good)

    assert done.returncode == 0, done.stdout
    assert done.stdout.splitlines()[-1] == "2 versions, 0 problems"
    assert [line.split()[:5] for line in done.stdout.splitlines()[1:3]] == [
        ["english", "/", "verbs", "1.0", "extractive"],
        ["english", "/", "verbs", "1.1", "tests"],
    ]


_BODY = "$.sections[1].blocks"
_DAMAGES: dict[str, tuple[str, Any, str]] = {
    # sources and quotes
    "a source without a licence": ("$.sources[0].licence", " ", "sources[0]: has no licence"),
    "a source without an attribution": ("$.sources[1].attribution", "", "sources[1]: has no attribution"),
    "another text's hash": ("$.sources[0].text_sha256", "0" * 64, "sources[0]: its text is not kept"),
    "a quote with another word": (
        "$.sources[1].quotes[0].text",
        "A jetty is a wooden walkway that reaches from the shore into shallow water.",
        "sources[1].quotes[0]: does not stand in the kept text",
    ),
    "a quote with another space": (
        "$.sources[1].quotes[0].text",
        "A jetty is a wooden walkway that reaches from the shore  into deep water.",
        "sources[1].quotes[0]: does not stand in the kept text",
    ),
    "a blank quote": ("$.sources[0].quotes[1].text", "", "sources[0].quotes[1]: does not stand in the kept text"),
    "a quote's hash": ("$.sources[0].quotes[0].sha256", "0" * 64, "sources[0].quotes[0]: has another SHA-256"),
    "two quotes of one id": ("$.sources[0].quotes[0].id", "tar", "sources: two quotes have the id 'tar'"),
    # statements
    "a cite of nothing": ("$.summary.cites", ["q99"], "summary: cites 'q99', which is no quote"),
    "a summary without cites": ("$.summary.cites", [], "summary: states something and cites nothing"),
    "a definition without cites": (
        "$.key_terms[1].definition.cites",
        [],
        "key_terms[1].definition: states something and cites nothing",
    ),
    "a correction without cites": (
        "$.misconceptions[0].correction.cites",
        [],
        "misconceptions[0].correction: states something and cites nothing",
    ),
    "a sentence without cites": (
        f"{_BODY}[0].sentences[2].cites",
        [],
        "sections[1].blocks[0].sentences[2]: states something and cites nothing",
    ),
    "a lead-over that states something": (
        f"{_BODY}[0].sentences[0].text",
        "Now the boats are famous for their speed.",
        "sections[1].blocks[0].sentences[0]: states something and cites nothing",
    ),
    "a lead-over that brings a year": (
        f"{_BODY}[0].sentences[0].text",
        "Here is what the source says about 1912:",
        "sections[1].blocks[0].sentences[0]: states something and cites nothing",
    ),
    "a lead-over that brings a name": (
        f"{_BODY}[0].sentences[0].text",
        "Think of Captain Nemo:",
        "sections[1].blocks[0].sentences[0]: states something and cites nothing",
    ),
    "a step without cites": (
        f"{_BODY}[6].steps[0].cites",
        [],
        "sections[1].blocks[6].steps[0]: states something and cites nothing",
    ),
    "feedback without cites": (
        "$.questions[0].feedback.cites",
        [],
        "questions[0].feedback: states something and cites nothing",
    ),
    "a quoted sentence with another word": (
        f"{_BODY}[0].sentences[1].text",
        "A lantern boat is a large wooden vessel that carries a lamp across a lake at night.",
        "sections[1].blocks[0].sentences[1]: is not verbatim in what it cites",
    ),
    "a quoted sentence that cites another quote": (
        f"{_BODY}[0].sentences[1].cites",
        ["tar"],
        "sections[1].blocks[0].sentences[1]: is not verbatim in what it cites",
    ),
    "a run of quotes in another order": (
        "$.summary",
        {**quoted("steered", "boat"), "origin": "quoted"},
        "summary: is not verbatim in what it cites",
    ),
    "a run of quotes that is none in the source": (
        "$.summary",
        {**quoted("boat", "keel"), "origin": "quoted"},
        "summary: is not verbatim in what it cites",
    ),
    "a blank statement": ("$.summary.text", " ", "summary: is blank"),
    "an unknown origin": ("$.summary.origin", "known", "summary: has the unknown origin 'known'"),
    "nobody who computed it": (
        f"{_BODY}[5].steps[1].by",
        None,
        "sections[1].blocks[5].steps[1]: is computed, but does not say by what or whom",
    ),
    "an author without a name": (
        "$.questions[10].by",
        "",
        "questions[10]: is author, but does not say by what or whom",
    ),
    # written sentences
    "a written sentence with another year": (
        f"{_BODY}[4].sentences[1].text",
        "The carpenter Odile Marrow built the oldest boat of Wexmere in 1714.",
        "sections[1].blocks[4].sentences[1]: has the number 1714, which no cited quote has",
    ),
    "a written sentence with another spelt number": (
        f"{_BODY}[4].sentences[2].text",
        "By the 1860s, twelve villages sent rowers to a race.",
        "sections[1].blocks[4].sentences[2]: has the number 12, which no cited quote has",
    ),
    "a written sentence with another decade": (
        f"{_BODY}[4].sentences[2].text",
        "By the 1880s, nine villages sent rowers to a race.",
        "sections[1].blocks[4].sentences[2]: has the number 1880, which no cited quote has",
    ),
    "a written sentence with another name": (
        f"{_BODY}[4].sentences[1].text",
        "The carpenter Odile Sparrow built the oldest boat of Wexmere in 1741.",
        "sections[1].blocks[4].sentences[1]: has the name Sparrow, which no cited quote has",
    ),
    "a written sentence that opens with a name of elsewhere": (
        f"{_BODY}[4].sentences[2]",
        {**_RACE, "text": "Wexmere was built in the 1860s.", "cites": ["spring"]},
        "sections[1].blocks[4].sentences[2]: has the name Wexmere, which no cited quote has",
    ),
    # examples
    "an example without cites": (f"{_BODY}[6].cites", [], "sections[1].blocks[6]: cites nothing"),
    "an example's other answer": (
        f"{_BODY}[6].answer",
        "a green lamp",
        "sections[1].blocks[6].answer: is not verbatim in what it cites",
    ),
    # questions
    "two questions of one id": ("$.questions[1].id", "q1", "questions: two have the id 'q1'"),
    "a question for no objective": (
        "$.questions[1].objective",
        "o9",
        "questions[1]: serves 'o9', which is no objective",
    ),
    "a check of no question": (
        f"{_BODY}[2].question",
        "q99",
        "sections[1].blocks[2]: asks 'q99', which is no question",
    ),
    "a question without cites": ("$.questions[1].cites", [], "questions[1]: cites nothing"),
    "a question that cites nothing there is": (
        "$.questions[1].cites",
        ["x"],
        "questions[1]: cites 'x', which is no quote",
    ),
    "an unknown kind": ("$.questions[1].kind", "riddle", "questions[1]: is of the unknown kind 'riddle'"),
    "a key that is not offered": (
        "$.questions[0].answer",
        "Tar",
        "questions[0]: the key 'Tar' is 0 times among the options",
    ),
    "a key that is offered twice": (
        "$.questions[0].options",
        ["Pine tar", "Pine tar", "Beeswax"],
        "questions[0]: the key 'Pine tar' is 2 times among the options",
    ),
    "options that differ by an article": (
        "$.questions[0].options",
        ["Pine tar", "Beeswax", "The beeswax"],
        "questions[0]: two options are the same",
    ),
    "another option as the key": (
        "$.questions[0].answer",
        "Beeswax",
        "questions[0]: the key 'Beeswax' has words that no cited quote has: beeswax",
    ),
    "another year as the key": (
        "$.questions[1].answer",
        "1717",
        "questions[1]: with the key '1717' in its gap it is not the quote",
    ),
    "another name as the key of a written question": (
        "$.questions[11].answer",
        "Berit Holm",
        "questions[11]: the key 'Berit Holm' has words that no cited quote has: berit, holm",
    ),
    "an option that the quote names as well": (
        "$.questions[11]",
        question({**_REMEMBERED, "origin": "quoted", "options": ["Wexmere", "Odile Marrow", "Berit Holm"]})
        | {"feedback": {**quoted("oldest"), "origin": "quoted"}},
        "questions[11]: the option 'Wexmere' is right as well",
    ),
    "an option that is true elsewhere in the source": (
        "$.questions[9]",
        {
            **question(CHOICE),
            "id": "q10",
            "origin": "quoted",
            "feedback": {**quoted("tar"), "origin": "quoted"},
            "stem": "What completes this sentence? “Pine tar is _____ planks.”",
            "options": ["a dark resin that keeps water out of the", "a", "b"],
            "answer": "a",
        },
        "questions[9]: the option 'a dark resin that keeps water out of the' is right as well",
    ),
    "a word too few in a cloze": (
        "$.questions[2].answer",
        "bridge",
        "questions[2]: with the key 'bridge' in its gap it is not the quote",
    ),
    "a blank key": ("$.questions[2].answer", " ", "questions[2]: has a blank key"),
    "a cloze with two gaps": (
        "$.questions[2].stem",
        "Fill in the gap: “A _____ is a wooden _____ that reaches from the shore into deep water.”",
        "questions[2]: has 2 gaps",
    ),
    "a false statement that counts as true": (
        "$.questions[4].answer",
        True,
        "questions[4]: counts as true, but is not the quote",
    ),
    "a true statement that counts as false": (
        "$.questions[3].answer",
        False,
        "questions[3]: counts as false, but stands in a source",
    ),
    "a judgement that is no judgement": ("$.questions[3].answer", "yes", "questions[3]: the key 'yes' is neither"),
    "a short answer of one's own": (
        "$.questions[5].answer",
        "A lantern boat is a ship of war.",
        "questions[5]: its key is not in the quotes",
    ),
    "an open answer with a sentence of one's own": (
        "$.questions[8].answer",
        "Every spring the rowers scrape the hull clean and paint it with pine tar. That never fails.",
        "questions[8]: its key is not in the quotes",
    ),
    "a pairing of two with one": ("$.questions[6].answer", [1, 1, 0], "questions[6]: the key [1, 1, 0] does not"),
    "a pairing that is another": ("$.questions[6].answer", [2, 1, 0], "questions[6]: no cited quote says"),
    "a pairing of nothing": ("$.questions[6].answer", [1, 2, 3], "questions[6]: the key [1, 2, 3] does not pair"),
    "an order of two places": ("$.questions[7].answer", [1, 2], "questions[7]: the key [1, 2] does not put each"),
    "an order with an item of one's own": (
        "$.questions[7].items[0]",
        "was sunk in a storm",
        "questions[7]: no cited quote has the item",
    ),
    "an order with one item twice": (
        "$.questions[7].items[0]",
        "Was built in 1741",
        "questions[7]: an item comes twice",
    ),
    # the whole
    "another schema": ("$.schema_version", 3, "schema_version: is 3, not 1 or 2"),
    "no questions": ("$.questions", [], "questions: are no list of at least 5"),
    "another shape": ("$.questions", {}, "questions: are no list of at least 5"),
}


@pytest.mark.parametrize("damage", _DAMAGES)
def test_damaged_content_is_found(copy: sqlite3.Connection, damage: str) -> None:
    path, value, problem = _DAMAGES[damage]
    set_in(copy, path, value)

    said = problems_of(copy)

    assert f"english / verbs 1.1: {problem}" in said
    assert "english / verbs 1.0: " not in said


def test_events_in_another_order_are_found(copy: sqlite3.Connection) -> None:
    set_in(copy, "$.questions[7].answer", [2, 1, 0])

    assert "questions[7]: the quotes do not give the items in this order" in problems_of(copy)


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        ("UPDATE texts SET text = text || ' '", "sources[0]: its kept text has another SHA-256"),
        ("UPDATE texts SET text = upper(text)", "sources[0].quotes[0]: does not stand in the kept text"),
        ("DELETE FROM texts", "sources[0]: its text is not kept"),
        ("DELETE FROM version_texts", "sources[0]: its text is not kept"),
        ("UPDATE versions SET content = substr(content, 1, 5000)", "content: is no JSON"),
        ("UPDATE versions SET content = '[]'", "content: does not have the shape of a schema"),
        ("UPDATE versions SET content = json_remove(content, '$.summary')", "content: does not have the shape"),
    ],
)
def test_damaged_tables_are_found(copy: sqlite3.Connection, damage: str, problem: str) -> None:
    copy.execute(damage)

    said = problems_of(copy)

    assert f"1.0: {problem}" in said
    assert f"1.1: {problem}" in said


def test_every_quoted_word_of_a_made_lesson_counts(copy: sqlite3.Connection) -> None:
    [(content,)] = copy.execute("SELECT content FROM versions WHERE number = 0").fetchall()
    lesson = json.loads(content)
    prose = [
        (f"$.sections[{number}].blocks[{place}].sentences[{index}].text", sentence["text"])
        for number, section in enumerate(lesson["sections"])
        for place, block in enumerate(section["blocks"])
        for index, sentence in enumerate(block.get("sentences", []))
        if sentence["origin"] == "quoted"
    ]
    assert len(prose) > 10
    for path, text in prose:
        first, _, rest = text.partition(" ")
        set_in(copy, path, f"{first} hardly {rest}", version=0)

    assert problems_of(copy).count(" is not verbatim in what it cites: ") == len(prose)


def test_what_is_no_database_of_lessons_is_said(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("not a database, but long enough to be read as one" * 100)
    with closing(sqlite3.connect(tmp_path / "other.db")) as connection, connection:
        connection.execute("CREATE TABLE things (name TEXT)")

    for name in ("text.db", "other.db", "missing.db"):
        done = verify(tmp_path / name)
        assert done.returncode == 2
        assert "can't be read as a database of lessons" in done.stderr
    assert not (tmp_path / "missing.db").exists()


@pytest.mark.parametrize(
    ("asked", "forged"),
    [
        ({"kind": "short", "stem": "What is 17 + 25?", "answer": "42"}, "43"),
        ({"kind": "short", "stem": "Work out 3/4 + 1/6. Give the answer in lowest terms.", "answer": "11/12"}, "4/10"),
        ({"kind": "cloze", "stem": "Fill in the gap: “20% of 300 is _____.”", "answer": "60"}, "15"),
        ({"kind": "cloze", "stem": "Fill in the gap: “The median of 6, 8, 7, 11, 8 is _____.”", "answer": "8"}, "7"),
        ({"kind": "true_false", "stem": "True or false? “√36 = 18”", "answer": False}, True),
        (
            {"kind": "order", "stem": "Put these in order.", "items": ["3²", "1 + 1", "2³"], "answer": [1, 2, 0]},
            [0, 1, 2],
        ),
        ({"kind": "short", "stem": "What is the past participle of “go”?", "answer": "gone"}, "went"),
        (
            {"kind": "choice", "stem": "Solve 2x + 3 = 11.", "options": ["x = 4", "x = 7", "x = 1"], "answer": "x = 4"},
            "x = 7",
        ),
        (
            {
                "kind": "choice",
                "stem": "Find the roots of x² + 4x = 0.",
                "options": ["x = 0", "x = 4", "x = \N{MINUS SIGN}4 or x = 0"],
                "answer": "x = \N{MINUS SIGN}4 or x = 0",
            },
            "x = 0",
        ),
    ],
)
def test_a_computed_key_is_worked_out_again(asked: dict[str, Any], forged: Any) -> None:
    assert computed_right(asked) is True
    assert computed_right(asked | {"answer": forged}) is False


def test_no_computed_key_of_any_skill_is_objected_to() -> None:
    read = 0
    for skill in all_skills():
        for level in ("grade-3", "grade-8", "C1"):
            practice = skill.practice(random.Random(level), level=level, questions=8, used=())
            verdicts = [computed_right(each.model_dump(mode="json")) for each in practice.questions]
            assert False not in verdicts
            read += sum(verdict is True for verdict in verdicts)
    assert read > 80


@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        ("sections[1].blocks[5].rows[1].cells[1]", "a golden hoop", "sections[1].blocks[5].rows[1]"),
        ("sections[1].blocks[5].rows[1].cites", [], "sections[1].blocks[5].rows[1]"),
        ("sections[1].blocks[6].entries[0].when", "1742", "sections[1].blocks[6].entries[0]"),
        ("sections[2].blocks[0].answer", "A jetty is a boat.", "sections[2].blocks[0]"),
        ("key_points[0].text", "A lantern boat is a ship.", "key_points[0]"),
        ("questions[0].why[0].reason.by", "", "questions[0].why[0].reason"),
        ("sections[1].notes[0].text", "A boat is a vessel.", "sections[1].notes[0]"),
    ],
)
def test_the_parts_of_schema_2_are_verified_too(path: str, value: Any, where: str) -> None:
    assert problems_in(lessons.teaching().model_dump(mode="json"), texts()) == []
    damaged = lessons.changed(lessons.teaching(), {path: value}).model_dump(mode="json")
    assert where in {place for place, _ in problems_in(damaged, texts())}


@pytest.mark.parametrize(
    "damage",
    [
        {},
        {"author": ""},
        {"alternative": " "},
        {"licence": "CC BY-NC 4.0"},
        {"media_type": "image/jpeg"},
        {"data_sha256": "0" * 64},
    ],
)
def test_the_image_of_a_lesson_is_verified_too(damage: dict[str, str]) -> None:
    content = lessons.lesson(image=leaf().shown().model_dump()).model_dump(mode="json")
    kept = {**texts(), content["image"]["data_sha256"]: leaf().data}
    content["image"] |= damage
    found = [(where, told) for where, told in problems_in(content, kept) if where == "image"]
    assert bool(found) == bool(damage), found
