"""The documentation's command blocks that need a model server (marked `sh model`) run against one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.good_model import answer
from tests.scripted_batches import Script, ScriptedBatches
from tests.scripts import run_script
from tests.test_docs import PAGES

BLOCK = re.compile(r"^```sh model\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# What `doctor` and `models` say, which ask with little patience, where the machine has not let the server answer.
TOO_BUSY = re.compile(r"no answer in 10 s|did not end its answer within 15 seconds")
WITH_A_MODEL = [page for page in PAGES if BLOCK.search(page.read_text(encoding="utf-8"))]


def test_there_are_pages_that_need_a_model() -> None:
    assert len(WITH_A_MODEL) >= 2


@pytest.mark.parametrize("page", WITH_A_MODEL, ids=lambda page: page.stem)
def test_every_command_that_asks_a_model_runs(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = "\n".join(BLOCK.findall(page.read_text(encoding="utf-8")))
    with ScriptedBatches(answer, script=Script(looks=0)) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)

        for attempt in range(10):
            done = run_script(script, tmp_path / f"work-{attempt}")
            if not TOO_BUSY.search(done.stdout + done.stderr):
                break

    assert done.returncode == 0, done.stdout + done.stderr


def test_every_block_is_of_a_kind_that_something_runs_or_is_no_command() -> None:
    for page in PAGES:
        kinds = re.findall(r"^```(.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
        assert set(kinds) <= {"sh", "sh model", "text", "json", "yaml", "nginx", "caddyfile"}, page
