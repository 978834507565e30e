"""What is run comes from Python and its installed packages, never from the folder that one happens to stand in.

Python itself puts a folder first of all that it imports from: the current one for `python -m lessongen`, the script's
own for a script. A `zipfile.py` there would be run in place of Python's, with all that the user may do. So this
process takes that folder out again, and its child processes are started without it.

Until it is out, this module is imported itself: so it imports nothing that Python has not loaded already.
"""

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_PACKAGE_IN = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# Names of variables that hold secrets. Those who parse foreign files, or build an index, need none.
_SECRETS = ("KEY", "TOKEN", "SECRET", "PASSW")
# Variables of ours and of libraries that may name a file by a path from the current folder.
_PATHS = (
    *("LESSONGEN_HOME", "LESSONGEN_DATABASE", "LESSONGEN_SOURCES_ZIM"),
    *("PGPASSFILE", "PGSERVICEFILE", "PGSSLCERT", "PGSSLKEY", "PGSSLROOTCERT"),
    *("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"),
    *("TMPDIR", "TEMP", "TMP", "SQLITE_TMPDIR", "PYTHONHOME", "PYTHONPYCACHEPREFIX", "VIRTUAL_ENV"),
)

_is_done = False


def forget_folder_of_start() -> None:
    """From now on import nothing from the current folder or the script's own; once a process, before its real work."""
    global _is_done
    if _is_done:
        return
    _is_done = True
    if not sys.flags.safe_path and sys.path and not os.path.isfile(sys.path[0]):  # a file is a zipped application
        del sys.path[0]
    # An entry of PYTHONPATH that is empty or relative is the current folder, or one in it.
    relative = {entry for entry in _python_path(os.environ) if not os.path.isabs(entry)}
    if relative:
        try:
            folders = {os.path.abspath(entry) for entry in relative}
        except OSError:  # the current folder was deleted
            folders = set()
        sys.path[:] = [entry for entry in sys.path if os.path.isabs(entry) and entry not in folders]


def command(module: str, *arguments: str) -> list[str]:
    """The command line that runs a module of ours in a child process; it needs `environment`."""
    # -P: Python puts no folder first of what it imports from.
    return [os.path.abspath(sys.executable), "-P", "-m", module, *arguments]


def environment(given: "Mapping[str, str]", *, secrets: bool, moves: bool = False) -> dict[str, str]:
    """The variables for a child process of ours: with a PYTHONPATH of absolute folders alone.

    Without `secrets` it gets no key or password. One that `moves` starts in another folder, so that paths from the
    current one are made absolute.
    """
    found = {name: value for name, value in given.items() if secrets or not _is_secret(name, value)}
    path = [entry for entry in _python_path(given) if os.path.isabs(entry)]
    if not any(os.path.abspath(entry) == _PACKAGE_IN for entry in [*sys.path, *path] if entry):
        path.append(_PACKAGE_IN)  # run from its sources, which are not installed
    found.pop("PYTHONPATH", None)
    if path:
        found["PYTHONPATH"] = os.pathsep.join(path)
    if moves:
        found.update({name: _absolute(found[name]) for name in _PATHS if found.get(name)})
    return found


def _python_path(given: "Mapping[str, str]") -> list[str]:
    text = given.get("PYTHONPATH", "")
    return text.split(os.pathsep) if text else []


def _is_secret(name: str, value: str) -> bool:
    if name == "LESSONGEN_DATABASE" and "://" in value:  # a server's address, which may hold a password
        return True
    return any(word in name.upper() for word in _SECRETS) and not name.lower().endswith("proxy")


def _absolute(path: str) -> str:
    if path.startswith("~") or "://" in path:
        return path
    try:
        return os.path.abspath(path)
    except OSError:  # the current folder was deleted
        return path
