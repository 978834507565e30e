"""A lesson on a source that has moved: what still stands is left, what was reworded or went is told and followed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.conftest import CommandLine, made
from tests.lessons import JETTY, LANTERN_BOAT
from tests.scripted_wiki import Article, ScriptedWiki

TEXT = f"{LANTERN_BOAT}{JETTY}"


def content_of(cli: CommandLine, *options: str) -> dict[str, Any]:
    content: dict[str, Any] = cli("show", "crafts", "boats", "--json", *options).json()["content"]
    return content


@pytest.fixture
def notes(cli: CommandLine, tmp_path: Path) -> Path:
    """A text of one's own, and a lesson on it."""
    path = tmp_path / "boats.txt"
    path.write_text(TEXT)
    made(cli, "crafts", "boats", "--source", str(path), "--seed", "3")
    return path


def said_in(content: dict[str, Any]) -> list[str]:
    blocks = [block for section in content["sections"] for block in section["blocks"]]
    return [sentence["text"] for block in blocks for sentence in block.get("sentences", ())]


def refreshed(cli: CommandLine, path: Path, *options: str) -> dict[str, Any]:
    ended = cli("refresh", "crafts", "boats", "--source", str(path), "--json", *options)
    assert ended.code == 0, ended.stderr
    answer: dict[str, Any] = ended.json()
    return answer


def test_a_source_that_has_not_moved_is_said_so_and_nothing_is_saved(cli: CommandLine, notes: Path) -> None:
    answer = refreshed(cli, notes)
    assert (answer["moved"], answer["is_new"], answer["version"]) == ([], False, "1.0")
    assert "no source has moved" in cli("refresh", "crafts", "boats", "--source", str(notes)).stdout


def test_a_source_that_only_grew_leaves_every_part_as_it_is(cli: CommandLine, notes: Path) -> None:
    old = content_of(cli)
    notes.write_text(f"{TEXT}Nine boats are left on the lake today.\n")
    answer = refreshed(cli, notes)
    (move,) = answer["moved"]
    assert (move["quotes"], answer["version"]) == ([], "1.1")
    new = content_of(cli)
    for field in ("summary", "key_terms", "sections", "questions", "objectives"):
        assert new[field] == old[field]
    assert new["sources"][0]["text_sha256"] != old["sources"][0]["text_sha256"]
    assert new["sources"][0]["revision"] != old["sources"][0]["revision"]
    assert cli("check", "crafts", "boats").code == 0
    assert cli("db", "check").code == 0
    assert (
        cli("history", "crafts", "boats", "--json").json()["versions"][-1]["reason"].startswith("refreshed: 1 source")
    )


def test_a_reworded_sentence_is_quoted_in_its_new_words_and_what_is_gone_goes(cli: CommandLine, notes: Path) -> None:
    old = content_of(cli)
    gone = "The posts of a jetty are driven into the mud with a falling stone. "
    now = TEXT.replace("carved from one long plank of cedar", "carved from one long plank of old cedar").replace(
        gone, ""
    )
    assert now.count("old cedar") == 1
    notes.write_text(now)
    dry = refreshed(cli, notes, "--dry-run")
    assert dry["is_new"] is False
    answer = refreshed(cli, notes)
    fates = {quote["before"]: quote for move in answer["moved"] for quote in move["quotes"]}
    assert dry["moved"] == answer["moved"]
    quoted = {quote["text"] for source in old["sources"] for quote in source["quotes"]}
    keel = "The keel of a lantern boat is carved from one long plank of cedar."
    assert {keel, gone.strip()} & quoted == set(fates)
    new = content_of(cli)
    said = said_in(new)
    assert gone.strip() not in said
    assert keel not in said
    if keel in fates:
        assert fates[keel]["after"] == "The keel of a lantern boat is carved from one long plank of old cedar."
        assert fates[keel]["after"] in said
    assert cli("check", "crafts", "boats").code == 0
    untouched = [each for each in said_in(old) if each not in fates]
    assert untouched
    assert [each for each in said if each in untouched] == untouched


def test_a_locked_part_keeps_its_quotes_from_the_old_text(cli: CommandLine, notes: Path) -> None:
    old = content_of(cli)
    cli("lock", "crafts", "boats", "s1")
    notes.write_text(
        TEXT.replace("carries a lamp across a lake at night", "carries a bright lamp over a lake at night")
    )
    answer = refreshed(cli, notes)
    assert answer["is_new"]
    new = content_of(cli)
    assert old["sections"][0] in new["sections"]
    assert cli("check", "crafts", "boats").code == 0
    assert len(new["sources"]) == 2


def test_a_text_of_ones_own_must_be_named(cli: CommandLine, notes: Path) -> None:
    ended = cli("refresh", "crafts", "boats", "--json")
    assert ended.code == 0
    assert "--source" in ended.json()["not_looked_at"][0]


def test_an_article_of_the_installed_encyclopedia_stays_where_it_is(cli: CommandLine) -> None:
    made(cli)
    answer = cli("refresh", "english", "verbs", "--json")
    assert answer.code == 0, answer.stderr
    assert answer.json()["moved"] == []
    assert answer.json()["not_looked_at"] == []


def test_a_wikis_article_is_fetched_again_though_its_page_is_kept(
    cli: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    article = Article(text=TEXT)
    with ScriptedWiki({"Boats": article}) as wiki:
        monkeypatch.setenv("LESSONGEN_SOURCES_MEDIAWIKI_URL", wiki.api_url)
        made(cli, "crafts", "boats", "--article", "Boats")
        old = content_of(cli)
        assert cli("refresh", "crafts", "boats", "--json").json()["moved"] == []
        wiki.articles["Boats"] = Article(text=f"{TEXT}\nNine boats are left on the lake today.", revision=4711)
        answer = cli("refresh", "crafts", "boats", "--json").json()
    assert answer["moved"][0]["revision_after"] == "4711"
    assert content_of(cli)["sections"] == old["sections"]
