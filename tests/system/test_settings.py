"""Settings: where each value comes from, and what a bad one says."""

from __future__ import annotations

import errno
import os
import re
import subprocess
import sys
import tomllib
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessongen.system.errors import ConfigurationError, ExitCode
from lessongen.system.settings import KEYS, load
from lessongen.system.values import seconds
from tests.conftest import CommandLine


def test_a_flag_beats_the_environment_which_beats_the_file_which_beats_the_default(tmp_path: Path) -> None:
    environment = {"LESSONGEN_HOME": str(tmp_path)}
    assert load(environment).language == "en"
    (tmp_path / "config.toml").write_text('[defaults]\nlanguage = "fr"\n')
    assert load(environment).language == "fr"
    environment["LESSONGEN_DEFAULTS_LANGUAGE"] = "es"
    assert load(environment).language == "es"

    settings = load(environment, {"defaults.language": "de"})

    assert (settings.language, settings.origins["defaults.language"]) == ("de", "flag")
    assert load(environment).origins["defaults.language"] == "LESSONGEN_DEFAULTS_LANGUAGE"


def test_one_variable_moves_everything(tmp_path: Path) -> None:
    settings = load({"LESSONGEN_HOME": str(tmp_path)})

    for path in (settings.database, settings.config_file, settings.cache_folder, settings.log_file):
        assert Path(str(path)).is_relative_to(tmp_path)


@pytest.mark.parametrize(
    ("text", "value"), [("0", 0), ("90s", 90), ("5m", 300), ("1h", 3_600), ("30d", 2_592_000), ("1.5 h", 5_400)]
)
def test_durations_are_read_as_people_write_them(text: str, value: float) -> None:
    assert seconds(text) == value


@given(st.text())
def test_no_text_makes_reading_a_duration_fail_in_another_way(text: str) -> None:
    try:
        value = seconds(text)
    except ValueError:
        return
    assert value >= 0


@pytest.mark.parametrize("key", [key for key in KEYS if key != "database"])
def test_every_default_is_a_value_that_could_be_given(key: str) -> None:
    KEYS[key].parse(KEYS[key].default)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[worker]\nconcurrency = 0\n", "worker.concurrency"),
        ("[tasks]\nkeep_completed = 'soon'\n", "tasks.keep_completed"),
        ("[tasks]\nkeep_complete = '1h'\n", "keep_complete"),
        ("[openai]\napi_key = 'sk-1'\n", "secret"),
        ("worker = ", "TOML"),
        ("\x00", "TOML"),
    ],
)
def test_a_bad_value_names_the_file_the_key_and_the_remedy(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "config.toml"
    file.write_text(text)

    with pytest.raises(ConfigurationError) as caught:
        load({"LESSONGEN_HOME": str(tmp_path)})

    assert str(file) in caught.value.message
    assert said in caught.value.message
    assert caught.value.hint


def test_config_set_keeps_the_rest_of_the_file(cli: CommandLine, home: Path) -> None:
    file = home / "config.toml"
    file.write_text('# mine\nuser = "ann"  # me\n\n[tasks]\n# long\nkeep_failed = "60d"\n')
    for key, value in (("tasks.keep_failed", "90d"), ("tasks.keep_completed", "2h"), ("worker.concurrency", "2")):
        assert cli("config", "set", key, value).code == 0
    assert cli("config", "set", "writer", "extractive").code == 0

    settings = load(os.environ)

    assert (settings.user, settings.writer, settings.concurrency) == ("ann", "extractive", 2)
    assert (settings.keep_failed, settings.keep_completed) == (timedelta(days=90), timedelta(hours=2))
    assert file.read_text().startswith('# mine\nuser = "ann"  # me\n')


@pytest.mark.parametrize(("can_enter", "named"), [(True, "config.toml"), (False, "home")])
def test_what_cannot_be_read_is_named_not_what_may_be_in_it(
    cli: CommandLine, home: Path, monkeypatch: pytest.MonkeyPatch, can_enter: bool, named: str
) -> None:
    (home / "config.toml").write_text("")
    really_open = os.open

    def closed(path: os.PathLike[str], *given: int, **named: int) -> int:
        if os.fspath(path) == str(home / "config.toml"):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return really_open(path, *given, **named)

    monkeypatch.setattr(os, "open", closed)
    monkeypatch.setattr(os, "access", lambda path, mode: can_enter)

    ended = cli("tasks")

    assert (ended.code, f"{named} can't be read: Permission denied." in ended.stderr) == (78, True)
    assert "Errno" not in ended.stderr


@pytest.mark.parametrize("option", ["--level", "--language", "--variant"])
@pytest.mark.parametrize("text", ["", " ", "a\nb", "x" * 10_000, "\udcff"])
def test_a_flags_bad_value_is_a_mistake_of_the_command_line(cli: CommandLine, option: str, text: str) -> None:
    ended = cli("create", "--no-start", f"{option}={text}", "english", "verbs")

    assert (ended.code, ended.stderr.startswith(f"lessongen: {option} can't be ")) == (2, True)
    assert "defaults." not in ended.stderr
    assert "\\u" not in ended.stderr
    assert len(ended.stderr) < 400


@pytest.mark.parametrize("arguments", ["tasks --limit=\udcff", "\udcff", "status \udcff", "config set \udcff x"])
def test_what_cannot_be_shown_looks_the_same_in_every_message(cli: CommandLine, home: Path, arguments: str) -> None:
    (home / "lessons.db").touch()

    ended = cli(*arguments.split())

    assert ended.code
    assert ("\N{REPLACEMENT CHARACTER}" in ended.stderr, "\\udc" in ended.stderr) == (True, False)


@pytest.mark.parametrize("key", ["openai.api_key", "OPENAI_API_KEY", "api-key", "nonsense"])
def test_a_key_or_an_unknown_setting_is_refused(cli: CommandLine, home: Path, key: str) -> None:
    ended = cli("config", "set", key, "sk-secret", "--json")

    assert ended.code == 78
    assert "sk-secret" not in ended.stderr
    assert not (home / "config.toml").exists()


def test_each_setting_is_listed_as_it_would_be_written(cli: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://localhost:11434/v1/")

    rows = {row["key"]: row for row in cli("config", "list", "--json").json()["settings"]}
    lines = {line.split()[0]: line.split() for line in cli("config", "list").stdout.splitlines()[1:]}

    assert set(rows) == set(lines) == {*KEYS, "OPENAI_API_KEY", "LESSONGEN_JUDGE_API_KEY"}
    assert (rows["openai.base_url"]["value"], rows["openai.base_url"]["origin"]) == (
        "http://localhost:11434/v1",
        "OPENAI_BASE_URL",
    )
    assert (rows["openai.max_cost"]["value"], lines["openai.max_cost"][1]) == (None, "none")
    assert (rows["sources.offline"]["value"], lines["sources.offline"][1]) == (False, "no")
    unset = [key for key in KEYS.values() if rows[key.name]["origin"] == "default" and key.default]
    assert len(unset) > 20
    for key in unset:
        assert key.parse(lines[key.name][1]) == key.parse(key.default), key.name


def test_config_set_keeps_a_whole_path(cli: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    cli("config", "set", "sources.zim", "school.zim")

    assert load(os.environ).zim == tmp_path / "school.zim"
    assert str(tmp_path / "school.zim") in cli("config", "list").stdout


@pytest.mark.parametrize("address", ["localhost:1", "ftp://x/", "http://ann:pw@localhost/", "http://a b/"])
def test_an_address_that_can_not_be_asked_is_refused(cli: CommandLine, home: Path, address: str) -> None:
    ended = cli("config", "set", "openai.base_url", address)

    assert (ended.code, "http://" in ended.stderr) == (78, True)
    assert not (home / "config.toml").exists()


def test_secrets_are_hidden(cli: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://ann:pass-word@localhost:1/v1")

    listed = cli("config", "list").stdout + cli("config", "list", "--json").stdout + cli("doctor").stdout

    assert "OPENAI_API_KEY" in listed
    assert "sk-very" not in listed
    assert "pass-word" not in listed
    assert "http://(hidden)@localhost:1/v1" in listed


def test_without_any_environment_it_runs_or_says_what_to_set(tmp_path: Path) -> None:
    def run(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
        repository = str(Path(__file__).parents[2])
        return subprocess.run(
            [sys.executable, "-m", "lessongen", "tasks", "--json"],
            env={"PYTHONPATH": repository, **environment},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    assert run({"HOME": str(tmp_path)}).returncode == 0
    lost = run({"HOME": ""})
    assert (lost.returncode, "LESSONGEN_HOME" in lost.stderr) == (78, True)


WAYS_TO_WRITE_IT = {
    "a table": '# Mine.\n[openai]\nmodel = "alpha"   # the small one\nbase_url = "http://localhost:1/v1"\n',
    "an inline table": '# Mine.\nopenai = { model = "alpha", base_url = "http://localhost:1/v1" }  # the small one\n',
    "dotted keys": '# Mine.\nopenai.model = "alpha"   # the small one\nopenai.base_url = "http://localhost:1/v1"\n',
    "quoted keys": '# Mine.\n["openai"]\n"model" = \'alpha\'\t# the small one\nbase_url = "http://localhost:1/v1"\n',
    "other line ends": '# Mine.\r\n[openai]\r\nmodel = "alpha" # the small one\r\nbase_url = "http://localhost:1/v1"\r\n',
    "a text of lines": '# Mine.\n[openai]\nmodel = """\nalpha""" # the small one\nbase_url = "http://localhost:1/v1"\n',
}


@pytest.mark.parametrize("written", WAYS_TO_WRITE_IT.values(), ids=WAYS_TO_WRITE_IT)
def test_config_set_changes_a_value_and_nothing_beside_it(written: str, cli: CommandLine, home: Path) -> None:
    home.mkdir(exist_ok=True)
    (home / "config.toml").write_bytes(written.encode())
    assert cli("config", "set", "openai.model", "beta").code == 0
    changed = (home / "config.toml").read_bytes().decode()
    assert tomllib.loads(changed)["openai"] == {"model": "beta", "base_url": "http://localhost:1/v1"}
    left = re.sub(r"""(['"]|\"\"\"\n)(alpha|beta)(['"]+)""", "VALUE", written)
    assert re.sub(r"""(['"]|\"\"\"\n)(alpha|beta)(['"]+)""", "VALUE", changed) == left


@pytest.mark.parametrize("written", WAYS_TO_WRITE_IT.values(), ids=WAYS_TO_WRITE_IT)
def test_config_set_adds_a_value_however_the_others_are_written(written: str, cli: CommandLine, home: Path) -> None:
    home.mkdir(exist_ok=True)
    (home / "config.toml").write_bytes(written.encode())
    for key, value in (("openai.verify_model", "judge"), ("defaults.language", "en"), ("writer", "extractive")):
        assert cli("config", "set", key, value).code == 0
    changed = (home / "config.toml").read_bytes().decode()
    table = tomllib.loads(changed)
    assert (table["openai"]["verify_model"], table["defaults"]["language"]) == ("judge", "en")
    assert table["writer"] == "extractive"
    assert ("# the small one" in changed, "# Mine." in changed) == (True, True)


@pytest.mark.parametrize("written", WAYS_TO_WRITE_IT.values(), ids=WAYS_TO_WRITE_IT)
def test_config_unset_takes_a_value_out_and_leaves_the_rest(written: str, cli: CommandLine, home: Path) -> None:
    home.mkdir(exist_ok=True)
    (home / "config.toml").write_bytes(written.encode())
    assert cli("config", "unset", "openai.model").code == 0
    changed = (home / "config.toml").read_bytes()
    assert tomllib.loads(changed.decode())["openai"] == {"base_url": "http://localhost:1/v1"}
    assert changed.startswith(b"# Mine.")
    assert cli("config", "unset", "openai.model").code == 0
    assert (home / "config.toml").read_bytes() == changed


@pytest.mark.parametrize("written", ["openai = 3\n", "[openai\n", "openai = [1]\n", '[[openai]]\nmodel = "alpha"\n'])
def test_config_set_leaves_a_file_alone_that_it_can_t_change(written: str, cli: CommandLine, home: Path) -> None:
    home.mkdir(exist_ok=True)
    (home / "config.toml").write_text(written)
    ended = cli("config", "set", "openai.model", "beta")
    assert (ended.code, (home / "config.toml").read_text()) == (78, written)


ADDRESSES = (
    "postgresql://localhost",
    "postgres://user:secret@host:port/db",
    "mysql://host/db",
    "sqlite:///lessons.db",
    "sqlite:lessons.db",
    "http://example.org/lessons.db",
    "file:lessons.db",
    "file:///tmp/lessons.db?mode=ro",
    "S3://bucket/lessons.db",
    "postgresql+psycopg://host/db",
    ":memory:",
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_is_not_taken_for_the_name_of_the_database(
    cli: CommandLine, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    by_flag = cli("create", "english", "verbs", "--no-start", "--json", "--db", address)
    assert (by_flag.code, by_flag.error()["code"]) == (ExitCode.USAGE, "usage")
    assert "secret" not in by_flag.stderr
    monkeypatch.setenv("LESSONGEN_DATABASE", address)
    by_variable = cli("create", "english", "verbs", "--no-start", "--json")
    assert by_variable.code == ExitCode.CONFIGURATION
    assert by_variable.error()["hint"]
    monkeypatch.delenv("LESSONGEN_DATABASE")
    (home / "config.toml").write_text(f'database = "{address}"\n')
    by_file = cli("create", "english", "verbs", "--no-start", "--json")
    assert by_file.code == ExitCode.CONFIGURATION
    (home / "config.toml").unlink()
    assert sorted(tmp_path.rglob("*")) == before


def test_a_file_that_is_called_like_an_address_can_be_named(cli: CommandLine, home: Path, tmp_path: Path) -> None:
    assert cli("create", "english", "verbs", "--no-start", "--db", str(tmp_path / "sqlite:lessons.db")).code == 0
