"""Batch files: all formats say the same, and whatever is wrong is told with its line, its column and a remedy."""

from __future__ import annotations

import csv
import io
import json
import re
import tracemalloc
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessongen.lesson.task import LessonRequest, Priority
from lessongen.queue.batches import PlannedTask
from lessongen.queue.batchfile import BadRows, Defaults, Format, Problem, read_batch
from lessongen.queue.batchfile.plan import MOST_ROWS
from lessongen.queue.batchfile.problems import MOST_KEPT
from lessongen.queue.batchfile.text import LONGEST_CELL
from lessongen.queue.writer_choice import Writers
from lessongen.system.errors import DataError, ExitCode, UnsupportedLanguage, UsageError
from lessongen.writers import WRITERS
from lessongen.writers.templates import Templates
from tests.conftest import CommandLine

EXAMPLES = Path(__file__).parents[2] / "examples"
HEADER = "subject,topic\n"


def defaults(
    folder: Path = Path("/nowhere"),
    *,
    automatic: str = "extractive",
    priority: Priority = Priority.NORMAL,
    **values: Any,
) -> Defaults:
    """Those of a person who has configured nothing; `auto` means the `automatic` writer."""
    writers = Writers(
        automatic=automatic,
        languages={name: entry.languages for name, entry in WRITERS.items()},
        model_for=lambda name: name or "standard-model",
        templates=lambda: Templates(folder / "templates"),
    )
    usual = LessonRequest(subject="", topic="", **values)
    return Defaults(folder=folder, writers=writers, usual=usual, priority=priority)


def read(
    data: str | bytes, *, format: Format | None = None, name: str = "plan", given: Defaults | None = None
) -> Sequence[PlannedTask]:
    stream = io.BytesIO(data.encode() if isinstance(data, str) else data)
    return read_batch(stream, format=format, name=name, defaults=given or defaults())


def refused(
    data: str | bytes, *, format: Format | None = None, name: str = "plan", given: Defaults | None = None
) -> BadRows:
    with pytest.raises(BadRows) as error:
        read(data, format=format, name=name, given=given)
    assert error.value.problems
    assert all(problem.message for problem in error.value.problems)
    return error.value


def problems(data: str | bytes, *, format: Format | None = None, given: Defaults | None = None) -> list[Problem]:
    return list(refused(data, format=format, given=given).problems)


def only(data: str | bytes, *, format: Format | None = None, given: Defaults | None = None) -> Problem:
    found = problems(data, format=format, given=given)
    assert len(found) == 1, found
    assert found[0].hint
    return found[0]


def places(data: str | bytes, *, format: Format | None = None) -> list[tuple[int, str, int]]:
    return [(problem.line, problem.column, problem.number) for problem in problems(data, format=format)]


def topics(data: str | bytes, *, format: Format | None = None, name: str = "plan") -> list[str]:
    return [row.request.topic for row in read(data, format=format, name=name)]


# ---------------------------------------------------------------- what is taken

FULL = {
    "subject": "biology",
    "topic": "cells",
    "language": "en-GB",
    "level": "grade-7",
    "variant": "short",
    "minutes": "45",
    "questions": "6",
    "priority": "high",
    "wikipedia": "no",
    "images": "no",
    "source": "notes.txt|https://example.org/cells",
    "article": "Cell (biology)",
    "writer": "openai",
    "model": "small-model",
    "template": "default",
    "seed": "9223372036854775807",
    "max_cost": "0.05",
    "offline": "false",
    "key": "first",
}


def as_csv(row: dict[str, str]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([list(row), list(row.values())])
    return text.getvalue()


def as_jsonl(row: dict[str, str]) -> str:
    typed: dict[str, Any] = {
        **row,
        "minutes": 45,
        "wikipedia": False,
        "images": False,
        "max_cost": 0.05,
        "seed": int(row["seed"]),
    }
    return json.dumps({**typed, "source": row["source"].split("|")}) + "\n"


def as_yaml(row: dict[str, str]) -> str:
    lines = [f"  {column}: {value}" for column, value in row.items() if column != "source"]
    return "\n".join(["-", *lines, "  source:", *(f"    - {each}" for each in row["source"].split("|"))])


@pytest.mark.parametrize("write", [as_csv, as_jsonl, as_yaml])
def test_every_option_of_create_is_a_column_in_every_format(
    write: Callable[[dict[str, str]], str], tmp_path: Path
) -> None:
    (tmp_path / "notes.txt").write_text("Cells.")
    row = read(write(FULL), given=defaults(tmp_path))[0]
    assert row.priority is Priority.HIGH
    assert row.request == LessonRequest(
        subject="biology",
        topic="cells",
        language="en",
        level="grade-7",
        variant="short",
        minutes=45,
        questions=6,
        wikipedia=False,
        images=False,
        sources=(str(tmp_path / "notes.txt"), "https://example.org/cells"),
        article="Cell (biology)",
        writer="openai",
        model="small-model",
        template="default",
        seed=2**63 - 1,
        max_cost=0.05,
        offline=False,
    )


@pytest.mark.parametrize(
    "data",
    [
        b"subject,topic\na,b\nc,d\n",
        b"subject;topic\na;b\nc;d",
        b"subject\ttopic\na\tb\nc\td\n",
        b"\xef\xbb\xbfSubject,TOPIC\r\na,b\r\nc,d\r\n",
        b"subject,topic\ra,b\rc,d\r",
        b'"subject", "topic"\n"a", "b"\n\n , \nc,d,,\n',
        b"sep=;\r\nsubject;topic\r\na;b\r\nc;d\r\n",
        "subject,topic\na,b\nc,d\n".encode("utf-16"),
        "\ufeffsubject\ttopic\r\na\tb\r\nc\td\r\n".encode("utf-16-be"),
        b'{"subject":"a","topic":"b"}\n\n{"Subject":"c","topic":"d","level":null,"key":" "}',
        b"- {subject: a, topic: b}\n- {subject: c, topic: d, level: ~, key: ''}\n",
        b"# two\nlessons:\n- subject: a\n  topic: b\n- {subject: c, topic: d}\n",
        b'[{"subject": "a", "topic": "b"}, {"subject": "c", "topic": "d"}]',
    ],
)
def test_what_says_the_same_is_read_the_same_whatever_wrote_it(data: bytes) -> None:
    rows = read(data)
    assert [(row.request.subject, row.request.topic) for row in rows] == [("a", "b"), ("c", "d")]


def test_a_files_suffix_decides_before_its_beginning_and_a_format_before_both() -> None:
    yaml = "- {subject: a, topic: b}\n"
    assert topics(yaml, name="plan.yml") == topics(yaml, name="plan.csv", format="yaml") == ["b"]
    assert problems_named(yaml, "plan.csv")[0].hint == "It looks like YAML: --format yaml"
    assert (
        problems_named('{"subject": "a", "topic": "b"}\n', "plan.csv")[0].hint
        == "It looks like JSON Lines: --format jsonl"
    )


def problems_named(data: str, name: str) -> Sequence[Problem]:
    return refused(data, name=name).problems


def test_header_names_are_words_in_any_case() -> None:
    row = read("SUBJECT,Topic, Max Cost ,WRITER\na,b,0.5,OpenAI\n")[0]
    assert (row.request.max_cost, row.request.writer) == (0.5, "openai")


@given(
    st.lists(
        st.text(st.characters(categories=("L", "N", "P", "Sm", "Zs"), max_codepoint=0x2FF), min_size=1, max_size=30)
        .map(str.strip)
        .filter(lambda text: any(map(str.isalnum, text)) and not any(each.isspace() and each != " " for each in text)),
        min_size=1,
        max_size=8,
    ),
    st.sampled_from(",;\t"),
    st.sampled_from(["\n", "\r\n"]),
)
def test_what_the_csv_module_writes_comes_back(names: list[str], delimiter: str, end: str) -> None:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator=end)
    writer.writerow(["topic", "subject"])
    writer.writerows([name, f"s{number}"] for number, name in enumerate(names))
    assert topics(text.getvalue(), format="csv") == names


# ---------------------------------------------------------------- defaults


def test_a_row_takes_the_defaults_where_it_says_nothing_and_its_own_where_it_does() -> None:
    given = defaults(level="grade-9", minutes=60, wikipedia=False, priority=Priority.LOW)
    rows = read("subject,topic,level,minutes,priority\na,b,,,\na,c,grade-7,20,high\n", given=given)
    assert [(row.request.level, row.request.minutes, row.priority) for row in rows] == [
        ("grade-9", 60, Priority.LOW),
        ("grade-7", 20, Priority.HIGH),
    ]
    assert not any(row.request.wikipedia for row in rows)


def test_defaults_in_yaml_go_before_those_of_the_batch_and_behind_the_rows() -> None:
    rows = read(
        "defaults: {subject: biology, level: grade-7, priority: low}\n"
        "lessons:\n- topic: cells\n- {topic: heart, level: grade-8, subject: medicine}\n",
        given=defaults(level="grade-12", minutes=30),
    )
    assert [(row.request.subject, row.request.level, row.request.minutes) for row in rows] == [
        ("biology", "grade-7", 30),
        ("medicine", "grade-8", 30),
    ]
    assert {row.priority for row in rows} == {Priority.LOW}


def test_a_mistake_in_the_defaults_is_told_once_and_where_it_is() -> None:
    data = "defaults:\n  minutes: 3\n  source: gone.txt\n  key: x\nlessons:\n" + "- {subject: a, topic: T%d}\n" * 9
    assert places(data % tuple(range(9))) == [(2, "minutes", 12), (3, "source", 11), (4, "key", 8)]


def test_what_yaml_merges_counts_less_than_what_the_row_says() -> None:
    data = (
        "x-base: &base {level: grade-7, minutes: 30}\nx-long: &long {<<: *base, minutes: 90, questions: 9}\n"
        "lessons:\n- {<<: *base, subject: a, topic: b}\n- {<<: [*long, *base], subject: a, topic: c, questions: 5}\n"
    )
    found = [(row.request.level, row.request.minutes, row.request.questions) for row in read(data)]
    assert found == [("grade-7", 30, None), ("grade-7", 90, 5)]


def test_auto_becomes_the_writer_that_is_meant_with_its_model() -> None:
    data = "subject,topic,writer,model\na,b,,\na,c,auto,other\na,d,extractive,\n"
    given = defaults(automatic="openai", model="batch-model", max_cost=0.5)
    assert [
        (row.request.writer, row.request.model, row.request.template, row.request.max_cost)
        for row in read(data, given=given)
    ] == [
        ("openai", "batch-model", "default", 0.5),
        ("openai", "other", "default", 0.5),
        ("extractive", None, None, None),
    ]


def test_a_model_for_a_writer_that_has_none_is_told_where_it_was_asked_for() -> None:
    assert only("subject,topic,model\na,b,m\n").column == "model"
    assert only("subject,topic,writer,template\na,b,extractive,default\n").column == "template"
    with pytest.raises(UsageError, match="model"):
        read(HEADER + "a,b\n", given=defaults(model="m"))


def test_a_language_that_nobody_writes_is_told_where_it_was_asked_for() -> None:
    assert only("subject,topic,language\na,b,de\n").column == "language"
    with pytest.raises(UnsupportedLanguage):
        read(HEADER + "a,b\n", given=defaults(language="de"))


# ---------------------------------------------------------------- values

BAD_VALUES = [
    ("topic", "ver\u200bbs"),
    ("topic", "x" * 201),
    ("topic", "-"),
    ("subject", "\u3164"),
    ("article", "?!"),
    ("language", "english"),
    ("level", "\u202egrade-7"),
    ("variant", "***"),
    ("writer", "shakespeare"),
    ("max_cost", "cheap"),
    ("max_cost", "-1"),
    ("priority", "urgent"),
    ("source", "ftp://example.org/x"),
    ("source", "http://user:secret@example.org/"),
    ("source", "no-such-file.txt"),
]


@pytest.mark.parametrize(("column", "value"), BAD_VALUES)
def test_a_bad_value_is_told_in_the_words_of_create(column: str, value: str, cli: CommandLine) -> None:
    row = {"subject": "english", "topic": "verbs", column: value}
    words = [row.pop("subject"), row.pop("topic")]
    options = [f"--{name.replace('_', '-')}={each}" for name, each in row.items()]
    error = cli("create", "--no-start", "--json", *options, "--", *words).error()
    problem = only(as_csv({"subject": words[0], "topic": words[1], **row}), given=defaults(Path.cwd()))
    assert (problem.line, problem.column) == (2, column)
    assert problem.message == re.sub(r"--([a-z-]+)", lambda found: found[1].replace("-", "_"), error["message"])


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("minutes", "4"),
        ("minutes", "241"),
        ("minutes", "45.5"),
        ("minutes", "٤٥"),
        ("minutes", "9" * 5_000),
        ("questions", "four"),
        ("questions", "13"),
        ("seed", "-1"),
        ("seed", str(2**63)),
        ("max_cost", "1e400"),
        ("max_cost", "nan"),
        ("wikipedia", "perhaps"),
        ("offline", "2"),
        ("template", "no-such"),
        ("source", "-"),
        ("source", "a\0b".replace("\0", "\x07")),
        ("key", "a\u200bb"),
        ("key", "k" * 201),
    ],
)
def test_a_value_out_of_bounds_is_told_in_every_format(column: str, value: str) -> None:
    row = {"subject": "a", "topic": "b", "writer": "openai", column: value}
    flow = "\n".join(f"  {name}: {json.dumps(each, ensure_ascii=True)}" for name, each in row.items())
    for data in (as_csv(row), json.dumps(row), f"-\n{flow}\n"):
        assert only(data).column == column


def test_an_address_of_an_offline_lesson_is_refused() -> None:
    data = "subject,topic,source,offline\na,b,https://example.org/,yes\na,c,https://example.org/,no\n"
    assert (only(data).line, only(data).column) == (2, "source")


def test_a_source_is_taken_from_the_files_folder_and_a_missing_one_is_told_with_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "cells.txt").write_text("Cells.")
    given = defaults(tmp_path)
    data = "subject,topic,source\na,b,notes/cells.txt|notes\n"
    assert read(data, given=given)[0].request.sources == (
        str(tmp_path / "notes" / "cells.txt"),
        str(tmp_path / "notes"),
    )
    problem = only("subject,topic,source\na,b,notes/cell.txt\n", given=given)
    assert problem.hint == "Did you mean cells.txt?"


def test_three_bad_rows_of_a_thousand_are_three_problems_with_line_and_column() -> None:
    lines = [f"english,Topic {number},45,Key {number}" for number in range(1_000)]
    lines[99] = "english,Topic 99,4,k"
    lines[499] = ",Topic 499,45,l"
    lines[998] = "english,Topic 998,45,Key 3"
    error = refused("subject,topic,minutes,key\n" + "\n".join(lines), name="plan.csv")
    assert [(problem.line, problem.column, problem.number) for problem in error.problems] == [
        (101, "minutes", 3),
        (501, "subject", 1),
        (1_000, "key", 4),
    ]
    assert error.problems[0].text("plan.csv").startswith("plan.csv:101: column 3, minutes: ")
    assert all(problem.hint for problem in error.problems)
    assert (error.exit_code, error.code, error.message) == (
        ExitCode.DATA,
        "bad_rows",
        "plan.csv has 3 problems, in 3 lines.",
    )
    shown = error.as_json()["problems"]
    assert [each["line"] for each in shown] == [101, 501, 1_000]


def test_each_problem_of_a_row_is_told() -> None:
    assert places("subject,topic,minutes,questions,priority\na,,3,99,soon\n") == [
        (2, "topic", 2),
        (2, "minutes", 3),
        (2, "questions", 4),
        (2, "priority", 5),
    ]


# ---------------------------------------------------------------- CSV


@pytest.mark.parametrize("data", [b"", b"\n \n\n", b"\xef\xbb\xbf", b"\xff\xfe"])
@pytest.mark.parametrize("format", [None, "csv", "jsonl", "yaml"])
def test_an_empty_file_is_said_to_be_empty(data: bytes, format: Format | None) -> None:
    assert only(data, format=format).message == "The file is empty."


@pytest.mark.parametrize("data", ["subject,topic\n", "subject,topic\n,\n\n", "lessons:\n", "lessons: []\n", "[]"])
def test_a_file_without_a_row_names_no_lesson(data: str) -> None:
    assert only(data).message == "The file names no lesson."


def test_an_unknown_column_is_told_with_the_nearest_one() -> None:
    problem = only("subject,topic,minuts\na,b,45\n")
    assert (problem.line, problem.column, problem.number) == (1, "minuts", 3)
    assert problem.hint == "Did you mean minutes?"
    assert "--user" in cast(str, only("subject,topic,user\na,b,ann\n").hint)


def test_a_header_must_name_subject_and_topic_and_each_column_once() -> None:
    assert only("subject,level\na,b\n").line == 1
    assert "no column topic" in only("english,verbs\nenglish,nouns\n", format="csv").message
    assert places("subject,topic,Topic\na,b,c\n") == [(1, "topic", 3)]
    assert places("subject,topic,\na,b,\na,c,d\n") == [(3, "", 3)]


def test_a_row_with_more_cells_than_the_header_is_told() -> None:
    assert places("subject,topic\na,b,c\nd,e,,\n") == [(2, "", 3)]


def test_a_quoted_cell_may_go_over_lines_and_the_lines_after_it_are_counted_right() -> None:
    data = 'subject,topic,article\na,b,"two\r\nlines"\r\nc,,x\r\n"d",e,"a ""b"" c"\r\nf,,y\r\n'
    assert places(data) == [(2, "article", 3), (4, "topic", 2), (6, "topic", 2)]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ('a,"b\nc,d\ne,f\n,z\n', [(2, "topic", 2), (5, "subject", 1)]),
        ('a,b\n"c,d\n', [(3, "subject", 1)]),
        ('a,"b""\n', [(2, "topic", 2)]),
        ('a,"b"c\nd,e\n', [(2, "topic", 2)]),
        ('a,"x\ny",b\nc,"d\ne,f\n', [(2, "topic", 2), (2, "", 3), (4, "topic", 2)]),
        ('a,"b\nc,"d"\n,f\n', [(2, "topic", 2), (4, "subject", 1)]),
    ],
)
def test_a_broken_quote_is_told_where_it_opens_and_the_rows_after_it_are_read(
    data: str, expected: list[tuple[int, str, int]]
) -> None:
    assert places(HEADER + data) == expected


def test_a_cell_of_ten_megabytes_is_told_and_the_rest_is_read() -> None:
    before = csv.field_size_limit()
    ten = "x" * 10_000_000
    assert places(f"{HEADER}a,{ten}\n,c\n") == [(2, "topic", 2), (3, "subject", 1)]
    assert places(f'{HEADER}a,"{ten}"\n,c\n') == [(2, "topic", 2), (3, "subject", 1)]
    over_lines = "line\n" * 2_000_000
    assert places(f'{HEADER}a,"{over_lines}"\n,c\n') == [(2, "topic", 2), (2_000_003, "subject", 1)]
    assert places(f'{HEADER}a,"{over_lines}\n,c\n') == [(2, "topic", 2)]
    assert places(f"{HEADER}a,{'x' * (LONGEST_CELL + 1)}\n,c\n") == [(2, "topic", 2), (3, "subject", 1)]
    assert csv.field_size_limit() == before


def test_a_cell_longer_than_the_csv_modules_own_limit_is_no_trouble() -> None:
    problem = only(f"{HEADER}a,{'x' * 200_000}\n")
    assert "too long: 200,000 characters" in problem.message


class Endless(io.RawIOBase):
    """A stream that gives a beginning, so many bytes without an end of a line, and an end; nothing of it is kept."""

    def __init__(self, beginning: bytes, size: int, end: bytes) -> None:
        self._parts = [beginning, *[b"x" * 262_144] * (size // 262_144), end]

    def read(self, size: int = -1) -> bytes:
        return self._parts.pop(0) if self._parts else b""


@pytest.mark.parametrize(
    ("format", "beginning", "end", "expected"),
    [
        ("csv", b"subject,topic\na,", b"\n,c\n", [(2, "topic", 2), (3, "subject", 1)]),
        ("csv", b'subject,topic\na,"', b'"\r\n,c\n', [(2, "topic", 2), (3, "subject", 1)]),
        ("csv", b"subject,", b"\na,b\n", [(1, "", 0)]),
        ("jsonl", b'{"subject":"', b'"}\n{"topic":"b"}\n', [(1, "", 0), (2, "subject", 0)]),
        ("yaml", b"- topic: ", b"\n", [(1, "", 0)]),
    ],
)
def test_a_line_of_a_hundred_megabytes_takes_no_such_memory(
    format: Format, beginning: bytes, end: bytes, expected: list[tuple[int, str, int]]
) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(BadRows) as error:
            read_batch(
                Endless(beginning, 100_000_000, end),  # type: ignore[arg-type]  # it is read, and nothing else
                format=format,
                name="plan",
                defaults=defaults(),
            )
        assert tracemalloc.get_traced_memory()[1] < 60_000_000
    finally:
        tracemalloc.stop()
    assert [(each.line, each.column, each.number) for each in error.value.problems] == expected


def test_another_encoding_is_told_with_the_lines_that_show_it() -> None:
    data = "subject,topic\na,café\nb,c\nd,naïve\n".encode("latin-1")
    found = problems(data)
    assert [problem.line for problem in found] == [2, 4]
    assert "0xE9 at character 6" in found[0].message
    assert "UTF-8" in cast(str, found[0].hint)
    assert only('{"subject":"a","topic":"café"}\n'.encode("latin-1")).line == 1
    assert only("- subject: a\n  topic: café\n".encode("latin-1")).line == 2
    assert "UTF-16" in only("subject,topic\na,b\n".encode("utf-16-le")).message


def test_nul_and_files_that_are_no_text_are_told() -> None:
    assert only(b"subject,topic\na,b\nc,d\0e\n").line == 3
    assert "spreadsheet" in only(b"PK\x03\x04" + bytes(100)).message


def test_a_stream_that_breaks_is_an_error_of_its_own() -> None:
    class Broken(io.RawIOBase):
        def read(self, size: int = -1) -> bytes:
            raise OSError(5, "Input/output error")

    with pytest.raises(DataError, match=r"plan\.csv can't be read: Input/output error"):
        read_batch(Broken(), format=None, name="plan.csv", defaults=defaults())  # type: ignore[arg-type]


# ---------------------------------------------------------------- JSON Lines


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("[1]", ""),
        ('"text"', ""),
        ("null", ""),
        ("{bad}", ""),
        ('{"subject":"a","topic":"x"', ""),
        ('{"subject":"a","topic":"x"} {}', ""),
        ('{"subject":"a","topic":"x","topic":"y"}', "topic"),
        ('{"subject":"a","topic":"x","max cost":1,"max_cost":2}', "max_cost"),
        ('{"subject":"a","topic":"x","minutes":NaN}', ""),
        ('{"subject":"a","topic":"x","max_cost":-Infinity}', ""),
        ('{"subject":"a","topic":["x"]}', "topic"),
        ('{"subject":"a","topic":{"x":1}}', "topic"),
        ('{"subject":"a","topic":true}', "topic"),
        ('{"subject":"a","topic":"\\ud800"}', "topic"),
        ('{"subject":"a","topic":"x","after":[1,null]}', "after"),
        ('{"subject":"a","topic":"x","wikipedia":[true]}', "wikipedia"),
        ('{"subject":"a","topic":"x","seed":' + "9" * 100_000 + "}", "seed"),
        ('{"subject":"a","topic":"x","colour":1}', "colour"),
        ("[" * 200_000, ""),
        ('{"a":' * 200_000, ""),
        ('{"subject":"a"}', "topic"),
    ],
)
def test_a_line_that_is_no_row_is_told_and_the_others_are_read(line: str, column: str) -> None:
    good = '{"subject":"a","topic":"%s"}\n'
    found = problems(good % "one" + line + "\n" + good % "two" + '{"subject":"b"}\n', format="jsonl")
    assert [(problem.line, problem.column) for problem in found] == [(2, column), (4, "topic")]
    assert found[0].hint


def test_a_problem_in_json_names_the_character_of_the_member() -> None:
    line = '{"subject": "a", "topic": "b", "Minutes": 3}'
    problem = only(line)
    assert line[problem.number - 1 :].startswith('"Minutes"')


# ---------------------------------------------------------------- YAML


@pytest.mark.parametrize(
    ("data", "line", "says"),
    [
        ("- subject: a\n  topic: !!python/object/apply:os.system ['touch x']\n", 2, "tag"),
        ("- !!python/name:os.system {subject: a, topic: b}\n", 1, "tag"),
        ("- {subject: a, topic: !!binary aGk=}\n", 1, "tag"),
        ("- !lesson {subject: a, topic: b}\n", 1, "tag"),
        ("- {subject: a, topic: b}\n---\n- {subject: a, topic: c}\n", 2, "several documents"),
        ("lessons:\n- subject: a\n\ttopic: b\n", 3, "tab"),
        ("- {subject: a, topic: b\n", 2, "YAML"),
        ("- subject: a\n topic: b\n", 2, "YAML"),
        ("- subject: a\n  topic: b\x08\n", 2, "control character"),
        ("- {subject: a, topic: *gone}\n", 1, "no anchor"),
        ("- &self [*self]\n", 1, "no anchor"),
        ("- &self {subject: *self, topic: b}\n", 1, "no anchor"),
        ("[" * 50_000, 1, "nest"),  # "nested too deeply" by us, "nesting depth" by PyYAML from 6.0.4 on
        ("lessons: " + "{a: " * 5_000, 1, "nested"),
        ("- {? [a] : b}\n", 1, "name is no text"),
        ("lessons: {subject: a, topic: b}\n", 1, "no list"),
        ("--- text\n", 1, "neither"),
        ("defaults: {level: x}\n", 1, "no list of lessons"),
        ("- {subject: a, topic: b, topic: c}\n", 1, "twice"),
        ("- {subject: a, topic: b, <<: 3}\n", 1, "merged"),
        ("- {subject: a, topic: b, minutes: [45]}\n", 1, "a list"),
        ("- {subject: a, topic: b, source: {path: x}}\n", 1, "a mapping"),
        ("- {subject: a, topic: b}\n- text\n", 2, "no mapping"),
        ("lessons: [{subject: a, topic: b}]\nlesson: []\n", 2, "at the top"),
        ("defaults: 3\nlessons: [{subject: a, topic: b}]\n", 1, "no mapping"),
    ],
)
def test_what_yaml_should_not_hold_is_told_with_its_line(data: str, line: int, says: str) -> None:
    problem = only(data, format="yaml")
    assert problem.line == line
    assert says in problem.message


@pytest.mark.parametrize("step", ["[{}]", "{{<<: [{}]}}", "{{a: [{}]}}"])
def test_a_bomb_of_anchors_is_refused(step: str) -> None:
    lines = ["x-a: &a {level: grade-7}"]
    for before, after in zip("abcdefghijk", "bcdefghijkl", strict=True):
        lines.append(f"x-{after}: &{after} {step.format(', '.join([f'*{before}'] * 9))}")
    problem = only("\n".join([*lines, "lessons: [{subject: a, topic: b}]"]))
    assert "anchors" in problem.message


def test_yaml_is_taken_up_to_five_thousand_rows() -> None:
    row = "- {{subject: a, topic: T{}}}\n"
    text = "".join(row.format(number) for number in range(5_000))
    assert len(read(text)) == 5_000
    problem = only(text + row.format("x"))
    assert (problem.line, "5,000" in problem.message) == (5_001, True)
    assert "JSON Lines" in cast(str, problem.hint)


def test_yaml_makes_no_truth_of_the_words_yes_and_no() -> None:
    row = read("- {subject: NO, topic: 012, variant: yes, wikipedia: no, key: 1e3}\n")[0].request
    assert (row.subject, row.topic, row.variant, row.wikipedia) == ("NO", "012", "yes", False)


# ---------------------------------------------------------------- rows among others


def after(data: str) -> list[Sequence[int]]:
    return [tuple(row.after) for row in read(data)]


def test_a_row_comes_after_others_by_their_keys_or_their_topics() -> None:
    data = (
        "subject,topic,key,after\nart,line,k1,\nart,colour,,k1\nmusic,line,,Colour\n"
        'art,"form, and space",,music/line | K1\nart,x,,"k1, colour"\nart,y,,"form, and space"\n'
        'art,z,,"k1,k1|line-up"\nart,line-up,,\n'
    )
    assert after(data) == [(), (0,), (1,), (2, 0), (0, 1), (3,), (0, 7), ()]


def test_lists_name_rows_as_they_are() -> None:
    data = '{"subject":"a","topic":"b, c"}\n{"subject":"a","topic":"d","after":["b, c"]}\n'
    assert after(data) == [(), (0,)]
    assert after("- {subject: a, topic: b}\n- {subject: a, topic: c, after: [b]}\n") == [(), (0,)]


@pytest.mark.parametrize(
    ("rows", "line", "says"),
    [
        ("a,one,,two\n", 2, "no row “two”"),
        ("a,one,k,K\n", 2, "after itself"),
        ("a,one,,a/one\n", 2, "after itself"),
        ("a,one,,\nb,one,,\na,two,,one\n", 4, "lines 2, 3"),
        ("a,one,x,\na,two,X,\n", 3, "that of line 2"),
    ],
)
def test_a_row_that_can_not_be_meant_is_told(rows: str, line: int, says: str) -> None:
    problem = only("subject,topic,key,after\n" + rows)
    assert problem.line == line
    assert says in problem.message


def test_an_unknown_row_is_told_with_the_nearest() -> None:
    assert only("subject,topic,after\na,verbs,\na,x,verb\n").hint == "Did you mean verbs?"


def test_each_circle_is_printed_once() -> None:
    data = (
        "subject,topic,key,after\na,one,k1,k3\na,two,k2,k1\na,three,k3,k2\na,four,,three\n"
        "a,five,k5,k6\na,six,k6,k5\na,seven,,\n"
    )
    found = problems(data)
    assert [(problem.line, problem.column) for problem in found] == [(2, "after"), (6, "after")]
    assert "k1 → k3 → k2 → k1" in found[0].message
    assert "k5 → k6 → k5" in found[1].message


def test_a_circle_of_fifty_thousand_rows_is_found_and_shown_in_short() -> None:
    rows = "".join(f"a,T{number},T{(number + 1) % 50_000}\n" for number in range(50_000))
    problem = only("subject,topic,after\n" + rows)
    assert problem.line == 2
    assert len(problem.message) < 500


def test_the_same_lesson_twice_is_told_with_the_line_of_the_first() -> None:
    data = "subject,topic,level\nEnglish,verbs,\nenglish,nouns,\nENGLISH,  Verbs ,General\nenglish,verbs,grade-7\n"
    problem = only(data)
    assert (problem.line, problem.column) == (4, "topic")
    assert "Line 2" in problem.message


def test_rows_that_are_bad_in_their_names_are_not_taken_for_each_other() -> None:
    assert places("subject,topic,level\na,b,-\na,b,?\n,c,\n,c,\n") == [
        (2, "level", 3),
        (3, "level", 3),
        (4, "subject", 1),
        (5, "subject", 1),
    ]


# ---------------------------------------------------------------- a great many


def test_of_a_great_many_problems_the_first_are_kept_and_all_are_counted() -> None:
    error = refused(HEADER + ",b\n" * 20_000)
    assert (len(error.problems), error.count) == (MOST_KEPT, 20_000)
    assert "20,000 problems" in error.message
    assert len(error.as_json()["problems"]) < MOST_KEPT


def test_a_file_in_which_everything_is_wrong_is_not_read_to_its_end() -> None:
    error = refused(HEADER + ",b\n" * 300_000)
    assert error.count < 200_000
    assert MOST_ROWS > error.count


def test_a_great_many_names_that_nobody_has_are_told_without_a_long_search(tmp_path: Path) -> None:
    for number in range(300):
        (tmp_path / f"notes-{number}.txt").touch()
    rows = "".join(f"a,T{number},note-{number}.txt,U{number}\n" for number in range(5_000))
    error = refused("subject,topic,source,after\n" + rows, given=defaults(tmp_path))
    assert error.count == 10_000
    assert error.problems[0].hint == "Did you mean notes-0.txt?"


SIGNS = st.sampled_from(
    [*'",;\t\r\n|{}[]:-&*!#<>?\\\0\ufeff\x85é', "subject", "topic", "after", "a", "b", "lessons:", " "]
)


@given(st.lists(SIGNS, max_size=40).map("".join), st.sampled_from(["csv", "jsonl", "yaml"]), st.booleans())
def test_whatever_a_file_holds_it_is_read_or_refused(text: str, format: Format, begins_well: bool) -> None:
    beginning = {"csv": "subject,topic,after\n", "jsonl": '{"subject":"a",', "yaml": "lessons:\n- "}
    stream = io.BytesIO(((beginning[format] if begins_well else "") + text).encode())
    found: Sequence[Problem] = ()
    rows: Sequence[PlannedTask] = ()
    try:
        rows = read_batch(stream, format=format, name="plan", defaults=defaults())
    except BadRows as error:
        found = error.problems
    assert rows or found
    assert all(problem.line >= 1 and problem.text("plan") for problem in found)


@given(st.binary(max_size=200))
def test_whatever_bytes_a_file_holds_it_is_read_or_refused(data: bytes) -> None:
    with pytest.raises(BadRows):
        read(HEADER.encode() + b",\n" + data + b"\n,bad\n")
    for format in ("csv", "jsonl", "yaml"):
        with pytest.raises(BadRows):
            read(data, format=format)


# ---------------------------------------------------------------- the examples


def example(name: str) -> Sequence[PlannedTask]:
    with (EXAMPLES / name).open("rb") as stream:
        return read_batch(stream, format=None, name=name, defaults=defaults(EXAMPLES))


def test_the_example_curriculum_has_forty_lessons_and_what_they_build_on() -> None:
    rows = example("curriculum.csv")
    assert len(rows) == 40
    assert len({row.request.subject for row in rows}) >= 8
    assert sum(bool(row.after) for row in rows) >= 20


def test_the_example_with_defaults_says_things_once() -> None:
    rows = example("curriculum.yaml")
    assert {row.request.subject for row in rows} == {"biology"}
    assert {row.request.minutes for row in rows} == {45, 60}


@pytest.mark.timeout(300)  # forty lessons
@pytest.mark.parametrize("name", ["curriculum.csv", "curriculum.yaml"])
def test_each_lesson_of_the_examples_is_made_from_the_offline_encyclopedia(name: str, cli: CommandLine) -> None:
    assert cli("batch", "submit", "--no-start", str(EXAMPLES / name)).code == 0
    assert cli("worker", "--drain").code == 0
    ended = cli("tasks", "--json", "--limit", "100").json()
    statuses = [task["status"] for task in ended["tasks"]]
    assert statuses == ["completed"] * len(example(name))


def test_a_variant_comes_after_the_core_lesson_of_the_batch_wherever_that_stands() -> None:
    data = (
        "subject,topic,level,variant,key,after\n"
        "art,line,,support,s,\nart,Line,,core,c,\nart,line,grade-3,extend,x,\nart,line,,extend,e,c\n"
    )
    assert after(data) == [(1,), (), (), (1,)]


def test_a_core_that_comes_after_its_variant_keeps_its_order() -> None:
    data = "subject,topic,variant,key,after\nart,line,support,s,\nart,line,core,c,s\n"
    assert after(data) == [(), (0,)]
