"""All attacks of `bench.attacks`, made on real servers."""

from __future__ import annotations

from bench.attacks import run


def test_every_attack_is_held_off() -> None:
    through = {title: seen.what for title, seen in run() if not seen.is_held}
    assert through == {}
