"""Where a part of a lesson stands, in words."""

from __future__ import annotations

from lessongen.lesson.model import Lesson, Prose
from lessongen.lesson.place import Place


def place_in_words(where: Place, lesson: Lesson) -> str:
    """Where a part stands: its section and sort, what stands before it, or the question that it is about."""
    match where.steps:
        case ("sections", int(at), "blocks", int(number), *rest):
            block = lesson.sections[at].blocks[number]
            before = ""
            if isinstance(block, Prose) and len(rest) > 1 and isinstance(rest[1], int) and rest[1]:
                before = f", after “{block.sentences[rest[1] - 1].text}”"
            return f"section “{lesson.sections[at].title}”, {block.kind}{before}"
        case ("sections", int(at), name, *_):
            return f"section “{lesson.sections[at].title}”, {name}"
        case ("questions", int(at)):
            return f"{lesson.questions[at].role} question"
        case ("questions", int(at), *rest):
            asked = lesson.questions[at]
            about = "explanation for a student who got it wrong"
            if rest[0] == "why" and isinstance(rest[1], int):
                about = f"why “{asked.why[rest[1]].option}” tempts and is wrong"
            return f"{asked.role} question “{asked.stem}” (answer: {asked.answer_text}), {about}"
        case (str(name), *rest):
            return name.replace("_", " ").rstrip("s") if rest else name
    return str(where)
