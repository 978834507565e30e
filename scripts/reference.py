"""What the documentation prints from the code: called by cog, so that the two can't disagree."""

from __future__ import annotations

import contextlib
import io
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from lessongen.cli import main
from lessongen.commands.tree import COMMANDS, Entry

_REPOSITORY = Path(__file__).parent.parent


def exit_codes() -> str:
    """A table of all exit codes."""
    from lessongen.system.errors import ExitCode

    rows = [f"| {code.value} | {code.meaning} |" for code in ExitCode]
    return "\n".join(["| code | meaning |", "|---|---|", *rows])


def settings() -> str:
    """A table of all settings."""
    from lessongen.system.settings import KEYS

    rows = [
        f"| `{key.name}` | `{key.variable}` | {f'`{key.default}`' if key.default else '–'} | {key.about} |"  # noqa: RUF001
        for key in KEYS.values()
    ]
    return "\n".join(["| setting | environment | default | what |", "|---|---|---|---|", *rows])


def commands() -> str:
    """The help text of each command."""
    return "\n\n".join(f"## `lessongen {name}`\n\n```text\n{_help(name)}\n```" for name in _names(COMMANDS, ""))


def checks() -> str:
    """A table of the quality gate's rules."""
    from lessongen.check.gate import RULES

    rows = [f"| `{code}` | {(rule.__doc__ or '').splitlines()[0]} |" for code, rule in RULES.items()]
    return "\n".join([f"{len(RULES)} rules.", "", "| code | rule |", "|---|---|", *rows])


def warnings() -> str:
    """A table of the rules that only warn."""
    from lessongen.check.figures import WARNINGS

    rows = [f"| `{code}` | {(rule.__doc__ or '').splitlines()[0]} |" for code, rule in WARNINGS.items()]
    return "\n".join(["| code | rule |", "|---|---|", *rows])


def quality() -> str:
    """The figures that `bench.quality` wrote last."""
    columns = json.loads((_REPOSITORY / "bench" / "data" / "quality.json").read_text(encoding="utf-8"))["columns"]
    names = list(dict.fromkeys(each["figure"] for column in columns for each in column["figures"]))
    shown = [{each["figure"]: each for each in column["figures"]} for column in columns]
    head = ["", *(f"{column['name']} ({column['lessons']})" for column in columns), "target"]
    rows = []
    for name in names:
        cells = [figures[name]["shown"] if name in figures else "–" for figures in shown]  # noqa: RUF001
        targets = dict.fromkeys(figures[name]["target"] for figures in shown if name in figures)
        rows.append(f"| {' | '.join([name, *cells, ', '.join(targets)])} |")
    return "\n".join([f"| {' | '.join(head)} |", f"|{'---|' * len(head)}", *rows])


def support() -> str:
    """A table of the rules that each written sentence is compared with its quotes by."""
    from lessongen.check.word_rules import RULES

    rows = [f"| `{code}` | {about.splitlines()[0]} |" for code, about in RULES.items()]
    return "\n".join([f"{len(RULES)} rules.", "", "| code | rule |", "|---|---|", *rows])


def judges() -> str:
    """The table of judges that `bench.judges` wrote last."""
    rows = json.loads((_REPOSITORY / "bench" / "data" / "judges.json").read_text(encoding="utf-8"))["rows"]
    names = {
        "rules": "the word rules",
        "capable": "a capable language model, by recorded answers",
        "qwen1.5b": "Qwen2.5-Coder 1.5B Instruct, 4 bits, by recorded answers",
        "smollm2": "SmolLM2 135M Instruct, 4 bits, by recorded answers",
    }
    table = [
        "| judge | pairs | unfaithful caught | honest accepted | balanced accuracy | exam |",
        "|---|---|---|---|---|---|",
    ]
    last = ""
    for row in rows:
        name, last = "" if row["judge"] == last else names.get(row["judge"], row["judge"]), row["judge"]
        pairs = (
            row["pairs"].replace("judge_pairs_2.jsonl", "of other articles").replace("judge_pairs.jsonl", "the others")
        )
        pairs = re.sub(r"^en-[0-9a-f]{12}", "the exam", pairs)
        cells = (name, pairs, row["caught"], row["accepted"], row["balanced (95 %)"], row["exam"])
        table.append(f"| {' | '.join(cells)} |")
    return "\n".join(table)


def tripwires() -> str:
    """A table of the tripwires."""
    from lessongen.check.tripwires import TRIPWIRES

    rows = [f"| `{code}` | {about} |" for code, about in TRIPWIRES.items()]
    return "\n".join(["| code | tripwire |", "|---|---|", *rows])


def lesson_schema() -> str:
    """The JSON Schema of a lesson's content."""
    from lessongen.lesson.model import Lesson

    return f"```json\n{json.dumps(Lesson.model_json_schema(), indent=1, ensure_ascii=False)}\n```"


def web_api() -> str:
    """A table of the web API's addresses, and what it may answer beside what was asked for."""
    from lessongen.web.api.lessons import ENDPOINTS
    from lessongen.web.problems import DOCUMENTED

    rows = ["| address | what |", "|---|---|", *(f"| `{address}` | {about} |" for address, about in ENDPOINTS.items())]
    codes = [f"| {status} | {answer['description']} |" for status, answer in DOCUMENTED.items()]
    return "\n".join([*rows, "", "| status | meaning |", "|---|---|", *codes])


def _names(entries: Mapping[str, Entry], prefix: str) -> Iterator[str]:
    for name, entry in entries.items():
        if entry.hidden:
            continue
        yield prefix + name
        if entry.commands is not None:
            yield from _names(entry.commands, f"{prefix}{name} ")


def _help(command: str) -> str:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        main([*command.split(), "--help"])
    return "\n".join(line.rstrip() for line in out.getvalue().strip().splitlines())
