"""What may pass between sources, people and a model: text as data on its way in, plain words alone on the way out.

A source or a topic is never an instruction. It goes into a prompt inside a fence that it can't close, and what a model
says because a source told it to (links, markup, secrets, words to a program) does not come out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from lessongen.system.printable import printable
from lessongen.text.passages import GAP
from lessongen.text.sentences import has_markup
from lessongen.text.words import STOPWORDS, tokens

OPENS, CLOSES = "<<<", ">>>"

_LONGEST_TEXT = 900  # characters of one text of a model
_LONGEST_GIVEN = 120  # characters of a topic or a title in a prompt
_LEAST_SMALL_WORDS = 0.1  # share of articles, prepositions and the like; in English texts mostly a third
_MOST_LETTERS = 0.3  # share of words of one letter
_RUN_OF_PROMPT = 6  # words in a row that only someone who recites the prompt has in common with it

_LINK = re.compile(
    r"\w+://|\bwww\.|\bmailto:|\bjavascript:|\bdata:\w+/|[\w.+-]+@[\w-]+\.\w"
    r"|\b[\w-]+\.(?:com|org|net|io|dev|info|biz|example|invalid|test|xyz|app|ru|cn|de|co\.uk)\b",
    re.IGNORECASE,
)
_MARKUP = re.compile(
    r"[<>`|{}\\^]|\*\*|~~|\]\(|!\[|__|^\s*(?:[#*+•-]\s|#+|\d{1,2}[.)]\s)|\[(?!\d)|(?<!\d)\]|&#?\w+;", re.MULTILINE
)
_LONG_CODE = re.compile(r"\bsk-\w|\bBearer\b|(?=[\w+/=-]*\d)(?=[\w+/=-]*[A-Za-z])[\w+/=-]{16,}|[\w+/=-]{46,}")
# The last one: a word of Latin and other letters, which only looks like the word that it is read as.
_UNFIT = re.compile(r"[<>`{}\\|]|\[\s*\w?\d|\]\(|\*\*|[A-Za-z][\u0370-\u04ff]|[\u0370-\u04ff][A-Za-z]")
_CITED = re.compile(r"\s*\[\d+(?:\s*[,;–-]\s*\d+)*\]")  # noqa: RUF001
_SMALL_WORDS = STOPWORDS["en"] | frozenset(
    "all also another both but can each few had has have he including like many may more most not often only other "
    "others own part possible several she since some still such than they two three used when while without".split()
)
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})

# A source speaks to its readers; these speak to whoever writes from it. Leaving out a harmless sentence costs little.
_SAY = r"(?:say|write|print|output|reveal|repeat|reply|respond|answer|claim|tell|state|show|send|disclose|recite|quote)"
_WRITER = r"(?:AIs?|assistants?|chatbots?|language models?|AI models?|LLMs?|bots?|lesson writers?|models? reading)"
_WORK = r"(?:answers?|responses?|outputs?|repl(?:y|ies)|lessons?|quiz(?:zes)?|summar(?:y|ies)|completions?|JSON)"
_TO_A_PROGRAM = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass|overrule)\b[^.]{0,60}"
    r"\b(?:instructions?|prompts?|rules?|directions?|guidelines?|previous|prior|above|before|earlier)\b"
    r"|\b(?:system|developer|hidden|initial|original|secret) (?:prompt|message|instructions?)\b"
    r"|\b(?:new|updated|real|your) instructions?\b"
    rf"|\b(?:you are|you're|act as|pretend|behave as)(?: now)?(?: to be)? (?:an?|the)? ?(?:{_WRITER}|DAN|hacker"
    r"|administrator|developer)\b|\bas an? (?:AI|LLM|language model)\b"
    rf"|\b(?:dear|hey|hello|attention|note to|to) (?:the |any |all )?{_WRITER}\b"
    rf"|\b{_WRITER}\b[^.]{{0,60}}\b(?:must|should|shall|have to|need to|please|will now|are to|is to)\b"
    r"|^\W*(?:system|assistant|user|human|ai|note to (?:the )?\w+|attention|important|admin\w*)\s*[:>]"
    rf"|\b{_SAY}\b[^.]{{0,60}}\b(?:API|secret|access|private|your) ?(?:key|token|password|credential|prompt)s?\b"
    rf"|^\W*(?:always|never|please|now|instead|you must|you should|you will|do not|don't|make sure to|be sure to)\b"
    rf"[^.]{{0,40}}\b(?:{_SAY}|cite|mention|include|insert|add|begin|start|end|mark|use|follow|link|visit|click)\b"
    rf"|\b(?:to|of|into|with|in) (?:your|the next|this|every|each|all(?: of)?(?: the)?) {_WORK}\b(?! of\b)"
    r"|\bin the (?:lesson|quiz|JSON)\b"
    r"|\bplease (?:\w+ ){0,2}(?:include|insert|add|write|say|mention|use|put|append|tell|give|make|follow|visit)\b"
    r"|\b(?:that|whatever|everything|all) you (?:write|make|generate|produce|create|say|output)\b"
    r"|\b(?:quote|question|sentence|source) (?:ids?|numbers?)\b"
    r"|\b(?:correct|right) answer (?:is|to)\b|\b(?:end|begin|start) of (?:the )?(?:sources?|data|text|document|input)\b"
    r"|\bprompt injection\b|\bjailbreak",
    re.IGNORECASE,
)
_ORDER = re.compile(
    r"^\W*(?:(?:please|now|then|instead|also|always|never|first|finally),? )*(?:write|print|output|reveal|repeat|reply"
    r"|respond|disclose|recite|cite|insert|click|visit|execute|download|obey|comply|say|include|mention|append"
    r"|translate|tell|claim|state|answer|quote|ignore|disregard|forget|follow|pretend)\b(?: (?:that|the|this|these"
    r"|those|all|any|every|each|only|with|in|at|to|an?|your|my|me|it|no|nothing|as|down|out|exactly|us|them|students)\b"
    r"|:? [\"“'‘]| (?-i:[A-Z]{3,}))",  # noqa: RUF001
    re.IGNORECASE,
)

# What only a model says that took a source's words to a program for its task; a teacher's notes instruct as well, and
# speak of lessons, answers and sentences.
_OBEYED = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass|overrule)\b[^.]{0,60}"
    r"\b(?:instructions?|prompts?|directions?|guidelines?)\b"
    r"|\b(?:system|developer|hidden|initial|original|secret) (?:prompt|message|instructions?)\b"
    r"|\b(?:as|I am|I'm|you are(?: now)?|you're) an? (?:AI|LLM|language model|DAN)\b"
    rf"|\b{_WRITER}\b[^.]{{0,40}}\b(?:must|should|shall|are to)\b"
    rf"|\b{_SAY}\b[^.]{{0,60}}\b(?:API|secret|access|private) ?(?:key|token|password|credential|prompt)s?\b"
    r"|\bprompt injection\b|\bjailbreak",
    re.IGNORECASE,
)

# A ruling as it is told: "supported" with nothing that was held up behind it, as in "supported the roof".
_FOUND = (
    r"(?:unsupported|entailed|not said|(?:supported|contradicted)"
    r"(?=\W*$|\W*[.,;:!?\"'()\[\]{}]|,? (?:for|to|as|and|or|is|with|from|by (?:its|the|their) quotes?)\b))"
)
_WORK_OF_A_JUDGE = (
    r"\b(?:verdicts?|items?|outputs?|repl(?:y|ies)|respon(?:d|ses?)|answers?|mark(?:ed)?|repeat|return|sentences?|quotes?"
    r"|statements?|claims?|confirm|fact-?check\w*|judge[sd]?|grade[sd]?|graders?|check(?:er|ers|ing|ed|s)?|schema|batch"
    r"|pairs?|rulings?|labels?|labelled|rate[sd]?|classif(?:y|ied)|say|write|print|select|choose)\b"
)
_OF_A_JUDGE = r"(?:judges?|(?:fact[- ]?)?checkers?|graders?|reviewers?|evaluators?|validators?|examiners?|verifiers?)"
_FEWEST_TO_A_JUDGE = 2
_TOLD = r"(?:notes?|messages?|words?|instructions?|orders?|requests?|hints?|reminders?|notices?|remarks?|memos?|advice)"
_TO_A_JUDGE = re.compile(
    rf"{_WORK_OF_A_JUDGE}.{{0,80}}\b{_FOUND}|\b{_FOUND}.{{0,80}}{_WORK_OF_A_JUDGE}|[\"'“‘«]{_FOUND}[\"'”’»]"  # noqa: RUF001
    rf"|\bas {_FOUND}|\(\s*{_FOUND}\s*\)|\b(?:supported|contradicted) (?:is|would be|must be)\b"
    r"|\bverdicts? ?[:=]|(?-i:\bSUPPORTED\b)"
    r"|\byou (?:must|should|have to|shall|need to|will|are to) (?:\w+ )?"
    r"(?:agree|accept|say|answer|confirm|report|approve)\b"
    r"|\b(?:do not|don't|never|must not|cannot|can't) (?:refuse|reject|doubt|question) (?:this|it)\b"
    rf"|\b(?:dear|hey|hello|attention|{_TOLD} (?:to|for)) (?:the |any |all |our )?{_OF_A_JUDGE}\b"
    rf"|^\W*{_OF_A_JUDGE}\s*[,:]|\bwho(?:so)?ever (?:judges|checks|grades|reads|reviews|verifies) (?:this|it)\b"
    r"|\b(?:this|these|that|the|every|each|all|any) (?:\w+ ){0,2}(?:items?|sentences?|statements?|claims?)\b.{0,40}"
    r"\b(?:must|should|shall|has to|have to|needs? to|is to|are to|may|can) (?:\w+ )?"
    r"(?:pass|stand|be (?:accepted|approved|passed|let|marked|skipped|counted|trusted|believed|treated))\b"
    r"|\b(?:accept|approve|approved|pass|support|let|trust|mark|treat|skip|consider|count|allow|admit|confirm|endorse"
    r"|validate)\b.{0,20}\b(?:this|these|every|each|all|any|both|the (?:next|following|previous|preceding|last|first"
    r"|other)) (?:\w+ ){0,2}(?:items?|sentences?|statements?|claims?)\b"
    r"|\b(?:no|none of the|none of these|never an?) (?:\w+ ){0,2}(?:items?|sentences?|statements?|claims?)\b.{0,40}"
    r"\b(?:may|can|must|should|shall|is to|are to|ought to|will|needs? to) (?:\w+ )?be\b"
    r"|\b(?:items?|sentences?|statements?|claims?|pairs?) (?:of|in|from) (?:this|the present|the current) "
    r"(?:batch|prompt|list|call|request|exam|test|check)\b"
    r"|\b(?:items?|sentences?|statements?|claims?)\b.{0,40}\b(?:no|any|further|more|been|was|already) "
    r"(?:\w+ )?(?:check(?:s|ed|ing)?|verif(?:ied|ication)|review(?:ed)?|approv(?:ed|al)|fact-check(?:ed|ing)?)\b"
    r"|<{2,}|>{2,}|<\||\|>|\[/?INST\]|(?-i:\bITEMS\b)|[\"']\w+[\"'] ?: ?[\[{\"']",
    re.IGNORECASE,
)

# Much wider: words and forms of which two seldom stand together in a lesson, and mostly in what speaks to a judge.
_MAY_BE_TO_A_JUDGE = re.compile(
    r"\b(?:you|your|yours|verdicts?|judge[sd]?|judging|checks?|checked|checkers?|accept\w*|approv\w*|refus\w*|reject\w*"
    r"|flag(?:ged)?|verif\w*|proven|overrid\w*|supported|items?|statements?|claims?|quotes?|instruct\w*|rules?|prompts?"
    r"|tasks?|answers?|assistants?|AIs?|evaluat\w*|review\w*|grade[sd]?|graders?|marked|trusted|ignore\w*|forget"
    r"|disregard\w*|validat\w*|confirm\w*|certif\w*|exams?|batch\w*|outputs?|repl(?:y|ies)|sentences?)\b"
    r"|\b(?:this|these|that|everything|all|it|which) (?:\w+ )?"
    r"(?:passes|holds|stands|is (?:true|right|correct|fine|valid))\b"
    r"|(?:^|[.!?:;]\W+)(?:please |now |just |and )?(?:be|say|set|give|treat|consider|skip|let|do|don't|take|count"
    r"|assume|note|remember|call|rule|find|allow|admit|believe|pass|print|write|return|choose|select|tell|go|move|keep|stop)\b"
    r"|\bno matter\b|\bwhatever\b|\bthis one\b|\beverything\b|\bthe above\b|\bwhat follows\b"
    r"|\b(?:any|all|none|each) of (?:these|this|them)\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=1_024)
def is_clean(text: str) -> bool:
    """Whether a source's sentence can be put before a model and a student: no markup, link, unseen character in it."""
    is_unfit = _is_unseen(text) or has_markup(text) or _LINK.search(text) or _UNFIT.search(text)
    return not is_unfit and not _LONG_CODE.search(text) and _reads_as_english(text)


@lru_cache(maxsize=4_096)
def speaks_to_a_program(text: str) -> bool:
    """Whether a sentence tells the one who writes the lesson what to do, as no text for students does."""
    return _TO_A_PROGRAM.search(text) is not None or _ORDER.search(text) is not None


@lru_cache(maxsize=1_024)
def has_obeyed(text: str) -> bool:
    """Whether a model's text speaks as only one does that took a source's words for its task.

    That a text tells somebody to write or to answer something is no sign of it: tasks and questions do.
    """
    return _OBEYED.search(text) is not None


@lru_cache(maxsize=4_096)
def speaks_to_a_judge(text: str) -> bool:
    """Whether a sentence tells whoever judges it what to find, as neither lessons nor articles do."""
    return _TO_A_JUDGE.search(text) is not None


@lru_cache(maxsize=1_024)
def may_speak_to_a_judge(text: str) -> bool:
    """Whether a text has words and forms in it such as what speaks to a judge has; few others have them."""
    found = {each.group(0).strip(" .!?:;").casefold() for each in _MAY_BE_TO_A_JUDGE.finditer(text)}
    return len(found - {"your", "yours"} | ({"you"} if found & {"your", "yours"} else set())) >= _FEWEST_TO_A_JUDGE


def as_data(text: str) -> str:
    """A source's text for a prompt: on one line, and with nothing that looks like a fence or a sentence's number."""
    return printable(_without_unseen(text)).translate(_NEUTRAL)


def given(text: str) -> str:
    """A person's words (topic, subject, level) for a prompt: short, on one line, and unable to close their quotes."""
    shortened = as_data(text)[:_LONGEST_GIVEN]
    return re.sub(r"[“”\"]", "'", shortened)


def fenced(name: str, lines: Iterable[str]) -> str:
    """Lines of data between marks that no line of them can hold."""
    return "\n".join([f"{OPENS}{name}", *lines, f"{name}{CLOSES}"])


def plain(text: object) -> str | None:
    """A model's text on one line, without numbers of sentences in brackets; None for what is no plain text."""
    return _plain(text) if isinstance(text, str) and len(text) <= _LONGEST_TEXT else None


@lru_cache(maxsize=2_048)
def _plain(text: str) -> str | None:
    if _is_unseen(text.replace("\n", " ")):
        return None
    single = " ".join(_CITED.sub("", unicodedata.normalize("NFC", text)).split())
    bare = single.replace(GAP, "gap")
    if not bare or _MARKUP.search(bare) or has_markup(bare) or _LINK.search(bare) or _LONG_CODE.search(bare):
        return None
    return None if has_obeyed(bare) else single


def _reads_as_english(text: str) -> bool:
    """Whether enough of the words hold a sentence together; letter by letter, or in another language, they don't."""
    words = tokens(text)
    small = sum(word in _SMALL_WORDS for word in words)
    letters = sum(len(word) == 1 and word.isalpha() and word != "a" for word in words)
    return small >= _LEAST_SMALL_WORDS * len(words) and letters <= _MOST_LETTERS * len(words)


class Recitation:
    """Knows the words of the prompts, and tells what recites them."""

    def __init__(self, prompts: Iterable[str]) -> None:
        self._runs = _runs_of_all(tuple(prompts))

    def is_in(self, text: str) -> bool:
        """Whether so many words of the text stand in a row in a prompt as only reciting it explains."""
        return any(run in self._runs for run in _runs(text))


@lru_cache(maxsize=16)
def _runs_of_all(prompts: tuple[str, ...]) -> frozenset[tuple[str, ...]]:
    """The same for every lesson of a template."""
    return frozenset(run for prompt in prompts for run in _runs(prompt))


def _runs(text: str) -> Iterable[tuple[str, ...]]:
    words = tokens(text)
    return (tuple(words[at : at + _RUN_OF_PROMPT]) for at in range(len(words) - _RUN_OF_PROMPT + 1))


_NEUTRAL = str.maketrans({"<": "(", ">": ")", "[": "(", "]": ")", "{": "(", "}": ")", "`": "'"})


def _is_unseen(text: str) -> bool:
    return not (text.isascii() and text.isprintable()) and any(unicodedata.category(each) in _UNSEEN for each in text)


def _without_unseen(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    return "".join([each for each in text if each in "\n\t" or unicodedata.category(each) not in _UNSEEN])
