"""`schedule`: cron times as cron and systemd mean them, and what is put into a crontab or among the user's units."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lessongen.queue.cron import NICKNAMES, Cron, parse
from lessongen.queue.schedule import Job, crontab_line, service, timer, with_job, without_job
from lessongen.system.errors import UsageError
from tests.conftest import CommandLine

MONDAYS = "0 5 * * 1"
NOW = datetime(2026, 1, 31, 9, 0)  # noqa: DTZ001 - a Saturday, by the wall clock


def job(file: str = "/plans/year 7.csv", *options: str, home: str = "/home/ann") -> Job:
    words = ["/usr/bin/lessongen", "batch", "submit", file, "--wait", *options]
    return Job(file=Path(file), database=Path("/lessons.db"), words=words, environment={"LESSONGEN_HOME": home})


# ---------------------------------------------------------------- cron times


@pytest.mark.parametrize(
    ("text", "first"),
    [
        (MONDAYS, "2026-02-02 05:00"),
        ("*/20 * * * *", "2026-01-31 09:20"),
        ("0 9 * * *", "2026-02-01 09:00"),
        ("30 22 * * mon-fri", "2026-02-02 22:30"),
        ("0 0 1,15 * *", "2026-02-01 00:00"),
        ("0 0 29 feb *", "2028-02-29 00:00"),
        ("0 0 * * 7", "2026-02-01 00:00"),
        ("0 0 10 * 5", "2026-02-06 00:00"),  # a Friday is enough
        ("0 0 10 * */5", "2026-04-10 00:00"),  # after a star both days count: the tenth, a Friday or a Sunday
        ("59 23 31 12 *", "2026-12-31 23:59"),
        ("@daily", "2026-02-01 00:00"),
        ("@WEEKLY", "2026-02-01 00:00"),
    ],
)
def test_a_cron_time_comes_next_when_cron_says(text: str, first: str) -> None:
    assert parse(text).first_after(NOW) == datetime.fromisoformat(first)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "five fields"),
        ("0 5 * *", "has 4"),
        ("0 0 5 * * 1", "has 6"),
        ("60 5 * * 1", "minute"),
        ("0 24 * * 1", "hour"),
        ("0 5 0 * 1", "day of the month"),
        ("0 5 * 13 1", "month"),
        ("0 5 * * 8", "day of the week"),
        ("0 5 * * monday", "monday"),
        ("0 5 L * *", "no number"),
        ("0 5 ? * 1", "no number"),
        ("0 5 * * 1#2", "1#2"),
        ("5/10 5 * * *", "5-59/10"),
        ("*/0 5 * * *", "from 1"),
        ("*/90 * * * *", "longer"),
        ("0 22-3 * * *", "22-23,0-3"),
        ("0 5 * * fri-mon", "backwards"),
        ("1,,2 5 * * *", "no number"),
        ("-5 5 * * *", "no number"),
        ("0 5 30 2 *", "never"),
        ("0 5 31 4,6 *", "never"),
        ("0 5 31 apr */2", "never"),
        ("@reboot", "@daily"),
        ("@sometimes", "@daily"),
        ("\u0663 5 * * *", "no number"),
    ],
)
def test_a_bad_cron_time_is_refused_with_what_is_wrong(text: str, words: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse(text)
    assert words in f"{refused.value.message} {refused.value.hint}"
    assert refused.value.hint


def field(low: int, high: int) -> st.SearchStrategy[str]:
    number = st.integers(low, high)
    span = st.tuples(number, number).map(lambda pair: f"{min(pair)}-{max(pair)}")
    step = st.tuples(span | st.just("*"), st.integers(1, min(high, 9))).map(lambda pair: f"{pair[0]}/{pair[1]}")
    parts = st.lists(number.map(str) | span | step, min_size=1, max_size=3).map(",".join)
    return st.just("*") | parts


CRON_TEXTS = st.tuples(field(0, 59), field(0, 23), field(1, 28), field(1, 12), field(0, 7)).map(" ".join)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd to ask")
@settings(max_examples=25)
@given(text=CRON_TEXTS)
def test_systemd_runs_at_the_same_moments(text: str) -> None:
    cron = parse(text)
    moment, expected = NOW, []
    for _ in range(3):
        moment = cron.first_after(moment)
        expected.append(moment)

    assert sorted({each for value in cron.calendar() for each in elapses(value)})[:3] == expected


def elapses(value: str) -> list[datetime]:
    """When systemd itself says that a value of `OnCalendar=` comes next."""
    command = ["systemd-analyze", "calendar", "--iterations=3", f"--base-time={NOW}", value]
    said = subprocess.run(
        command, capture_output=True, text=True, check=True, env={"TZ": "UTC", "PATH": os.environ["PATH"]}
    ).stdout
    return [datetime.fromisoformat(each) for each in re.findall(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) UTC", said)]


@pytest.mark.parametrize(
    ("text", "calendar"),
    [
        (MONDAYS, ["Mon *-*-* 05:00:00"]),
        ("*/15 8-10 * * mon-fri", ["Mon..Fri *-*-* 08..10:00/15:00"]),
        ("0 5 * * 0,6", ["Sat,Sun *-*-* 05:00:00"]),
        ("0 5 1 */3 *", ["*-01/3-01 05:00:00"]),
        ("0 5 1,15 * 1", ["*-*-01,15 05:00:00", "Mon *-*-* 05:00:00"]),
        ("0 5 31 2 1", ["Mon *-02-* 05:00:00"]),
        ("0 5 */2 * 1", ["Mon *-*-01/2 05:00:00"]),
        ("@hourly", ["*-*-* *:00:00"]),
    ],
)
def test_a_cron_time_is_told_to_systemd(text: str, calendar: list[str]) -> None:
    assert parse(text).calendar() == calendar


def test_every_nickname_is_a_time() -> None:
    for nickname, text in NICKNAMES.items():
        assert parse(nickname) == parse(text)


@given(text=CRON_TEXTS)
def test_the_next_time_is_later_than_the_moment_and_is_one_of_them(text: str) -> None:
    cron = parse(text)
    found = cron.first_after(NOW)
    assert found > NOW
    assert cron.first_after(found - timedelta(seconds=1)) == found
    assert (found.minute in cron.minutes, found.hour in cron.hours, found.month in cron.months) == (True, True, True)


# ---------------------------------------------------------------- crontabs

DAILY = parse("@daily")
# Any text but what is refused: control characters and surrogates.
WORDS = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=30)


@given(word=WORDS)
def test_the_shell_that_cron_calls_gets_each_word_as_it_is(word: str) -> None:
    line = crontab_line(DAILY, job("/plan.csv", word, home=word))
    command = as_cron_reads(line.removeprefix("0 0 * * * "))

    setting, *words = shlex.split(command)
    assert setting == f"LESSONGEN_HOME={word}"
    assert words[-1] == word


def as_cron_reads(command: str) -> str:
    """What cron hands to the shell: all before the first % that no backslash escapes, those backslashes dropped.

    As do_command.c of Vixie cron 3.0 reads it.
    """
    read, is_escaped = "", False
    for character in command:
        if is_escaped:
            read = read[:-1] + character if character == "%" else read + character
            is_escaped = False
            continue
        if character == "%":
            break
        is_escaped = character == "\\"
        read += character
    return read


OTHERS = "# mine\nMAILTO=ann\n\n*/5 * * * * /usr/bin/other batch submit x\r\n# a \x0c form feed, \x85 and \udce9\n"


@pytest.mark.parametrize("before", ["", "\n", OTHERS, OTHERS.rstrip("\n"), "\n\n" + OTHERS + "\n"])
def test_a_job_is_in_a_crontab_once_and_goes_without_a_trace(before: str) -> None:
    once = with_job(before, DAILY, job())

    assert with_job(once, DAILY, job()) == once
    assert once.count(crontab_line(DAILY, job())) == 1
    assert once.endswith("\n")
    ended = before if before.endswith("\n") or not before else before + "\n"
    assert without_job(once, job()) == ended
    assert without_job(before, job()) == before


def test_a_changed_job_stays_where_it_was_and_others_stay_too() -> None:
    other = job("/plans/year 8.csv")
    crontab = with_job(with_job(OTHERS, DAILY, job()), DAILY, other) + "MAILTO=bob\n"

    changed = with_job(crontab, parse(MONDAYS), job())

    assert changed == crontab.replace(crontab_line(DAILY, job()), crontab_line(parse(MONDAYS), job()))
    assert without_job(changed, job()) == with_job(OTHERS, DAILY, other) + "MAILTO=bob\n"


def test_what_somebody_put_below_the_marker_is_not_lost() -> None:
    crontab = f"{job().marker}\n0 0 * * * /usr/bin/backup\n"

    assert without_job(crontab, job()) == "0 0 * * * /usr/bin/backup\n"


def test_a_path_that_a_crontab_can_not_hold_is_refused() -> None:
    for file in ("/plans/a\nb.csv", "/plans/\udce9.csv", "/plans/\x1b.csv"):
        with pytest.raises(UsageError):
            job(file)


# ---------------------------------------------------------------- systemd units


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd to ask")
def test_systemd_finds_nothing_wrong_with_the_units(tmp_path: Path) -> None:
    told = tmp_path / "told"
    program = tmp_path / "tell %h.sh"
    program.write_text('#!/bin/sh\nprintf "%s\\n" "$@" "$LESSONGEN_HOME" > "$TOLD"\n')
    program.chmod(0o755)
    odd = ["50% $HOME ${HOME}", 'say "so"', "back\\slash", "it's", "é"]
    odd_job = Job(
        file=tmp_path / "year 7%.csv",
        database=tmp_path / "lessons.db",
        words=[str(program), *odd],
        environment={"LESSONGEN_HOME": '/home/"ann" 100% \\ $x', "TOLD": str(told)},
    )
    for name, text in (("service", service(odd_job)), ("timer", timer(parse("*/20 5 1,15 * mon-fri"), odd_job))):
        (tmp_path / f"{odd_job.unit}.{name}").write_text(text)

    units = [str(tmp_path / f"{odd_job.unit}.{name}") for name in ("timer", "service")]
    done = subprocess.run(
        ["systemd-analyze", "verify", "--user", "--man=no", *units],
        capture_output=True,
        text=True,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path)},
    )
    assert not [line for line in done.stderr.splitlines() if odd_job.unit in line], done.stderr


# ---------------------------------------------------------------- the command


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    file = tmp_path / "year 7.csv"
    file.write_text("subject,topic\nenglish,verbs\n")
    return file


CRONTAB = """#!/bin/sh
# What crontab(1) does with -l and -, over a file.
table="$CRONTAB_FILE"
case "$1" in
    -l) [ -f "$table" ] && exec cat "$table"; echo "no crontab for ann" >&2; exit 1 ;;
    -) [ -z "$CRONTAB_DENIED" ] || { echo "You (ann) are not allowed to use this program" >&2; exit 1; }
       exec cat > "$table" ;;
esac
"""
SYSTEMCTL = """#!/bin/sh
echo "$@" >> "$SYSTEMCTL_FILE"
"""


def on_the_path(folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, script: str) -> Path:
    """Put a program before all others; the file that it works on."""
    (folder / "bin").mkdir(exist_ok=True)
    program = folder / "bin" / name
    program.write_text(script)
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder / 'bin'}:{os.environ['PATH']}")
    monkeypatch.setenv(f"{name.upper()}_FILE", str(folder / f"{name}.txt"))
    return folder / f"{name}.txt"


def test_the_printed_line_is_what_cron_can_run(cli: CommandLine, plan: Path, home: Path) -> None:
    done = cli("schedule", str(plan), "--cron", MONDAYS, "--", "--skip-existing", "--user", "50%")

    assert done.code == 0, done.stderr
    assert done.stdout.startswith(MONDAYS + " ")
    assert not (home / "lessons.db").exists()
    command = as_cron_reads(done.stdout.removeprefix(MONDAYS + " ").rstrip("\n"))
    ran = subprocess.run(
        ["/bin/sh", "-c", command],
        cwd="/",
        stdin=subprocess.DEVNULL,
        env={"PATH": "/usr/bin:/bin", "LESSONGEN_SOURCES_WIKIPEDIA": "no", "PYTHONPATH": os.environ["PYTHONPATH"]},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
    tasks = cli("tasks", "--json").json()["tasks"]
    assert [(each["status"], each["user"]) for each in tasks] == [("completed", "50%")]


def test_the_answer_as_json_has_the_documented_shape(cli: CommandLine, plan: Path, tmp_path: Path) -> None:
    database = tmp_path / "other.db"
    answer = cli("schedule", str(plan), "--cron", MONDAYS, "--db", str(database), "--json").json()

    assert set(answer) == {
        *("file", "database", "command", "environment", "cron", "line", "units", "installed", "next_run")
    }
    assert answer["command"][-2:] == ["--db", str(database)]
    assert (answer["file"], answer["database"], answer["installed"]) == (str(plan), str(database), [])
    assert datetime.fromisoformat(answer["next_run"]).strftime("%A %H:%M") == "Monday 05:00"
    units = cli("schedule", str(plan), "--cron", MONDAYS, "--systemd", "--json").json()["units"]
    assert [name.rpartition(".")[2] for name in units] == ["service", "timer"]


def test_a_job_is_put_into_the_users_crontab_changed_and_taken_out(
    cli: CommandLine, plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = on_the_path(tmp_path, monkeypatch, "crontab", CRONTAB)
    for _ in range(2):
        assert cli("schedule", str(plan), "--cron", MONDAYS, "--install").code == 0
        assert len(table.read_text().splitlines()) == 2
    table.write_bytes(b"# caf\xe9\n" + table.read_bytes())

    assert cli("schedule", str(plan), "--cron", "30 4 * * *", "--install", "--json").json()["installed"] == ["crontab"]

    comment, marker, line = table.read_bytes().splitlines()
    assert (comment, line[:11]) == (b"# caf\xe9", b"30 4 * * * ")
    assert str(plan).encode() in marker
    assert cli("schedule", str(plan), "--remove", "--json").json()["removed"] is True
    assert cli("schedule", str(plan), "--remove", "--json").json()["removed"] is False
    assert table.read_bytes() == b"# caf\xe9\n"


def test_a_job_of_a_file_that_is_gone_can_be_taken_out(
    cli: CommandLine, plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = on_the_path(tmp_path, monkeypatch, "crontab", CRONTAB)
    cli("schedule", str(plan), "--cron", MONDAYS, "--install")
    plan.unlink()

    assert cli("schedule", str(plan), "--remove").code == 0
    assert table.read_text() == ""


def test_a_crontab_that_can_not_be_changed_is_said_to_be(
    cli: CommandLine, plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = on_the_path(tmp_path, monkeypatch, "crontab", CRONTAB)
    monkeypatch.setenv("CRONTAB_DENIED", "yes")

    done = cli("schedule", str(plan), "--cron", MONDAYS, "--install")

    assert done.code == 73
    assert "not allowed" in done.stderr
    assert not table.exists()


def test_a_machine_without_cron_or_systemd_is_said_to_be_one(
    cli: CommandLine, plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "empty").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))

    without_cron = cli("schedule", str(plan), "--cron", MONDAYS, "--install")
    without_systemd = cli("schedule", str(plan), "--cron", MONDAYS, "--install", "--systemd")

    assert (without_cron.code, without_systemd.code) == (73, 73)
    assert "crontab" in without_cron.stderr
    assert "systemctl" in without_systemd.stderr


def test_units_are_written_and_started_and_taken_out(
    cli: CommandLine, plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = on_the_path(tmp_path, monkeypatch, "systemctl", SYSTEMCTL)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    folder = tmp_path / "config" / "systemd" / "user"

    done = cli("schedule", str(plan), "--cron", MONDAYS, "--systemd", "--install", "--json")

    installed = done.json()["installed"]
    assert sorted(str(path) for path in folder.iterdir()) == sorted(installed)
    timer_unit = next(Path(each).name for each in installed if each.endswith(".timer"))
    assert told.read_text().splitlines() == [
        "--user daemon-reload",
        f"--user enable {timer_unit}",
        f"--user restart {timer_unit}",
    ]
    assert "OnCalendar=Mon *-*-* 05:00:00" in (folder / timer_unit).read_text()
    assert cli("schedule", str(plan), "--systemd", "--remove", "--json").json()["removed"] is True
    assert list(folder.iterdir()) == []
    assert told.read_text().splitlines()[3:] == [f"--user disable --now {timer_unit}", "--user daemon-reload"]
    assert cli("schedule", str(plan), "--systemd", "--remove", "--json").json()["removed"] is False


def test_a_systemd_that_can_not_be_told_leaves_the_command_to_the_person(
    cli: CommandLine, plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_the_path(tmp_path, monkeypatch, "systemctl", "#!/bin/sh\necho 'Failed to connect to bus' >&2\nexit 1\n")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))

    done = cli("schedule", str(plan), "--cron", MONDAYS, "--systemd", "--install")

    assert done.code == 69
    assert "Failed to connect to bus" in done.stderr
    assert "systemctl --user daemon-reload && systemctl --user enable" in done.stderr


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (["--cron", "0 5 * * 8"], 2, "day of the week"),
        ([], 2, "--cron"),
        (["--cron", MONDAYS, "--install", "--remove"], 2, "one of them"),
        (["--cron", MONDAYS, "--", "--skip-everything"], 2, "--skip-everything"),
        (["--cron", MONDAYS, "--", "--db", "x.db"], 2, "before the --"),
        (["--cron", MONDAYS, "--", "--writer", "openai"], 0, ""),
    ],
)
def test_what_would_fail_each_time_is_told_now(
    cli: CommandLine, plan: Path, options: list[str], code: int, words: str
) -> None:
    done = cli("schedule", str(plan), *options)

    assert (done.code, bool(done.stdout)) == (code, code == 0)
    assert words in done.stderr


def test_a_batch_file_that_can_not_be_submitted_is_not_scheduled(cli: CommandLine, plan: Path, tmp_path: Path) -> None:
    plan.write_text("subject,topic,minutes\nenglish,verbs,soon\n")

    assert cli("schedule", str(plan), "--cron", MONDAYS).code == 65
    assert cli("schedule", str(plan), "--cron", MONDAYS, "--json").error()["code"] == "bad_rows"
    assert cli("schedule", str(tmp_path / "none.csv"), "--cron", MONDAYS).code == 66
    assert cli("schedule", "-", "--cron", MONDAYS).code == 2


def test_what_cron_will_not_know_is_named_without_its_value(
    cli: CommandLine, plan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret-1234")

    done = cli("schedule", str(plan), "--cron", MONDAYS)

    assert "OPENAI_API_KEY" in done.stderr
    assert "sk-secret" not in done.stdout + done.stderr


def test_the_next_time_is_that_of_the_wall_clock(cli: CommandLine, plan: Path) -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "lessongen", "schedule", str(plan), "--cron", "* * * * *", "--json"],
        env={**os.environ, "TZ": "Asia/Tokyo"},
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    upcoming = re.search(r'"next_run": "([^"]+)"', shown.stdout)
    assert upcoming is not None
    tokyo = datetime.now(UTC).replace(tzinfo=None) + timedelta(hours=9)
    assert abs(datetime.fromisoformat(upcoming[1]) - tokyo) < timedelta(hours=1)


def test_two_times_that_mean_the_same_are_equal_but_for_their_text() -> None:
    def moments(cron: Cron) -> tuple[object, ...]:
        return cron.minutes, cron.hours, cron.days, cron.months, cron.weekdays, cron.days_add_up

    assert moments(parse("0 5 * * sun")) == moments(parse("0 5 * * 0")) == moments(parse("00 05 * * 7"))
