"""The page on attacks tells of those that the program makes, all of them."""

from __future__ import annotations

import re

from bench.attacks import ATTACKS
from tests.processes import ROOT


def test_the_page_tells_of_every_attack_and_that_it_was_held_off() -> None:
    page = (ROOT / "docs" / "explanation" / "web-attacks.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([0-9]+) \| (.+?) \| (.+?) \| (.+?) \|$", page, re.MULTILINE)
    assert [title for _, title, _, _ in rows[:-1]] == [title for title, _ in ATTACKS]
    assert len(ATTACKS) >= 30
    assert {held for *_, held in rows} == {"yes"}
