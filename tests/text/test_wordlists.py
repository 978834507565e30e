"""Lists of words that are data: where they come from, and how they are read."""

from __future__ import annotations

from pathlib import Path

import pytest

import lessongen
from lessongen.text.wordlists import WordLists, word_lists

LISTS = sorted(Path(lessongen.__file__).parent.rglob("lists/*.toml"))


def test_there_are_lists() -> None:
    assert LISTS


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.stem)
def test_each_list_begins_with_its_source_and_licence_and_is_read_by_the_module_beside_it(path: Path) -> None:
    head = [line for line in path.read_text(encoding="utf-8").split("\n\n")[0].splitlines() if line.startswith("#")]
    assert any(line.startswith("# Source: ") and " Licence: " in line for line in head), path
    modules = [module.read_text(encoding="utf-8") for module in path.parent.parent.glob("*.py")]
    assert any(f'word_lists(__file__, "{path.stem}")' in module for module in modules), path


def test_a_list_is_a_set_a_row_lines_groups_or_pairs() -> None:
    lists = WordLists({"small": "a b\na", "lines": "\n x y \n\nz\n", "pairs": "one: two three\nfour: five"})
    assert lists.words("small") == {"a", "b"}
    assert lists.row("small") == ("a", "b", "a")
    assert lists.lines("lines") == ("x y", "z")
    assert lists.groups("lines") == (frozenset({"x", "y"}), frozenset({"z"}))
    assert lists.pairs("pairs") == {"one": "two three", "four": "five"}


def test_a_file_is_read_once(tmp_path: Path) -> None:
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "few.toml").write_text('few = "a b"\n')
    module = str(tmp_path / "module.py")
    assert word_lists(module, "few") is word_lists(module, "few")
    assert word_lists(module, "few").words("few") == {"a", "b"}
