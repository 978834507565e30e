"""A model's questions: what of them can be asked, each on one sentence that bears its answer.

The model says what is asked and what is right; gaps, keys, feedback and the order of options are the program's.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from lessongen.language.sentences import is_whole, points_back
from lessongen.language.words import STOPWORDS, fold, singular, stem, stems, tokens, word_count
from lessongen.lesson import Bloom
from lessongen.writers.extractive.article import Passage
from lessongen.writers.extractive.article import names as has_name
from lessongen.writers.openai.forms import Material, is_question
from lessongen.writers.openai.passages import Numbered
from lessongen.writers.openai.plain import GAP, Recitation, plain
from lessongen.writers.openai.prose import Judge

FEWEST = 5
LETTERS = "ABCDE"
_MOST_ANSWER_WORDS = 8
_MOST_GAP_WORDS = 4
_FEWEST_AROUND = 6  # words beside a gap
_FEWEST_WRONG = 2
_MOST_NEW_IN_FALSE = 3  # content words
_SHARE_TO_MEAN = 0.6  # of the content words of a question that another sentence than the cited one must hold
_SHARE_OF_KEY = 0.5  # of the content words of a free answer that the key must hold
_COMMON = STOPWORDS["en"] | frozenset(
    "not no yes more most very also other than has have had can could may might must will would cannot means meant "
    "refers isn aren wasn weren hasn haven he she they we i you there one some any all each".split()
)
_NUMBER = re.compile(r"\b\d{1,3}(?:[,.]?\d{3})*(?:\.\d+)?(?:%|s|st|nd|rd|th)?(?!\w)")
_ARTICLE = re.compile(r"^(?:an?|the)\s+(?=\S)", re.IGNORECASE)

Kind = Literal["choice", "true_false", "cloze", "short"]
Refused: TypeAlias = str
_BLOOM: Mapping[Kind, Bloom] = {
    "choice": "remember",
    "cloze": "remember",
    "true_false": "understand",
    "short": "understand",
}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question that can be asked on the sentence `number`; `wrong` are the other options of a choice."""

    kind: Kind
    number: int
    stem: str
    term: str
    answer: str
    wrong: tuple[str, ...] = ()
    is_written: bool = False

    @property
    def bloom(self) -> Bloom:
        """Its level."""
        return _BLOOM[self.kind]

    @property
    def is_longest(self) -> bool:
        """Whether the right option is longer than all others."""
        return self.kind == "choice" and all(len(self.answer) > len(each) for each in self.wrong)

    def options(self, rng: random.Random) -> list[str]:
        """All options in some order, for asking the model itself."""
        return rng.sample([self.answer, *self.wrong], len(self.wrong) + 1)


class Quiz:
    """Reads the model's questions; those that can't be asked are counted by why."""

    def __init__(self, numbered: Numbered, judge: Judge, recitation: Recitation) -> None:
        self._numbered = numbered
        self._judge = judge
        self._recitation = recitation
        titles = dict.fromkeys(passage.article.title for passage in numbered.passages)
        self._known = Material([*titles, *(passage.text for passage in numbered.passages)])
        self.rules: Counter[str] = Counter()
        self.total = 0

    def read(self, proposed: Iterable[Mapping[str, Any]], besides: Sequence[Asked] = ()) -> list[Asked]:
        """The questions that can be asked, no two alike, and none like those that there are `besides`."""
        found: list[Asked] = []
        for each in proposed:
            self.total += 1
            asked = self._question(each)
            if isinstance(asked, Asked) and any(_is_like(asked, other) for other in (*besides, *found)):
                asked = "repeats"
            if isinstance(asked, Asked):
                found.append(asked)
            else:
                self.rules[asked] += 1
        return found

    def _question(self, raw: Mapping[str, Any]) -> Asked | Refused:
        number = self._meant(raw)
        if number not in self._numbered:
            return "cites"
        passage = self._numbered[number]
        if points_back(passage.text):
            return "dangling"
        if raw["kind"] == "true_false":
            return self._statement(raw, number, passage)
        answer = _without_stop(plain(raw["answer"]))
        if answer is None or not tokens(answer) or self._recitation.is_in(answer):
            return "answer"
        if raw["kind"] == "short":
            short = self._short(raw, number, passage, answer)
            if isinstance(short, Asked) or not names(passage.text, answer) or _is_common(answer):
                return short
            return _cloze(number, passage, answer) or short  # its question is of no use, but its answer may be a gap
        if not names(passage.text, answer) or word_count(answer) > _MOST_ANSWER_WORDS or _is_common(answer):
            return "answer"
        if raw["kind"] == "choice":
            asked = self._choice(raw, number, passage, answer)
            if asked is not None:
                return asked
        return _cloze(number, passage, answer) or "gap"

    def _meant(self, raw: Mapping[str, Any]) -> int:
        """The sentence that a question is about: the one cited, or the one that has its answer and most of its words.

        Small models mix numbers up. What the question stands on is examined all the same, and shown.
        """
        cited: int = raw["sentence"]
        answer = _without_stop(plain(raw["answer"]))
        if raw["kind"] == "true_false" or not answer or cited not in self._numbered:
            return cited
        if names(self._numbered[cited].text, answer):
            return cited
        asked = set(stems(str(raw["question"]))) - {stem(token) for token in _COMMON}
        best, share = cited, _SHARE_TO_MEAN
        for number, passage in enumerate(self._numbered.passages, 1):
            covered = len(asked & set(stems(passage.text))) / len(asked) if asked else 0.0
            if covered > share and names(passage.text, answer):
                best, share = number, covered
        return best

    # ------------------------------------------------------------ kinds

    def _choice(self, raw: Mapping[str, Any], number: int, passage: Passage, answer: str) -> Asked | None:
        """With the model's own words where they ask and give nothing away, else as a gap in the sentence."""
        wrong = self._wrong(raw["wrong"], passage, answer)
        if len(wrong) < _FEWEST_WRONG:
            return None
        question = plain(raw["question"])
        is_usable = question is not None and self._may_ask(question, passage) and not _gives_away(question, answer)
        if question is not None and is_usable:
            stem_text = question
        else:
            gap = _masked(passage.text, answer)
            if gap is None:
                return None
            masked, answer = gap
            stem_text = f"Which words complete this sentence? “{masked}”"
        return Asked(
            kind="choice",
            number=number,
            stem=stem_text,
            term=_ARTICLE.sub("", answer),
            answer=answer,
            wrong=tuple(wrong),
            is_written=is_usable,
        )

    def _wrong(self, proposed: Iterable[object], passage: Passage, answer: str) -> list[str]:
        """Those of the options that are surely others, and of the answer's kind."""
        found: list[str] = []
        taken = {_key(answer)}
        for each in proposed:
            text = _without_stop(plain(each))
            if text is None or _key(text) in taken or not tokens(text) or word_count(text) > _MOST_ANSWER_WORDS:
                continue
            is_alike = _has_digit(text) == _has_digit(answer) and word_count(text) <= word_count(answer) + 3
            # In words of the sources: nothing that a model was told to spread gets into a lesson as a wrong option.
            is_known = self._known.knows(_NUMBER.sub(" ", text)) and not names(passage.text, text)
            if is_alike and is_known and not self._recitation.is_in(text):
                taken.add(_key(text))
                found.append(_in_case_of(answer, text))
        return found[:3]

    def _short(self, raw: Mapping[str, Any], number: int, passage: Passage, answer: str) -> Asked | Refused:
        question = plain(raw["question"])
        if question is None or not self._may_ask(question, passage):
            return "question"
        is_verbatim = _stands_in(answer, passage.text) and not _is_common(answer)
        if not is_verbatim and not _agrees(answer, passage.text):
            return "answer"
        if not passage.stands_alone and not is_verbatim:
            return "dangling"
        key = answer if is_verbatim else passage.text
        term = _term_of(question, passage) or answer
        return Asked(kind="short", number=number, stem=question, term=term, answer=key, is_written=True)

    def _statement(self, raw: Mapping[str, Any], number: int, passage: Passage) -> Asked | Refused:
        statement = plain(raw["question"])
        said = fold(str(raw["answer"])).strip(" .")
        if said not in ("true", "false"):
            return "answer"
        if statement is None or not is_whole(statement) or points_back(statement) or "“" in statement:
            return "statement"
        if statement.endswith("?") or self._recitation.is_in(statement):
            return "statement"
        unsupported = self._judge.unsupported(statement, (number,))
        if said == "true" and unsupported is not None:
            return unsupported.rule
        if said == "false" and (unsupported is None or not self._is_near_miss(statement, passage)):
            return "not-false"
        return Asked(
            kind="true_false",
            number=number,
            stem=f"True or false, according to the lesson? “{statement}”",
            term=_term_of(statement, passage) or self._numbered.article.name,
            answer=said,
            is_written=statement != passage.text,
        )

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


# ---------------------------------------------------------------- the blind check


def agrees(asked: Asked, said: str, passage: Passage) -> bool:
    """Whether an answer given from the quote alone is the question's key."""
    if asked.kind in ("choice", "true_false"):
        return said == asked.answer
    if asked.kind == "cloze":
        return _key(said) == _key(asked.answer) or _key(_out_of(asked, said)) == _key(asked.answer)
    if asked.answer == passage.text:
        return _agrees(said, passage.text)
    return _agrees(said, asked.answer) or _agrees(asked.answer, said)


def _out_of(asked: Asked, said: str) -> str:
    """What stands in the gap where the whole sentence was given with its gap filled."""
    before, _, after = asked.stem.partition("“")[2].rpartition("”")[0].partition(GAP)
    is_whole_sentence = said.startswith(before) and said.endswith(after) and len(said) > len(before) + len(after)
    return said[len(before) : len(said) - len(after)] if is_whole_sentence else said


def _agrees(said: str, key: str) -> bool:
    wanted, given = set(stems(key)), set(stems(said))
    return bool(given) and len(given & wanted) >= _SHARE_OF_KEY * len(given)


# ---------------------------------------------------------------- choosing


def choose(questions: Sequence[Asked], count: int, used: Iterable[tuple[str, str]], numbered: Numbered) -> list[Asked]:
    """Up to so many, those that earlier versions did not ask first, and as few as can be on one sentence."""
    asked_before = set(used)
    ranked = sorted(questions, key=lambda each: (numbered[each.number].sha256, fold(each.term)) in asked_before)
    chosen: list[Asked] = []
    seen: Counter[int] = Counter()
    for most in (1, 2, len(questions)):
        for each in ranked:
            if len(chosen) < count and each not in chosen and seen[each.number] < most:
                chosen.append(each)
                seen[each.number] += 1
    return _not_all_longest(chosen, numbered)


def _not_all_longest(chosen: list[Asked], numbered: Numbered) -> list[Asked]:
    """The same, with choices made to gaps where the longest option would always be the right one."""
    choices = [each for each in chosen if each.kind == "choice"]
    if len(choices) < 2 or not all(each.is_longest for each in choices):
        return chosen
    kept: list[Asked] = []
    for each in chosen:
        if each.kind != "choice" or each is choices[0]:
            kept.append(each)
            continue
        gap = _cloze(each.number, numbered[each.number], each.answer)
        if gap is not None and not any(_is_like(gap, other) for other in kept):
            kept.append(gap)
    return kept


def _is_like(one: Asked, other: Asked) -> bool:
    same_term = one.number == other.number and one.kind == other.kind and _key(one.term) == _key(other.term)
    return same_term or _key(one.stem) == _key(other.stem)


# ---------------------------------------------------------------- words


def _cloze(number: int, passage: Passage, answer: str) -> Asked | None:
    gap = _masked(passage.text, answer)
    if gap is None or word_count(gap[1]) > _MOST_GAP_WORDS:
        return None
    return Asked(kind="cloze", number=number, stem=f"Fill in the gap: “{gap[0]}”", term=gap[1], answer=gap[1])


def _masked(text: str, answer: str) -> tuple[str, str] | None:
    """The sentence with a gap for the answer, and the answer as it stands there; None where the rest gives it away."""
    bare = _ARTICLE.sub("", answer)
    found = list(re.finditer(rf"(?<![\w-]){re.escape(bare)}(?![\w-])", text, re.IGNORECASE))
    if len(found) != 1 or "“" in text or "”" in text or "_" in text:
        return None
    start, end = found[0].span()
    rest = f"{text[:start]} {text[end:]}"
    if word_count(rest) < _FEWEST_AROUND or _gives_away(rest, bare):
        return None
    return text[:start] + GAP + text[end:], text[start:end]


def _gives_away(shown: str, answer: str) -> bool:
    telling = set(stems(answer))
    return not telling or any(stem(token) in telling for token in tokens(shown))


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
    return has_name(text, _ARTICLE.sub("", phrase.strip()))


def _key(text: str) -> tuple[str, ...]:
    without = _ARTICLE.sub("", text.strip())
    return tuple(singular(token) for token in tokens(without)) or (text.strip(),)


def _is_common(text: str) -> bool:
    return not set(tokens(text)) - _COMMON


def _has_digit(text: str) -> bool:
    return any(character.isdigit() for character in text)


def _in_case_of(answer: str, option: str) -> str:
    """The option with a capital like the answer's, so that no letter gives the right one away."""
    if answer[:1].isupper() and option[:1].islower():
        return option[:1].upper() + option[1:]
    return option


def _stands_in(part: str, text: str) -> bool:
    wanted = " ".join(part.split()).casefold().rstrip(".!?")
    return bool(wanted) and wanted in " ".join(text.split()).casefold()
