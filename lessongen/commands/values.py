"""How the words of a command line become values, without the adapters that Typer makes for them.

Typer makes a pydantic adapter for each parameter, also for one that nobody gave. Loading pydantic for that costs more
than all else that a command does before it begins, and our parameters need none: a text is taken as it is, and what is
no text has a parser.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from typer.core import TyperArgument, TyperOption

_AS_TYPED = (str, bool, list[str])  # a flag is True or False already


@dataclass(frozen=True)
class Value:
    """What Typer asks for a parameter's value, in the place of its own."""

    parser: Callable[[Any], Any] | None

    def coerce(self, value: Any, param: TyperArgument | TyperOption, ctx: object) -> Any:
        """The value of what was given, which is None for nothing. Raises what the parser raises."""
        if param.multiple or param.nargs == -1:
            return [self._one(each) for each in value or ()]
        return None if value is None else self._one(value)

    def _one(self, value: Any) -> Any:
        return value if self.parser is None else self.parser(value)


def read_plainly(parameters: list[Any]) -> list[Any]:
    """The parameters of a command, read as `Value` does. One that is neither a text nor has a parser stays Typer's."""
    for parameter in parameters:
        described = parameter.type_descriptor
        parser = described.parameter_info.parser
        if parser is not None or described.annotation in _AS_TYPED:
            parameter._runtime_param = Value(parser)  # where Typer keeps its adapter, once it has made one
    return parameters
