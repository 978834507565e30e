"""The kinds of questions, a file each: a file of this package that has a subclass of `Question` is all that one takes.

Nothing but such a file need know of it: writers, the gate, exporters, the editable Markdown and the web ask the class.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias, Union

from pydantic import Field

from lessongen.lesson.questions.base import Places, Question, Solution

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")


def _kinds_of(cls: type[Question]) -> Iterator[type[Question]]:
    for kind in cls.__subclasses__():
        if "kind" in kind.model_fields:
            yield kind
        yield from _kinds_of(kind)


KINDS: Mapping[str, type[Question]] = {
    kind.model_fields["kind"].default: kind
    for kind in sorted(_kinds_of(Question), key=lambda each: (each.rank, each.__name__))
}
"""Every kind by its name, as kinds are listed."""

if TYPE_CHECKING:
    AnyQuestion: TypeAlias = Question
else:
    AnyQuestion = Annotated[Union[tuple(KINDS.values())], Field(discriminator="kind")]  # noqa: UP007 - found as it runs


def composed(kind: str, solution: Solution, places: Places, **facts: Any) -> Question:
    """A question of that kind with what a writer knows of its answer, and the fields that all kinds have."""
    cls = KINDS[kind]
    return cls.model_validate({**facts, **cls.fields_of(solution, places)})
