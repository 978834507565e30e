"""Each statement of the nouns is one that PostgreSQL understands, with parameters whose types it can tell."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from contextlib import closing

import pytest

import lessongen.database
from lessongen.database.leases import LAPSED
from lessongen.database.postgres.connection import Connection
from lessongen.database.postgres.dialect import spoken
from tests.postgres import server_or_skip

_STATEMENT = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b.*\b(FROM|INTO|SET|EXISTS)\b", re.DOTALL)
_FILLED = {"{which}": LAPSED, "{key}": "usage.user", "{since}": ""}


def statements() -> Iterator[tuple[str, str]]:
    """Each constant of the nouns that is a statement, by its file and name."""
    for each in pkgutil.iter_modules(lessongen.database.__path__):
        if each.ispkg:
            continue
        for name, value in vars(importlib.import_module(f"lessongen.database.{each.name}")).items():
            if isinstance(value, str) and _STATEMENT.match(value):
                for place, words in _FILLED.items():
                    value = value.replace(place, words)
                yield f"{each.name}.{name}", value


def numbered(sql: str) -> bytes:
    """The statement with numbers for parameters, as the server itself takes it."""
    numbers: dict[str, int] = {}

    def number(hit: re.Match[str]) -> str:
        return f"${numbers.setdefault(hit[1] or str(hit.start()), len(numbers) + 1)}"

    return re.sub(r"%\((\w+)\)s|%s", number, spoken(sql).decode()).replace("%%", "%").encode()


def test_postgresql_can_prepare_each_statement_of_the_nouns(request: pytest.FixtureRequest) -> None:
    found = dict(statements())
    assert len(found) > 120
    refused = {}
    with (
        server_or_skip(request).database() as address,
        closing(Connection(address.url)) as connection,
    ):
        for name, sql in found.items():
            answer = connection.raw.pgconn.prepare(b"", numbered(sql))
            if answer.error_message:
                refused[name] = answer.error_message.decode()

    assert refused == {}


@pytest.mark.parametrize(
    ("shared", "said"),
    [
        ("SELECT user FROM t WHERE user = :user", b'SELECT "user" FROM t WHERE "user" = %(user)s'),
        ("u.user, users FROM u WHERE a LIKE '%x' AND b = ?", b"u.user, users FROM u WHERE a LIKE '%%x' AND b = %s"),
        ("due_boot IS NOT :boot AND x IS NOT NULL", b"due_boot IS DISTINCT FROM %(boot)s AND x IS NOT NULL"),
        ("FROM tasks INDEXED BY tasks_due WHERE 1 = ?", b"FROM tasks  WHERE 1 = %s"),
    ],
)  # fmt: skip
def test_a_statement_is_said_in_postgresqls_words(shared: str, said: bytes) -> None:
    assert spoken(shared) == said
