"""What people do with a lesson that a model wrote: variants, locks, parts anew, edits, refreshing, approving, diffs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import good_model
from tests.conftest import CommandLine, made
from tests.good_model import step_of
from tests.made_up_articles import skerry_mills
from tests.scripted_model import ScriptedModel, prompt_of

MILLS = ("crafts", "skerry mills")


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    """A text of one's own."""
    path = tmp_path / "mills.txt"
    path.write_text(skerry_mills().article.text)
    return path


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedModel]:
    """A model that writes and judges well, set in the environment."""
    with ScriptedModel(good_model.answer) as scripted:
        monkeypatch.setenv("OPENAI_BASE_URL", scripted.base_url)
        monkeypatch.setenv("LESSONGEN_JUDGE_NAME", "auto")
        yield scripted


def steps(server: ScriptedModel, since: int = 0) -> list[str]:
    return [step_of(call) for call in server.calls[since:]]


def content_of(cli: CommandLine, *options: str) -> dict[str, Any]:
    content: dict[str, Any] = cli("show", *MILLS, "--json", *options).json()["content"]
    return content


def create(cli: CommandLine, notes: Path, *options: str) -> dict[str, Any]:
    task = made(cli, *MILLS, "--source", str(notes), "--writer", "openai", *options)
    state: dict[str, Any] = cli("status", task, "--json").json()
    assert state["status"] == "completed", state["error"]
    return content_of(cli)


def anew(cli: CommandLine, part: str) -> None:
    accepted = cli("regenerate", *MILLS, part, "--no-start", "--json", "--seed", "7")
    assert accepted.code == 0, accepted.stderr
    assert cli("worker", "--drain").code == 0
    state = cli("status", accepted.json()["task_id"], "--json").json()
    assert state["status"] == "completed", state["error"]


def assert_sound(cli: CommandLine, *options: str) -> None:
    assert cli("check", *MILLS, *options).code == 0
    assert cli("db", "check").code == 0


def test_a_locked_section_and_question_stay_in_the_next_version_by_a_model(
    cli: CommandLine, server: ScriptedModel, notes: Path
) -> None:
    old = create(cli, notes)
    assert cli("lock", *MILLS, "s2", "q4").code == 0
    new = create(cli, notes, "--seed", "9")
    kept = old["sections"][1]
    assert kept["cycle"] == 1
    assert kept in new["sections"]
    assert old["questions"][3] in new["questions"]
    cycles = [each["cycle"] for each in new["sections"] if each["cycle"]]
    assert cycles == sorted(cycles)
    assert set(cycles) == set(range(1, max(cycles) + 1))
    assert_sound(cli)
    assert "keeping s2" in cli("history", *MILLS, "--json").json()["versions"][-1]["reason"]


def test_one_section_and_one_question_are_made_anew_by_one_call_and_judged(
    cli: CommandLine, server: ScriptedModel, notes: Path
) -> None:
    old, before = create(cli, notes), len(server.calls)
    anew(cli, "s2")
    assert steps(server, before) == ["section", "judge"]
    new = content_of(cli)
    changed = [was["id"] for was, now in zip(old["sections"], new["sections"], strict=True) if was != now]
    assert changed == [old["sections"][1]["id"]]
    assert new["questions"] == old["questions"]
    assert_sound(cli)

    old, before = new, len(server.calls)
    anew(cli, "q6")
    assert steps(server, before) == ["questions", "judge"]
    new = content_of(cli)
    assert [was["id"] for was, now in zip(old["questions"], new["questions"], strict=True) if was != now] == [
        old["questions"][5]["id"]
    ]
    assert (old["questions"][5]["role"], old["sections"]) == (new["questions"][5]["role"], new["sections"])
    assert_sound(cli)
    assert cli("diff", *MILLS).code == 0
    assert "made anew" in cli("history", *MILLS).stdout


def test_a_new_section_of_practice_is_a_new_task_and_no_text(
    cli: CommandLine, server: ScriptedModel, notes: Path
) -> None:
    old = create(cli, notes)
    at = next(at for at, each in enumerate(old["sections"]) if each["kind"] == "practice")
    anew(cli, f"s{at + 1}")
    was, now = old["sections"][at], content_of(cli)["sections"][at]
    assert was != now
    assert [block["kind"] for block in now["blocks"]].count("task") == 1
    assert sum(len(block["sentences"]) for block in now["blocks"] if block["kind"] == "prose") <= 1
    assert [each for each in was["blocks"] if each["kind"] == "check"] == [
        each for each in now["blocks"] if each["kind"] == "check"
    ]
    assert_sound(cli)


@pytest.mark.parametrize("variant", ["support", "extend"])
def test_a_variant_is_made_of_the_models_core_without_a_writers_call(
    cli: CommandLine, server: ScriptedModel, variant: str
) -> None:
    topic = ("biology", "photosynthesis")
    made(cli, *topic, "--writer", "openai")
    core = cli("show", *topic, "--json").json()["content"]
    before = len(server.calls)
    made(cli, *topic, "--writer", "openai", "--variant", variant)
    assert set(steps(server, before)) <= {"judge"}
    found = cli("show", *topic, "--variant", variant, "--json").json()["content"]
    assert found["provenance"]["core"] == "1.0"
    assert found["summary"]["text"] == core["summary"]["text"]
    assert [each for each in found["questions"] if each["role"] == "starter"] == [
        each for each in core["questions"] if each["role"] == "starter"
    ]
    assert sum(each["role"] != "starter" for each in found["questions"]) >= 5
    assert cli("check", *topic, "--variant", variant).code == 0


def test_an_edited_lesson_by_a_model_is_approved_and_refreshed(
    cli: CommandLine, server: ScriptedModel, notes: Path, tmp_path: Path
) -> None:
    old = create(cli, notes)
    edited = tmp_path / "edited.md"
    text = cli("edit", *MILLS, "--output", "-").stdout
    edited.write_text(text.replace(f"# {old['title']}", "# Mills of our coast", 1), encoding="utf-8")
    answer = cli("edit", *MILLS, "--file", str(edited), "--author", "R. Miller", "--json")
    assert answer.code == 0, answer.stderr
    new = content_of(cli)
    assert new["title"] == "Mills of our coast"
    assert {**new, "title": "", "provenance": ""} == {**old, "title": "", "provenance": ""}
    assert "Mills of our coast" in cli("diff", *MILLS).stdout
    assert cli("approve", *MILLS, "--by", "R. Miller").code == 0
    before = len(server.calls)
    assert cli("refresh", *MILLS, "--source", str(notes), "--json").json()["moved"] == []
    notes.write_text(notes.read_text() + "Nine mills are left on the coast today.\n")
    assert cli("refresh", *MILLS, "--source", str(notes), "--json").json()["version"] == "1.2"
    assert server.calls[before:] == []
    assert_sound(cli)


def test_what_a_lesson_before_taught_is_told_to_the_planner_of_the_next(
    cli: CommandLine, server: ScriptedModel, tmp_path: Path
) -> None:
    plan = tmp_path / "plan.csv"
    plan.write_text("subject,topic,after\nbiology,plants,\nbiology,photosynthesis,plants\n")
    assert cli("batch", "submit", str(plan), "--writer", "openai", "--no-start").code == 0
    assert cli("worker", "--drain").code == 0
    assert cli("batch", "show", "last", "--json").json()["counts"]["completed"] == 2
    first = cli("show", "biology", "plants", "--json").json()["content"]
    plans = [prompt_of(call) for call in server.calls if step_of(call) == "plan"]
    terms = [each["term"] for each in first["key_terms"]]
    assert terms
    assert all(term.casefold() in plans[1].rpartition("students know: ")[2].casefold() for term in terms)
    assert "students know: " not in plans[0]


def test_a_focus_is_told_to_the_planner(cli: CommandLine, server: ScriptedModel, notes: Path) -> None:
    create(cli, notes, "--focus", "grinding")
    (plan,) = [prompt_of(call) for call in server.calls if step_of(call) == "plan"]
    assert "The teacher wants this in it above all: “grinding”." in plan


def test_a_model_that_answers_nothing_of_the_exam_is_told_to_be_unable_after_one_call(
    cli: CommandLine, monkeypatch: pytest.MonkeyPatch, notes: Path
) -> None:
    def babble(call: dict[str, Any]) -> object:
        return "Once upon a time" if step_of(call) == "judge" else good_model.answer(call)

    with ScriptedModel(babble) as scripted:
        monkeypatch.setenv("OPENAI_BASE_URL", scripted.base_url)
        monkeypatch.setenv("LESSONGEN_JUDGE_NAME", "auto")
        task = made(cli, *MILLS, "--source", str(notes), "--writer", "openai")
        state = cli("status", task, "--json").json()
        assert state["status"] == "failed"
        assert "not able enough" in state["error"]["message"]
        assert steps(scripted) == ["judge"]
        assert cli("show", *MILLS).code != 0
        again = made(cli, *MILLS, "--source", str(notes), "--writer", "openai")
        assert cli("status", again, "--json").json()["status"] == "completed", "by the rules"
    assert "has not passed the exam" in cli("show", *MILLS).stdout
