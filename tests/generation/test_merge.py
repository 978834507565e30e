"""Locked parts in later versions: put into other drafts, by both writers, past the gate; and going back."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lessongen.generation.merge import kept_keys, merged
from lessongen.generation.repair import repaired
from lessongen.lesson.draft import Draft
from lessongen.lesson.model import Lesson
from lessongen.lesson.parts import parts_of
from lessongen.lesson.records import Expected
from lessongen.lesson.versions import Lock
from lessongen.system.errors import Superseded
from lessongen.text.words import fold
from tests.conftest import CommandLine, made
from tests.good_model import answer
from tests.lessons import FALSE, MATCH, OPEN, SHORT, TRUE, YEAR, changed, lesson, question, texts
from tests.queues import SetClock, new_version, open_jobs, submit
from tests.scripted_model import ScriptedModel


def content_of(cli: CommandLine, *options: str) -> dict[str, Any]:
    content: dict[str, Any] = cli("show", "english", "verbs", "--json", *options).json()["content"]
    return content


def draft(**changes: Any) -> Draft:
    return Draft(lesson=lesson(**changes), texts=texts())


def other_draft() -> Draft:
    """Another lesson from the same sources, under ids that mean something else."""
    asked = [YEAR, SHORT, MATCH, {**TRUE, "id": "q4"}, {**FALSE, "id": "q9"}, {**OPEN, "id": "q5"}]
    named = [{**each, "id": f"q{number}"} for number, each in enumerate(asked, 1)]
    sections = lesson().model_dump(mode="json")["sections"]
    blocks = sections[1]["blocks"]
    sections[1]["blocks"] = [blocks[0], {"kind": "check", "question": "q2"}, blocks[1], blocks[3]]
    sections[2]["blocks"][1]["question"] = "q4"
    return draft(questions=[question(each) for each in named], sections=sections, title="Boats and jetties")


@pytest.mark.parametrize("part", [part.name for part in parts_of(lesson())])
def test_each_part_can_be_kept_as_it_is_and_the_whole_passes_the_gate(part: str) -> None:
    old = lesson().model_dump(mode="json")
    key = next(each.key for each in parts_of(lesson()) if each.name == part)
    keys = kept_keys(lesson(), [key])
    kept, report = repaired(merged(draft(), other_draft(), [key]), keys)
    assert report.passed, report.problems
    new = kept.lesson.model_dump(mode="json")
    for each in keys:
        kind, _, name = each.partition(":")
        if name:
            field = f"{kind}s"
            (was,) = [one for one in old[field] if one["id"] == name]
            assert was in new[field]
        elif each != "quiz":
            field = each.replace("-", "_")
            assert old[field] == new[field]
    assert part == "title" or new["title"] == "Boats and jetties"


def test_a_source_that_only_a_kept_part_cites_comes_along_with_its_text() -> None:
    old = draft()
    alone = changed(
        other_draft().lesson,
        {"sources[0].text_sha256": "0" * 64, "sources[0].title": "Another boat", "sources[0].id": "s9"},
    )
    key = next(each.key for each in parts_of(old.lesson) if each.name == "s2")
    kept = merged(old, Draft(lesson=alone, texts=texts()), [key])
    titles = [source.title for source in kept.lesson.sources]
    assert titles[0] == "Another boat"
    assert "Lantern boat" in titles
    quotes = {quote.id: quote.text for source in kept.lesson.sources for quote in source.quotes}
    section = next(each for each in kept.lesson.sections if each.id == "part2")
    for block in section.blocks:
        for sentence in block.sentences if block.kind == "prose" else ():
            assert all(quotes[cite] in sentence.text for cite in sentence.cites)


# ---------------------------------------------------------------- on the command line


def test_later_versions_keep_what_is_locked_until_it_is_unlocked(cli: CommandLine) -> None:
    made(cli)
    old = content_of(cli)
    assert cli("lock", "english", "verbs", "s2", "--section", "q3", "--json").json()["locked"] == ["q3", "s2"]
    for _ in range(2):
        made(cli)
        new = content_of(cli)
        assert old["sections"][1] in new["sections"]
        name = next(part.id for part in parts_of(Lesson.model_validate(old)) if part.name == "q3")
        assert next(each for each in old["questions"] if each["id"] == name) in new["questions"]
        assert cli("check", "english", "verbs").code == 0
    versions = cli("history", "english", "verbs", "--json").json()["versions"]
    assert "keeping s2" in versions[-1]["reason"]
    assert cli("unlock", "english", "verbs", "--all").code == 0
    assert cli("lock", "english", "verbs", "--json").json()["locks"] == []
    made(cli)
    assert cli("history", "english", "verbs", "--json").json()["versions"][-1]["reason"] == "created"


def test_a_model_keeps_what_is_locked_of_an_extractive_lesson(
    cli: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(cli, "english", "verbs", "--seed", "4")  # what earlier versions asked decides what a model is asked for
    old = content_of(cli)
    cli("lock", "english", "verbs", "s3", "summary", "q1")
    with ScriptedModel(answer) as model:
        monkeypatch.setenv("OPENAI_BASE_URL", model.base_url)
        made(cli, "english", "verbs", "--writer", "openai", "--seed", "4")
    new = content_of(cli)
    assert new["provenance"]["writer"] == "openai"
    assert old["sections"][2] in new["sections"]
    assert old["summary"] == new["summary"]
    assert cli("check", "english", "verbs").code == 0


def test_locks_are_named_listed_and_refused_in_words(cli: CommandLine) -> None:
    made(cli)
    assert "keep nothing" in cli("lock", "english", "verbs").stdout
    assert cli("lock", "english", "verbs", "s99").code == 66
    assert cli("lock", "english", "verbs", "--section", "nonsense").code == 2
    assert cli("unlock", "english", "verbs").code == 2
    assert cli("unlock", "english", "verbs", "s2").code == 66
    assert cli("lock", "last", "s2").stdout.startswith("Locked s2")
    assert "english / verb" in cli("lock", "english", "verb", "s2").stderr


def test_locks_survive_a_new_name_and_go_with_the_lesson(cli: CommandLine) -> None:
    made(cli)
    cli("lock", "english", "verbs", "s2")
    cli("lessons", "rename", "english", "verbs", "--to-topic", "action words", "--yes")
    assert cli("lock", "english", "action words", "--json").json()["locks"][0]["part"] == "s2"
    assert cli("db", "check").code == 0
    cli("lessons", "delete", "english", "action words", "--yes")
    made(cli)
    assert cli("lock", "english", "verbs", "--json").json()["locks"] == []
    assert cli("db", "check").code == 0


def test_going_back_makes_a_new_version_of_the_old_content(cli: CommandLine) -> None:
    made(cli)
    made(cli)
    cli("lock", "english", "verbs", "s2")
    reverted = cli("revert", "english", "verbs", "1.0", "--json").json()
    assert (reverted["version"], reverted["reverted_to"], reverted["is_new"]) == ("1.2", "1.0", True)
    assert content_of(cli, "--version", "1.0") == content_of(cli, "--version", "1.2")
    assert content_of(cli, "--version", "1.1") != content_of(cli)
    assert cli("check", "english", "verbs").code == 0
    assert cli("db", "check").code == 0
    again = cli("revert", "english", "verbs", "--version", "1.0", "--json").json()
    assert (again["version"], again["is_new"]) == ("1.2", False)
    assert cli("revert", "english", "verbs").code == 2
    assert cli("revert", "english", "verbs", "1.9").code == 66
    assert len(cli("history", "english", "verbs", "--json").json()["versions"]) == 3


def test_a_lock_that_comes_while_a_lesson_is_written_is_kept_all_the_same(tmp_path: Path) -> None:
    """The version that did not know of the lock is not stored: its attempt is made again."""
    jobs = open_jobs(tmp_path, SetClock())
    first = submit(jobs)
    new = new_version(first.request)
    stored = jobs.complete(jobs.claim("w", 1)[0], new).version
    assert stored is not None
    submit(jobs)
    (lease,) = jobs.claim("w", 1)
    lock = Lock(part="summary", user="ann", created_at=jobs.clock.now())
    jobs.store.lessons.lock(stored.lesson.id, [lock])
    with pytest.raises(Superseded):
        jobs.complete(lease, replace(new, expects=Expected()))
    with pytest.raises(Superseded):
        jobs.complete(lease, replace(new, expects=Expected(locks=frozenset({"summary"}), next_number=7)))
    expected = Expected(locks=frozenset({"summary"}), next_number=1)
    completed = jobs.complete(lease, replace(new, expects=expected)).version
    assert completed is not None
    assert completed.text == "1.1"
    jobs.store.close()


def test_a_lock_on_a_part_that_is_not_there_is_found_by_the_database_check(cli: CommandLine, home: Path) -> None:
    made(cli)
    with closing(sqlite3.connect(home / "lessons.db")) as database, database:
        database.execute("INSERT INTO locks VALUES (1, 'section:gone', '', '2026-01-31T09:00:00.000000Z')")
    checked = cli("db", "check", "--json")
    assert checked.code == 74
    assert [flaw["code"] for flaw in checked.json()["flaws"]] == ["lock_of_nothing"]
    assert cli("unlock", "english", "verbs", "--all").code == 0
    assert cli("db", "check").code == 0


def test_a_backup_has_locks_and_approvals(cli: CommandLine, tmp_path: Path) -> None:
    made(cli)
    cli("lock", "english", "verbs", "s2")
    cli("approve", "english", "verbs", "--by", "R. Teacher")
    backup = str(tmp_path / "backup.db")
    assert cli("db", "backup", backup).code == 0
    assert cli("lock", "english", "verbs", "--db", backup, "--json").json()["locks"][0]["part"] == "s2"
    shown = cli("show", "english", "verbs", "--db", backup, "--json").json()
    assert shown["metadata"]["approvals"][0]["reviewer"] == "R. Teacher"


def test_an_objective_that_says_what_is_gone_is_worded_by_what_is_asked_for_it() -> None:
    content = lesson().model_dump(mode="json")
    terms = {fold(each["term"]) for each in content["key_terms"]}
    at, term = next(
        (at, question["term"])
        for at, goal in enumerate(content["objectives"])
        for question in content["questions"]
        if question["objective"] == goal["id"] and fold(question["term"]) in terms
    )
    content["objectives"][at] |= {"bloom": "understand", "text": "Explain what zeppelins are."}
    made_of, report = repaired(draft(objectives=content["objectives"]), [])
    assert report.passed, report.problems
    text = made_of.lesson.objectives[at].text
    assert text.startswith("Explain what the lesson says about ")
    assert term in text
