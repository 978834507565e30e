"""What of a full article can be lifted out of it: which of its sections are text, which sentences read without it.

Sections that serve the page (references, links, lists of works) are known by their headings. A sentence is left where
it stands if it holds what can't be read aloud to a class (pronunciation, formulas, coordinates), or speaks of a figure,
a table or a footnote.
"""

from __future__ import annotations

import re

from lessongen.text.run_ons import RUN_ON, VERB
from lessongen.text.words import fold, stems, word_count

# "Etymology", "Name": a section on the word.
_NAME_IN_OTHER_WORDS = re.compile(r"^(?:etymolog|name|naming|terminolog|spelling|pronunciation)")

# International phonetic signs, respellings in capitals, and what stands before them.
_PRONUNCIATION = re.compile(
    r"[ɐɑɒɓɔɕɖɗəɘɚɛɜɝɞɟɡɠɢɣɤɥɦɧɨɪɫɬɮɯɰɱɲɳɴɵɶɸɹɻɽɾʀʁʂʃʄʈʉʊʋʌʍʎʏʐʑʒʔʕʘʙʜʟʰʲʷː]|ˈ|ˌ"  # noqa: RUF001
    r"|/[^/\s]{2,}/|\(\s*listen\b|\bpronounced\b|\bIPA\b|\b[a-z]+-[A-Z]{2,}(?:-[a-z]+)?\b|\b[A-Z]{2,}-[a-z]{2,}\b"
)
# "a = b", "H2O", "10⁶": signs that a class can't read aloud.
_FORMULA = re.compile(
    r"[∑∫√∂∇≈≡≤≥∈∉⊂⊆∪∩∀∃⇒⇔→←↔⇌∞∝]|\s[=<>]\s|\w=\w|[a-zA-Z0-9)] ?[+×÷^] ?[a-zA-Z0-9(]|\bmod \d"  # noqa: RUF001
    r"|[⁰¹²³⁴⁵⁶⁷⁸⁹₀-₉]|\\|\{|\}|displaystyle|\b[A-Z][a-z]?\d+[A-Z]\w*|\b[a-z]\([a-z](?:, ?[a-z])*\)|\b\d+[/·]\w+[/·]\w"
)
# What a template that fills in a number, a name or a sign has left behind when it did not.
_LOST_WORDS = re.compile(
    r"\(\s*[,;:]|[,;:]\s*\)|[,;] ?[,;]|\(\s*or\b|\(;|\b(?:a|an|the|of|about|over|than|is|are|was|were|and"
    r"|or|to|by|with|from"
    r"|at|in|called|between|approximately|some|around|nearly|every|up to),(?= )(?! (?:and|or|in|by|of|to"
    r"|for|as|from|with"
    r"|at|on|but|for example|among|respectively|not|if|when|where|while|however|through|that|which|who)\b)|'\s?'"
    r"|\b(?:of|about|over|than|between|approximately|around|nearly|called|the|a|an|every) (?:and|or|of|in"
    r"|by|to|is|are|was)\b|\b(?:at|in|of|from) (?:and|is|was|are|were)\b|\( | \)|\w\(|\s’s\b|\b(?:is|was|are|were) ?\("  # noqa: RUF001
    r"|\b[12]\d{6,7}\b|\d [–-][,.]|\b(?:and|or|between|than|about)(?:\.$|, (?:and|or)\b)"  # noqa: RUF001
)
# Degrees north or east.
_COORDINATES = re.compile(r"\d ?[°′″]|\d{1,3}(?:\.\d+)? ?(?:degrees )?[NSEW]\b(?:,|;| \d)")  # noqa: RUF001
_LONGEST_TITLE = 70  # characters
# "see the figure below", "[12]", "described above": points at what is not quoted.
_PAGE = re.compile(
    r"\b(?:figure|fig\.|table|chart|diagram|graph|map|photo(?:graph)?|illustration|image|box|panel|column|row|timeline"
    r"|section|chapter|appendix|article|list)s?,? (?:on|to|at|below|above|opposite|shown|shows?|illustrates?|lists?"
    r"|summari[sz]es|gives?|right|left|\d)\b"
    r"|\(see\b|\bsee(?:,? for (?:example|instance),| also| (?:figure|table|section|main|list|the|under|note)\b)"
    r"|(?:discussed|mentioned|noted|described|explained|defined|given|stated|cited|outlined"
    r"|depicted) (?:above|below|earlier|later|previously|here|in (?:the )?(?:next|previous|following|preceding))"
    r"|\b(?:above|below)[- ]?(?:mentioned|described|named)|\baforementioned|\bin th(?:is|ese) (?:section"
    r"|example|table|case)s?\b"
    r"|\bthe (?:above|below|adjacent|accompanying)\b|\[\d+\]|\[citation|\[note|\[(?:who|when|which|clarif)"
    r"|\bp{1,2}\. ?\d"
    r"|\bISBN|\bdoi:|https?:|www\.|\bet al\b|\bibid|↑|\^ |[•♦►▪†‡]|→",
    re.IGNORECASE,
)
# "For a discussion of the role of …" lacks a verb.
_POINTER = re.compile(r"^(?:For|See|Compare|With|From|About)\b[^,]*\.$")
# "we see", "you may".
_ADDRESSES_READERS = re.compile(
    r"\b(?:[Ww]e|[Oo]ur|us|[Ll]et's|[Mm]y|me|myself|[Yy]ou|[Yy]our)\b"
    r"|(?:^|[,;:] |\b(?:that|and|but|what|[Ii]f|[Ww]hen|[Aa]s) )I\b"
)
# "- ore", "3. Heat it", "Actor: a person …".
_LIST_ITEM = re.compile(r"^(?:[-*#•–—]|\(?[0-9ivxa-h]{1,4}[.)] |[^.;:]{1,60}(?: [–—-] |: (?=[A-Z])))")  # noqa: RUF001
# A long speech in quotation marks: somebody's words.
_QUOTED_SPEECH = re.compile(r"[\"“][^\"”]{60,}[\"”]")
# "iron, tin, zinc, lead, gold, …": seven members or more.
_LISTING = re.compile(r"(?:,[^,.;()]{2,40}){6,}|(?:;[^;]{2,80}){3,}")
# "as of 2006", "recently".
_OF_ITS_TIME = re.compile(
    r"\b(?:today|recently|currently|nowadays|presently|to date|in recent (?:years|decades|times)|so far"
    r"|this (?:year|century)"
    r"|(?:as|since) (?:of )?(?:January |February |March |April |May |June |July |August |September |October |November "
    r"|December )?(?:19|20)\d\d|will be|is expected to|are expected to|is scheduled)\b"
    r"|\b(?:population|inhabitants|residents)\b[^.;]*\d|\d[\d,.]*(?: \w+)? (?:people|inhabitants|residents)\b",
    re.IGNORECASE,
)
_LONGEST = 44  # words; a longer sentence is seldom understood when it is read out
_SHORTEST = 7


def is_about_the_word(heading: str) -> bool:
    """Whether a section is about a name and not about what bears it: its origin, its spelling."""
    return _NAME_IN_OTHER_WORDS.match(fold(heading).strip()) is not None


def is_title(heading: str) -> bool:
    """Whether a heading of an article can head a section: it is short and no sentence."""
    is_short = len(heading) <= _LONGEST_TITLE and "\n" not in heading
    return is_short and not heading.endswith((".", "!", ":"))


def has_foreign_matter(text: str) -> bool:
    """Whether a sentence holds what no lesson quotes: pronunciation, formulas, coordinates, footnotes, figures."""
    return any(found.search(text) for found in (_PRONUNCIATION, _FORMULA, _COORDINATES, _PAGE, _ADDRESSES_READERS))


def has_pronunciation(text: str) -> bool:
    """Whether a sentence holds phonetic signs or respellings."""
    return _PRONUNCIATION.search(text) is not None


def has_lost_words(text: str) -> bool:
    """Whether words are missing: a number or a name that the page filled in and its plain text has not."""
    return _LOST_WORDS.search(text) is not None


def is_list_item(line: str) -> bool:
    """Whether a paragraph is an entry of a list: "Actor: a person who …", "3. …"."""
    return _LIST_ITEM.match(line) is not None


def can_be_lifted(text: str) -> bool:
    """Whether a sentence of a full article can be put before a class; there are enough, so when in doubt not."""
    return (
        _SHORTEST <= word_count(text) <= _LONGEST
        and not has_foreign_matter(text)
        and not has_lost_words(text)
        and not _QUOTED_SPEECH.search(text)
        and not _LISTING.search(text)
    )


def is_broken(text: str) -> bool:
    """Whether a sentence lacks its verb, or is two that have lost the stop between them."""
    return RUN_ON.search(text) is not None or (_POINTER.match(text) is not None and not VERB.search(text))


def ages(text: str) -> bool:
    """Whether a sentence speaks of the time in which it was written: "As of 2006", "recently"."""
    return _OF_ITS_TIME.search(text) is not None


def has_aged(text: str) -> bool:
    """Whether a sentence tells how things stood when it was written; "since 1991" says from when on they are so."""
    found = _OF_ITS_TIME.search(text)
    return found is not None and not found.group().lower().startswith("since")


def density_of_names_and_numbers(text: str) -> float:
    """Which share of a sentence's words are names or numbers: high in lists of events, low in explanations."""
    words = text.split()
    telling = sum(word[:1].isupper() or any(sign.isdigit() for sign in word) for word in words[1:])
    return telling / max(1, len(words) - 1)


# ---------------------------------------------------------------- what needs a context

# "The method" has been spoken of; "the method of …", "the method that …" and "the first method" need not have been.
_DEFINITE = re.compile(
    r"^(?:[\"“(]?)(?:The|In the|At the|On the|For the|By the|During the|After the|Since the"
    r"|Before the) (?P<phrase>[^,.;:()]+)"
)
# "The method of …": clear by what follows.
_MADE_CLEAR = re.compile(
    r"\b(?:of|that|which|who|whose|where|when|between|from|for|used|known|called|in|on|at|with|to|by)\b"
)
# "The first …", "The world …".
_CLEAR_BY_ITSELF = re.compile(
    r"^(?:first|last|earliest|oldest|latest|largest|smallest|main|most|best|greatest|highest|lowest|idea"
    r"|concept|history"
    r"|origins?|world|earth|sun|moon|sky|sea|ocean|human|early|late|modern|ancient|western|eastern|northern|southern"
    r"|\d|[a-z]+est)\b"
)
# "The method was …": where the subject ends.
_VERB_AFTER = re.compile(
    r"\b(?:is|are|was|were|has|have|had|can|could|may|might|must|will|would|do|does|did|[a-z]{3,}(?:ed|s))\b"
)
# "Herschel" without a first name.
_LONE_NAME = re.compile(r"(?<![A-Z][a-z] )(?<![\w.’'-] [A-Z]\. )\b[A-Z][a-zà-ÿ]{2,}\b")  # noqa: RUF001
# "UCS".
_ACRONYM = re.compile(r"\b[A-Z]{2,6}s?\b")
_EVERYBODY_KNOWS = frozenset(
    ("US", "UK", "USA", "EU", "UN", "BC", "AD", "BCE", "CE", "DNA", "RNA", "II", "III", "IV", "VI")
)
# "also", "however": takes up what stood before.
_ON_SECOND_THOUGHT = re.compile(
    r"\b(?:also|too(?=[,.])|as well(?! as)|again|likewise|instead(?! of)|however|therefore|thus|hence|moreover"
    r"|furthermore|consequently|in turn|accordingly|nevertheless|nonetheless|similarly|meanwhile|otherwise)\b",
    re.IGNORECASE,
)
# "Some are …", "In all, …": of what, the sentence before said.
_WITHOUT_A_NOUN = re.compile(
    r"^(?:Most|Some|Many|All|Others?|Several|Few|None|Both|Each|Neither|Two|Three|Four|Five|Much|More"
    r"|Included|A few|A number)"
    r" (?:are|were|have|had|is|was|has|can|may|also|even|[a-z]+ed|of (?:the|them|these|those|its|their|his|her))\b"
    r"|^(?:In|Of|For|By|At|With) (?:all|two|three|four|both|each|some|many|most|every|a few|several|other)\b"
)
# "In winter, they …".
_PRONOUN_FOR_ANOTHER = re.compile(
    r"^(?:On|In|By|At|During|From|For|With|Under)\b[^.;:]{1,100},"
    r" (?:they|he|she|it|this|these|his|her|their|its)\b(?! (?:is|was) (?:possible|common|customary|usual"
    r"|important|clear))"
)
# "this", "such", "the latter".
_POINTS_AT = re.compile(
    r"\b(?:this|these|those(?! (?:who|that|which|of|in|with|from))|such(?! as\b)"
    r"|the (?:same|latter|former|other|two|three|four|resulting|following|previous|rest|others))\b"
    r"(?! (?:day|time|year|century|as)\b)",
    re.IGNORECASE,
)
# "Another …", "Later …", "Because …": part of a series, or an aside.
_OPENS_LOOSE = re.compile(
    r"^(?:One|Two|Three|Four|Five|Several|Some|Many|Most|All|Each|Every|Another|Other|Others|Both|Few|None|More|Less"
    r"|Fewer|An alternative|A (?:second|third|fourth|common|simple|typical|new|major|popular|key|number"
    r"|variety|similar)"
    r"|Even|Only|Not|No|Again|Next|Soon|Eventually|Later|Afterwards?|Earlier|Shortly|Immediately|Initially|Originally"
    r"|First|Second|Third|Finally|Lastly|Years|Months|Days|Within|Upon|Following|Because|Since|As|Although|While"
    r"|When|Once|If|Unlike|Despite|Besides|Beside|Apart|Aside|Rather|Indeed|Perhaps|To|According|Given|Under|Prior"
    r"|With|Without|Like|Much|[A-Z][a-z]+(?:ed|ing))\b"
)


def opens_in_the_middle(text: str, known: frozenset[str]) -> bool:
    """Whether a sentence takes up what stood before it: "The method was …", "This …", "… also …", "Another …".

    `known` are stems that a reader has met: of the title, of the heading, of the lead.
    """
    words = text.split()
    if (
        _WITHOUT_A_NOUN.match(text)
        or _PRONOUN_FOR_ANOTHER.match(text)
        or _ON_SECOND_THOUGHT.search(" ".join(words[:12]))
        or _POINTS_AT.search(" ".join(words[:14]))
    ):
        return True
    found = _DEFINITE.match(text)
    if found is None:
        return False
    phrase = found["phrase"]
    verb = _VERB_AFTER.search(phrase, len(phrase.split()[0]))  # "herons" may look like a verb
    subject = phrase[: verb.start()] if verb else " ".join(phrase.split()[:6])
    if _MADE_CLEAR.search(subject) or _CLEAR_BY_ITSELF.match(subject) or re.match(r"[A-Z0-9]", subject):
        return False
    return not (set(stems(subject)) & known)


def opens_loosely(text: str) -> bool:
    """Whether a sentence opens as part of a series or an aside, so that another would make a better beginning."""
    return _OPENS_LOOSE.match(text) is not None


def unexplained_names(text: str, before: str, shown: str) -> bool:
    """Whether a sentence uses a short name that the article explained in `before`, and readers of `shown` did not see.

    A surname after its full name ("Herschel" after "Caroline Herschel"), an acronym after its words ("(UCS)").
    """
    for found in _ACRONYM.finditer(text):
        short = found.group()
        if short not in _EVERYBODY_KNOWS and f"({short}" in before and short not in shown:
            return True
    for found in _LONE_NAME.finditer(text):
        name = found.group()
        starts_longer = re.match(r" [A-Z]", text[found.end() : found.end() + 2]) is not None
        ends_longer = re.search(r"[A-Z][\w.’'-]*,? $", text[: found.start()]) is not None  # noqa: RUF001
        if starts_longer or ends_longer or re.search(rf"\b{name}\b", shown):
            continue
        if re.search(rf"(?<![.!?] )\b[A-Z][a-z]+ (?:[A-Z][\w.]* )?{name}\b(?! [A-Z])", before) and not re.search(
            rf"\b(?:in|of|from|to|at|the) {name}\b", before
        ):
            return True
    return False
