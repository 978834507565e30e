"""Templates: prompts and defaults that a person may edit, and what can't be used named by file and line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lessongen.system.errors import CannotWrite, ConfigurationError
from lessongen.writers.templates import DEFAULTS, PLACEHOLDERS, SHIPPED, Templates
from tests import good_model, made_up_articles
from tests.scripted_model import ScriptedModel
from tests.writers.test_openai_writer import KeptAttempt, request, writer_for


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_template_has_all_prompts_and_usable_defaults(tmp_path: Path, name: str) -> None:
    template = Templates(tmp_path / "none").load(name)
    assert set(template.parts) == set(PLACEHOLDERS)
    assert all(template.parts.values())
    assert {name for name, rule in DEFAULTS.items() if not rule.is_optional} == set(template.defaults)
    assert all(DEFAULTS[name].low <= value <= DEFAULTS[name].high for name, value in template.defaults.items())


def test_the_shipped_prompts_use_their_placeholders_and_no_others(tmp_path: Path) -> None:
    template = Templates(tmp_path).load("default")
    for part, allowed in PLACEHOLDERS.items():
        assert set(re.findall(r"\{(\w+)\}", template.parts[part])) == allowed


def test_a_new_template_is_a_copy_with_another_name_and_the_same_content(tmp_path: Path) -> None:
    templates = Templates(tmp_path / "templates")
    folder = templates.create("mine")
    assert folder == tmp_path / "templates" / "mine"
    assert templates.names() == ["default", "mine"]
    mine, default = templates.load("mine"), templates.load("default")
    assert (mine.parts, mine.defaults, mine.sha256) == (default.parts, default.defaults, default.sha256)
    assert mine.mark == f"mine@{default.sha256[:12]}"
    assert "source_tokens" in (folder / "defaults.toml").read_text(encoding="utf-8")


def test_an_edited_template_is_another_one_and_what_it_lacks_comes_from_the_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "answers.md").write_text("Answer {{briefly}}.", encoding="utf-8")
    (tmp_path / "mine" / "defaults.toml").write_text("source_tokens = 2000\ntemperature = 0\n", encoding="utf-8")
    templates = Templates(tmp_path)
    mine, default = templates.load("mine"), templates.load("default")
    assert mine.fill("answers") == "Answer {briefly}."
    assert mine.parts["plan"] == default.parts["plan"]
    assert mine.defaults == {**default.defaults, "source_tokens": 2000, "temperature": 0}
    assert mine.sha256 != default.sha256


def test_a_template_can_be_copied_from_ones_own(tmp_path: Path) -> None:
    templates = Templates(tmp_path)
    templates.create("mine")
    (tmp_path / "mine" / "plan.md").write_text("Plan.", encoding="utf-8")
    (tmp_path / "mine" / "defaults.toml").write_text("temperature = 1", encoding="utf-8")
    templates.create("other", like="mine")
    assert templates.load("other").sha256 == templates.load("mine").sha256


def test_what_is_put_in_is_not_filled_again(tmp_path: Path) -> None:
    template = Templates(tmp_path).load("default")
    filled = template.fill("system", level="{aim}", aim="{{}}", near="{x}")
    assert "The class: {aim}. {{}} " in filled
    assert "{x}" in filled


@pytest.mark.parametrize(
    ("file", "text", "told"),
    [
        ("plan.md", "One.\nTwo {topics}.", r"plan\.md, line 2: nothing can be put in for \{topics\}"),
        ("system.md", "Hello {topic}", r"system\.md, line 1"),
        ("cycle.md", "a { b", r"cycle\.md, line 1"),
        ("cycle.md", "a\nb }", r"cycle\.md, line 2"),
        ("defaults.toml", "source_tokens = 9", r"defaults\.toml, line 1: source_tokens can't be 9"),
        ("defaults.toml", "\ntemperature = true", r"defaults\.toml, line 2: temperature can't be True"),
        ("defaults.toml", "temperature = 'hot'", r"temperature can't be hot"),
        ("defaults.toml", "temperature = 1\ncolour = 1", r"line 2: there is no key “colour”"),
        ("defaults.toml", "temperature =", r"defaults\.toml is not TOML"),
    ],
)
def test_what_cannot_be_used_is_named_by_file_and_line(tmp_path: Path, file: str, text: str, told: str) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / file).write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=told) as refused:
        Templates(tmp_path).load("mine")
    assert refused.value.hint


def test_a_file_that_is_not_utf8_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "system.md").write_bytes(b"one\ntwo \xff")
    with pytest.raises(ConfigurationError, match=r"system\.md, line 2: it is not UTF-8"):
        Templates(tmp_path).load("mine")


@pytest.mark.parametrize("name", ["nope", "", "../mine", "mine/../mine", "a b", "x" * 200])
def test_a_template_that_is_not_there_is_said(tmp_path: Path, name: str) -> None:
    Templates(tmp_path / "templates").create("mine")
    with pytest.raises(ConfigurationError, match="There is no template"):
        Templates(tmp_path / "templates").load(name)


@pytest.mark.parametrize("name", ["default", "", "../mine", "a/b", ".hidden", "ä"])
def test_a_name_that_cannot_be_a_templates_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(CannotWrite):
        Templates(tmp_path / "templates").create(name)
    assert not (tmp_path / "templates").exists()


def test_a_template_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    templates = Templates(tmp_path)
    templates.create("mine")
    (tmp_path / "mine" / "system.md").write_text("Mine.", encoding="utf-8")
    with pytest.raises(CannotWrite):
        templates.create("mine")
    assert templates.load("mine").parts["system"] == "Mine."


def test_a_lesson_is_written_with_the_prompts_and_defaults_of_its_template(tmp_path: Path) -> None:
    templates = Templates(tmp_path)
    folder = templates.create("mine")
    (folder / "system.md").write_text("You are terse.", encoding="utf-8")
    (folder / "defaults.toml").write_text("temperature = 1.5\n", encoding="utf-8")
    with ScriptedModel(good_model.answer) as server:
        lesson = (
            writer_for(server, template=templates.load)
            .write(request(template="mine"), made_up_articles.skerry_mills(), KeptAttempt())
            .lesson
        )
        assert {call["messages"][0]["content"] for call in server.calls} == {"You are terse."}
        assert {call["temperature"] for call in server.calls} == {1.5}
    assert lesson.provenance.template == templates.load("mine").mark
    assert lesson.provenance.temperature == 1.5
