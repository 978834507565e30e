"""Lessons from a real MediaWiki: those saved are verified by other code, those of a tiny model are refused."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from pathlib import Path

import pytest

from lessongen.lesson.task import LessonRequest, Priority, Status
from lessongen.sources.page_cache import SharedPages
from lessongen.sources.wikipedia import Wiki as Asked
from lessongen.sources.wikipedia import WikipediaSource
from lessongen.store import SqliteStore
from lessongen.system.clock import SystemClock
from tests.acceptance.llama import Llama
from tests.acceptance.mediawiki import Wiki
from tests.attempts import PlainAttempt
from tests.lessons import LANTERN_BOAT
from tests.pictures import LEAF, png
from tests.processes import ROOT
from tests.queues import open_jobs

TOPICS = (("biology", "aardvark"), ("computing", "algorithms"), ("chemistry", "acids"), ("geography", "Atlantic Ocean"))


def _drain(log: Path) -> None:
    with log.open("wb") as output:
        arguments = [sys.executable, "-m", "lessongen", "worker", "--drain"]
        assert subprocess.run(arguments, cwd=ROOT, stdout=output, stderr=output, timeout=500).returncode == 0


def _requests(writer: str) -> list[LessonRequest]:
    return [LessonRequest(subject=subject, topic=topic, writer=writer, seed=1) for subject, topic in TOPICS]


def test_lessons_from_a_wiki_name_its_revisions_and_are_verified_again(
    wiki: Wiki, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LESSONGEN_SOURCES_MEDIAWIKI_URL", wiki.api_url)
    jobs = open_jobs(home)
    tasks = jobs.submit(_requests("extractive"), user="", priority=Priority.NORMAL, writer="extractive")
    _drain(tmp_path / "worker.log")

    assert [jobs.get(task.task_id).status for task in tasks] == [Status.COMPLETED] * len(TOPICS)
    for task in tasks:
        version = jobs.store.lessons.version_of_task(task.task_id)
        assert version is not None
        article = json.loads(version.content)["sources"][0]
        assert article["url"].startswith(wiki.url)
        assert article["revision"].isdigit()
        assert "CC" in article["licence"] or "Creative Commons" in article["licence"]
    jobs.store.close()
    verified = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "verify_lessons.py"), str(home / "lessons.db")],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert f"{len(TOPICS)} versions, 0 problems" in verified.stdout, verified.stdout


def test_easy_levels_are_served_by_the_wiki_in_simple_english(
    wiki: Wiki, simple_wiki: Wiki, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LESSONGEN_SOURCES_MEDIAWIKI_URL", wiki.api_url)
    monkeypatch.setenv("LESSONGEN_SOURCES_SIMPLE_URL", simple_wiki.api_url)
    jobs = open_jobs(home)
    levels = {"B1": simple_wiki, "grade-9": wiki}
    requests = [
        LessonRequest(subject="biology", topic="aardvark", level=level, writer="extractive", seed=1) for level in levels
    ]
    tasks = jobs.submit(requests, user="", priority=Priority.NORMAL, writer="extractive")
    _drain(tmp_path / "worker.log")
    for task, asked in zip(tasks, levels.values(), strict=True):
        version = jobs.store.lessons.version_of_task(task.task_id)
        assert version is not None, jobs.get(task.task_id).failure
        assert json.loads(version.content)["sources"][0]["url"].startswith(asked.url)
    jobs.store.close()


def test_the_lead_image_of_an_article_comes_from_a_real_wiki_with_its_credit(wiki: Wiki, tmp_path: Path) -> None:
    picture = png(300, 200)
    wiki.upload("Oak_leaf.png", picture, LEAF)
    wiki.write("Oak tree", f"[[File:Oak leaf.png|thumb|A leaf]]\n{LANTERN_BOAT}")
    store = SqliteStore(tmp_path / "pages.db")
    pages = SharedPages(store=store.pages, clock=SystemClock())
    source = WikipediaSource(Asked(api_url=wiki.api_url), pages, SystemClock(), lambda _: ())
    image = source.find(LessonRequest(subject="biology", topic="x", article="Oak tree"), PlainAttempt()).image
    store.close()
    assert image is not None
    assert base64.b64decode(image.data) == picture
    assert (image.author, image.licence, image.caption) == ("Ada Green", "CC BY-SA 4.0", "A green leaf of an oak.")
    assert image.page_url.startswith(f"{wiki.url}/wiki/File:Oak_leaf.png")


@pytest.mark.timeout(600)
def test_the_nonsense_of_a_tiny_model_is_refused_with_a_report_and_never_saved(
    wiki: Wiki, llama: Llama, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LESSONGEN_SOURCES_MEDIAWIKI_URL", wiki.api_url)
    monkeypatch.setenv("OPENAI_BASE_URL", llama.base_url)
    monkeypatch.setenv("OPENAI_API_KEY", llama.key)
    monkeypatch.setenv("LESSONGEN_QUEUE_MAX_ATTEMPTS", "2")
    monkeypatch.setenv("LESSONGEN_OPENAI_SOURCE_TOKENS", "2000")
    jobs = open_jobs(home)
    request = LessonRequest(subject="computing", topic="algorithms", writer="openai", model=llama.model, seed=1)
    task = jobs.submit([request], user="", priority=Priority.NORMAL, writer="openai")[0]
    _drain(tmp_path / "worker.log")

    ended = jobs.get(task.task_id)
    assert ended.article == "Algorithm"
    assert ended.status is Status.FAILED
    assert ended.failure is not None
    assert ended.failure.code == "check_failed", ended.failure
    assert "not able enough" in ended.failure.message
    assert ended.failure.hint
    assert jobs.store.lessons.all(10) == []
    spent = jobs.store.leases.spent(task)
    assert 1 <= spent.calls <= 2, spent
    assert spent.tokens > 1_000
    jobs.store.close()
