"""What a command costs before it does anything: CPU time of whole processes, beside a bare Typer app with two commands.

python -m bench.startup [RUNS]      ratios of medians, alternated in one run; exit code 1 where a budget is missed
"""

from __future__ import annotations

import compileall
import os
import pty
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import lessongen

RUNS = 30

BARE = """\
import typer

app = typer.Typer()


@app.command()
def greet(name: str, loud: bool = False) -> None:
    print(name.upper() if loud else name)


@app.command()
def part(name: str) -> None:
    print(name)


app()
"""


@dataclass(frozen=True)
class Case:
    """A command line, where its output goes, and how much it may cost as a multiple of the bare app."""

    name: str
    arguments: list[str]
    budget: float
    on_terminal: bool = False


CASES = (
    Case("--help", ["--help"], 1.3),
    Case("status --json", ["status", "last", "--json"], 1.3),
    Case("status, piped", ["status", "last"], 1.3),
    Case("tasks --json", ["tasks", "--json"], 1.3),
    Case("tasks, piped", ["tasks"], 1.3),
    Case("status, terminal", ["status", "last"], 1.6, on_terminal=True),
    Case("tasks, terminal", ["tasks"], 1.6, on_terminal=True),
    Case("create --no-start", ["create", "--no-start", "english", "verbs"], 1.5),
)


def cpu_seconds(command: list[str], environment: dict[str, str], *, on_terminal: bool) -> float:
    """User and system time of one process from its start to its end. Raises `RuntimeError` if it fails."""
    parent, child = pty.openpty() if on_terminal else os.pipe()
    files = [(os.POSIX_SPAWN_DUP2, child, 1), (os.POSIX_SPAWN_DUP2, child, 2)]
    process = os.posix_spawn(command[0], command, environment, file_actions=files)
    os.close(child)
    _read_to_end(parent)
    _, status, used = os.wait4(process, 0)
    os.close(parent)
    if status:
        raise RuntimeError(f"{' '.join(command)} failed: {status}")
    return used.ru_utime + used.ru_stime


def _read_to_end(descriptor: int) -> None:
    try:
        while os.read(descriptor, 65_536):
            pass
    except OSError:  # how a pseudo-terminal says that its other end is closed
        return


def measure(runs: int, folder: Path) -> dict[str, list[float]]:
    """CPU seconds by name of the case, "bare" among them; all cases take turns."""
    bare = folder / "bare.py"
    bare.write_text(BARE)
    environment = {**os.environ, "LESSONGEN_HOME": str(folder), "TERM": "xterm-256color", "COLUMNS": "100"}
    program = [sys.executable, "-m", "lessongen"]
    for _ in range(3):
        cpu_seconds([*program, "create", "--no-start", "english", "verbs"], environment, on_terminal=False)
    found: dict[str, list[float]] = {}
    for _ in range(runs):
        taken = cpu_seconds([sys.executable, str(bare), "greet", "you"], environment, on_terminal=False)
        found.setdefault("bare", []).append(taken)
        for case in CASES:
            taken = cpu_seconds([*program, *case.arguments], environment, on_terminal=case.on_terminal)
            found.setdefault(case.name, []).append(taken)
    return found


def main() -> int:
    """Print the table; 1 if a budget is missed."""
    # As an installation has it: pip compiles what it installs, a checkout may have no bytecode yet.
    compileall.compile_dir(Path(lessongen.__file__).parent, quiet=1)
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else RUNS
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        found = measure(runs, Path(folder))
    bare = statistics.median(found["bare"])
    print(f"{'':<20} {'CPU ms':>7} {'ratio':>6} {'budget':>6}")
    print(f"{'bare Typer app':<20} {bare * 1000:7.0f} {1:6.2f}")
    missed = False
    for case in CASES:
        ratio = statistics.median(found[case.name]) / bare
        missed = missed or ratio > case.budget
        verdict = "  missed" if ratio > case.budget else ""
        print(f"{case.name:<20} {ratio * bare * 1000:7.0f} {ratio:6.2f} {case.budget:6.2f}{verdict}")
    print(f"medians of {runs} runs, alternated, in {time.monotonic() - started:.0f} s")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
