"""The documentation's command blocks run, and all of it can be read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.scripts import run_script

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("docs/tutorial/*.md"), *ROOT.glob("docs/how-to/*.md")])
README = ROOT / "README.md"
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(page: Path) -> list[str]:
    return BLOCK.findall(page.read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_command_of_a_page_runs(page: Path, tmp_path: Path) -> None:
    done = run_script("\n".join(blocks(page)), tmp_path / "work")
    assert done.returncode == 0, done.stderr


def test_the_readmes_commands_run(tmp_path: Path) -> None:
    setting_up, testing, *commands = blocks(README)
    assert "\n" not in setting_up.strip()
    assert "\n" not in testing.strip()
    done = run_script("\n".join(commands), tmp_path / "work")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("page", [README, *sorted(ROOT.glob("docs/**/*.md")), ROOT / "CONTRIBUTING.md"], ids=str)
def test_every_link_to_a_file_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?://|#)([^)#]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


JUDGED = [ROOT / "bench/data/second_answers.tsv"]
WHO = r"(?:person|people|human|teacher|reader)s?"
CLAIMED = re.compile(
    rf"\b(?:by|what) (?:a |some )?{WHO}\b|\bperson'?s (?:free )?rewording|\bunread\b"
    rf"|(?<!no )\b{WHO} (?:have |has |who )?(?:found|answered|reworded|judged|rated|labelled|marked)\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize("table", JUDGED, ids=lambda table: table.stem)
def test_what_a_language_model_judged_says_so_in_its_header(table: Path) -> None:
    lines = table.read_text(encoding="utf-8").splitlines()
    header = [line for line in lines if line.startswith("#")]
    columns = lines[len(header)].split("\t")
    assert "by a language model" in " ".join(header)
    assert {"model_remark"} < set(columns)
    assert {"model_verdict", "model_answer"} & set(columns)


def test_no_reading_is_claimed_for_a_person_who_did_not_read() -> None:
    told = [README, ROOT / "CHANGELOG.md", *ROOT.glob("docs/explanation/*.md"), *ROOT.glob("bench/*.py")]
    claims = [f"{page.name}: {found[0]}" for page in told for found in CLAIMED.finditer(page.read_text("utf-8"))]
    assert claims == []
