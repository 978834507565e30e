"""Names: what can be seen and typed is taken, what can't is refused, and one rule holds for all of them."""

from __future__ import annotations

import pytest

from lessongen.system.errors import UsageError
from lessongen.system.names import base_language, require_name
from tests.conftest import CommandLine, made

FINE = {
    "digits": "2001",
    "one digit": "4",
    "punctuation": "C++ & C#, or: what's next?",
    "Persian with its non-joiner": "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
    "Hindi with a joiner": "क्\u200dष",
    "a family beside a word": "family 👩\u200d👩\u200d👧",
    "a heart between two": "love 👩\u200d❤\ufe0f\u200d👨",
    "a flag of a region": "Scotland 🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
    "right to left": "שלום",
}
REFUSED = {
    "override": "abc\u202edef",
    "isolate": "a\u2066b\u2069",
    "mark": "a\u200fb",
    "zero-width space": "ver\u200bbs",
    "byte order mark": "\ufeffverbs",
    "soft hyphen": "ver\u00adbs",
    "not a character": "verbs\ufffe",
    "another plane's last": "verbs\U0001ffff",
    "line separator": "a\u2028b",
    "escape": "a\x1b[31m",
    "C1": "a\x9b31m",
    "filler": "a\u3164b",
    "joiner at the end": "verbs\u200d",
    "joiner beside a space": "a \u200db",
    "two joiners": "a\u200d\u200db",
    "hidden tag": "verbs\U000e0041",
    "surrogate": "ver\udcffbs",
    "empty": "",
    "blank": " \u00a0 ",
    "dash": "-",
    "quote": '"',
    "symbol": "\u2400",
}


@pytest.mark.parametrize("text", FINE.values(), ids=FINE.keys())
def test_a_name_that_can_be_read_and_typed_is_taken(text: str) -> None:
    require_name("topic", text)


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED.keys())
def test_a_name_that_hides_something_or_says_nothing_is_refused(text: str) -> None:
    with pytest.raises(UsageError) as refused:
        require_name("topic", text)
    assert refused.value.hint


@pytest.mark.parametrize("text", ["abc\u202edef", "ver\u200bbs", "\ufeffverbs", "x\ufffe", "-"])
def test_one_rule_holds_wherever_a_name_is_given(cli: CommandLine, text: str) -> None:
    made(cli)
    for option in ("--level", "--variant", "--user", "--article"):
        ended = cli("create", "--no-start", f"{option}={text}", "english", "verbs", "--json")
        assert (ended.code, ended.error()["code"]) == (2, "usage"), option
    for words in ((text, "verbs"), ("english", text)):
        assert cli("create", "--no-start", "--", *words).code == 2
    for option in ("--to-subject", "--to-topic", "--to-level", "--to-variant"):
        assert cli("lessons", "rename", "english", "verbs", f"{option}={text}", "--yes").code == 2, option
    assert cli("show", "english", "verbs").code == 0


def test_emoji_that_are_joined_are_taken_wherever_a_name_is_given(cli: CommandLine) -> None:
    name = "year 7 👩\u200d👧"

    answer = cli("create", "--no-start", "english", "verbs", "--json", f"--variant={name}", f"--user={name}").json()

    assert answer["variant"] == name
    assert cli("tasks", "--user", name, "--json").json()["total"] == 1


@pytest.mark.parametrize("text", ["EN", "en-GB", "en_us", " en ", "en-Latn-GB"])
def test_a_language_is_told_by_its_base(cli: CommandLine, text: str) -> None:
    assert base_language(text) == "en"
    assert cli("create", "--no-start", "english", "verbs", "--language", text, "--json").json()["language"] == "en"


@pytest.mark.parametrize("text", ["", "english please", "e", "12", "xx!", "-", "ëñ"])
def test_what_is_no_code_of_a_language_is_refused_at_once(cli: CommandLine, text: str) -> None:
    ended = cli("create", "--no-start", "english", "verbs", f"--language={text}", "--json")

    assert (ended.code, "--language" in ended.error()["message"]) == (2, True)


def test_a_language_without_rules_is_refused_before_there_is_a_task(cli: CommandLine) -> None:
    from lessongen.writers import WRITERS
    from lessongen.writers.extractive import ExtractiveWriter

    ended = cli("create", "--no-start", "english", "verbs", "--language", "sv", "--json")

    assert (ended.code, ended.error()["code"]) == (65, "unsupported_language")
    assert cli("tasks", "--json").json()["total"] == 0
    assert WRITERS["extractive"].languages == ExtractiveWriter.languages
