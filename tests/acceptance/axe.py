"""What axe-core, of the package that carries it, finds on a page."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

_AXE = Axe()


def serious(page: Page) -> list[str]:
    """What axe-core calls serious or critical, each with the first element that it is about."""
    found = _AXE.run(page).response["violations"]
    return [
        f"{each['id']}: {each['nodes'][0]['html'][:120]}" for each in found if each["impact"] in ("serious", "critical")
    ]
