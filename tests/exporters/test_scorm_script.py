"""What marks the answers of a SCORM package, run as it is, with a page and a platform that keep what they get."""

from __future__ import annotations

import json
import shutil
import subprocess
from importlib.resources import files
from typing import Any

import pytest

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")

_RUN = """
const { questions, given, script } = JSON.parse(require("fs").readFileSync(0, "utf8"));
const told = [], sent = {}, pressed = {}, result = { textContent: "" };
global.window = {
  lessongenQuestions: questions,
  API: {
    LMSInitialize: () => "true",
    LMSGetValue: () => "",
    LMSCommit: () => {},
    LMSSetValue: (name, value) => { sent[name] = value; },
  },
  addEventListener: () => {},
};
global.document = {
  getElementById: (id) => (id === "result" ? result : { addEventListener: (name, act) => { pressed[id] = act; } }),
  getElementsByName: (name) => [{ value: given[name], checked: true }],
  querySelector: () => ({ replaceChildren: (first) => told.push(first.textContent) }),
  createElement: () => ({}),
};
(0, eval)(script);
pressed.check();
process.stdout.write(JSON.stringify({ told, sent, result: result.textContent }));
"""


def marked(questions: list[dict[str, Any]], given: dict[str, str]) -> dict[str, Any]:
    """What is told and sent when answers are checked."""
    script = files("lessongen.exporters").joinpath("templates/quiz.js").read_text(encoding="utf-8")
    done = subprocess.run(
        ["node", "-e", _RUN],
        input=json.dumps({"questions": questions, "given": given, "script": script}),
        capture_output=True,
        encoding="utf-8",
        timeout=30,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


CASES = (
    ("words", "Pine Tar", " pine  tar. ", True),
    ("words", "\N{MINUS SIGN}39 degrees", "39 degrees", False),
    ("words", "\N{MINUS SIGN}39 degrees", "-39 degrees", True),
    ("words", "?!", "\N{EM DASH}", False),
    ("words", "?!", "?!", True),
    ("words", "हिन्दी", "हिन्द", False),
    ("words", "हिन्दी", "«हिन्दी»", True),
    ("words", "INDIGO", "indigo", True),
    ("number", "-39", "\N{MINUS SIGN}39", True),
    ("number", "-39", "39", False),
    ("number", "1200", "1,200", True),
    ("number", "1200", "1\N{NO-BREAK SPACE}200", True),
    ("number", "1.2", "1,200", False),
    ("number", "1234567.5", "1,234,567.5", True),
    ("number", "2.5", "2,5", True),
    ("number", "0.125", "0,125", True),
    ("number", "0", " ", False),
)


def test_what_is_typed_is_right_where_it_says_the_same() -> None:
    questions = [
        {
            "number": at,
            "kind": "short-answer",
            "told": [],
            "fields": [[right]],
            "tolerance": "0" if kind == "number" else None,
        }
        for at, (kind, right, _, _) in enumerate(CASES)
    ]
    told = marked(questions, {f"q{at}-0": typed for at, (_, _, typed, _) in enumerate(CASES)})["told"]
    found = [(*case[:3], verdict == "Right.") for case, verdict in zip(CASES, told, strict=True)]
    assert found == list(CASES)


def test_a_page_that_marks_nothing_sends_no_score() -> None:
    essay = {"number": 1, "kind": "open", "told": [], "fields": []}
    found = marked([essay], {})
    assert (found["sent"], found["result"]) == ({"cmi.core.lesson_status": "completed"}, "")
    asked = {"number": 2, "kind": "short-answer", "told": [], "fields": [["a"]], "tolerance": None}
    assert marked([essay, asked], {"q2-0": "a"})["sent"]["cmi.core.score.raw"] == "100"
