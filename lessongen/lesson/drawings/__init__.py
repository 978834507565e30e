"""The kinds of drawings, a file each: a file of this package that has a subclass of `Drawing` is all that one takes.

A lesson keeps what a drawing shows as data, never as a picture: it is drawn anew in each output, looks as that output
does, and can't say anything else than its data.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Annotated, TypeAlias, Union

from pydantic import Field

from lessongen.lesson.drawings.base import Drawing

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")


def _kinds_of(cls: type[Drawing]) -> Iterator[type[Drawing]]:
    for kind in cls.__subclasses__():
        if "kind" in kind.model_fields:
            yield kind
        yield from _kinds_of(kind)


KINDS: Mapping[str, type[Drawing]] = {
    kind.model_fields["kind"].default: kind for kind in sorted(_kinds_of(Drawing), key=lambda each: each.__name__)
}
"""Every kind by its name."""

if TYPE_CHECKING:
    AnyDrawing: TypeAlias = Drawing
else:
    AnyDrawing = Annotated[Union[tuple(KINDS.values())], Field(discriminator="kind")]  # noqa: UP007 - found as it runs
