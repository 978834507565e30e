"""Flaws of a stem by itself: what it asks, and how."""

from __future__ import annotations

import re
from collections import Counter

from lessongen.check.forms import FUNCTION_WORDS, form_of
from lessongen.check.items.paper import Item, Paper, telling
from lessongen.check.report import Findings
from lessongen.lesson.model import Prose
from lessongen.text.passages import gaps, loosely, split_stem
from lessongen.text.sentences import split_sentences
from lessongen.text.words import tokens, word_count

_TYPED = ("cloze", "short", "open")
_AUXILIARY = r"(?:is|are|was|were|do|does|did|has|have|had|can|could|would|will|should|must|may|might)"
# A word of the main clause: what stands in "when", "if" or "that" may well be denied.
_WORD = r"(?!(?:when|if|that|who|which|because|although|as|while|where|whose|after|before)\b)[\w'-]+"
_NOT_ASKED = re.compile(
    r"^(?:\W*(?:in|of|on|for|at|to|from) [^,?]{1,40}, )?(?:(?:in|on|at|from|to|with) )?"
    r"(?:which|what|who|whom|whose|where)\b"
    rf"(?: {_WORD}){{0,6}}? (?:{_AUXILIARY}(?: {_WORD}){{0,4}}? (?:not|never)|\w+n['’]t|cannot|never)\b",  # noqa: RUF001
    re.IGNORECASE,
)
_EXCEPT = re.compile(r"\bexcept\b(?! for\b)|\ball but one\b|\bwith the exception\b", re.IGNORECASE)
_SHOUTED = re.compile(r"\b(?:NOT|EXCEPT|NEVER|LEAST)\b")
_SUBORDINATE = re.compile(r"\b(?:that|which|who|whose|when|where|if|because|although|unless|so)\b", re.IGNORECASE)
_DENIES = re.compile(r"\b(?:not|never|no|cannot)\b|n['’]t\b", re.IGNORECASE)  # noqa: RUF001
_BECAUSE = re.compile(
    r"\b(?:because|so that|in order to|due to|the reason|thanks to|which is why|that is why|therefore|as a result"
    r"|owing to)\b",
    re.IGNORECASE,
)
_ABSOLUTE = re.compile(
    r"\b(?:always|never|every(?:one|body|thing|where)?|all|none|nobody|no one|nothing|nowhere|no|any|only|alone"
    r"|exactly|must|completely|totally|entirely|impossible)\b",
    re.IGNORECASE,
)
_SPOKEN = re.compile(
    r"\b(?:says?|said|thinks?|claims?|concludes?|writes?|argues?|believes?|states?)(?: that\b|:|,)\s*", re.IGNORECASE
)
_WANTS_REASON = re.compile(r"\b(?:explain|why|give (?:a|your|one|two) reasons?|justify|correct it)\b", re.IGNORECASE)
_OF_A_TOPIC = r"(?: (?:about|of|on|for|regarding|concerning) (?:the |an? )?[\w-]+(?: [\w-]+){0,2}?)?"
_TRUE = r"(?:true|correct|right|false|wrong)"
_ASKS_FOR_REASON = re.compile(r"[.?!:]\W+(?:explain|why|say why|give (?:a|your) reasons?|justify)\b", re.IGNORECASE)
_WHICH_IS_TRUE = re.compile(
    r"^(?:which|what)(?: (?:of (?:these|the|those|following|them)|following|statements?|sentences?|answers?"
    rf"|options?|claims?|facts?|replies|one|below|here|the))*{_OF_A_TOPIC} (?:is|are)(?: the)? {_TRUE}"
    rf"(?: (?:statements?|ones?|answers?))?{_OF_A_TOPIC}\s*[?:]?$"
    rf"|^(?:choose|pick|mark|tick|select|find) the (?:{_TRUE}|best) (?:statement|answer|option|sentence|one)s?"
    rf"{_OF_A_TOPIC}[.:]?$",
    re.IGNORECASE,
)
_TRUE_OR_FALSE = re.compile(r"\btrue or false\b", re.IGNORECASE)
_VERDICT = re.compile(r"(true|false)\b", re.IGNORECASE)
_GOES_ON_IN_OPTIONS = frozenset(
    "is are was were a an the to of by for because with from in on at as when that called named has have had can than "
    "and or means if since so into about who which where while does do did could would will may must be been".split()
)
_POINTING = frozenset("he she it they him them his her its their this that these those there then so one".split())
_MOST_WORDS = 60
_FEWEST_WORDS_TOLD = 6
_TOPIC_WORDS = 3
_FEWEST_WORDS_OF_A_FORM, _MOST_OF_A_FORM = 3, 2


def negative_stem(paper: Paper) -> Findings:
    """For “Which is not …?”, “All … except”, and a denial that is false or stands before “True or false? Why?”."""
    for item in paper.written:
        question, stem = item.question, item.question.stem
        if found := _DENIES.search(_claim(item)):
            yield item.where, f"“{found.group()}” makes true mean no: state the claim without a denial."
            continue
        if question.kind in _TYPED:
            continue
        if item.is_statement:
            claims = split_sentences(item.passage)  # those before the last one tell the case
            main = _SUBORDINATE.split(claims[-1].text if claims else item.passage)[0]
            found = _DENIES.search(main) if getattr(question, "answer", None) is False else None
            if found:
                yield (
                    item.where,
                    (f"A statement with “{found.group()}” that is false denies twice: state it without a denial."),
                )
            continue
        asking = [each.text for each in split_sentences(split_stem(stem)[0] or stem)]
        last = asking[-1] if asking else stem
        if _NOT_ASKED.search(last) or _SHOUTED.search(stem) or (item.wrong and _EXCEPT.search(last)):
            yield item.where, "The stem asks what is not so: ask what is so, with one option that fits."


def _claim(item: Item) -> str:
    """What is to be judged with a reason: the last sentence before “True or false?”; "" where nothing is.

    What a person says it of, and what is supposed, may hold a denial.
    """
    before = _TRUE_OR_FALSE.split(item.question.stem, maxsplit=1)
    if item.question.kind not in _TYPED or len(before) == 1:
        return ""
    claims = split_sentences(before[0]) or split_sentences(before[1])
    said = claims[-1].text if claims else ""
    spoken = _SPOKEN.search(said)
    return said[spoken.end() :] if spoken else said


def judged_absolute(paper: Paper) -> Findings:
    """For “Tina says: it would have no use …”: who sees “no”, “all”, “never” in a claim knows that it is false."""
    for item in paper.written:
        found = _ABSOLUTE.search(_claim(item))
        if found and not _verdict(item) and item.question.origin == "written":
            yield item.where, f"“{found.group()}” shows that the claim is false: say how much, or of which case."


def gratuitous(paper: Paper) -> Findings:
    """For a stem that teaches before it asks, or tells what the answer has no use for."""
    taught = {
        loosely(each.text)
        for _, block in paper.reading.blocks
        if isinstance(block, Prose)
        for sentence in block.sentences
        for each in split_sentences(sentence.text)
    }
    for item in paper.written:
        request, passage = split_stem(item.question.stem)
        sentences = [each.text for each in split_sentences(request)]
        if word_count(request) > _MOST_WORDS:
            yield (
                item.where,
                (f"The stem has {word_count(request)} words: keep what is needed to answer, at most {_MOST_WORDS}."),
            )
            continue
        if item.is_statement or gaps(item.question.stem) or passage:
            continue
        again = [each for each in sentences[:-1] if loosely(each) in taught]
        idle = again or [each for at, each in enumerate(sentences[:-1]) if _is_idle(item, sentences, at)]
        if idle:
            yield item.where, f"“{idle[0]}” is not needed to answer: leave it out of the stem."


def _is_idle(item: Item, sentences: list[str], at: int) -> bool:
    """Whether a sentence shares no word with the rest of the stem, the answer or the options, nor is pointed at."""
    sentence = sentences[at]
    if word_count(sentence) < _FEWEST_WORDS_TOLD or form_of(sentence) is not None or item.is_supposed:
        return False
    following = set(tokens(sentences[at + 1]))
    rest = [*sentences[:at], *sentences[at + 1 :], item.key, *item.question.listed, item.question.feedback.text]
    return not following & _POINTING and not telling(sentence) & telling(" ".join(rest))


def unfocused(paper: Paper) -> Findings:
    """For “Pine tar:”, a finished statement over options, “Which of these is true?”: a stem asks one thing."""
    for item in paper.written:
        stem = item.question.stem.strip()
        if item.is_statement or gaps(stem):
            continue
        if _WHICH_IS_TRUE.search(stem):
            yield (
                item.where,
                "The stem does not say what is asked: ask one thing that can be answered without the options.",
            )
        elif not _asks(stem) and not (_is_to_be_completed(stem) if item.wrong else _may_instruct(stem)):
            yield item.where, "The stem is no question, no task and no sentence to complete: ask one thing."


def _asks(stem: str) -> bool:
    request = split_stem(stem)[0] or stem
    sentences = [each.text for text in (stem, request) for each in split_sentences(text)]
    return "?" in stem or any(form_of(each) in ("question", "instruction") for each in sentences)


def _may_instruct(stem: str) -> bool:
    """Whether a stem may open with a verb that is on no list, as "Clap a rhythm" does."""
    return bool(tokens(stem)) and tokens(stem)[0] not in FUNCTION_WORDS and word_count(stem) > _TOPIC_WORDS


def _is_to_be_completed(stem: str) -> bool:
    bare = stem.rstrip(" :…—–-")  # noqa: RUF001
    if bare.endswith((".", "!")) and not stem.endswith(("…", "...")):
        return False
    said = tokens(bare)
    return bool(said) and (said[-1] in _GOES_ON_IN_OPTIONS or len(said) > _TOPIC_WORDS)


def judged_by_reasons(paper: Paper) -> Findings:
    """For “True or false? It floats because …”: where a reason is meant, the reason is asked for."""
    for item in paper.written:
        if not item.is_statement:
            continue
        request = item.question.stem.replace(item.passage, "")
        found = _BECAUSE.search(item.passage) or _WANTS_REASON.search(request) or _ASKS_FOR_REASON.search(item.passage)
        if found:
            yield (
                item.where,
                (f"“{found.group()}” makes this a matter of reasons: ask why, or what follows."),
            )


def judged_alike(paper: Paper) -> Findings:
    """For two claims to judge, or more, that are all true or all false: having seen that, one need not think."""
    asked = [item for item in paper.written if item.question.origin == "written"]
    judged = [(item, said) for item in asked if (said := _verdict(item)) is not None]
    if len(judged) > 1 and len({said for _, said in judged}) == 1:
        item, said = judged[-1]
        yield (
            item.where,
            f"All claims that are to be judged are {str(said).lower()}: let this one be {str(not said).lower()}.",
        )


def closed_alike(paper: Paper) -> Findings:
    """For a third question that ends in “True or false? Give your reason.”: it teaches the form."""
    met: Counter[str] = Counter()
    for item in paper.written:
        closing = split_sentences(item.question.stem)[-1:]
        said = loosely(closing[0].text) if closing and item.question.origin == "written" else ""
        if len(said.split()) >= _FEWEST_WORDS_OF_A_FORM:
            met[said] += 1
            if met[said] > _MOST_OF_A_FORM:
                yield item.where, f"“{closing[0].text}” ends {_MOST_OF_A_FORM} questions already: ask in another form."


def _verdict(item: Item) -> bool | None:
    """Whether what is to be judged, with a reason or without, is true; None where nothing is."""
    if item.is_statement:
        return bool(item.question.answer)
    found = _VERDICT.match(item.key) if _TRUE_OR_FALSE.search(item.question.stem) else None
    return None if found is None else found[1].lower() == "true"
