"""An article's lead image on its way into a lesson by either writer, and through what becomes of the lesson later."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import pytest

from lessongen.check.gate import examine
from lessongen.generation.editable.change import Change
from lessongen.generation.editable.render import as_markdown
from lessongen.generation.generate import Generator
from lessongen.generation.merge import merged
from lessongen.generation.pictured import with_image
from lessongen.lesson.draft import Draft, Sibling
from lessongen.lesson.image import FoundImage
from lessongen.lesson.model import Lesson
from lessongen.lesson.records import NewVersion, TaskFilter
from lessongen.lesson.task import LessonRequest
from lessongen.store import SqliteStore
from lessongen.writers.extractive import ExtractiveWriter
from tests import made_up_articles
from tests.attempts import PlainAttempt
from tests.conftest import CommandLine, made
from tests.lessons import JETTY, LANTERN_BOAT, lesson, texts
from tests.pictures import LEAF, leaf, png
from tests.scripted_wiki import Article, File, ScriptedWiki


def generated(image: FoundImage | None, *, siblings: dict[str, Sibling] | None = None, **asked: Any) -> NewVersion:
    """A lesson from an article that has that image."""
    material = dataclasses.replace(made_up_articles.skerry_mills(), image=image)
    generate = Generator(
        gather=lambda _request, _attempt: material,
        writers={"extractive": lambda: ExtractiveWriter(None)},
        body_text=lambda _lesson: "",
    )
    request = LessonRequest(subject="crafts", topic="skerry mills", writer="extractive", seed=1, **asked)
    return generate(request, PlainAttempt(siblings=siblings or {}))


def read(version: NewVersion) -> Lesson:
    """A version's lesson, which passes the gate with the texts that are kept with it."""
    found = Lesson.model_validate_json(version.content)
    assert examine(found, version.texts).problems == ()
    assert set(version.texts) == found.kept_texts
    return found


@pytest.fixture(scope="module")
def core() -> NewVersion:
    """A lesson without a model, with an image."""
    return generated(leaf())


def test_a_lesson_without_a_model_has_the_image_of_its_article_and_keeps_the_file(core: NewVersion) -> None:
    found = read(core)
    assert found.image == leaf().shown()
    assert core.texts[found.image.data_sha256] == leaf().data
    assert leaf().data not in core.content


@pytest.mark.parametrize(
    "changes",
    [
        {"licence": "Fair use"},
        {"author": ""},
        {"alternative": " "},
        {"data": "none"},
        {"width": 61},
        {"page_url": "javascript:alert(1)"},
    ],
)
def test_an_image_that_the_gate_would_refuse_costs_nobody_the_lesson(changes: dict[str, Any]) -> None:
    material = made_up_articles.skerry_mills()
    draft = Draft(lesson=lesson(), texts=texts())
    about = dataclasses.replace(material.article, text=LANTERN_BOAT)
    taken = with_image(draft, dataclasses.replace(material, article=about, image=leaf()))
    assert taken.lesson.image == leaf().shown()
    assert with_image(draft, dataclasses.replace(material, article=about, image=leaf(**changes))) == draft


def test_the_image_of_another_article_is_not_taken() -> None:
    draft = Draft(lesson=lesson(), texts=texts())
    assert with_image(draft, dataclasses.replace(made_up_articles.skerry_mills(), image=leaf())) == draft


def test_a_variant_has_the_image_of_the_core_lesson_unless_none_is_wished(core: NewVersion) -> None:
    siblings = {"core": Sibling(lesson=read(core), texts=core.texts, version="1.0")}
    assert read(generated(None, siblings=siblings, variant="support")).image == leaf().shown()
    assert read(generated(None, siblings=siblings, variant="support", images=False)).image is None


def test_an_edited_lesson_keeps_its_image(core: NewVersion) -> None:
    content = lesson(image=leaf().shown().model_dump()).model_dump(mode="json")
    kept = {**texts(), leaf().shown().data_sha256: leaf().data}
    markdown = as_markdown(Lesson.model_validate(content), "1.0")
    change = Change(content, kept, markdown.replace("Lantern boats: an introduction", "Boats"), "R. Teacher")
    assert change.draft is not None, change.mistakes
    assert change.draft.lesson.image == leaf().shown()
    assert change.draft.texts == kept


def test_a_new_version_around_what_is_locked_has_the_new_image(core: NewVersion) -> None:
    fresh = Draft(lesson=read(core), texts=core.texts)
    stored = Draft(lesson=fresh.lesson.model_copy(update={"image": None}), texts=core.texts)
    joined = merged(stored, fresh, frozenset({"summary"}))
    assert joined.lesson.image == leaf().shown()
    assert joined.texts[leaf().shown().data_sha256] == leaf().data


# ---------------------------------------------------------------- from a wiki to a file


@pytest.fixture
def wiki(monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedWiki]:
    """A wiki with an article on boats that has an image, which commands use."""
    articles = {"Boats": Article(f"{LANTERN_BOAT}{JETTY}", revision=11, image="Oak_leaf.png")}
    with ScriptedWiki(articles) as serving:
        serving.files["Oak_leaf.png"] = File(content=png(), metadata=LEAF)
        monkeypatch.setenv("LESSONGEN_SOURCES_MEDIAWIKI_URL", serving.api_url)
        monkeypatch.setenv("LESSONGEN_SOURCES_REQUESTS_PER_SECOND", "50")
        yield serving


def _content(cli: CommandLine, *options: str) -> dict[str, Any]:
    content: dict[str, Any] = cli("show", "crafts", "boats", *options, "--json").json()["content"]
    return content


def test_a_stored_lesson_shows_its_image_without_the_network(cli: CommandLine, wiki: ScriptedWiki) -> None:
    made(cli, "crafts", "boats", "--article", "Boats")
    wiki.articles.clear()
    wiki.files.clear()
    image = _content(cli)["image"]
    assert (image["title"], image["author"], image["licence"]) == ("Oak leaf.png", "Ada Green", "CC BY-SA 4.0")
    assert _content(cli, "--student")["image"] == image
    for form in ("html", "worksheet"):
        assert leaf().data in cli("show", "crafts", "boats", "--format", form).stdout, form
    assert "[image: A green leaf" in cli("show", "crafts", "boats", "--format", "rich").stdout.replace("\n", " ")
    assert cli("check", "crafts", "boats").code == 0
    assert cli("db", "check").code == 0


def test_without_images_none_is_asked_for(
    cli: CommandLine, wiki: ScriptedWiki, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(cli, "crafts", "boats", "--article", "Boats", "--no-images")
    assert _content(cli)["image"] is None
    monkeypatch.setenv("LESSONGEN_SOURCES_IMAGES", "no")
    made(cli, "crafts", "boats", "--article", "Boats")
    assert _content(cli)["image"] is None
    assert not [query for query in wiki.queries if query.get("prop") == "imageinfo"]
    made(cli, "crafts", "boats", "--article", "Boats", "--images")
    assert _content(cli)["image"] is not None
    reused = cli("create", "--reuse", "--no-images", "--json", "crafts", "boats").json()
    assert "Version 1.1 is stored already" in reused["message"], "the newest one without an image"


def test_a_batch_says_for_each_row_whether_an_image_is_wished(cli: CommandLine, home: Any) -> None:
    rows = home.parent / "rows.csv"
    rows.write_text("subject,topic,images\ncrafts,boats,no\ncrafts,mills,\ncrafts,ships,yes\n", encoding="utf-8")
    assert cli("batch", "submit", str(rows), "--no-images", "--no-start").code == 0
    store = SqliteStore(home / "lessons.db")
    tasks = store.tasks.select(TaskFilter(), 10)
    store.close()
    assert {task.request.topic: task.request.images for task in tasks} == {
        "boats": False,
        "mills": False,
        "ships": True,
    }
