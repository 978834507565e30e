"""Makes docs/picture.svg: a real run of a few commands in a terminal, with what they printed.

The run is of an article's structure, not of its text: no sentence of a source is put into the repository.
"""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

COLUMNS = 92
COMMANDS = (
    "lessongen create english verbs --wait",
    "lessongen check english verbs",
    "lessongen create english verbs --wait",
    "lessongen history english verbs",
    "lessongen create music qwlkej",
    "lessongen status last",
    "lessongen tasks",
)


def on_a_terminal(command: str, environment: dict[str, str]) -> str:
    """What a command prints to a terminal; of a bar that was redrawn, what stood at last."""
    ours, theirs = pty.openpty()
    arguments = [sys.executable, "-m", *command.split()]
    process = subprocess.Popen(arguments, stdin=theirs, stdout=theirs, stderr=theirs, env=environment)  # noqa: S603
    os.close(theirs)
    printed = b""
    while True:
        try:
            printed += os.read(ours, 65_536)
        except OSError:
            break
    process.wait()
    os.close(ours)
    return last_state(printed.decode())


def last_state(printed: str) -> str:
    """The lines as they stood when the program ended: carriage returns, line-ups and erasures carried out."""
    lines = [""]
    at = 0
    for piece in re.findall(r"\x1b\[[0-9;?]*[A-Za-z]|\r|\n|[^\x1b\r\n]+", printed):
        if piece == "\n":
            at += 1
            if at == len(lines):
                lines.append("")
        elif piece == "\r":
            pass
        elif piece.endswith("A") and piece[2:-1].isdigit():
            at = max(0, at - int(piece[2:-1]))
        elif piece.endswith("K"):
            lines[at] = ""
        elif piece.endswith("m") or not piece.startswith("\x1b"):
            lines[at] += piece
    return "\n".join(lines).rstrip()


def main() -> None:
    """Run the commands in a new home and draw them."""
    console = Console(record=True, width=COLUMNS, file=Path(os.devnull).open("w"), force_terminal=True)
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "LESSONGEN_HOME": home, "COLUMNS": str(COLUMNS), "TERM": "xterm-256color"}
        for command in COMMANDS:
            console.print(Text.assemble(("$ ", "bold green"), (command, "bold")))
            printed = on_a_terminal(command, environment)
            console.print(Text.from_ansi(printed), end="\n\n")
        subprocess.run([sys.executable, "-m", "lessongen", "worker", "stop"], env=environment, check=True)
    svg = console.export_svg(title="lessongen")
    # The picture is shown where nothing may be fetched: the fonts of the reader's own machine will do.
    svg = re.sub(r"@font-face \{.*?\}\n", "", svg, flags=re.DOTALL)
    Path("docs/picture.svg").write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    main()
