"""Numbers, durations, versions and times that come from outside: ASCII digits alone, whoever says them."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lessongen.check.computed import _primes, _simplest  # what an author's answer is compared by
from lessongen.lesson.versions import version_number
from lessongen.queue.cron import parse
from lessongen.system.errors import UsageError
from lessongen.system.levels import level_of
from lessongen.system.retry_after import retry_after
from lessongen.system.settings import KEYS, parsed
from tests.conftest import CommandLine
from tests.processes import ROOT

ARABIC_3, FULL_3, SUPER_2 = "\u0663", "\uff13", "\u00b2"
ODD = [
    ARABIC_3,
    FULL_3,
    "\u0969",
    SUPER_2,
    "\u2162",
    "\u4e09",
    f"1{ARABIC_3}",
    "1_0",
    "0x5",
    "1e2",
    "nan",
    "inf",
    "infinity",
]

# The modules that read what people, files and other servers say.
_PACKAGE = ROOT / "lessongen"
READERS = sorted(
    {
        *(
            path
            for folder in ("web", "commands", "queue/batchfile", "generation/editable")
            for path in (_PACKAGE / folder).rglob("*.py")
        ),
        *(
            _PACKAGE / f"{name}.py"
            for name in (
                *("queue/cron", "queue/schedule", "lesson/versions", "lesson/parts", "writers/templates"),
                *("system/values", "system/settings", "system/levels", "system/hosts", "system/retry_after"),
                *("writers/openai/error_body", "sources/file/fetch", "sources/file/packed", "sources/wikipedia/faults"),
            )
        ),
    }
)


def takes_other_digits(source: str) -> Iterator[int]:
    """The lines that take digits of other scripts: by `\\d` without re.ASCII, or by str.isdigit and its like."""
    tree = ast.parse(source)
    ascii_alone: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and "ASCII" in ast.dump(node):
            ascii_alone |= {id(each) for each in ast.walk(node)}
        if isinstance(node, ast.BoolOp | ast.IfExp) and "isascii" in ast.dump(node):
            ascii_alone |= {id(each) for each in ast.walk(node)}
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if id(node) in ascii_alone or id(node) in docstrings:
            continue
        is_pattern = isinstance(node, ast.Constant) and isinstance(node.value, str) and r"\d" in node.value
        is_asked = isinstance(node, ast.Attribute) and node.attr in ("isdigit", "isdecimal", "isnumeric")
        if is_pattern or is_asked:
            yield getattr(node, "lineno", 0)


@pytest.mark.parametrize("path", READERS, ids=lambda path: str(path.relative_to(_PACKAGE)))
def test_what_reads_from_outside_asks_for_ascii_digits(path: Path) -> None:
    assert list(takes_other_digits(path.read_text(encoding="utf-8"))) == []


def test_the_look_finds_what_it_looks_for() -> None:
    bad = ['x = re.compile(r"\\d+")', "x = text.isdigit()", 'f(pattern=r"\\d{1,3}s")', "if text.isnumeric(): pass"]
    good = ['x = re.compile(r"\\d+", re.ASCII)', "x = text.isascii() and text.isdigit()", 'x = re.compile("[0-9]+")']
    assert [bool(list(takes_other_digits(each))) for each in (*bad, *good)] == [True] * 4 + [False] * 3


# ---------------------------------------------------------------- the command line


@pytest.mark.parametrize("number", ODD)
@pytest.mark.parametrize(
    "arguments",
    [
        ["create", "english", "verbs", "--no-start", "--minutes"],
        ["create", "english", "verbs", "--no-start", "--questions"],
        ["create", "english", "verbs", "--no-start", "--seed"],
        ["create", "english", "verbs", "--no-start", "--max-cost"],
        ["create", "english", "verbs", "--wait", "--timeout"],
        ["serve", "--port"],
        ["token", "revoke"],
        ["worker", "run", "--concurrency"],
        ["usage", "--since"],
        ["tasks", "--limit"],
        ["lessons", "--limit"],
        ["batch", "list", "--limit"],
        ["worker", "logs", "--lines"],
    ],
    ids=" ".join,
)
def test_an_option_that_is_a_number_is_ascii_digits(cli: CommandLine, arguments: list[str], number: str) -> None:
    named = arguments[:2] if arguments[0] in ("token", "worker", "batch") else arguments[:1]
    assert not arguments[-1].startswith("-") or arguments[-1] in cli(*named, "--help").stdout
    assert cli(*arguments, number).code == 2


@pytest.mark.parametrize(
    "limit", [f"{ARABIC_3}/h", f"3/{ARABIC_3}h", f"{SUPER_2}/h", "1_0/h", "nan/h", "inf/h", "1e2/h"]
)
def test_a_token_s_limit_is_ascii_digits(cli: CommandLine, limit: str) -> None:
    assert cli("token", "create", "--user", "ann", "--limit", limit).code == 2


@pytest.mark.parametrize(
    "version", [f"1.{ARABIC_3}", f"{FULL_3}.0", f"1.{SUPER_2}", "1.0_0", "1.+0", "1.-0", "1. 0", "1.nan"]
)
def test_a_version_is_ascii_digits(version: str) -> None:
    assert version_number(version) is None


@pytest.mark.parametrize("grade", ODD)
def test_a_grade_is_ascii_digits(grade: str) -> None:
    with pytest.raises(UsageError):
        level_of(f"grade {grade}")


@pytest.mark.parametrize("number", ODD)
def test_a_cron_time_is_ascii_digits(number: str) -> None:
    for text in (
        f"{number} 5 * * 1",
        f"0 {number} * * 1",
        f"*/{number} * * * *",
        f"0-{number} 5 * * 1",
        f"0 5 * * {number}",
    ):
        with pytest.raises(UsageError):
            parse(text)


# ---------------------------------------------------------------- settings and files


NUMBERS = [
    "web.port",
    "web.requests_per_minute",
    "queue.lease_seconds",
    "tasks.keep_completed",
    "openai.max_cost",
    "sources.requests_per_second",
    "sources.page_max_age",
]


@pytest.mark.parametrize("number", ODD)
@pytest.mark.parametrize("key", NUMBERS)
def test_a_setting_that_is_a_number_is_ascii_digits(
    cli: CommandLine, home: Path, key: str, number: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert key in KEYS
    with pytest.raises(UsageError):
        parsed(key, number, "flag")
    assert cli("config", "set", key, number).code in (2, 78)
    monkeypatch.setenv(f"LESSONGEN_{key.upper().replace('.', '_')}", number)
    assert cli("tasks").code == 78


@pytest.mark.parametrize(
    "value", ["nan", "inf", "-inf", f'"{ARABIC_3}"', f'"{SUPER_2}"', '"1_0"', "1e400", "9" * 5_000]
)
def test_a_number_in_the_configuration_is_ascii_digits(cli: CommandLine, home: Path, value: str) -> None:
    (home / "config.toml").write_text(f"[web]\nport = {value}\n", encoding="utf-8")
    ended = cli("tasks")
    assert ended.code == 78


@pytest.mark.parametrize("number", [*ODD, "NaN", "Infinity", "9" * 5_000])
@pytest.mark.parametrize("field", ["minutes", "questions", "seed", "max_cost"])
@pytest.mark.parametrize("kind", ["csv", "jsonl", "yaml"])
def test_a_number_in_a_batch_is_ascii_digits(
    cli: CommandLine, tmp_path: Path, kind: str, field: str, number: str
) -> None:
    is_bare = re.fullmatch("NaN|Infinity|9+", number)
    said = number if is_bare else json.dumps(number)
    text = {
        "csv": f"subject,topic,{field}\nenglish,verbs,{number}\n",
        "jsonl": f'{{"subject": "english", "topic": "verbs", "{field}": {said}}}\n',
        "yaml": f"- subject: english\n  topic: verbs\n  {field}: {number}\n",
    }[kind]
    file = tmp_path / f"plan.{kind}"
    file.write_text(text, encoding="utf-8")
    assert cli("batch", "submit", str(file), "--no-start").code in (2, 65)


# ---------------------------------------------------------------- other servers, and authors


@pytest.mark.parametrize("text", [ARABIC_3, f"{ARABIC_3}s", SUPER_2, f"1m{FULL_3}s", "nan", "inf", "1_0"])
def test_a_pause_that_a_server_asks_for_is_ascii_digits(text: str) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    assert retry_after({"retry-after": text}, now) is None


def test_an_author_s_answer_that_is_no_number_is_no_fault_of_ours() -> None:
    found = re.match(r"(?P<number>12)(?P<first>3)?(?P<second>4)?", "12")
    assert found
    assert _primes(found, "9" * 5_000) is None
    assert _primes(found, "999999999999999989") is None
    assert _simplest(found, "3 : 0") is None
