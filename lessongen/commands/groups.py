"""Options that several commands share: a dataclass a group, of which a command declares one parameter."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Any


class Group:
    """A group of options. Its dataclass's fields are annotated as the parameters of a command are."""


def unfolded(command: Callable[..., None]) -> Callable[..., None]:
    """The command as Typer takes it: in the place of each parameter that is a group stand the group's fields."""
    signature = inspect.signature(command, eval_str=True)
    groups = {name: each.annotation for name, each in signature.parameters.items() if _is_group(each.annotation)}

    def run(**given: Any) -> None:
        made = {
            name: group(**{field.name: given.pop(field.name) for field in _fields(group)})
            for name, group in groups.items()
        }
        command(**given, **made)

    parameters = [
        field.replace(kind=inspect.Parameter.KEYWORD_ONLY)
        for name, each in signature.parameters.items()
        for field in (_fields(groups[name]) if name in groups else (each,))
    ]
    run.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    return run


def _is_group(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, Group)


def _fields(group: type[Group]) -> Iterator[inspect.Parameter]:
    yield from inspect.signature(group, eval_str=True).parameters.values()
