"""`export` of many lessons and as a site: names that stay, nothing lost on the way, and what an earlier site left."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from lessongen.store import SqliteStore
from tests.commands.test_export_command import change
from tests.conftest import CommandLine
from tests.generation.test_lessons import store_lesson
from tests.lessons import lesson
from tests.queues import open_jobs

Store = Callable[..., None]
SITE = "site"


@pytest.fixture
def store(home: Path) -> Iterator[Store]:
    """Puts the test lesson into the database that commands use, under any name."""
    home.mkdir(exist_ok=True)
    jobs = open_jobs(home)

    def put(subject: str, topic: str, **options: Any) -> None:
        store_lesson(jobs, subject, topic, **options)

    yield put
    assert isinstance(jobs.store, SqliteStore)
    jobs.store.close()


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# ---------------------------------------------------------------- files


def test_a_lessons_file_is_called_the_same_whatever_is_exported_with_it(
    cli: CommandLine, store: Store, tmp_path: Path
) -> None:
    store("computing", "C")
    store("computing", "C++")
    assert cli("export", "--all", "--into", str(tmp_path / "all"), "--format", "md").code == 0
    assert cli("export", "computing", "C++", "--into", str(tmp_path / "one"), "--format", "md").code == 0
    assert names(tmp_path / "one") == {"computing-c-2.md"}
    store("computing", "#C")  # sorts before the others, and takes no other's name
    assert cli("export", "--all", "--into", str(tmp_path / "all"), "--format", "md").code == 0
    assert names(tmp_path / "all") == {"computing-c.md", "computing-c-2.md", "computing-c-3.md"}


def test_both_editions_are_a_file_each_and_keys_are_for_teachers_alone(
    cli: CommandLine, store: Store, tmp_path: Path
) -> None:
    store("crafts", "punts")
    target = tmp_path / "out"
    done = cli("export", "crafts", "--both", "--into", str(target), "--format", "md", "--format", "gift", "--json")
    assert {each["audience"] for each in done.json()["files"]} == {"student", "teacher"}
    assert names(target) == {"crafts-punts.md", "crafts-punts-student.md", "crafts-punts.gift"}


def test_a_dry_run_says_what_formats_can_not_carry_and_writes_nothing(
    cli: CommandLine, store: Store, tmp_path: Path
) -> None:
    store("crafts", "punts")
    target = tmp_path / "new"
    told = cli("export", "crafts", "--dry-run", "--into", str(target), "--format", "gift", "--format", SITE, "--json")
    gift, page = told.json()["would_write"]
    assert any("GIFT holds the questions alone" in loss for loss in gift["losses"])
    assert Path(page["file"]) == target / "lessons" / "crafts-punts.html"
    assert not target.exists()
    written = cli("export", "crafts", "--into", str(target), "--format", "gift", "--json").json()
    assert written["files"][0]["losses"] == gift["losses"]


def test_a_part_that_can_not_be_read_is_left_out_and_the_rest_goes_on(
    cli: CommandLine, store: Store, home: Path, tmp_path: Path
) -> None:
    store("crafts", "punts")
    statement = "UPDATE versions SET content = replace(content, ?, ?)"
    change(home, statement, '{"kind":"check"', '{"kind":"hologram"')
    done = cli("export", "crafts", "--into", str(tmp_path), "--json").json()
    (file,) = done["files"]
    assert any("can't be read and is left out" in loss for loss in file["losses"])
    assert done["left_out"] == []
    assert "can't be read and is left out" in cli("show", "crafts", "punts", "--format", "md").stderr


def test_ctrl_c_leaves_whole_files_alone_and_says_how_many_lessons_are_done(
    store: Store, home: Path, tmp_path: Path
) -> None:
    for number in range(40):
        store("crafts", f"boat {number:02}")
    target = tmp_path / "out"
    command = [sys.executable, "-m", "lessongen", "export", "--all", "--into", str(target), "--format", "html"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, encoding="utf-8") as running:
        deadline = time.monotonic() + 60
        while not list(target.glob("*.html")) and time.monotonic() < deadline:
            time.sleep(0.005)
        running.send_signal(signal.SIGINT)
        _, told = running.communicate(timeout=60)
    written = list(target.iterdir())
    assert running.returncode == 130, told
    stopped = re.search(r"Stopped: (\d+) of 40 lessons", told)
    assert stopped is not None, told
    assert len(written) - int(stopped[1]) in (0, 1)  # told after it is put in place
    assert all(path.suffix == ".html" and path.read_text().rstrip().endswith("</html>") for path in written)
    done = subprocess.run([*command, "--json"], capture_output=True, encoding="utf-8", check=True, env=os.environ)
    again = json.loads(done.stdout)["files"]
    assert sum(not each["written"] for each in again) == len(written)  # it goes on where it stopped


# ---------------------------------------------------------------- a site


class Links(HTMLParser):
    """What a page leads to or loads."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value or "" for name, value in attrs if name in ("href", "src")]


def made_site(cli: CommandLine, target: Path, *options: str) -> Any:
    return cli("export", "--format", SITE, str(target), *options, "--json")


def test_a_site_is_pages_with_an_index_whose_links_all_lead_somewhere(
    cli: CommandLine, store: Store, tmp_path: Path
) -> None:
    store("crafts", "lantern boats")
    store("crafts", "Lantern/Boats")
    store("Science & more", "\N{ARABIC LETTER BEH}\N{ARABIC LETTER ALEF}\N{ARABIC LETTER BEH} #1?", language="ar")
    assert made_site(cli, tmp_path / "s", "--both").code == 0
    site = tmp_path / "s"
    assert len([name for name in names(site) if name.startswith("lessons/")]) == 6
    for path in site.rglob("*.html"):
        page = path.read_text(encoding="utf-8")
        ids = set(re.findall(r'id="([^"]+)"', page))
        for link in Links(page).found:
            if link.startswith("#"):
                assert link[1:] in ids, (path, link)
            elif not link.startswith("https://"):
                assert (path.parent / unquote(link)).resolve().is_relative_to(site)
                assert (path.parent / unquote(link)).is_file(), (path, link)
        assert all(source.licence in page for source in lesson().sources)
    assert not re.search(r"fetch\(|XMLHttpRequest|import\(|https?://", (site / "words.js").read_text())


def test_a_site_is_the_same_from_run_to_run_and_nothing_is_replaced_unless_forced(
    cli: CommandLine, store: Store, tmp_path: Path
) -> None:
    store("crafts", "punts")
    site = tmp_path / "s"
    made_site(cli, site)
    before = contents(site)
    again = made_site(cli, site).json()
    assert not any(each["written"] for each in again["files"])
    store("crafts", "jetties")
    refused = made_site(cli, site)
    assert refused.code == 73
    assert contents(site) == before
    assert made_site(cli, site, "--force").code == 0
    assert len(contents(site)) == len(before) + 1


def test_pages_of_an_earlier_site_go_where_forced_but_for_those_that_someone_changed(
    cli: CommandLine, store: Store, tmp_path: Path
) -> None:
    store("crafts", "punts")
    store("crafts", "jetties")
    store("crafts", "oars")
    site = tmp_path / "s"
    made_site(cli, site)
    (site / "lessons" / "crafts-oars.html").write_text("mine")
    (site / "lessons" / "notes.html").write_text("mine too")
    for topic in ("jetties", "oars"):
        assert cli("lessons", "delete", "crafts", topic, "--yes").code == 0
    done = made_site(cli, site, "--force").json()
    assert [Path(path).name for path in done["removed"]] == ["crafts-jetties.html"]
    assert [Path(path).name for path in done["stays"]] == ["crafts-oars.html", "notes.html"]
    assert "jetties" not in (site / "index.html").read_text() + (site / "words.js").read_text()
    assert (site / "lessons" / "crafts-oars.html").read_text() == "mine"


def test_a_list_of_files_that_someone_made_up_removes_nothing_outside(
    cli: CommandLine, store: Store, tmp_path: Path
) -> None:
    store("crafts", "punts")
    site, outside = tmp_path / "s", tmp_path / "precious.html"
    made_site(cli, site)
    outside.write_text("")
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    (site / "site.json").write_text(
        json.dumps({"files": {"lessons/../../precious.html": empty, "../precious.html": empty}})
    )
    (site / "lessons" / "link.html").symlink_to(outside)
    assert made_site(cli, site, "--force").code == 0
    assert outside.exists()
    for broken in ("[]", "{", '{"files": 3}', '{"files": {"lessons/a.html": null}}'):
        (site / "site.json").write_text(broken)
        assert made_site(cli, site, "--force").code == 0


def test_a_site_of_a_subject_or_of_where_one_is_goes_into_a_folder_of_its_own(
    cli: CommandLine, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store("crafts", "punts")
    store("history", "boats")
    monkeypatch.chdir(tmp_path)
    assert cli("export", "crafts", "--format", SITE, "--student").code == 0
    assert "lessons/crafts-punts-student.html" in names(tmp_path / SITE)
    assert "history" not in (tmp_path / SITE / "index.html").read_text()
    assert cli("export", "--all", "--format", SITE, "--into", "all").code == 0
    assert len(names(tmp_path / "all")) == 5
