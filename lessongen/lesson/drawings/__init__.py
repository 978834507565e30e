"""The kinds of drawings, a file each: a file of this package that has a subclass of `Drawing` is all that one takes.

A lesson keeps what a drawing shows as data, never as a picture: it is drawn anew in each output, looks as that output
does, and can't say anything else than its data. The kinds are loaded with the first drawing that is read: most lessons
have none, and whatever loads the models would wait for them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias, Union

from pydantic import Field, GetCoreSchemaHandler, GetJsonSchemaHandler, TypeAdapter
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from lessongen.lesson.drawings.base import Drawing


@cache
def kinds() -> Mapping[str, type[Drawing]]:
    """Every kind by its name."""
    for module in iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
    found = sorted(_kinds_of(Drawing), key=lambda each: each.__name__)
    return {kind.model_fields["kind"].default: kind for kind in found}


def _kinds_of(cls: type[Drawing]) -> Iterator[type[Drawing]]:
    for kind in cls.__subclasses__():
        if "kind" in kind.model_fields:
            yield kind
        yield from _kinds_of(kind)


class _OfItsKind:
    """Reads the data of a drawing as what their `kind` says that they are."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            _read,
            serialization=core_schema.plain_serializer_function_ser_schema(_written, info_arg=True),
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        every: Any = Annotated[Union[tuple(kinds().values())], Field(discriminator="kind")]  # noqa: UP007 - found as it runs
        return handler(TypeAdapter[Any](every).core_schema)


def _read(data: object) -> Drawing:
    if isinstance(data, Drawing):
        return data
    kind = data.get("kind") if isinstance(data, Mapping) else None
    known = kinds()
    if not isinstance(kind, str) or kind not in known:
        named = {"kinds": ", ".join(known)}
        raise PydanticCustomError("drawing_kind", "A drawing says of which kind it is, one of {kinds}", named)
    return known[kind].model_validate(data)


def _written(drawing: Drawing, info: core_schema.SerializationInfo) -> dict[str, Any]:
    return drawing.model_dump(mode=info.mode)


if TYPE_CHECKING:
    AnyDrawing: TypeAlias = Drawing
else:
    AnyDrawing = Annotated[Drawing, _OfItsKind]
