"""One part of a lesson made anew, by both writers, through the command line and a worker; all else as it was."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lessongen.generation.regenerate import with_anew
from lessongen.lesson.draft import Anew, Draft
from lessongen.lesson.model import Check, Lesson, Prose, Statement
from lessongen.lesson.parts import part_named
from lessongen.writers.extractive.choose import uses_of
from tests.conftest import CommandLine, made
from tests.good_model import answer, step_of
from tests.lessons import JETTY, LANTERN_BOAT, teaching, texts
from tests.scripted_model import ScriptedModel

UNTOUCHED = ("title", "minutes", "summary", "objectives", "prior_knowledge", "key_terms", "misconceptions")


def content_of(cli: CommandLine, *options: str, topic: str = "verbs") -> dict[str, Any]:
    content: dict[str, Any] = cli("show", "english", topic, "--json", *options).json()["content"]
    return content


def anew(cli: CommandLine, part: str, *options: str, topic: str = "verbs") -> dict[str, Any]:
    """Have a part made anew by a worker in this process; what became of the task."""
    accepted = cli("regenerate", "english", topic, "--section", part, "--no-start", "--json", *options)
    assert accepted.code == 0, accepted.stderr
    assert cli("worker", "--drain").code == 0
    state: dict[str, Any] = cli("status", accepted.json()["task_id"], "--json").json()
    return state


def test_another_quiz_asks_nothing_that_was_asked_and_leaves_the_rest(cli: CommandLine) -> None:
    made(cli)
    old = content_of(cli)
    state = anew(cli, "quiz")
    assert (state["status"], state["version"]) == ("completed", "1.1")
    new = content_of(cli)
    for field in (*UNTOUCHED, "sections"):
        assert new[field] == old[field], field
    assert [each["id"] for each in new["questions"]] == [each["id"] for each in old["questions"]]
    assert not {each["stem"] for each in new["questions"]} & {each["stem"] for each in old["questions"]}
    shown = " ".join(
        sentence["text"]
        for section in new["sections"]
        for block in section["blocks"]
        for sentence in block.get("sentences", ())
    )
    quotes = {quote["id"]: quote["text"] for source in new["sources"] for quote in source["quotes"]}
    assert all(quotes[cite] in shown for question in new["questions"] for cite in question["cites"])
    assert cli("check", "english", "verbs").code == 0
    assert cli("history", "english", "verbs", "--json").json()["versions"][-1]["reason"] == "quiz of 1.0 made anew"


@pytest.mark.parametrize(("topic", "part"), [("verbs", "q3"), ("poetry", "the section with something to do")])
def test_another_question_or_section_is_the_only_change(cli: CommandLine, topic: str, part: str) -> None:
    made(cli, "english", topic)
    old = content_of(cli, topic=topic)
    if " " in part:
        to_do = [any(block["kind"] == "activity" for block in section["blocks"]) for section in old["sections"]]
        part = f"s{to_do.index(True) + 1}"
    assert anew(cli, part, topic=topic)["status"] == "completed"
    new = content_of(cli, topic=topic)
    field = "sections" if part.startswith("s") else "questions"
    name = part_named(Lesson.model_validate(old), part).id
    for each in (*UNTOUCHED, "sections", "questions"):
        if each != field:
            assert new[each] == old[each], each
    assert [one for one in new[field] if one["id"] != name] == [one for one in old[field] if one["id"] != name]
    before, after = (next(one for one in each[field] if one["id"] == name) for each in (old, new))
    assert before != after
    if field == "sections":
        assert (before["title"], before["minutes"], before["objectives"]) == (
            after["title"],
            after["minutes"],
            after["objectives"],
        )
    assert cli("check", "english", topic).code == 0
    assert cli("db", "check").code == 0


def test_a_locked_question_stays_in_another_quiz_and_can_not_be_made_anew(cli: CommandLine) -> None:
    made(cli)
    old = content_of(cli)
    cli("lock", "english", "verbs", "q2")
    assert cli("regenerate", "english", "verbs", "q2").code == 2
    assert anew(cli, "quiz")["status"] == "completed"
    new = content_of(cli)
    name = part_named(Lesson.model_validate(old), "q2").id
    same = [each["id"] for each in new["questions"] if each in old["questions"]]
    assert same == [name]


def test_what_can_not_be_made_anew_is_refused_with_the_remedy(cli: CommandLine) -> None:
    made(cli)
    assert "edit" in cli("regenerate", "english", "verbs", "summary").stderr
    assert "quiz" in cli("regenerate", "english", "verbs", "s5").stderr
    assert cli("regenerate", "english", "verbs").code == 2
    assert cli("regenerate", "english", "verbs", "s1", "s2").code == 2
    assert cli("regenerate", "english", "verbs", "s77").code == 66
    assert len(cli("history", "english", "verbs", "--json").json()["versions"]) == 1


def test_where_the_source_says_nothing_else_nothing_is_saved(cli: CommandLine, tmp_path: Path) -> None:
    text = tmp_path / "boats.txt"
    text.write_text(f"{LANTERN_BOAT}\n{JETTY}")
    made(cli, "english", "boats", "--source", str(text))
    state = anew(cli, "s1", topic="boats")
    assert state["status"] == "failed"
    assert state["error"]["code"] == "too_thin"
    assert "Nothing was saved" in state["error"]["message"]
    assert "edit" in state["error"]["hint"]
    assert len(cli("history", "english", "boats", "--json").json()["versions"]) == 1


def test_a_model_makes_another_quiz_and_another_section_with_a_few_calls(
    cli: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ScriptedModel(answer) as model:
        monkeypatch.setenv("OPENAI_BASE_URL", model.base_url)
        made(cli, "english", "verbs", "--seed", "4")
        old = content_of(cli)
        before = len(model.calls)
        assert anew(cli, "quiz", "--seed", "5")["status"] == "completed"
        steps = [step_of(call) for call in model.calls[before:]]
        assert steps == ["questions"]
        new = content_of(cli)
        assert new["sections"] == old["sections"]
        assert not {each["stem"] for each in new["questions"]} & {each["stem"] for each in old["questions"]}
        assert new["provenance"]["tokens"] > old["provenance"]["tokens"]

        old, before = new, len(model.calls)
        assert anew(cli, "s2", "--seed", "6")["status"] == "completed"
        steps = [step_of(call) for call in model.calls[before:]]
        assert steps == ["section"]
        new = content_of(cli)
        assert new["questions"] == old["questions"]
        assert [a == b for a, b in zip(old["sections"], new["sections"], strict=True)].count(False) == 1
        assert cli("check", "english", "verbs").code == 0


def test_what_a_model_writes_takes_the_place_of_all_that_a_section_showed() -> None:
    old = teaching().sections[1]
    sentences = [each for block in old.blocks if isinstance(block, Prose) for each in block.sentences]
    said = Statement(text="The keel is carved from a plank of cedar.", cites=["keel"], origin="written")
    anew_blocks = Anew(blocks=[Prose(sentences=[*sentences, said])], sources=teaching().sources, texts=texts())
    draft, _ = with_anew(Draft(lesson=teaching(), texts=texts()), f"section:{old.id}", anew_blocks, frozenset())
    new = draft.lesson.sections[1]
    assert {"analogy", "table"} <= {block.kind for block in old.blocks}
    assert {block.kind for block in new.blocks} == {"prose", "check"}
    assert [each.question for each in new.blocks if isinstance(each, Check)] == [
        each.question for each in old.blocks if isinstance(each, Check)
    ]
    assert [each.text for block in new.blocks if isinstance(block, Prose) for each in block.sentences][-1] == said.text


def test_of_what_a_model_writes_for_a_section_goes_what_the_gate_objects_to() -> None:
    old = teaching().sections[1]
    sentences = [each for block in old.blocks if isinstance(block, Prose) for each in block.sentences]
    good = Statement(text="The keel is carved from a plank of cedar.", cites=["keel"], origin="written")
    bad = Statement(text="In 1999 the keel was carved.", cites=["keel"], origin="written")
    made_anew = Anew(blocks=[Prose(sentences=[*sentences, bad, good])], sources=teaching().sources, texts=texts())
    draft, _ = with_anew(Draft(lesson=teaching(), texts=texts()), f"section:{old.id}", made_anew, frozenset())
    shown = draft.lesson.sections[1].model_dump_json()
    assert good.text in shown
    assert "1999" not in shown


def test_a_part_by_another_writer_is_told_to_the_teacher(cli: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    made(cli, "english", "verbs", "--seed", "4")
    with ScriptedModel(answer) as model:
        monkeypatch.setenv("OPENAI_BASE_URL", model.base_url)
        assert anew(cli, "quiz", "--writer", "openai", "--seed", "5")["status"] == "completed"
    made_by = content_of(cli)["provenance"]
    assert made_by["writer"] == "extractive"
    assert any("openai writer" in notice and "quiz" in notice for notice in made_by["notices"])
    assert cli("history", "english", "verbs", "--json").json()["versions"][-1]["writer"] == "openai"


def test_quizzes_in_a_row_ask_fresh_things_first(cli: CommandLine) -> None:
    made(cli, "english", "verbs", "--seed", "1")
    anew(cli, "quiz", "--seed", "2")
    versions = [Lesson.model_validate(content_of(cli, "--version", text)) for text in ("1.0", "1.1")]
    before = set(uses_of([versions[0]]))
    asked = [set(uses_of([versions[1].model_copy(update={"questions": [each]})])) for each in versions[1].questions]
    assert sum(not before.isdisjoint(uses) for uses in asked) <= 0.35 * len(asked)


@pytest.mark.parametrize("seed", ["1", "2", "3"])
def test_what_is_computed_is_computed_anew(cli: CommandLine, seed: str) -> None:
    task_id: str = cli("create", "--no-start", "--json", "--seed", seed, "math", "fractions").json()["task_id"]
    assert cli("worker", "--drain").code == 0
    assert cli("status", task_id, "--json").json()["status"] == "completed"

    def content() -> dict[str, Any]:
        found: dict[str, Any] = cli("show", "math", "fractions", "--json").json()["content"]
        return found

    old = content()
    computed = [each["id"] for each in old["questions"] if each["origin"] == "computed"]
    examples = next(
        f"s{at}"
        for at, section in enumerate(old["sections"], 1)
        if any(block["kind"] == "example" for block in section["blocks"])
    )
    assert computed
    for part in ("quiz", examples):
        assert cli("regenerate", "math", "fractions", part, "--no-start", "--seed", f"9{seed}").code == 0
        assert cli("worker", "--drain").code == 0
    new = content()
    assert [each["id"] for each in new["questions"] if each["origin"] == "computed"] == computed
    first, second = (
        {(each.stem, *each.told_apart_by) for each in Lesson.model_validate(content).questions}
        for content in (old, new)
    )
    assert first & second == set()
    at = int(examples[1:]) - 1
    assert new["sections"][at] != old["sections"][at]
    assert {block["origin"] for block in new["sections"][at]["blocks"] if block["kind"] == "example"} == {"computed"}
    assert cli("check", "math", "fractions").code == 0
    assert cli("history", "math", "fractions", "--json").json()["versions"][-1]["version"] == "1.2"
