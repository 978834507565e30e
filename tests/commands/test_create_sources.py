"""`create --source`: what can be given, what is refused at once, and what a task keeps of it."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from lessongen.jobs import Jobs
from lessongen.lesson.task import LessonRequest
from lessongen.store import SqliteStore
from tests.conftest import CommandLine, made
from tests.queues import SetClock

NOTES = "A lantern boat is a flat boat that carries a lamp.\n"
CREATE = ("create", "--no-start", "crafts", "lantern boats")


@pytest.fixture
def jobs(home: Path) -> Iterator[Jobs]:
    """The queue of the database that the command line of this test uses."""
    store = SqliteStore(home / "lessons.db")
    yield Jobs(store=store, clock=SetClock())
    store.close()


def asked(jobs: Jobs) -> LessonRequest:
    return jobs.find("last").request


def test_files_and_folders_are_kept_by_whole_paths_in_the_order_given(
    cli: CommandLine, jobs: Jobs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "unit 1").mkdir()
    (tmp_path / "notes.txt").write_text(NOTES)
    monkeypatch.chdir(tmp_path)

    ended = cli(*CREATE, "--source", "unit 1", "--source", "notes.txt", "--source", "./unit 1")

    assert ended.code == 0
    assert asked(jobs).sources == (str(tmp_path / "unit 1"), str(tmp_path / "notes.txt"))


def test_an_address_is_kept_as_it_is(cli: CommandLine, jobs: Jobs) -> None:
    cli(*CREATE, "--source", "HTTPS://example.org/boats?page=2#lamp")

    assert asked(jobs).sources == ("https://example.org/boats?page=2#lamp",)


def test_standard_input_is_kept_by_its_hash(shell: CommandLine, jobs: Jobs, tmp_path: Path) -> None:
    (tmp_path / "more.txt").write_text("More.")

    ended = shell(*CREATE, "--source", "-", "--source", str(tmp_path / "more.txt"), stdin="\ufeff" + NOTES)

    digest = hashlib.sha256(NOTES.encode()).hexdigest()
    assert ended.code == 0
    assert asked(jobs).sources == (f"text:{digest}", str(tmp_path / "more.txt"))
    assert jobs.store.pages.kept_text(digest) == NOTES
    assert "standard input" in shell("status", "last").stdout


@pytest.mark.parametrize(
    ("given", "said"), [("", "no text"), (" \n\t", "no text"), ("x" * 20_000_001, "larger than 20.0 MB")]
)
def test_an_input_without_text_or_without_end_is_refused(shell: CommandLine, jobs: Jobs, given: str, said: str) -> None:
    ended = shell(*CREATE, "--source", "-", stdin=given)

    assert (ended.code, said in ended.stderr) == (65, True)
    assert jobs.store.tasks.last() is None


def test_an_input_that_is_no_text_is_refused(home: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "lessongen", *CREATE, "--source", "-"],
        input=b"%PDF-1.7\xff\xfe",
        capture_output=True,
        timeout=300,
        check=False,
    )

    assert (done.returncode, b"not text in UTF-8" in done.stderr) == (65, True)


@pytest.mark.parametrize(
    ("source", "code", "said"),
    [
        ("nowhere.txt", 66, "There is no file or folder"),
        ("notes.text", 66, "Did you mean notes.txt?"),
        ("", 2, "empty"),
        ("ftp://example.org/x", 2, "http or https"),
        ("file:///etc/hosts", 2, "http or https"),
        ("https://", 2, "no address"),
        ("https://ann:secret@example.org/", 2, "no address"),
        ("http://exa mple.org/", 2, "no address"),
        ("/dev/null", 2, "--source -"),
        ("x" * 5_000, 2, "too long"),
    ],
)
def test_a_source_that_can_not_serve_is_refused_at_once(
    cli: CommandLine, jobs: Jobs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str, code: int, said: str
) -> None:
    (tmp_path / "notes.txt").write_text(NOTES)
    monkeypatch.chdir(tmp_path)

    ended = cli(*CREATE, f"--source={source}")

    assert (ended.code, said in ended.stderr, "secret" in ended.stderr) == (code, True, False)
    assert jobs.store.tasks.last() is None


def test_a_pipe_is_no_file_to_read_later(cli: CommandLine, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    ended = cli(*CREATE, "--source", str(tmp_path / "pipe"))

    assert (ended.code, "--source -" in ended.stderr) == (2, True)


def test_what_is_asked_on_the_network_is_settled_when_it_is_asked_for(
    cli: CommandLine, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    for options, setting, wikipedia, offline in (
        ((), "no", False, False),
        (("--wikipedia",), "no", True, False),
        ((), "yes", True, False),
        (("--no-wikipedia", "--offline"), "yes", False, True),
    ):
        monkeypatch.setenv("LESSONGEN_SOURCES_WIKIPEDIA", setting)
        assert cli(*CREATE, *options).code == 0
        assert (asked(jobs).wikipedia, asked(jobs).offline) == (wikipedia, offline), options
    monkeypatch.setenv("LESSONGEN_SOURCES_WIKIPEDIA", "no")
    monkeypatch.setenv("LESSONGEN_SOURCES_MEDIAWIKI_URL", "https://wiki.example.org/w/api.php")
    for options, is_wiki_asked in (((), True), (("--no-wikipedia",), False)):
        assert cli(*CREATE, *options).code == 0
        assert asked(jobs).wikipedia is is_wiki_asked, options


def test_an_address_is_no_source_without_a_network(cli: CommandLine) -> None:
    ended = cli(*CREATE, "--offline", "--source", "https://example.org/")

    assert (ended.code, "--offline" in ended.stderr) == (2, True)


def test_a_stored_lesson_is_not_taken_for_one_from_these_files(cli: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text(NOTES)
    first = made(cli)

    answer = cli("create", "--reuse", "--no-start", "--json", "--source", str(tmp_path), "english", "verbs").json()

    assert (answer["status"], answer["task_id"] != first) == ("pending", True)


@pytest.mark.parametrize(
    ("name", "begins", "module", "extra"),
    [
        ("notes.pdf", b"%PDF-1.4\n", "pypdf", "files"),
        ("renamed.txt", b"%PDF-1.4\n", "pypdf", "files"),
        ("notes.rtf", b"{\\rtf1 Verbs", "striprtf", "files"),
        ("wiki.zim", b"ZIM\x04....", "libzim", "zim"),
    ],
)
def test_a_file_type_whose_library_is_missing_is_refused_at_once_with_the_extra(
    cli: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, begins: bytes, module: str, extra: str
) -> None:
    (tmp_path / name).write_bytes(begins)
    assert cli(*CREATE, "--source", str(tmp_path / name)).code == 0
    monkeypatch.setitem(sys.modules, module, None)
    ended = cli(*CREATE, "--source", str(tmp_path / name))
    assert ended.code != 0
    assert f"lessongen[{extra}]" in ended.stderr
    assert name in ended.stderr
    rows = tmp_path / "rows.csv"
    rows.write_text(f"subject,topic,source\nenglish,verbs,{name}\n")
    assert f"lessongen[{extra}]" in cli("batch", "submit", "--no-start", str(rows)).stderr


def test_what_a_lesson_takes_is_told_and_that_a_short_text_has_less(cli: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "short.txt").write_text("A verb is a word. It says what is done.\nList of verbs\n")
    (tmp_path / "long.txt").write_text("A verb is a word that says what is done by someone. " * 20)
    short = cli("create", "--no-start", "--source", str(tmp_path / "short.txt"), "english", "verbs").stdout
    assert "“short.txt” has 10 words in whole sentences, and a lesson takes at least 150." in short
    long = cli("create", "--no-start", "--source", str(tmp_path / "long.txt"), "english", "verbs").stdout
    assert "A lesson takes at least 150 words in whole sentences on its topic." in long


def test_a_file_that_is_too_thin_is_refused_with_what_helps_a_file(cli: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "doc1.txt").write_text("A lantern boat is a boat. It carries a lamp.")
    made(cli, "crafts", "lantern boats", "--source", str(tmp_path / "doc1.txt"))
    error = cli("status", "last", "--json").json()["error"]
    assert error["message"].startswith("Your text “Lantern boat” is too thin for a lesson")
    assert "Give a longer text" in error["hint"]
    for other in ("--article", "Kiwix", "encyclopedia"):
        assert other not in error["hint"]
