"""Programs that tests run and nobody needs to run lessongen: a browser of Debian's, tools of PyPI's."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from tests.acceptance.counterpart import Unavailable, prepared, run


def chromium() -> str:
    """Chromium's path, installed where root may. Raises `Unavailable`."""
    return installed("chromium", ["chromium"])


def soffice() -> str:
    """LibreOffice's path, with poppler's programs and fonts beside it, installed where root may."""
    installed("pdftotext", ["poppler-utils"])
    packages = ["libreoffice-writer-nogui", "libreoffice-impress-nogui", "fonts-crosextra-carlito", "fonts-liberation"]
    return installed("soffice", packages)


def installed(program: str, packages: list[str]) -> str:
    """A program's path, from Debian's packages where root may install them. Raises `Unavailable`."""
    found = shutil.which(program)
    if found is not None:
        return found
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise Unavailable(f"{program} is not installed; on Debian: apt-get install {' '.join(packages)}")
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    lock = ("-o", "DPkg::Lock::Timeout=300")
    run(["apt-get", *lock, "update", "-q"], more_environment=quiet)
    run(["apt-get", *lock, "install", "-y", "-q", "--no-install-recommends", *packages], more_environment=quiet)
    found = shutil.which(program)
    if found is None:
        raise Unavailable(f"{packages[0]} was installed and {program} is not there.")
    return found


def tool(package: str, command: str) -> Path:
    """A command of packages, in an environment of their own, so that no version of ours stands in its way."""

    def build(folder: Path) -> None:
        run([sys.executable, "-m", "venv", folder / "venv"])
        run([folder / "venv" / "bin" / "pip", "install", "-q", *package.split()])

    return prepared(package.partition("=")[0], package, build) / "venv" / "bin" / command
