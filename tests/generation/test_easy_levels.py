"""Lessons for easy levels: from the wiki in simple English where it has the article; told where they are harder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.conftest import CommandLine, made
from tests.lessons import JETTY, LANTERN_BOAT
from tests.scripted_wiki import Article, ScriptedWiki

TEXT = f"{LANTERN_BOAT}{JETTY}"


@pytest.fixture
def wikis(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[ScriptedWiki, ScriptedWiki]]:
    """A wiki in simple English and another one, both with an article on boats."""
    with ExitStack() as stack:
        simple = stack.enter_context(ScriptedWiki({"Boats": Article(TEXT, revision=11)}))
        other = stack.enter_context(
            ScriptedWiki({"Boats": Article(TEXT, revision=22), "Lantern boat": Article(TEXT, revision=33)})
        )
        monkeypatch.setenv("LESSONGEN_SOURCES_SIMPLE_URL", simple.api_url)
        monkeypatch.setenv("LESSONGEN_SOURCES_MEDIAWIKI_URL", other.api_url)
        yield simple, other


def _revision(cli: CommandLine, *name: str) -> str:
    return str(cli("show", *name, "--json").json()["content"]["sources"][0]["revision"])


def test_an_easy_level_takes_the_wiki_in_simple_english_and_another_level_does_not(
    cli: CommandLine, wikis: tuple[ScriptedWiki, ScriptedWiki]
) -> None:
    made(cli, "crafts", "boats", "--article", "Boats", "--level", "grade-5")
    made(cli, "crafts", "boats", "--article", "Boats", "--level", "grade-11")
    assert _revision(cli, "crafts", "boats", "--level", "grade-5") == "11"
    assert _revision(cli, "crafts", "boats", "--level", "grade-11") == "22"
    # Looked at again, it is asked where it came from.
    assert cli("refresh", "crafts", "boats", "--level", "grade-5", "--json").json()["moved"] == []


def test_what_the_wiki_in_simple_english_lacks_comes_from_the_other_and_both_are_told(
    cli: CommandLine, wikis: tuple[ScriptedWiki, ScriptedWiki]
) -> None:
    task = made(cli, "crafts", "rowing", "--article", "Lantern boat", "--level", "grade-1")
    content = cli("show", "crafts", "rowing", "--level", "grade-1", "--json").json()["content"]
    assert content["sources"][0]["revision"] == "33"
    assert any("in simple English was not used" in each for each in content["provenance"]["passed_over"])
    # And a level that the text does not reach is said wherever the lesson is met.
    told = "above the grade-1 asked for"
    assert told in cli("status", task).stdout
    assert told in cli("tasks").stdout.replace("\n", " ")
    assert told in cli("lessons", "--json").stdout
    for form in ("md", "html", "worksheet"):
        for whose in ("--student", "--teacher"):
            shown = " ".join(
                cli("show", "crafts", "rowing", "--level", "grade-1", "--format", form, whose).stdout.split()
            )
            assert told in shown, (form, whose)
            assert "--source" not in shown
    again = cli(
        "create", "crafts", "rowing", "--article", "Lantern boat", "--level", "grade-1", "--seed", "5", "--wait"
    )
    assert told in again.stdout


@pytest.mark.parametrize(
    ("hint", "on_the_page"),
    [
        (
            'Choose one, such as --article "Mercury (planet)". Others: Mercury (element).',
            "Choose one, such as “Mercury (planet)” in the field Article. Others: Mercury (element).",
        ),
        (
            "Nearest titles: Mitosis. Name an article with --article TITLE, or put the topic in other words.",
            "Nearest titles: Mitosis. Name an article in the field Article, or put the topic in other words.",
        ),
        ("Ask for the lesson once with the network, and without --offline.", None),
        ("Try again later. Run `lessongen doctor`.", "Try again later."),
        (None, None),
    ],
)
def test_a_hint_fits_the_page_where_it_is_read(hint: str | None, on_the_page: str | None) -> None:
    from lessongen.web.problems import hint_for_web

    assert hint_for_web(hint) == on_the_page
