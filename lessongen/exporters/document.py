"""The parts of a sheet as those of a Word document, in the order of reading."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import zip_longest

from lessongen.exporters import shapes, word
from lessongen.exporters.packed import Properties
from lessongen.exporters.pixels import picture_file
from lessongen.exporters.shapes import TEMPTS, Line, Sheet, SheetQuestion
from lessongen.exporters.sheet import LICENCE_NOTE
from lessongen.exporters.word import paragraph, run

_MOST = 45  # letters that a column's width is made for
_NAME, _DATE = "Name  ", "Date  "


class Document:
    """A sheet as the parts of a Word document, in the order of reading."""

    def __init__(self, sheet: Sheet, made: word.Word, *, leave_out: Callable[[str], None]) -> None:
        self._sheet, self._leave_out, self._cited = sheet, leave_out, sheet.cited
        self._word = made

    def body(self) -> Iterable[str]:
        """The parts, which refer to the document that they are made for."""
        sheet = self._sheet
        yield from self._head()
        if sheet.is_teachers:
            yield from self._recap()
        if sheet.key_terms:
            yield _heading("Key words")
            rows = [(_cell(run(term)), _cell(self._line(said))) for term, said in sheet.key_terms]
            yield self._word.table(rows, (1, 3), has_head=False)
        if sheet.starters:
            yield _heading("Starter")
            yield from map(self._question, sheet.starters)
        for phase in sheet.phases:
            yield from self._phase(phase)
        for group in sheet.closing:
            yield _heading(group.title)
            yield from map(self._question, group.questions)
        if not sheet.is_teachers:
            yield from self._recap()
        yield from self._foot()

    def _tried(self, what: str, make: Callable[[], str], instead: Callable[[], str] = str) -> str:
        """What is made; where it can't be, what stands in its place, and that is told."""
        try:
            return make()
        except ValueError as error:
            other = instead()
            self._leave_out(f"{what} {'is told in words' if other else 'is left out'}: {error}.")
            return other

    # ------------------------------------------------------------ head and foot

    def _head(self) -> Iterable[str]:
        sheet, p = self._sheet, paragraph
        if sheet.is_teachers:
            yield p("ForWhom", run("Teacher\N{RIGHT SINGLE QUOTATION MARK}s edition"))
        else:
            tab = word.TAB
            yield p("NameLine", run(_NAME), tab, tab, run(_DATE), tab)
        yield p("Title", run(sheet.title))
        yield p("Subtitle", run(" · ").join(map(run, sheet.facts)))
        yield p("Subtitle", run(sheet.based_on))
        if sheet.outcome:
            yield p("Outcome", run(sheet.outcome))
        if sheet.notices:
            yield p("Gap")
            yield from (p("TeacherNote", run(notice)) for notice in sheet.notices)
            yield p("Gap")
        if sheet.summary:
            yield p("Summary", self._line(sheet.summary))
        if sheet.image:
            yield self._photo(sheet.image)
        for title, items in sheet.head:
            yield _heading(title, 2)
            yield from self._word.listed(word.BULLETS, map(run, items), "ListBullet")
        if sheet.plan:
            yield _heading(sheet.plan.title, 2)
            yield self._table(sheet.plan)

    def _photo(self, photo: shapes.Photo) -> str:
        link = self._word.link
        credit = [link(photo.title, photo.page_url), run(photo.author), link(photo.licence, photo.licence_url)]
        caption = [run(f"{photo.caption} (Image: "), run(", ").join(credit), run(")")]
        shown = self._tried(
            f"The image “{photo.title}”",
            lambda: self._word.figure(picture_file(photo.data), photo.alternative, most=0.62),
            lambda: paragraph("Figure", run(photo.stand_in)),
        )
        return shown + paragraph("Caption", *caption)

    def _recap(self) -> Iterable[str]:
        """What is to be remembered, and what is mixed up."""
        sheet = self._sheet
        if sheet.key_points:
            yield _heading("Key points" if sheet.is_teachers else "To remember")
            yield from self._word.listed(word.BULLETS, map(self._line, sheet.key_points), "ListBullet")
        if sheet.misconceptions:
            yield _heading("Often mixed up")
            yield from map(self._mixed_up, sheet.misconceptions)

    def _mixed_up(self, each: shapes.MixedUp) -> str:
        told = [paragraph("List", _bold("Some think: "), run(each.belief))]
        if each.tempting:
            told.append(paragraph("List", _bold(f"{TEMPTS}: "), run(each.tempting)))
        return word.together([*told, paragraph("Normal", _bold("In fact: "), self._line(each.correction))])

    def _foot(self) -> Iterable[str]:
        p, link = paragraph, self._word.link
        yield _heading("Sources", 2)
        lines = []
        for each in self._sheet.references:
            revision = f"; revision {each.revision}" if each.revision else ""
            parts = [run(f". {each.attribution}. "), link(each.licence, each.licence_url)]
            told = run(f"{revision}; retrieved {each.retrieved}")
            lines.append(p("SmallPrint", link(each.title, each.url), *parts, told))
        lines += [p("SmallPrint", run(LICENCE_NOTE)), p("SmallPrint", run(" · ".join(self._sheet.colophon)))]
        yield from lines[:-3]
        yield word.together(lines[-3:])  # no page has the last line alone

    # ------------------------------------------------------------ sections

    def _phase(self, phase: shapes.Phase) -> Iterable[str]:
        aside = [word.TAB, run(f"{phase.time} min · {phase.part}", "Aside")]
        title = run(f"{phase.number}. {phase.title}")
        yield paragraph("Heading1", title, *(aside if self._sheet.is_teachers else ()))
        if phase.notes:
            yield from self._word.listed(word.NOTES, map(self._line, phase.notes), "TeacherNote")
            yield paragraph("Gap")
        for step in phase.steps:
            if step.label:
                yield paragraph("Step", run(step.label))
            for block, following in zip_longest(step.blocks, step.blocks[1:]):
                made = self._tried(f"A part of “{phase.title}”", lambda block=block: self._block(block))  # type: ignore[misc]
                is_short = isinstance(block, shapes.Paragraph) and len(block.lines) == 1
                leads = is_short and isinstance(following, SheetQuestion | shapes.Practice)
                yield word.led_to(made) if leads else made

    def _block(self, block: shapes.Block) -> str:
        if isinstance(block, shapes.Paragraph):
            return paragraph("Normal", run(" ").join(map(self._line, block.lines)))
        if isinstance(block, shapes.WorkedExample):
            return self._example(block)
        if isinstance(block, shapes.Task):
            steps = self._word.listed(word.NUMBERS, map(run, block.steps), "ListNumber")
            product = paragraph("Normal", run("In hand at the end: ", italic=True), run(block.product))
            return word.together([_named("Activity", f"  {block.grouping}"), *steps, product])
        if isinstance(block, shapes.Practice):
            return "".join(self._part(block, part) for part in block.parts)
        if isinstance(block, SheetQuestion):
            return self._question(block)
        return self._shown(block)

    def _shown(self, block: shapes.Comparison | shapes.Grid | shapes.Dates | shapes.Drawing) -> str:
        p = paragraph
        if isinstance(block, shapes.Comparison):
            text = [
                _bold("Think of it like this. "),
                self._line(block.text),
                run(" "),
                self._line(block.statement),
            ]
            ends = p("Comparison", _bold("Where the likeness ends: "), self._line(block.ends))
            return word.together([p("Comparison", *text), ends]) + p("Gap")
        if isinstance(block, shapes.Grid):
            return p("TableTitle", run(block.title)) + self._table(block)
        if isinstance(block, shapes.Dates):
            rows = [(_cell(run(when)), _cell(self._line(what))) for when, what in block.entries]
            drawn = self._drawing(block.picture, block.title) if block.picture else ""
            return p("TableTitle", run(block.title)) + drawn + self._word.table(rows, (1, 5), has_head=False)
        asides = "".join(run(f" [{each}]") for each in block.alternative.asides)
        told = self._drawing(block.picture, block.title)
        return told + p("Caption", _bold("Figure: "), run(block.title), self._marks(block.alternative), asides)

    def _example(self, block: shapes.WorkedExample) -> str:
        drawn = self._drawing(block.picture, "the example", "Example") if block.picture else ""
        steps = self._word.listed(word.STEPS, map(self._line, block.steps), "Example")
        problem = paragraph("Example", _bold("Example. "), run(block.problem))
        answer = paragraph("Example", _bold("Answer: "), self._line(block.answer))
        return word.together([problem, drawn, *steps, answer]) + paragraph("Gap")

    def _drawing(self, picture: shapes.Picture, title: str, style: str = "Figure") -> str:
        """A drawing; where it can't be shown, what one would see in it."""
        return self._tried(
            f"The drawing of {title}",
            lambda: self._word.drawing(picture, style),
            lambda: paragraph("Normal", run(picture.alternative)),
        )

    def _table(self, grid: shapes.Grid) -> str:
        columns = max(len(grid.headings), *map(len, grid.rows))
        texts = [list(grid.headings), *([cell.text for cell in row] for row in grid.rows)]
        rows = [
            [_cell(run(text)) for text in grid.headings],
            *([_cell(self._line(cell)) for cell in row] for row in grid.rows),
        ]
        filled = [[*cells, *[_cell("")] * (columns - len(cells))] for cells in rows]
        shares = [_share([row[at] for row in texts if at < len(row)]) for at in range(columns)]
        return self._word.table(filled, shares, has_head=True)

    # ------------------------------------------------------------ what students work on

    def _question(self, asked: SheetQuestion) -> str:
        return self._tried(f"Question {asked.number}", lambda: self._asked(asked))

    def _asked(self, asked: SheetQuestion) -> str:
        parts = [paragraph("Question", run(f"{asked.number}.", "QuestionNumber"), word.TAB, run(asked.stem))]
        if asked.picture:
            parts.append(self._drawing(asked.picture, f"question {asked.number}", "QuestionFigure"))
        if asked.boxes:
            parts.append(paragraph("List", run("      " + "          ".join(f"☐ {each}" for each in asked.boxes))))
        letters = self._word.listed(word.LETTERS, (run(text) for _, text in asked.lettered)) if asked.lettered else []
        if asked.numbered:
            write = "" if asked.key else "   ____"
            numbers = self._word.listed(word.NUMBERS, (run(text + write) for text in asked.numbered))
            cells = ["".join(numbers), "".join(letters) or paragraph("List")]
            left = _share([f"{each} ____" for each in asked.numbered])
            right = _share([each for _, each in asked.lettered])
            shares = (sorted((2 * right / 3, left, right))[1], right)
            parts.append(self._word.table([cells], shares, has_head=False, style="TableNormal"))
        else:
            parts += letters
        parts += self._key(asked.key) if asked.key else _lines_to_write(asked.lines_to_write)
        return word.together(parts)

    def _key(self, entry: shapes.KeyEntry) -> Iterable[str]:
        yield paragraph("Key", _bold("Key: "), self._line(entry.answer))
        if entry.feedback:
            yield paragraph("Key", self._line(entry.feedback))
        yield from (paragraph("Key", run(review, italic=True)) for review in entry.reviews)
        for option, why in entry.wrong:
            yield paragraph("Key", run(f"Why not {option}: ", italic=True), self._line(why))

    def _part(self, block: shapes.Practice, part: shapes.Part) -> str:
        letter = run(f"{part.letter}) ", "QuestionNumber") if part.letter else ""
        heads = [_named(block.title)] if part is block.parts[0] else []
        prompt = paragraph("Normal", letter, run(part.prompt))
        rest = self._solution(part.solution) if part.solution else _lines_to_write(part.lines_to_write)
        return word.together([*heads, prompt, *rest])

    def _solution(self, solution: shapes.Solution) -> Iterable[str]:
        if solution.answer:
            yield paragraph("Key", _bold("Expect: "), self._line(solution.answer))
        yield from self._word.listed(word.BOXES, map(run, solution.criteria), "Key")
        if solution.support:
            yield paragraph("Key", _bold("Support: "), run(solution.support))
        if solution.stretch:
            yield paragraph("Key", _bold("Stretch: "), run(solution.stretch))

    # ------------------------------------------------------------ small parts

    def _line(self, line: Line) -> str:
        asides = "".join(run(f" [{each}]", "Aside") for each in line.asides)
        return run(line.text, italic=line.is_no_fact) + self._marks(line) + asides

    def _marks(self, line: Line) -> str:
        """The footnotes with the quotes that bear a line, and where they are from."""
        cited = dict.fromkeys(self._cited[note.mark] for note in line.notes)
        return run(", ", "FootnoteReference").join(map(self._word.footnote, cited))


def file_of(made: word.Word, body: Iterable[str], told: Properties, *, whose: str, based_on: str) -> bytes:
    """The file of a document with that body; `whose` stands at the head of each page, `based_on` at its foot."""
    parts = list(body)
    # Between letters from left to right digits stand in their order, also on a page that runs from right to left.
    counted = word.field("PAGE", "1") + run(" of ") + word.field("NUMPAGES", "1")
    page = counted.join([run("\N{LEFT-TO-RIGHT MARK}")] * 2)
    header = paragraph("Header", run(told.title[:90]), word.TAB, run(whose))
    footer = paragraph("Footer", run(based_on[:110]), word.TAB, page)
    return made.file(parts, header=header, footer=footer, told=told)


def whose_edition(sheet: Sheet) -> str:
    """What the head of each page says of a sheet."""
    return "Teacher\N{RIGHT SINGLE QUOTATION MARK}s edition" if sheet.is_teachers else sheet.facts[0]


def _heading(title: str, level: int = 1) -> str:
    return paragraph(f"Heading{level}", run(title))


def _named(title: str, aside: str = "") -> str:
    return paragraph("Heading3", run(title), run(aside, "Aside") if aside else "")


def _bold(text: str) -> str:
    return run(text, bold=True)


def _lines_to_write(count: int) -> list[str]:
    """So many lines, and room between the last and what follows."""
    return [*[paragraph("AnswerLine")] * count, paragraph("Gap")] if count else []


def _cell(runs: str) -> str:
    return paragraph("TableText", runs)


def _share(texts: Sequence[str]) -> int:
    """How wide a column is beside others: as its longest text or word, in letters, and no wider than a few words."""
    longest_word = max((len(word) for text in texts for word in text.split()), default=0)
    return min(_MOST, max(longest_word + 3, *map(len, texts), 0))
