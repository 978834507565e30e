"""A lesson's files for download: which formats there are here, for whom, and what each can't carry."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lessongen.exporters import Format, known_formats
from lessongen.lesson.material import Audience
from lessongen.lesson.model import Lesson
from lessongen.system.errors import ConfigurationError, UsageError

_EDITIONS: tuple[Audience, ...] = ("student", "teacher")


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A format with what it is, the editions that can be had in it, and what is not in the file or changed there.

    One that lacks something on this machine has no editions; `remedy` says what to do.
    """

    name: str
    about: str
    editions: tuple[Audience, ...]
    losses: tuple[str, ...] = ()
    remedy: str = ""


def offers(lesson: Lesson) -> Iterator[Offer]:
    """Every format; those that can't be had here last."""
    made = [_offer(each, lesson) for each in known_formats().values()]
    yield from sorted(made, key=lambda each: not each.editions)


def _offer(form: Format, lesson: Lesson) -> Offer:
    about = form.about.partition(" is ")[2] or form.about.partition(" are ")[2]
    editions, remedy = [], ""
    for audience in _EDITIONS:
        try:
            form.require(audience)
        except UsageError:
            continue
        except ConfigurationError as error:
            remedy = f"{error.message} {error.hint or ''}".strip()
            continue
        editions.append(audience)
    losses = [told for audience in editions for told in form.losses(lesson, audience)]
    return Offer(
        name=form.name,
        about=about,
        editions=tuple(editions),
        losses=tuple(dict.fromkeys(losses)),
        remedy="" if editions else remedy,
    )
