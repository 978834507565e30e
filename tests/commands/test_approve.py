"""A reviewer's name under one version of a lesson: given, shown, exported, taken back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.conftest import CommandLine, made

BY = ("--by", "R. Teacher")


def approvals(cli: CommandLine, *options: str) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = cli("show", "english", "verbs", "--json", *options).json()["metadata"]["approvals"]
    return told


def test_an_approval_with_a_note_and_marks_is_told_wherever_the_version_is(cli: CommandLine, tmp_path: Path) -> None:
    made(cli)
    ended = cli(
        "approve", "english", "verbs", *BY, "--note", "For 7b", "--mark", "q2=reject two fit", "--mark", "q1=ok"
    )
    assert ended.code == 0, ended.stderr
    assert "regenerate english verbs --section q2" in ended.stdout
    (approval,) = approvals(cli)
    assert (approval["reviewer"], approval["note"]) == ("R. Teacher", "For 7b")
    assert approval["marks"] == [
        {"question": "q2", "verdict": "reject", "note": "two fit"},
        {"question": "q1", "verdict": "ok", "note": ""},
    ]
    assert cli("history", "english", "verbs", "--json").json()["versions"][0]["approved_by"] == ["R. Teacher"]
    assert "R. Teacher" in cli("history", "english", "verbs").stdout
    assert cli("lessons", "--json").json()["lessons"][0]["approved_by"] == ["R. Teacher"]
    assert "approved by R. Teacher" in cli("lessons").stdout
    assert cli("cite", "english", "verbs", "--json").json()["approvals"] == [approval]
    assert "q2 is rejected: two fit" in cli("cite", "english", "verbs").stdout
    for form in ("md", "html"):
        page = tmp_path / f"lesson.{form}"
        assert cli("show", "english", "verbs", "-o", str(page)).code == 0
        for words in ("approved by R. Teacher", "For 7b", "rejected by R. Teacher: two fit"):
            assert words in page.read_text()
    assert cli("db", "check").code == 0


def test_students_read_who_approved_it_and_nothing_of_the_questions(cli: CommandLine, tmp_path: Path) -> None:
    made(cli)
    cli("approve", "english", "verbs", *BY, "--note", "hush-hush", "--mark", "q1=reject the key is noun")
    assert [set(each) for each in approvals(cli, "--student")] == [{"reviewer", "approved_at"}]
    for form in ("md", "html", "json"):
        page = tmp_path / f"lesson.{form}"
        cli("show", "english", "verbs", "--student", "-o", str(page))
        text = page.read_text()
        assert "R. Teacher" in text
        assert "hush-hush" not in text
        assert "the key is noun" not in text


def test_a_new_version_is_not_approved_and_the_old_one_stays_so(cli: CommandLine) -> None:
    made(cli)
    cli("approve", "english", "verbs", *BY)
    made(cli)
    assert approvals(cli) == []
    assert len(approvals(cli, "--version", "1.0")) == 1
    assert cli("lessons", "--json").json()["lessons"][0]["approved_by"] == []
    assert cli("approve", "english", "verbs", *BY, "--version", "1.1").code == 0
    assert len(approvals(cli)) == 1


def test_to_approve_again_replaces_what_was_said_and_others_approve_beside(cli: CommandLine) -> None:
    made(cli)
    cli("approve", "english", "verbs", *BY, "--note", "first")
    cli("approve", "english", "verbs", *BY, "--note", "second")
    cli("approve", "english", "verbs", "--by", "A. Colleague")
    said = [(each["reviewer"], each["note"]) for each in approvals(cli)]
    assert said == [("R. Teacher", "second"), ("A. Colleague", "")]
    left = cli("approve", "english", "verbs", *BY, "--withdraw", "--json").json()["approvals"]
    assert [each["reviewer"] for each in left] == ["A. Colleague"]
    again = cli("approve", "english", "verbs", *BY, "--withdraw")
    assert again.code == 66
    assert "A. Colleague" in again.stderr


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--mark", "q99=ok"), 66),
        (("--mark", "s1=ok"), 2),
        (("--mark", "q1=maybe"), 2),
        (("--mark", "q1=ok", "--mark", "q1=reject"), 2),
        (("--withdraw", "--note", "x"), 2),
        (("--by", " "), 2),
        (("--mark", "q1=ok", "fine", "but not this"), 2),
    ],
)
def test_what_can_not_be_meant_is_refused(cli: CommandLine, arguments: tuple[str, ...], code: int) -> None:
    made(cli)
    assert cli("approve", "english", "verbs", *arguments).code == code
    assert approvals(cli) == []


def test_a_reason_may_stand_apart_from_its_mark(cli: CommandLine) -> None:
    made(cli)
    assert cli("approve", "english", "verbs", *BY, "--mark", "q1=reject", "no such word").code == 0
    assert approvals(cli)[0]["marks"] == [{"question": "q1", "verdict": "reject", "note": "no such word"}]


def test_an_approval_survives_a_new_name_and_goes_with_the_lesson(cli: CommandLine) -> None:
    made(cli)
    cli("approve", "english", "verbs", *BY)
    cli("lessons", "rename", "english", "verbs", "--to-topic", "words", "--yes")
    assert len(cli("show", "english", "words", "--json").json()["metadata"]["approvals"]) == 1
    cli("lessons", "delete", "english", "words", "--yes")
    made(cli)
    assert approvals(cli) == []
    assert cli("db", "check").code == 0
