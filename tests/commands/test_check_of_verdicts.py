"""`lessongen check` on stored lessons that a judge judged, with one thing altered in the database."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from lessongen.lesson.body import body_text
from lessongen.lesson.model import Lesson, sha256
from lessongen.lesson.records import NewVersion
from lessongen.lesson.task import LessonRequest, Priority
from tests.conftest import CommandLine
from tests.lessons import JUDGED, changed, judged, lesson, texts
from tests.queues import open_jobs

NAME = ("crafts", "lantern boats")
SENTENCE = "sections[1].blocks[0].sentences[3]"
ALTERED: dict[str, tuple[dict[str, Any], str]] = {
    "a word": ({f"{SENTENCE}.text": JUDGED.replace("single", "thick")}, "verdict-unaltered"),
    "a span": ({f"{SENTENCE}.verdict.span": "carved from one long plank"}, "verdict-unaltered"),
    "a span that is in no quote": ({f"{SENTENCE}.verdict.span": "cut from a tree"}, "verdict-span"),
    "a hash": ({f"{SENTENCE}.verdict.sha256": "0" * 64}, "verdict-unaltered"),
    "a verdict": ({f"{SENTENCE}.verdict.ruling": "contradicted"}, "verdict-supported"),
    "a judge": ({f"{SENTENCE}.verdict.judge": "other-1"}, "judge-passed"),
    "the lesson's judge": ({"provenance.judge": "other-1"}, "judge-passed"),
    "an exam": ({f"{SENTENCE}.verdict.exam": "en-ba9876543210"}, "judge-passed"),
    "an exam's result": ({"provenance.exams[0].caught": 39}, "exam-unaltered"),
    "what an exam needed": ({"provenance.exams[0].needed_caught": 0.1}, "exam-unaltered"),
    "no verdict": ({f"{SENTENCE}.verdict": None}, "verdict-given"),
}


def stored(home: Path, made: Lesson) -> None:
    jobs = open_jobs(home)
    request = LessonRequest(subject="crafts", topic="lantern boats")
    jobs.submit([request], user="ann", priority=Priority.NORMAL, writer="openai")
    (lease,) = jobs.claim("worker", 1)
    version = NewVersion(
        name=request.lesson, content=made.model_dump_json(), body=body_text(made), texts=texts(), writer="openai",
        model="able-1", reason="created",
    )  # fmt: skip
    jobs.complete(lease, version)
    jobs.store.close()


def broken(cli: CommandLine) -> set[str]:
    return {problem["rule"] for problem in cli("check", *NAME, "--json").json()["problems"]}


def test_a_judged_lesson_passes_without_a_model_and_without_a_network(cli: CommandLine, home: Path) -> None:
    stored(home, judged())
    assert cli("check", *NAME).code == 0


@pytest.mark.parametrize("what", ALTERED)
def test_one_thing_that_is_altered_is_named(cli: CommandLine, home: Path, what: str) -> None:
    changes, rule = ALTERED[what]
    stored(home, judged())
    with contextlib.closing(sqlite3.connect(home / "lessons.db")) as database, database:
        (content,) = database.execute("SELECT content FROM versions").fetchone()
        altered = changed(Lesson.model_validate_json(content), changes)
        database.execute("UPDATE versions SET content = ?", (altered.model_dump_json(),))
    assert cli("check", *NAME).code == 65
    assert rule in broken(cli)


def test_an_altered_quote_is_named_also_with_a_hash_that_fits_it(cli: CommandLine, home: Path) -> None:
    made = judged().model_dump(mode="json")
    quote = next(each for each in made["sources"][0]["quotes"] if each["id"] == "keel")
    quote["text"] = quote["text"].replace("one long", "some long")
    stored(home, Lesson.model_validate_json(json.dumps(made)))
    assert {"quote-hash", "quote-verbatim", "verdict-unaltered"} <= broken(cli)
    quote["sha256"] = sha256(quote["text"])
    with contextlib.closing(sqlite3.connect(home / "lessons.db")) as database, database:
        database.execute("UPDATE versions SET content = ?", (json.dumps(made),))
    assert {"quote-verbatim", "verdict-unaltered"} <= broken(cli)


def test_a_lesson_that_no_judge_has_seen_passes_as_it_did(cli: CommandLine, home: Path) -> None:
    stored(home, lesson())
    assert cli("check", *NAME).code == 0
