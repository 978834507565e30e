"""What runs in a stranger's folder: none of it, whichever command is given there, and whatever that starts.

The folder holds a file of the name of each module that Python and the installed packages have. Each leaves a mark when
it is run. The names come from Python and from the packages' metadata, so that no list here can grow old.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from lessongen.commands import schedule
from lessongen.commands.tree import COMMANDS, Entry
from lessongen.queue.presence import Roster
from tests.conftest import Ended, give_index
from tests.processes import eventually

SCRIPT = [str(Path(sys.executable).parent / "lessongen")]
MODULE = [sys.executable, "-m", "lessongen"]

# Says which modules Python loads by itself for `python -m`, before a line of the program runs.
EMPTY = "import sys\nprint(*sys.modules)\n"
# A text long enough for a lesson.
NOTES = "Boats\n\n" + "\n\n".join(
    f"A {kind} is a boat that {does}. The {kind} was built for {place} and carries {load}. "
    f"Most sailors know the {kind} because it {known}. A {kind} needs a crew of {crew} people."
    for kind, does, place, load, known, crew in (
        ("barge", "carries goods on rivers", "canals", "coal and grain", "has a flat bottom", "two"),
        ("ferry", "takes people across water", "straits", "cars and passengers", "goes to and fro", "ten"),
        ("trawler", "catches fish with a net", "the open sea", "fish and ice", "drags its net behind it", "six"),
        ("tug", "pulls larger ships", "harbours", "strong engines", "is small and powerful", "four"),
    )
)


@pytest.fixture(scope="module")
def names() -> frozenset[str]:
    """All names that a module of Python or of an installed package can be imported by."""
    found = {*sys.stdlib_module_names, *importlib.metadata.packages_distributions(), "sitecustomize", "usercustomize"}
    return frozenset(name for name in found if name.isidentifier())


@pytest.fixture(scope="module")
def own_names(tmp_path_factory: pytest.TempPathFactory) -> frozenset[str]:
    """What Python itself loads for `python -m lessongen` before lessongen can have a say: the limit that is left."""
    folder = tmp_path_factory.mktemp("empty")
    (folder / "empty_program.py").write_text(EMPTY)
    done = subprocess.run(
        [sys.executable, "-m", "empty_program"], cwd=folder, capture_output=True, text=True, check=True
    )
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    return frozenset(loaded | {"lessongen", "sitecustomize", "usercustomize"})


class Folder:
    """A folder full of files that leave a mark when they are run."""

    def __init__(self, path: Path, names: frozenset[str]) -> None:
        self.path = path
        self._mark = path.parent / f"{path.name}-marks"
        path.mkdir()
        for name in names:
            (path / f"{name}.py").write_text(f"open({str(self._mark)!r}, 'a').write(__name__ + '\\n')\n")
        (path / "notes.txt").write_text(NOTES)
        (path / "rows.csv").write_text("subject,topic\nscience,volcanoes\n")

    def run(self, *command: str, environment: Mapping[str, str] | None = None) -> Ended:
        """Run a command line there."""
        done = subprocess.run(
            command,
            cwd=self.path,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
        )
        return Ended(code=done.returncode, stdout=done.stdout, stderr=done.stderr)

    @property
    def marks(self) -> list[str]:
        """The names of the files that were run."""
        return sorted(set(self._mark.read_text().split())) if self._mark.exists() else []


@pytest.fixture
def for_script(tmp_path: Path, names: frozenset[str]) -> Folder:
    """A stranger's folder for the program `lessongen`."""
    return Folder(tmp_path / "stranger", names | {"lessongen"})


@pytest.fixture
def for_module(tmp_path: Path, names: frozenset[str], own_names: frozenset[str]) -> Folder:
    """A stranger's folder for `python -m lessongen`."""
    return Folder(tmp_path / "stranger-m", names - own_names)


@pytest.fixture(params=["script", "module"])
def program(request: pytest.FixtureRequest) -> tuple[list[str], Folder]:
    """How lessongen is started, and a stranger's folder for it."""
    if request.param == "script":
        return SCRIPT, request.getfixturevalue("for_script")
    return MODULE, request.getfixturevalue("for_module")


def leaves(entries: Mapping[str, Entry], above: Sequence[str] = ()) -> Iterator[str]:
    """All commands by their full names."""
    for name, entry in entries.items():
        if entry.commands is None:
            yield " ".join([*above, name])
        else:
            yield from leaves(entry.commands, [*above, name])


# What each command is given, for a home with the lesson "english verbs", made by a task that is over; and how it ends.
COMMAND_LINES: dict[str, tuple[list[str], int]] = {
    "batch list": ([], 0),
    "batch show": (["none"], 66),
    "batch wait": (["none"], 66),
    "batch cancel": (["none", "--yes"], 66),
    "batch retry": (["none"], 66),
    "schedule": (["rows.csv", "--cron", "0 5 * * 1"], 0),
    "status": (["last"], 0),
    "tasks": ([], 0),
    "show": (["english", "verbs", "--format", "html"], 0),
    "lessons list": ([], 0),
    "lessons search": (["verbs"], 0),
    "export": (["english", "verbs", "--into", "../out"], 0),
    "formats": ([], 0),
    "history": (["english", "verbs"], 0),
    "diff": (["english", "verbs"], 66),
    "cite": (["english", "verbs"], 0),
    "check": (["english", "verbs"], 0),
    "refresh": (["english", "verbs", "--dry-run"], 0),
    "cancel": (["last"], 0),
    "usage": ([], 0),
    "models": ([], 78),
    "template list": ([], 0),
    "template show": (["default"], 0),
    "worker status": ([], 0),
    "worker logs": ([], 0),
    "db backup": (["../copy.db"], 0),
    "db copy": (["../copy.db", "../copied.db"], 0),
    "db check": ([], 0),
    "config list": ([], 0),
    "config path": ([], 0),
    "config unset": (["openai.model"], 0),
    "judge exam": (["--short"], 65),
    "judge list": ([], 0),
    "judge show": ([], 0),
    "token list": ([], 0),
    "doctor": ([], 0),
    "edit": (["english", "verbs"], 0),
    "lock": (["english", "verbs", "quiz"], 0),
    "unlock": (["english", "verbs", "quiz"], 0),
    "regenerate": (["english", "verbs", "quiz", "--no-start"], 0),
    "revert": (["english", "verbs", "1.0"], 0),
    "approve": (["english", "verbs", "--by", "Ann"], 0),
    "template new": (["mine"], 0),
    "config set": (["worker.concurrency", "2"], 0),
    "token create": (["--user", "ann"], 0),
    "token revoke": (["1"], 0),
    "batch submit": (["rows.csv", "--no-start"], 0),
    "create": (["crafts", "boats", "--source", "notes.txt", "--no-start"], 0),
    "worker run": (["--drain"], 0),
    "retry": (["last"], 2),
    "purge": (["--yes"], 0),
    "lessons rename": (["english", "verbs", "--to-subject", "grammar", "--yes"], 0),
    "lessons delete": (["grammar", "verbs", "--yes"], 0),
    "db vacuum": ([], 0),
    "worker stop": ([], 0),
}


# All commands in one process, which Python starts with the current folder before all others.
ALL = """
import sys
from lessongen.system.importing import forget_folder_of_start

assert sys.path[0] == ""
forget_folder_of_start()

import json
from lessongen.cli import main

ended = []
for words in json.loads(sys.argv[1]):
    print("#", *words, file=sys.stderr)
    ended.append(main(words))
print("ENDED", json.dumps(ended))
"""


def test_every_command_behaves_as_elsewhere(for_module: Folder) -> None:
    assert {*COMMAND_LINES, "serve"} == set(leaves(COMMANDS))
    words = [[*name.split(), *given] for name, (given, _) in COMMAND_LINES.items()]
    make = [["create", "english", "verbs", "--no-start"], ["worker", "--drain"]]

    done = for_module.run(sys.executable, "-c", ALL, json.dumps(make + words), environment={"EDITOR": "true"})

    assert done.code == 0, done.stderr
    codes = dict(zip(["make", "drain", *COMMAND_LINES], json.loads(done.stdout.rpartition("ENDED ")[2]), strict=True))
    assert codes == {"make": 0, "drain": 0, **{name: code for name, (_, code) in COMMAND_LINES.items()}}, done.stderr
    assert for_module.marks == []


def test_a_worker_that_starts_by_itself_builds_the_index_and_reads_files_without_it(
    program: tuple[list[str], Folder], tmp_path: Path
) -> None:
    command, folder = program
    home = {"LESSONGEN_HOME": str(tmp_path / "new-home")}

    first = folder.run(*command, "create", "english", "verbs", "--wait", environment=home)
    second = folder.run(*command, "create", "crafts", "boats", "--source", "notes.txt", "--wait", environment=home)
    folder.run(*command, "worker", "stop", environment=home)

    assert (first.code, second.code, folder.marks) == (0, 0, []), first.stderr + second.stderr


def test_the_child_that_asks_the_model_server_runs_none_of_it(program: tuple[list[str], Folder]) -> None:
    command, folder = program

    done = folder.run(
        *command,
        *("doctor", "--json"),
        environment={"OPENAI_API_KEY": "sk-none", "OPENAI_BASE_URL": "http://127.0.0.1:9/v1"},
    )

    model = next(each for each in json.loads(done.stdout)["checks"] if each["name"] == "model")
    assert (folder.marks, "Traceback" in model["detail"], model["state"]) == ([], False, "fail")


def test_the_server_runs_none_of_it(program: tuple[list[str], Folder]) -> None:
    command, folder = program
    process = subprocess.Popen(
        [*command, "serve", "--port", "0", "--json"], cwd=folder.path, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        address = json.loads(process.stdout.readline())["url"]
        with urllib.request.urlopen(f"{address}/pages") as page:  # noqa: S310 - our own server
            assert page.status == 200
    finally:
        process.terminate()
        process.communicate(timeout=120)
    assert folder.marks == []


def test_an_empty_entry_of_the_python_path_is_not_the_current_folder(for_module: Folder) -> None:
    path = {"PYTHONPATH": os.pathsep + os.environ["PYTHONPATH"]}

    done = for_module.run(*MODULE, "create", "english", "verbs", "--wait", environment=path)

    assert (done.code, for_module.marks) == (0, []), done.stderr


def test_the_names_are_all_that_a_run_imports(names: frozenset[str], own_names: frozenset[str], tmp_path: Path) -> None:
    program = "import sys; from lessongen.cli import main; main(['create', 'english', 'verbs', '--no-start']);" + (
        "main(['worker', '--drain']); sys.stdout = sys.stderr; print('LOADED', *sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True)

    loaded = {name.partition(".")[0] for name in done.stderr.rpartition("LOADED ")[2].split()}
    imported = {
        name
        for name in loaded
        if not re.match(r"__|_cython_|cython_runtime|_virtualenv|_editable|_distutils|_sysconfigdata", name)
    }
    assert imported - names - own_names == set()
    assert len(imported) > 100


def test_a_line_for_cron_imports_nothing_from_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))  # no program `lessongen` is beside it

    assert schedule._program() == [str(tmp_path / "python"), "-P", "-m", "lessongen"]


# ---------------------------------------------------------------- the detached worker


def test_the_detached_worker_works_at_home_and_paths_from_here_still_hold(tmp_path: Path, index: Path) -> None:
    folder = Folder(tmp_path / "here", frozenset())
    given = {"LESSONGEN_HOME": "house", "LESSONGEN_DATABASE": "data/mine.db", "TMPDIR": "."}
    (folder.path / "house").mkdir()
    give_index(folder.path / "house", index)

    for options in ([], ["--db", "other.db"]):
        done = folder.run(
            *MODULE, "create", "crafts", "boats", "--source", "notes.txt", "--wait", *options, environment=given
        )
        assert done.code == 0, done.stderr

    here = folder.path
    cards = [peer.card for database in ("data/mine.db", "other.db") for peer in Roster(here / database).alive()]
    assert [os.readlink(f"/proc/{card.pid}/cwd") for card in cards] == [str(here / "house")] * 2
    assert sorted(path.name for path in (here / "house").iterdir()) == ["cache", "logs"]


FAILING = """
import os, sys
if "--detached-worker" in sys.orig_argv:
    print("this worker breaks", file=sys.stderr, flush=True)
    os._exit(3)
"""


@pytest.mark.parametrize(
    "words",
    [
        ["worker", "--detach"],
        ["create", "english", "verbs"],
        ["create", "english", "verbs", "--wait"],
        ["batch", "submit", "rows.csv"],
        ["batch", "submit", "rows.csv", "--wait"],
    ],
)
def test_a_worker_that_does_not_come_up_is_told_with_the_end_of_its_log(tmp_path: Path, words: list[str]) -> None:
    folder = Folder(tmp_path / "here", frozenset())
    (tmp_path / "path").mkdir()
    (tmp_path / "path" / "sitecustomize.py").write_text(FAILING)
    path = {"PYTHONPATH": os.pathsep.join([str(tmp_path / "path"), os.environ["PYTHONPATH"]])}

    def ended(*options: str) -> Ended:
        """How the command ends; those that only glance at the worker are asked again on a machine that is busy."""
        tries = (folder.run(*MODULE, *words, *options, environment=path) for _ in range(5))
        seen = next(tries)
        return seen if seen.code else next((each for each in tries if each.code), seen)

    plain, told = ended(), ended("--json")

    assert (plain.code, told.code) == (75, 75)
    assert "The worker did not come up: it ended with 3." in plain.stderr
    assert "this worker breaks" in plain.stderr
    assert "this worker breaks" in json.loads(told.stderr.splitlines()[-1])["error"]["message"]


SLOW = """
import os, sys, time
if "--detached-worker" in sys.orig_argv:
    open(os.environ["SAID"], "w").write(str(os.getpid()))
    time.sleep(600)
"""


def test_an_accepted_task_does_not_wait_for_a_worker_that_is_slow_to_start(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "here", frozenset())
    (tmp_path / "path").mkdir()
    (tmp_path / "path" / "sitecustomize.py").write_text(SLOW)
    path = os.pathsep.join([str(tmp_path / "path"), os.environ["PYTHONPATH"]])
    said = tmp_path / "said"

    done = folder.run(*MODULE, "create", "english", "verbs", environment={"PYTHONPATH": path, "SAID": str(said)})
    eventually(said.exists)
    os.kill(int(said.read_text()), signal.SIGKILL)

    assert done.code == 0, done.stderr
    assert "Follow it" in done.stdout


def test_a_detached_worker_is_there_when_the_command_is_over(tmp_path: Path, home: Path) -> None:
    folder = Folder(tmp_path / "here", frozenset())

    assert folder.run(*MODULE, "worker", "--detach").code == 0

    assert [peer.card.is_detached for peer in Roster(home / "lessons.db").alive()] == [True]
    assert folder.run(*MODULE, "worker", "stop").code == 0
    eventually(lambda: Roster(home / "lessons.db").alive() == [])
