"""A lesson as Markdown and back: exactly, with what an author changed signed, and mistakes told by their lines."""

from __future__ import annotations

import json
import re
import shlex
import sys
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lessongen.generation.editable.change import Change
from lessongen.generation.editable.read import Reading, version_of
from lessongen.generation.editable.render import as_markdown
from lessongen.generation.editable.signing import Signing
from lessongen.generation.editable.text import escaped, note, split_note, unescaped
from lessongen.lesson.model import Lesson, Role, SectionKind
from lessongen.lesson.questions.base import QuestionRole
from tests.conftest import CommandLine, made
from tests.lessons import (
    AUTHORS,
    CHOICE,
    CLOZE,
    COMPUTED,
    FALSE,
    MATCH,
    OPEN,
    ORDER,
    SHORT,
    TRUE,
    YEAR,
    lesson,
    question,
    teaching,
    texts,
)

EVERY_KIND = (CHOICE, YEAR, CLOZE, TRUE, FALSE, SHORT, MATCH, ORDER, OPEN, COMPUTED, AUTHORS)

# ---------------------------------------------------------------- any content comes back as it was

NAUGHTY = st.sampled_from(
    (
        *("", " ", "# x", "- y", ":: question {q}", "{s1.1}", "a {b}", "\\", "\\n", "x\\", "<!-- z -->", "= 1", "? 2"),
        *("a\nb", "## Questions", "1. x", "A. y", "term: z", "\u2028", "\u00a0x\u00a0", "- [x] a", '"', "\\u{20}"),
        *(
            "by",
            "author",
            "on",
            "fact",
            "gloss",
            "cycle",
            "title: t",
            "row: r",
            ":: note n",
            "why not: w",
            "tempting: t",
        ),
    )
)
TEXT = st.one_of(NAUGHTY, st.text(max_size=12))
ORIGIN = st.sampled_from(["quoted", "written", "computed", "author"])
BEARING = {
    "cites": st.lists(TEXT, max_size=2, unique=True),
    "origin": ORIGIN,
    "by": st.none() | TEXT,
    "verdict": st.none(),
}
ROLE = st.sampled_from(get_args(Role))
STATEMENT = st.fixed_dictionaries({"text": TEXT, "role": ROLE, **BEARING})
ITEMS = st.lists(TEXT, min_size=3, max_size=5)
PLACES = st.lists(st.integers(min_value=-2, max_value=30), max_size=5)
BLOOM = st.sampled_from(["remember", "understand", "apply", "analyze", "evaluate", "create"])
BAR = st.fixed_dictionaries(
    {
        "parts": st.integers(min_value=1, max_value=24),
        "shaded": st.integers(min_value=0, max_value=24),
        "label": TEXT.filter(lambda text: len(text) <= 40),
        "whole": st.just(""),
    }
)
DRAWING = st.none() | st.fixed_dictionaries({"kind": st.just("bars"), "bars": st.lists(BAR, min_size=1, max_size=2)})
BLOCK = st.one_of(
    st.fixed_dictionaries({"kind": st.just("prose"), "sentences": st.lists(STATEMENT, min_size=1, max_size=3)}),
    st.fixed_dictionaries(
        {
            "kind": st.just("example"),
            "problem": TEXT,
            "steps": st.lists(STATEMENT, min_size=1, max_size=2),
            "answer": TEXT,
            "supposes": st.booleans(),
            "drawing": DRAWING,
            **BEARING,
        }
    ),
    st.fixed_dictionaries(
        {
            "kind": st.just("activity"),
            "steps": st.lists(TEXT, min_size=1, max_size=3),
            "grouping": st.sampled_from(["alone", "pairs", "groups", "class"]),
            "product": TEXT,
        }
    ),
    st.fixed_dictionaries({"kind": st.just("check"), "question": TEXT}),
    st.fixed_dictionaries({"kind": st.just("analogy"), "text": STATEMENT, "statement": STATEMENT, "ends": STATEMENT}),
    st.fixed_dictionaries(
        {
            "kind": st.just("table"),
            "title": TEXT,
            "headings": st.lists(TEXT, min_size=2, max_size=3),
            "rows": st.lists(
                st.fixed_dictionaries({"cells": st.lists(TEXT, min_size=2, max_size=3), **BEARING}),
                min_size=1,
                max_size=2,
            ),
        }
    ),
    st.fixed_dictionaries(
        {
            "kind": st.just("timeline"),
            "title": TEXT,
            "entries": st.lists(st.fixed_dictionaries({"when": TEXT, "what": TEXT, **BEARING}), min_size=2, max_size=3),
        }
    ),
    st.fixed_dictionaries(
        {"kind": st.just("figure"), "title": TEXT, "alternative": TEXT, "svg": TEXT, "drawing": DRAWING, **BEARING}
    ),
    st.fixed_dictionaries(
        {
            "kind": st.just("task"),
            "prompt": TEXT,
            "answer": st.none() | TEXT,
            "criteria": st.lists(TEXT, max_size=2),
            "support": st.none() | TEXT,
            "stretch": st.none() | TEXT,
            "supposes": st.booleans(),
            **BEARING,
        }
    ),
)


def _question(kind: str, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    common: dict[str, st.SearchStrategy[Any]] = {"objective": TEXT.filter(bool), "bloom": BLOOM, "stem": TEXT}
    common["term"] = TEXT.filter(bool)
    common |= {
        "drawing": DRAWING,
        "role": st.sampled_from(get_args(QuestionRole)),
        "supposes": st.booleans(),
        "why": st.lists(st.fixed_dictionaries({"option": TEXT, "reason": STATEMENT}), max_size=1),
    }
    return st.fixed_dictionaries({"kind": st.just(kind), **common, "feedback": STATEMENT, **BEARING, **fields})


QUESTION = st.one_of(
    _question("choice", options=ITEMS, answer=TEXT),
    _question("true_false", answer=st.booleans()),
    _question("cloze", answer=TEXT),
    _question("short", answer=TEXT),
    _question("open", answer=TEXT),
    _question("match", left=ITEMS, right=ITEMS, answer=PLACES),
    _question("order", items=ITEMS, answer=PLACES),
)


@st.composite
def contents(draw: st.DrawFn) -> dict[str, Any]:
    """A content of the schema, whatever it says; ids are unique."""
    named = draw(st.lists(TEXT.filter(bool), min_size=8, max_size=9, unique=True))
    ids = iter(named)
    content = lesson().model_dump(mode="json")
    content["title"] = draw(TEXT)
    content["summary"] = draw(STATEMENT)
    content["objectives"] = [{"id": next(ids), "bloom": draw(BLOOM), "text": draw(TEXT)}]
    content["prior_knowledge"] = draw(st.lists(TEXT, max_size=2))
    term = st.fixed_dictionaries({"term": TEXT, "definition": STATEMENT})
    content["key_terms"] = draw(st.lists(term, min_size=3, max_size=3))
    mixed_up = st.fixed_dictionaries({"belief": TEXT, "tempting": TEXT, "correction": STATEMENT})
    content["misconceptions"] = draw(st.lists(mixed_up, max_size=1))
    content["outcome"] = draw(TEXT)
    content["key_points"] = draw(st.lists(STATEMENT, max_size=2))
    content["materials"] = draw(st.lists(TEXT, max_size=2))
    content["safety"] = draw(st.lists(TEXT, max_size=2))
    kinds = st.sampled_from(get_args(SectionKind))
    content["sections"] = [
        {
            "id": next(ids),
            "kind": draw(kinds),
            "title": draw(TEXT),
            "minutes": draw(st.integers(min_value=1, max_value=10**8)),
            "objectives": draw(st.lists(TEXT, max_size=2)),
            "cycle": draw(st.none() | st.integers(min_value=1, max_value=9)),
            "blocks": draw(st.lists(BLOCK, min_size=1, max_size=3)),
            "notes": draw(st.lists(STATEMENT, max_size=1)),
        }
        for _ in range(2)
    ]
    content["questions"] = [{"id": name, **draw(QUESTION)} for name in ids]
    return content


@settings(max_examples=50)
@given(contents())
def test_markdown_that_nobody_touched_gives_the_content_back(content: dict[str, Any]) -> None:
    reading = Reading(as_markdown(Lesson.model_validate(content), "1.3"))
    assert reading.mistakes == []
    assert version_of(as_markdown(Lesson.model_validate(content), "1.3")) == "1.3"
    signing = Signing(content, reading, "R. Teacher")
    assert signing.content == content
    assert not signing.is_changed
    assert signing.signed == []


@given(st.text())
def test_every_text_fits_on_a_line_and_comes_back(text: str) -> None:
    line = escaped(text)
    assert len(line.splitlines()) <= 1
    assert line == line.strip()
    assert unescaped(line) == text


@given(st.text(), st.lists(st.text(), max_size=4))
def test_a_note_says_any_words_behind_any_text(text: str, words: list[str]) -> None:
    line, found = split_note(escaped(text) + note(words))
    assert (unescaped(line), found) == (text, words)


def test_a_file_with_the_line_ends_of_windows_is_the_same_file() -> None:
    content = lesson(questions=[question(each) for each in EVERY_KIND]).model_dump(mode="json")
    windows = "\ufeff" + as_markdown(Lesson.model_validate(content), "1.0").replace("\n", "\r\n")
    assert not Signing(content, Reading(windows), "R. Teacher").is_changed


# ---------------------------------------------------------------- what an author changes


def edited(old: str, new: str, **fields: Any) -> Change:
    """What becomes of the valid lesson when an author puts one thing in place of another."""
    content = lesson(**fields).model_dump(mode="json")
    markdown = as_markdown(Lesson.model_validate(content), "1.0")
    assert old in markdown, markdown
    return Change(content, texts(), markdown.replace(old, new, 1), "R. Teacher")


def saved(change: Change) -> Lesson:
    assert change.draft is not None, change.mistakes
    return change.draft.lesson


def test_a_changed_sentence_is_the_authors_and_its_neighbours_keep_their_quotes() -> None:
    change = edited(
        "The keel of a lantern boat is carved from one long plank of cedar.", "Our keels on Mill Street are of oak."
    )
    blocks = saved(change).sections[1].blocks
    assert blocks[0].kind == "prose"
    keel = blocks[0].sentences[3]
    assert (keel.text, keel.origin, keel.by, keel.cites) == (
        "Our keels on Mill Street are of oak.",
        "author",
        "R. Teacher",
        [],
    )
    assert [each.origin for each in blocks[0].sentences].count("author") == 1
    assert change.signed == ["sections[1].blocks[0].sentences[3]"]
    assert not any(quote.id == "keel" for source in saved(change).sources for quote in source.quotes)


def test_an_added_line_is_the_authors_and_a_moved_one_keeps_its_quote() -> None:
    spring = "Every spring the rowers scrape the hull clean and paint it with pine tar. {spring}\n"
    change = edited(spring, "Our class painted one in May.\n" + spring)
    sentences = saved(change).sections[1].blocks[0].sentences  # type: ignore[union-attr]
    assert (sentences[4].origin, sentences[4].by) == ("author", "R. Teacher")
    assert (sentences[5].origin, sentences[5].cites) == ("quoted", ["spring"])
    change = edited(" {spring}\n", "\n")
    assert change.draft is None
    assert change.mistakes == []


@pytest.mark.parametrize(
    ("old", "new", "answer"),
    [
        ("- [ ] Candle tallow", "- [ ] Lamp oil", "Pine tar"),
        ("- [x] Pine tar\n- [ ] Candle", "- [ ] Pine tar\n- [x] Candle", "Candle tallow"),
    ],
)
def test_a_changed_question_or_key_is_the_authors(old: str, new: str, answer: str) -> None:
    first = saved(edited(old, new)).questions[0]
    assert (first.origin, first.by, first.answer, first.cites) == ("author", "R. Teacher", answer, [])
    others = saved(edited(old, new)).questions[1:]
    assert {each.origin for each in others} == {"quoted"}


def test_a_title_and_an_instruction_may_be_in_the_authors_own_words() -> None:
    change = edited("# Lantern boats: an introduction", "# Splendid vessels of Mill Street")
    assert saved(change).provenance.signed == {"Splendid vessels of Mill Street": "R. Teacher"}
    change = edited("1. Write down three things about boats.", "1. Bring 7 postcards from Wales.")
    assert saved(change).sections[0].blocks[0].steps[0] == "Bring 7 postcards from Wales."  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("old", "new", "where", "says"),
    [
        ("I can explain what a lantern boat is.", "I can row on Mill Street.", "outcome", None),
        ("## Safety\n", "## Safety\n- Call 112.\n", "safety[0]", None),
        ("- Scissors", "- Scissors of 1903", "materials[0]", None),
        ("tempting: Both are", "tempting: On Mill Street both are", "misconceptions[0]", None),
        ("title: Parts of a jetty", "title: Parts of Mill Street", "sections[1].blocks[5]", None),
        ("support: Look", "support: Ask Ann and look", "sections[2].blocks[0]", None),
        ("- an iron hoop", "- a hoop from Mill Street", "sections[1].blocks[5].rows[1]", "origin"),
        ("what: The oldest lantern boat", "what: Our lantern boat", "sections[1].blocks[6].entries[0]", "origin"),
        ("water.\n- Names", "water of Mill Street.\n- Names", "sections[2].blocks[0]", "origin"),
        (":: note Ask who can draw", ":: note Ask who of Ann's class can draw", "sections[1].notes[0]", "origin"),
        ("because: Beeswax melts", "because: Ann's beeswax melts", "questions[0].why[0].reason", "origin"),
        ("ends: A bicycle does", "ends: Ann's bicycle does", "sections[1].blocks[4].ends", "origin"),
    ],
)
def test_what_an_author_changes_of_the_parts_that_teach_is_theirs(
    old: str, new: str, where: str, says: str | None
) -> None:
    content = teaching().model_dump(mode="json")
    markdown = as_markdown(teaching(), "1.0")
    assert old in markdown, markdown
    change = Change(content, texts(), markdown.replace(old, new, 1), "A. Nother")
    made = saved(change)
    assert change.signed == [where]
    if says is None:
        assert list(made.provenance.signed.values()) == ["A. Nother"]
    else:
        part: Any = made.model_dump()
        for step in re.findall(r"\w+", where):
            part = part[int(step) if step.isdigit() else step]
        assert (part["origin"], part["by"], part["cites"]) == ("author", "A. Nother", [])


def test_a_verdict_stays_with_its_sentence_and_goes_with_a_changed_word() -> None:
    verdict = {"judge": "a judge", "exam": "an exam", "ruling": "supported", "span": "a small wooden vessel"}
    verdict["sha256"] = "0" * 64
    content = lesson().model_dump(mode="json")
    for statement in (content["summary"], content["key_terms"][1]["definition"]):
        statement["verdict"] = verdict
    markdown = as_markdown(Lesson.model_validate(content), "1.0")
    assert not Signing(content, Reading(markdown), "R. Teacher").is_changed
    signing = Signing(content, Reading(markdown.replace("= Pine tar is a dark", "= Pine tar is a black")), "R. Teacher")
    assert signing.content["summary"]["verdict"] == verdict
    assert signing.content["key_terms"][1]["definition"]["verdict"] is None


def drawn() -> dict[str, Any]:
    """The content of a lesson with a computed example that has a drawing."""
    content = lesson().model_dump(mode="json")
    step = {"text": "Count: 1/2.", "origin": "computed", "by": "bars"}
    example = {"kind": "example", "problem": "How much of it is shaded?", "steps": [step], "answer": "1/2"}
    drawing = {"kind": "bars", "bars": [{"parts": 2, "shaded": 1}]}
    content["sections"][0]["blocks"].append({**example, "origin": "computed", "by": "bars", "drawing": drawing})
    return Lesson.model_validate(content).model_dump(mode="json")


def test_a_drawing_is_a_line_of_data_and_an_author_who_changes_it_signs_for_it() -> None:
    content = drawn()
    markdown = as_markdown(Lesson.model_validate(content), "1.0")
    assert markdown.count("\ndrawing: ") == 1
    assert not Signing(content, Reading(markdown), "R. Teacher").is_changed
    signing = Signing(content, Reading(markdown.replace('"parts": 2', '"parts": 4')), "R. Teacher")
    example = signing.content["sections"][0]["blocks"][-1]
    assert example["drawing"]["bars"][0]["parts"] == 4
    assert (example["origin"], example["by"]) == ("author", "R. Teacher")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"parts": 2', '"parts": two', "JSON"),
        ('"parts": 2', '"parts": 0', "greater than or equal to 1"),
        ('"kind": "bars"', '"kind": "boats"', "one of angle, bar_chart"),
        ('"shaded": 1', '"shaded": 3', "a bar has 2 parts, and 3 of them are shaded"),
    ],
)
def test_data_that_draw_nothing_are_told_where_they_stand(old: str, new: str, message: str) -> None:
    content = drawn()
    markdown = as_markdown(Lesson.model_validate(content), "1.0").replace(old, new)
    (mistake,) = Change(content, texts(), markdown, "R. Teacher").mistakes
    assert message in mistake.message
    assert markdown.split("\n")[mistake.line - 1].startswith((":: example", "drawing: "))
    assert mistake.remedy


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("ends: ", "it ends: ", "a line of a comparison"),
        ("heading: Part", "column: Part", "a line of a table"),
        ("when: 1741", "1741", "a line of a timeline"),
        ("svg: ", "picture: ", "a line of a figure"),
        ("support: ", "help: ", "a line of a task"),
        (":: task", ":: exercise", "opens nothing"),
        ("because: ", "since: ", "no part of a question"),
        ("remember check}", "remember riddle}", "no such role"),
    ],
)
def test_a_line_that_a_block_does_not_know_is_told_with_what_it_may_begin_with(
    old: str, new: str, message: str
) -> None:
    markdown = as_markdown(teaching(), "1.0")
    assert old in markdown, markdown
    mistakes = Reading(markdown.replace(old, new, 1)).mistakes
    assert any(message in each.message and each.remedy for each in mistakes), mistakes


def test_a_new_question_gets_an_id_and_the_authors_name() -> None:
    asked = "### Question {short}\n? Who rows on Mill Street?\n= Ann\nterm: Ann\nfeedback: Ann rows there.\n"
    added = f"## Questions\n\n{asked}"
    first = saved(edited("## Questions\n", added)).questions[0]
    assert (first.kind, first.origin, first.by, first.answer) == ("short", "author", "R. Teacher", "Ann")
    assert first.id not in {"q1", "q2", "q3", "q4", "q5", "q6"}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("- [x] Pine tar", "- [ ] Pine tar", "no right answer"),
        ("## Key terms", "## Key words", "no heading"),
        ("- understand: ", "- ", "level"),
        ("= true", "= perhaps", "no right answer"),
        ("{q1 choice o1 remember exit}", "{q1 riddle o1 remember exit}", "kind"),
        ("It is steered by a single rower who stands at the stern. {steered}", "and so on", "no whole sentence"),
        ("- understand: Explain", "- understand: Grasp", "no verb"),
        ("{part2 explain 15 min o1}", "{part2 explain 15 min o9}", "no objective"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_what_to_do(old: str, new: str, message: str) -> None:
    change = edited(old, new)
    assert change.draft is None
    found = next(each for each in change.mistakes if message in each.message)
    markdown = as_markdown(lesson(), "1.0").split("\n")
    place = next(at for at, line in enumerate(markdown, 1) if old in line)
    assert abs(found.line - place) <= 6
    assert found.remedy


# ---------------------------------------------------------------- on the command line


def content_of(cli: CommandLine) -> dict[str, Any]:
    content: dict[str, Any] = cli("show", "english", "verbs", "--json").json()["content"]
    return content


def editor(folder: Path, old: str, new: str, code: int = 0) -> str:
    """An editor that puts one text in place of another, and the command that runs it."""
    program = folder / "editor.py"
    program.write_text(
        f"import sys, pathlib\npath = pathlib.Path(sys.argv[1])\n"
        f"path.write_text(path.read_text().replace({old!r}, {new!r}, 1))\nsys.exit({code})\n"
    )

    return f"{sys.executable} {program}"


def test_an_editor_that_changes_nothing_saves_nothing(
    cli: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(cli)
    assert cli("edit", "english", "verbs").code == 2
    monkeypatch.setenv("EDITOR", editor(tmp_path, "nothing like it", ""))
    ended = cli("edit", "english", "verbs")
    assert ended.code == 0, ended.stderr
    assert "Nothing was changed" in ended.stdout
    assert len(cli("history", "english", "verbs", "--json").json()["versions"]) == 1


def test_an_edited_lesson_is_a_new_version_past_the_gate_and_the_author_signs(
    cli: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(cli)
    old = content_of(cli)
    monkeypatch.setenv("VISUAL", editor(tmp_path, "# Verbs: an introduction", "# Verbs for class 7b of Mill Street"))
    answer = cli("edit", "english", "verbs", "--author", "R. Teacher", "--json").json()
    assert (answer["version"], answer["is_new"], answer["author"], answer["signed"]) == ("1.1", True, "R. Teacher", 1)
    new = content_of(cli)
    assert new["title"] == "Verbs for class 7b of Mill Street"
    assert {**new, "title": "", "provenance": ""} == {**old, "title": "", "provenance": ""}
    assert cli("check", "english", "verbs").code == 0
    assert cli("history", "english", "verbs", "--json").json()["versions"][-1]["reason"] == "edited by R. Teacher"
    # What an author wrote stays where it is locked.
    cli("lock", "english", "verbs", "title")
    made(cli)
    assert content_of(cli)["title"] == "Verbs for class 7b of Mill Street"
    assert cli("check", "english", "verbs").code == 0


def test_a_question_that_asks_something_else_with_its_old_answer_is_pointed_out(
    cli: CommandLine, tmp_path: Path
) -> None:
    made(cli)
    text = cli("edit", "english", "verbs", "--output", "-").stdout
    stem = next(each for each in content_of(cli)["questions"] if each["kind"] == "short")["stem"]
    edited = tmp_path / "edited.md"
    edited.write_text(text.replace(stem, "What does a teacher mean by a verb?"), encoding="utf-8")
    answer = cli("edit", "english", "verbs", "--file", str(edited), "--author", "R. Teacher", "--json").json()
    assert len(answer["to_check"]) == 1
    again = cli("edit", "english", "verbs", "--output", "-").stdout
    edited.write_text(again.replace("a teacher mean", "your teacher mean"), encoding="utf-8")
    told = cli("edit", "english", "verbs", "--file", str(edited), "--author", "R. Teacher")
    assert f"Question {answer['to_check'][0]} asks something else now" in told.stderr


def test_a_text_with_mistakes_is_kept_and_can_be_taken_again(
    cli: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(cli)
    monkeypatch.setenv("EDITOR", editor(tmp_path, "## Key terms", "## Key words"))
    ended = cli("edit", "english", "verbs", "--json")
    assert ended.code == 65
    error = ended.error()
    assert "line " in error["message"]
    assert error["problems"][0].keys() == {"line", "message", "hint"}
    path = Path(error["hint"].rpartition("--file ")[2])
    assert "## Key words" in path.read_text()
    mended = path.read_text().replace("## Key words", "## Key terms").replace("# Verbs", "# The verbs", 1)
    path.write_text(mended)
    assert cli("edit", "english", "verbs", "--file", str(path)).code == 0
    assert content_of(cli)["title"].startswith("The verbs")
    assert cli("edit", "english", "verbs", "--file", str(path)).code == 65  # made from a version that is not the newest
    assert cli("edit", "english", "verbs", "--file", str(path), "--force").code == 0
    assert cli("edit", "english", "verbs", "--file", str(tmp_path / "missing.md")).code == 66


def test_scripts_edit_through_pipes(cli: CommandLine, shell: CommandLine, tmp_path: Path) -> None:
    made(cli)
    written = shell("edit", "english", "verbs", "--output", "-")
    assert written.code == 0
    changed = written.stdout.replace("# Verbs", "# The verbs", 1)
    ended = shell("edit", "english", "verbs", "--file", "-", "--author", "ann", "--json", stdin=changed)
    assert json.loads(ended.stdout)["version"] == "1.1", ended.stderr
    again = shell("edit", "english", "verbs", "--file", "-", stdin=shell("edit", "english", "verbs", "-o", "-").stdout)
    assert "Nothing was changed" in again.stdout
    assert shell("edit", "english", "verbs", "--file", "-", stdin="").code == 65
    target = tmp_path / "lesson.md"
    assert str(target) in shell("edit", "english", "verbs", "--output", str(target)).stdout
    assert target.read_text().startswith("<!-- version 1.1 -->")


def test_a_file_from_an_older_version_is_refused_with_commands_that_go_on_from_there(
    cli: CommandLine, shell: CommandLine, tmp_path: Path
) -> None:
    made(cli)
    old = shell("edit", "english", "verbs", "--output", "-").stdout.replace("# Verbs", "# The verbs", 1)
    made(cli)
    target = tmp_path / "lesson.md"
    target.write_text(old)

    refused = shell("edit", "english", "verbs", "--file", str(target))

    assert refused.code == 65
    hinted = [line.split(": ", 1)[1] for line in refused.stderr.splitlines()[1:]]
    assert [line.split()[1] for line in hinted] == ["diff", "edit"]
    for line in hinted:
        assert shell(*shlex.split(line)[1:]).code == 0, line
    assert shell("show", "english", "verbs", "--json").json()["content"]["title"].startswith("The verbs")
