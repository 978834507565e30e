"""The servers are what they should be, so that a test that fails fails for the program's sake."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import openai
import pytest

from tests.acceptance.counterpart import free_port, running, status_of
from tests.acceptance.llama import Llama
from tests.acceptance.mediawiki import ARTICLES, DISAMBIGUATIONS, Wiki
from tests.processes import ROOT

_ANIMAL = {
    "type": "object",
    "properties": {"animal": {"type": "string", "maxLength": 20}, "legs": {"type": "integer"}},
    "required": ["animal", "legs"],
    "additionalProperties": False,
}


def _until(holds: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


# ---------------------------------------------------------------- the model server


def test_the_model_answers_by_a_schema_and_counts_tokens(llama: Llama) -> None:
    with openai.OpenAI(base_url=llama.base_url, api_key=llama.key, max_retries=0) as client:
        answer = client.chat.completions.create(
            model=llama.model,
            messages=[{"role": "user", "content": "Name an animal and count its legs."}],
            response_format={"type": "json_schema", "json_schema": {"name": "a", "strict": True, "schema": _ANIMAL}},
            max_tokens=100,
            seed=1,
        )
        models = [model.id for model in client.models.list()]

    said = answer.choices[0].message.content
    assert said is not None
    assert '"legs"' in said
    assert answer.usage is not None
    assert answer.usage.completion_tokens > 0
    assert models == [llama.model]


def test_the_model_server_refuses_another_key(llama: Llama) -> None:
    with (
        openai.OpenAI(base_url=llama.base_url, api_key="sk-another", max_retries=0) as client,
        pytest.raises(openai.AuthenticationError),
    ):
        client.chat.completions.create(model=llama.model, messages=[{"role": "user", "content": "Hello."}])


# ---------------------------------------------------------------- the wiki


def test_the_wiki_gives_whole_articles_with_headings_and_revision(wiki: Wiki) -> None:
    for title in ARTICLES:
        [page] = wiki.query(titles=title, prop="extracts|info", explaintext="1")["query"]["pages"]

        assert len(page["extract"]) > 2_000
        assert "\n== " in page["extract"]
        assert "Template:" not in page["extract"]
        assert page["lastrevid"] > 0


def test_the_wiki_follows_redirects(wiki: Wiki) -> None:
    assert wiki.redirects["ANOVA"] == "Analysis of variance"
    for title, target in wiki.redirects.items():
        [page] = wiki.query(titles=title, redirects="1")["query"]["pages"]

        assert page["title"] == target


def test_the_wiki_searches_texts(wiki: Wiki) -> None:
    found = wiki.query(list="search", srsearch="nocturnal termites", srwhat="text")["query"]["search"]

    assert {"Aardvark", "Aardwolf"} <= {page["title"] for page in found}


def test_the_wiki_marks_disambiguations_by_category(wiki: Wiki) -> None:
    def categories(title: str) -> set[str]:
        [page] = wiki.query(titles=title, prop="categories", cllimit="max")["query"]["pages"]
        return {category["title"] for category in page.get("categories", [])}

    assert all("Category:Disambiguation pages" in categories(title) for title in DISAMBIGUATIONS)
    assert not any("Category:Disambiguation pages" in categories(title) for title in ARTICLES)


def test_a_page_that_a_test_writes_is_found_and_has_revisions(wiki: Wiki) -> None:
    revisions = []
    for colour in ("yellow", "blue"):
        wiki.write("Feast lamp", f"A '''feast lamp''' is a {colour} lamp of the rowers of Wexmere.")
        [page] = wiki.query(titles="Feast lamp", prop="extracts|info", explaintext="1")["query"]["pages"]
        found = wiki.query(list="search", srsearch=f"{colour} rowers Wexmere", srwhat="text")["query"]["search"]

        assert page["extract"] == f"A feast lamp is a {colour} lamp of the rowers of Wexmere."
        assert [each["title"] for each in found] == ["Feast lamp"]
        revisions.append(page["lastrevid"])
    assert revisions[0] < revisions[1]


def test_the_wiki_shows_its_pages_where_it_says(wiki: Wiki) -> None:
    [page] = wiki.query(titles="Animal Farm", prop="info", inprop="url")["query"]["pages"]

    answer = httpx.get(page["fullurl"])

    assert answer.status_code == 200
    assert "<title>Animal Farm - Wikipedia</title>" in answer.text


# ---------------------------------------------------------------- how they end


def _serve_a_folder(port: int) -> list[str | Path]:
    return [sys.executable, "-m", "http.server", "--bind", "127.0.0.1", str(port)]


def test_a_server_ends_with_its_block(tmp_path: Path) -> None:
    port = free_port()

    with running(
        _serve_a_folder(port),
        log=tmp_path / "log",
        answers=lambda: status_of(port, "/") == 200,
        patience_seconds=20,
        cwd=tmp_path,
    ):
        assert status_of(port, "/") == 200

    assert status_of(port, "/") is None


def test_a_server_ends_when_the_tests_are_killed(tmp_path: Path) -> None:
    port = free_port()
    tests = subprocess.Popen(
        [
            sys.executable,
            "-c",
            f"""
import sys, time
from pathlib import Path
from tests.acceptance.counterpart import running, status_of
with running([sys.executable, "-m", "http.server", "--bind", "127.0.0.1", "{port}"], log=Path("log"),
             answers=lambda: status_of({port}, "/") == 200, patience_seconds=20):
    time.sleep(60)
""",
        ],
        cwd=tmp_path,
        env=os.environ,
    )
    _until(lambda: status_of(port, "/") == 200)

    tests.send_signal(signal.SIGKILL)
    tests.wait(120)

    _until(lambda: status_of(port, "/") is None)


def test_a_server_that_leaves_says_why(tmp_path: Path) -> None:
    with (
        pytest.raises(RuntimeError, match="No module named nothing_of_that_name"),
        running(
            [sys.executable, "-m", "nothing_of_that_name"],
            log=tmp_path / "log",
            answers=lambda: False,
            patience_seconds=20,
        ),
    ):
        pass


def test_the_plain_run_leaves_these_tests_out() -> None:
    def collected(*arguments: str) -> str:
        return subprocess.run(
            [sys.executable, "-m", "pytest", "--collect-only", "-q", *arguments],
            cwd=ROOT,
            capture_output=True,
            encoding="utf-8",
            timeout=100,
            check=False,
        ).stdout

    others = [f"--ignore={path}" for path in (ROOT / "tests").iterdir() if path.is_dir() and path.name != "acceptance"]
    plain = collected("tests", *others, "-k", "test_verify_lessons or test_counterparts")
    assert "test_verify_lessons.py::" in plain
    assert "acceptance" not in plain
    assert "test_counterparts.py::" in collected("tests/acceptance")
    one = "tests/acceptance/test_counterparts.py::test_the_wiki_searches_texts"
    assert one in collected(one)
