"""The house: few rooms, one direction, no circle; `.importlinter` holds the rest."""

from __future__ import annotations

import configparser
import itertools
from collections.abc import Iterator, Mapping
from pathlib import Path

import grimp

import lessongen

_PACKAGE = Path(lessongen.__file__).parent
_MOST_ROOMS = 16
_MOST_LAYERS = 12
_NO_ROOM = {"__init__.py", "__main__.py", "__pycache__", "py.typed"}


def _imports() -> Mapping[str, set[str]]:
    """What each file of the package imports of it, also inside functions and for types alone."""
    graph = grimp.build_graph("lessongen", cache_dir=None)
    return {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}


def circles(imports: Mapping[str, set[str]]) -> Iterator[set[str]]:
    """The strongly connected components of more than one module, by Tarjan (1972)."""
    place: dict[str, int] = {}
    lowest: dict[str, int] = {}
    path: list[str] = []
    numbers = itertools.count()

    def visit(module: str) -> Iterator[set[str]]:
        place[module] = lowest[module] = next(numbers)
        path.append(module)
        for imported in sorted(imports.get(module, ())):
            if imported not in place:
                yield from visit(imported)
                lowest[module] = min(lowest[module], lowest[imported])
            elif imported in path:
                lowest[module] = min(lowest[module], place[imported])
        if lowest[module] == place[module]:
            found = set(path[path.index(module) :])
            del path[path.index(module) :]
            if len(found) > 1:
                yield found

    for module in sorted(imports):
        if module not in place:
            yield from visit(module)


def test_the_top_of_the_package_has_few_rooms() -> None:
    rooms = sorted(each.name for each in _PACKAGE.iterdir() if each.name not in _NO_ROOM)

    assert len(rooms) <= _MOST_ROOMS, rooms


def test_the_rooms_stand_in_few_layers() -> None:
    contracts = configparser.ConfigParser()
    contracts.read(_PACKAGE.parent / ".importlinter")
    layers = contracts["importlinter:contract:house"]["layers"].split("\n")

    assert 1 < len([layer for layer in layers if layer.strip()]) <= _MOST_LAYERS
    assert contracts["importlinter:contract:house"].getboolean("exhaustive")


def test_no_files_import_each_other_in_a_circle() -> None:
    assert list(circles(_imports())) == []


def test_a_circle_is_found_where_there_is_one() -> None:
    imports = {"a": {"b"}, "b": {"c", "d"}, "c": {"a"}, "d": set(), "e": {"e", "d"}}

    assert list(circles(imports)) == [{"a", "b", "c"}]
