"""PostgreSQL's errors in words that a person can act on, none of which holds a password."""

from __future__ import annotations

import psycopg

from lessongen.database.half_copy import HALF_COPY, half_copy
from lessongen.system.addresses import DatabaseAddress
from lessongen.system.errors import DatabaseBusy, DatabaseError, DatabaseFull

# The server shuts down, or ended a connection, or has too many: also one whose process stood still in a transaction.
_ENDED = {"57P01", "57P02", "57P03", "57P05", "25P03", "25P04", "53300"}
_UNREACHABLE = "See that the server runs and can be reached from here; nothing that was accepted is lost."


def newer(address: DatabaseAddress, step: int, known: int) -> DatabaseError:
    """The error for a database that a newer lessongen has written, or that is half a copy."""
    if step == HALF_COPY:
        return half_copy(address, give_up="drop the schema lessongen there")
    return DatabaseError(
        f"The database {address} was written by a newer lessongen (schema {step}; this one knows {known}).",
        hint="Upgrade lessongen on this host, or choose another database with --db.",
    )


def unsure(address: DatabaseAddress) -> DatabaseError:
    """The error for a connection that broke in the middle of a commit."""
    return DatabaseBusy(
        f"The connection to {address} broke while something was written: it may be there or not.",
        hint="See what is there, `lessongen tasks`, before you try again.",
    )


def is_of_the_connection(error: psycopg.Error) -> bool:
    """Whether it says that there is no connection, or none any more: another try may find one."""
    state = error.sqlstate
    if state is None:
        return isinstance(error, psycopg.OperationalError)
    return state[:2] == "08" or state in _ENDED


def translate(error: psycopg.Error, address: DatabaseAddress) -> DatabaseError:
    """The error that a person can act on, for one of PostgreSQL's."""
    state = error.sqlstate or ""
    said = _said(error)
    if state[:2] == "28":
        return DatabaseError(
            f"The server of {address} lets nobody in so: {said}.",
            hint="Set the user in the address, and the password as PGPASSWORD or in ~/.pgpass.",
        )
    if state == "3D000" or (not state and 'database "' in said):
        return DatabaseError(f"{address}: {said}.", hint="Create the database, with `createdb`, or mend the address.")
    if not state and any(words in said for words in ("password", "authentication", "role")):
        return DatabaseError(
            f"The server of {address} lets nobody in so: {said}.",
            hint="Set the user in the address, and the password as PGPASSWORD or in ~/.pgpass.",
        )
    if state == "25006":
        return DatabaseBusy(
            f"The database {address} takes no writes at present: {said}.",
            hint="It may be a standby: name the primary, or wait until it is one.",
        )
    if state in ("53100", "53200"):
        return DatabaseFull(f"The server of {address} has no room: {said}.", hint="Free some space on its disk.")
    if state == "42501":
        return DatabaseError(f"{address}: {said}.", hint="Grant its user the right to create a schema, or own it.")
    if state in ("55P03", "57014", "40001", "40P01"):
        return DatabaseBusy(f"The database {address} is held by others for too long: {said}.", hint="Try again.")
    if is_of_the_connection(error):
        return DatabaseBusy(f"The database {address} can't be reached: {said}.", hint=_UNREACHABLE)
    return DatabaseError(f"The database {address} failed: {said}.", hint="The server's log says more.")


def _said(error: psycopg.Error) -> str:
    """The first line of what the server or the client library says."""
    text = error.diag.message_primary or str(error).strip() or type(error).__name__
    return text.strip().splitlines()[0].rstrip(".:")
