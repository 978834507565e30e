"""The mark of a database that a copy goes into, until all of it is there."""

from __future__ import annotations

from lessongen.system.errors import DatabaseError

HALF_COPY = 1_000_000  # as the number of a schema: to every lessongen that is a newer one than it knows


def half_copy(database: object, *, give_up: str) -> DatabaseError:
    """The error for a database that bears the mark."""
    return DatabaseError(
        f"{database} is half a copy: `lessongen db copy` goes on, or was broken off before all was there.",
        hint=f"Run the same `lessongen db copy FROM TO` again, which begins anew; or give it up: {give_up}.",
    )
