"""A model's questions: what of them can be asked, each on one sentence that bears its answer.

The model says what is asked and what is right; gaps, keys, feedback and the order of options are the program's.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from lessongen.text.sentences import is_whole, points_back
from lessongen.text.words import STOPWORDS, stem, stems, tokens, word_count
from lessongen.writers.extractive.article import Passage
from lessongen.writers.extractive.naming import names as has_name
from lessongen.writers.openai.asked import PlannedQuestion, agree, gap_in, key_of
from lessongen.writers.openai.blanks import Blank
from lessongen.writers.openai.forms import Material, is_question
from lessongen.writers.openai.gaps import ARTICLE, can_be_quoted, gives_away, masked
from lessongen.writers.openai.passages import Numbered
from lessongen.writers.openai.phrases import look_alike
from lessongen.writers.openai.plain import Recitation, plain
from lessongen.writers.openai.prose import Judge

_MOST_ANSWER_WORDS = 8
_FEWEST_WRONG = 2
_MOST_NEW_IN_FALSE = 3  # content words
_MOST_WORDS_TO_JUDGE = 30  # of a source's sentence that is put to students as a statement
_COMMON = STOPWORDS["en"] | frozenset(
    "not no yes more most very also other than has have had can could may might must will would cannot means meant "
    "refers isn aren wasn weren hasn haven he she they we i you there one some any all each".split()
)
_NUMBER = re.compile(r"\b\d{1,3}(?:[,.]?\d{3})*(?:\.\d+)?(?:%|s|st|nd|rd|th)?(?!\w)")

Refused: TypeAlias = str


class Quiz:
    """Reads what the model filled in; what can't be asked is counted by why."""

    def __init__(self, numbered: Numbered, judge: Judge, recitation: Recitation) -> None:
        self._numbered = numbered
        self._judge = judge
        self._recitation = recitation
        titles = dict.fromkeys(passage.article.title for passage in numbered.passages)
        self._known = Material([*titles, *(passage.text for passage in numbered.passages)])
        self.rules: Counter[str] = Counter()
        self.total = 0

    def read(
        self, filled: Mapping[str, Mapping[str, Any]], blanks: Sequence[Blank], besides: Iterable[PlannedQuestion] = ()
    ) -> list[PlannedQuestion]:
        """The questions that can be asked, no two alike, and none like those that there are `besides`.

        `filled` is what the model says to each blank, by its number from 1.
        """
        found: list[PlannedQuestion] = []
        for number, blank in enumerate(blanks, 1):
            self.total += 1
            asked = self._question(filled[str(number)], blank)
            if isinstance(asked, PlannedQuestion) and any(asked.is_like(other) for other in (*besides, *found)):
                asked = "repeats"
            if isinstance(asked, PlannedQuestion):
                found.append(asked)
            else:
                self.rules[asked] += 1
        return found

    def _question(self, said: Mapping[str, Any], blank: Blank) -> PlannedQuestion | Refused:
        number, passage = blank.number, self._numbered[blank.number]
        if points_back(passage.text):
            return "dangling"
        if blank.kind == "true":
            return self._true(said, number, passage)
        if blank.kind == "false":
            return self._false(said, number, passage)
        answer = _without_stop(plain(said["answer"]))
        if answer is None or not tokens(answer) or self._recitation.is_in(answer):
            return "answer"
        asked: PlannedQuestion | Refused | None = None
        if blank.kind == "short":
            asked = self._short(said, number, passage, answer)
            if isinstance(asked, PlannedQuestion):
                return asked
        if not names(passage.text, answer) or word_count(answer) > _MOST_ANSWER_WORDS or _is_common(answer):
            return asked or "answer"
        if blank.kind == "choice":
            asked = self._choice(said, blank, passage, answer)
        # A question may be of no use where its answer can still be a gap.
        return asked if isinstance(asked, PlannedQuestion) else gap_in(number, passage, answer) or asked or "gap"

    # ------------------------------------------------------------ kinds

    def _choice(self, said: Mapping[str, Any], blank: Blank, passage: Passage, answer: str) -> PlannedQuestion | None:
        """With the model's own words where they ask and give nothing away, else as a gap in the sentence.

        Where its wrong options are too few, those that it passed over are taken.
        """
        wrong = self._wrong([*said["wrong"], *blank.others], passage, answer)
        if len(wrong) < _FEWEST_WRONG:
            return None
        question = plain(said["question"])
        is_usable = question is not None and self._may_ask(question, passage) and not gives_away(question, answer)
        if question is not None and is_usable:
            stem_text = question
        else:
            gap = masked(passage.text, answer)
            if gap is None:
                return None
            with_gap, answer = gap
            stem_text = f"Which words complete this sentence? “{with_gap}”"
        return PlannedQuestion(
            kind="choice",
            number=blank.number,
            stem=stem_text,
            term=ARTICLE.sub("", answer),
            answer=answer,
            wrong=tuple(wrong),
            is_written=is_usable,
        )

    def _wrong(self, proposed: Iterable[object], passage: Passage, answer: str) -> list[str]:
        """Those of the options that are surely others, and of the answer's kind."""
        found: list[str] = []
        taken = {key_of(answer)}
        for each in proposed:
            text = _without_stop(plain(each))
            if text is None or key_of(text) in taken or not tokens(text) or word_count(text) > _MOST_ANSWER_WORDS:
                continue
            is_alike = look_alike(text, answer) and word_count(text) <= word_count(answer) + 3
            # In words of the sources: nothing that a model was told to spread gets into a lesson as a wrong option.
            is_known = self._known.knows(_NUMBER.sub(" ", text)) and not names(passage.text, text)
            if is_alike and is_known and not self._recitation.is_in(text):
                taken.add(key_of(text))
                found.append(_in_case_of(answer, text))
        return found[:3]

    def _short(self, said: Mapping[str, Any], number: int, passage: Passage, answer: str) -> PlannedQuestion | Refused:
        question = plain(said["question"])
        if question is None or not self._may_ask(question, passage):
            return "question"
        is_verbatim = _stands_in(answer, passage.text) and not _is_common(answer)
        if is_verbatim and gives_away(question, answer):
            return "question"
        if not is_verbatim and not agree(answer, passage.text):
            return "answer"
        if not passage.stands_alone and not is_verbatim:
            return "dangling"
        key = answer if is_verbatim else passage.text
        term = _term_of(question, passage) or answer
        return PlannedQuestion(kind="short", number=number, stem=question, term=term, answer=key, is_written=True)

    def _true(self, said: Mapping[str, Any], number: int, passage: Passage) -> PlannedQuestion | Refused:
        """The model's statement where the sentence bears it, else the sentence itself."""
        statement = plain(said["statement"])
        rule = "statement"
        if statement is not None and self._can_be_judged(statement):
            unsupported = self._judge.unsupported(statement, (number,))
            if unsupported is None:
                return self._statement(statement, number, passage, is_true=True)
            rule = unsupported.rule
        if word_count(passage.text) > _MOST_WORDS_TO_JUDGE or not self._can_be_judged(passage.text):
            return rule
        return self._statement(passage.text, number, passage, is_true=True)

    def _false(self, said: Mapping[str, Any], number: int, passage: Passage) -> PlannedQuestion | Refused:
        """The sentence with one of its phrases exchanged for one of another sentence."""
        true, false = _without_stop(plain(said["exchange"])), _without_stop(plain(said["by"]))
        gap = masked(passage.text, true) if true else None
        if gap is None or not true or not false or names(passage.text, false):
            return "answer"
        statement = passage.text.replace(gap[1], _in_case_of(gap[1], false))
        if not self._can_be_judged(statement) or word_count(statement) > _MOST_WORDS_TO_JUDGE:
            return "statement"
        if self._judge.unsupported(statement, (number,)) is None or not self._is_near_miss(statement, passage):
            return "not-false"
        return self._statement(statement, number, passage, is_true=False)

    def _statement(self, statement: str, number: int, passage: Passage, *, is_true: bool) -> PlannedQuestion:
        return PlannedQuestion(
            kind="true_false",
            number=number,
            stem=f"True or false, according to the lesson? “{statement}”",
            term=_term_of(statement, passage) or self._numbered.article.name,
            answer="true" if is_true else "false",
            is_written=statement != passage.text,
        )

    def _can_be_judged(self, statement: str) -> bool:
        is_one = is_whole(statement) and not statement.endswith("?") and can_be_quoted(statement)
        return is_one and not points_back(statement) and not self._recitation.is_in(statement)

    def _is_near_miss(self, statement: str, passage: Passage) -> bool:
        """Whether a false statement is the sentence with a detail changed, and stands nowhere in the sources."""
        said, true = set(stems(statement)), set(stems(passage.text))
        is_near = len(said - true) <= _MOST_NEW_IN_FALSE and len(said & true) * 2 >= len(said)
        is_known = self._known.knows(_NUMBER.sub(" ", statement))
        return (
            is_near
            and is_known
            and not any(_stands_in(statement, article.document.text) for article in self._numbered.texts)
        )

    def _may_ask(self, question: str, passage: Passage) -> bool:
        words = Material([passage.text, passage.heading, passage.article.title, self._numbered.article.title])
        is_known = words.knows(question) and words.knows_names(question)
        return is_question(question) and is_known and not self._recitation.is_in(question)


# ---------------------------------------------------------------- words


def _term_of(text: str, passage: Passage) -> str | None:
    """What a text is about: its first words in a row that the sentence has too, function words apart."""
    said = {stem(token) for token in tokens(passage.text)} - {stem(token) for token in _COMMON}
    run: list[str] = []
    for word in re.findall(r"[\w'’-]+", text):  # noqa: RUF001
        if tokens(word) and all(stem(token) in said for token in tokens(word)):
            run.append(word)
        elif run:
            break
    return " ".join(run[:3]) or None


def _without_stop(text: str | None) -> str | None:
    return text.strip().rstrip(".").strip('"“”') if text else None


def names(text: str, phrase: str) -> bool:
    """Whether a text has the words of a phrase in a row, its article apart, in singular or plural."""
    return has_name(text, ARTICLE.sub("", phrase.strip()))


def _is_common(text: str) -> bool:
    return not set(tokens(text)) - _COMMON


def _in_case_of(answer: str, option: str) -> str:
    """The option with a capital like the answer's, so that no letter gives the right one away."""
    if answer[:1].isupper() and option[:1].islower():
        return option[:1].upper() + option[1:]
    return option


def _stands_in(part: str, text: str) -> bool:
    wanted = " ".join(part.split()).casefold().rstrip(".!?")
    return bool(wanted) and wanted in " ".join(text.split()).casefold()
