"""Groups of options: declared once, unfolded into each command that asks for them."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import pytest
import typer
from typer.testing import CliRunner

import lessongen.commands
from lessongen.commands.groups import Group, unfolded

_COMMANDS = Path(lessongen.commands.__file__).parent


@dataclass(frozen=True, kw_only=True)
class Size(Group):
    """How large."""

    width: Annotated[int, typer.Option("--width", help="How wide.")] = 3
    height: int = 4


@dataclass(frozen=True, kw_only=True)
class Box(Size):
    """A size with a name."""

    name: str


def test_the_fields_of_a_group_stand_where_its_parameter_stood() -> None:
    def draw(*, first: int = 1, size: Size, last: bool = False) -> None: ...

    assert list(inspect.signature(unfolded(draw)).parameters) == ["first", "width", "height", "last"]


def test_a_command_gets_its_groups_as_they_were_given() -> None:
    seen: list[tuple[Box, bool]] = []

    def draw(*, box: Box, last: bool = False) -> None:
        seen.append((box, last))

    app = typer.Typer()
    app.command()(unfolded(draw))
    done = CliRunner().invoke(app, ["--height", "7", "--last", "crate"])

    assert done.exit_code == 0, done.output
    assert seen == [(Box(name="crate", height=7), True)]


@pytest.mark.parametrize("option", ['"--json"', '"--db"', '"--language"', '"--level"', '"--variant"'])
def test_what_commands_share_is_declared_once(option: str) -> None:
    declared = [
        path.name for path in _COMMANDS.rglob("*.py") if f"Option({option}" in "".join(path.read_text().split())
    ]

    assert declared == ["session.py"]
