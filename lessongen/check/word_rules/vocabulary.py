"""The words that rules look for: function words, negators, hedges, quantifiers, months, units (English, folded)."""

from __future__ import annotations

from collections.abc import Mapping


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


PRONOUNS = _words(
    "i me my mine we us our ours you your yours he him his she her hers it its they them their theirs himself herself "
    "itself themselves ourselves who whom whose which what that this these those one ones someone something"
)
DETERMINERS = _words(
    "a an the this that these those its their his her our your my such each every any some all both no"
)
PREPOSITIONS = _words(
    "about above across after against along amid among amongst around as at before behind below beneath beside besides "
    "between beyond by despite down during except for from in inside into like near of off on onto out outside over "
    "past per since than through throughout till to toward towards under until unto up upon via with within without"
)
CONJUNCTIONS = _words(
    "and or but nor so yet if then because while when whenever where wherever whereas although though however unless "
    "whether since until once also too even still just only very quite rather more most much many less least few fewer "
    "several not never none neither either both how why there here thus hence therefore moreover furthermore"
)
AUXILIARIES = _words(
    "be am is are was were been being do does did doing done have has had having can could may might must shall should "
    "will would ought t s d ll ve re n't cannot"
)
_LIGHT = _words(
    "become becomes became becoming make makes made making get gets got getting give gives gave given giving go goes "
    "went gone going come comes came coming take takes took taken taking use uses used using put keep keeps kept let "
    "lets call calls called named known name mean means meant include includes included including say says said "
    "happen happens happened seem seems seemed own same other others another way ways thing things kind kinds type "
    "types sort sorts form forms part parts lot lots number numbers amount amounts time times person people man men "
    "woman women someone something anything everything everyone anyone today now later ago already again etc et al ie "
    "eg st nd rd th new well able else instead together away back yes ever often usually always sometimes"
)
GRAMMATICAL_WORDS = PRONOUNS | DETERMINERS | PREPOSITIONS | CONJUNCTIONS | AUXILIARIES
"""Words that are never names, however they are written."""
FUNCTION_WORDS = GRAMMATICAL_WORDS | _LIGHT
"""Words that carry no fact of their own: never counted as new, never a context."""

NEGATORS = _words("not n't never no none neither nor nobody nothing nowhere without cannot hardly scarcely barely")
WEAK_NEGATORS = _words(
    "lack lacks lacked lacking fail fails failed failing failure unable refuse refuses refused refusing refusal "
    "absent refrain refrained absence except excluding prevent prevents prevented preventing prevention ban bans "
    "banned prohibit prohibits prohibited forbid forbids forbidden forbade deny denies denied rarely seldom "
    "little few impossible false avoid avoids avoided avoiding cease ceases ceased stop stops stopped reject "
    "rejects rejected against neglect neglects neglected former formerly only instead free unlikely until before "
    "too abandon abandoned unless oppose opposed opposes decline declined loss lost dispute disputed unwilling "
    "reluctant end ended"
)
"""Words by which a quote may say what a sentence says with a negator ("lacks eyes": "has no eyes")."""

FLIPPING = _words(
    "lack lacks lacked lacking fail fails failed failing unable refuse refuses refused refusing absence "
    "prevent prevents prevented forbid forbids forbidden forbade prohibit prohibits prohibited deny denies denied "
    "unwilling rarely seldom neglected ceased unlikely"
)
"""Words other than negators that turn what follows them into its opposite; a sentence must not drop or add them."""

NEGATIVE_PREFIXES = ("un", "in", "im", "il", "ir", "non", "dis", "mis", "anti", "counter")

MODALS = _words(
    "may might could can possibly perhaps probably likely apparently reportedly allegedly supposedly presumably seem "
    "seems seemed thought believed alleged possible potentially arguably suggest suggests suggested hypothesis "
    "hypothesized speculated purported rumored assumed expected planned"
)
"""Words by which a quote leaves open whether something is so."""

HEDGES = MODALS | _words(
    "considered claimed claim claims said estimated estimate approximately about around roughly nearly almost some "
    "often sometimes usually generally typically mostly mainly partly commonly frequently occasionally many most "
    "several primarily largely tend tends tended widely regarded theory proposed attributed suspected suspect "
    "appears appear appeared unlikely would should potential hope hoped chance risk argue argues argued propose "
    "would probable assume indicate indicates indicated"
)

UNIVERSALS: Mapping[str, frozenset[str]] = {
    "all": _words("every each entire whole any both everyone everything none no throughout only full complete total"),
    "every": _words("each all any per yearly annual annually daily once no everyone always"),
    "everyone": _words("all every everybody people anyone"),
    "everything": _words("all every anything"),
    "everywhere": _words("throughout all worldwide"),
    "always": _words("invariably constantly permanently ever all every consistently perpetual never must"),
    "never": _words("not no without nor n't none neither cannot"),
    "none": _words("no not neither nor nothing n't"),
    "nobody": _words("no not none n't"),
    "nothing": _words("no not none n't"),
    "only": _words("sole solely just exclusively merely but limited unique single alone except exclusive lone"),
    "solely": _words("only sole exclusively alone"),
    "exclusively": _words("only solely sole exclusive alone"),
    "entirely": _words("all fully completely entire wholly totally whole solely"),
    "completely": _words("fully entirely totally all complete whole wholly absolute"),
    "totally": _words("fully entirely completely all total whole wholly"),
    "entire": _words("whole all full throughout complete every"),
    "whole": _words("entire all full throughout complete"),
    "must": _words("required have has requires require need needs obliged should shall obligatory mandatory necessary"),
    "exactly": _words("precisely exact precise equal"),
    "certainly": _words("certain sure surely definitely undoubtedly"),
    "definitely": _words("certain sure certainly undoubtedly"),
    "undoubtedly": _words("certain sure certainly doubt"),
    "proved": _words("proof prove proven proves showed demonstrated shown"),
    "proven": _words("proof prove proved proves showed demonstrated shown"),
    "impossible": _words("cannot not unable no n't never"),
    "constantly": _words("always constant continuously continually"),
    "universally": _words("all universal every"),
    "guaranteed": _words("guarantee guarantees ensured ensures"),
}
"""Words that leave no exception, each with the words of a quote that license it."""

SCALE: Mapping[str, float] = {
    "few": 0, "rarely": 0, "seldom": 0, "some": 1, "sometimes": 1, "occasionally": 1, "several": 1.5, "many": 2,
    "often": 2, "frequently": 2, "commonly": 2, "usually": 2.5, "generally": 2.5, "typically": 2.5, "most": 2.6,
    "mostly": 2.6, "mainly": 2.6, "majority": 2.6,
}  # fmt: skip
"""How much a quantity word or a frequency word claims, from few (0) to most (2.6)."""
SCALE_LICENCES = _words(
    "numerous various mostly mainly largely widely normally majority primarily chiefly all always tend tends regularly "
    "predominantly generally usually typically most commonly every common frequent much"
)

CAUSAL = (
    "because therefore consequently thus hence so due cause causes caused causing result results resulted resulting "
    "reason reasons thereby since owing"
)
LINKS = _words("because therefore consequently hence thereby owing cause causes caused causing thus")
"""Words that state a cause; a sentence may use one where its quote states a cause too."""
CAUSAL_LICENCES = _words(CAUSAL) | _words(
    "as for led lead leads leading why to by from through after given enable enables enabled allow allows allowed make "
    "makes made making means effect affect affects affected influence influenced contribute contributed responsible "
    "create creates created produce produces produced trigger triggered force forced prompt prompted if when with "
    "bring brought account explain follow followed follows give gives"
)

SUPERLATIVE_LICENCES = _words(
    "most main leading top chief first primary major greatest largest highest best foremost principal supreme maximum "
    "minimum least record only ultimate premier peak paramount more second third last than dominant majority"
)
NOT_SUPERLATIVE = _words(
    "interest forest honest modest contest harvest request protest west east test rest guest nest quest chest best "
    "latest invest suggest digest manifest midwest northwest southwest northeast southeast priest conquest arrest "
    "tempest pest vest crest zest behest earnest dishonest lest least crest unrest bequest attest detest ingest molest "
    "infest divest everest budapest ernest orest brest est"
)

OPENERS = _words(
    "meanwhile historically additionally originally eventually finally nowadays overall initially currently previously "
    "subsequently next soon afterwards scientists researchers people early recent modern ancient perhaps maybe "
    "scholars critics historians indeed today together according due following later first second third last unlike "
    "experts students readers located born founded known based given"
)
"""Words that open a sentence and name nothing."""
NUMERALS = _words(
    "zero two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion trillion "
    "hundreds thousands millions billions dozen first second third fourth fifth sixth seventh eighth ninth tenth "
    "twentieth half halves quarter thirds twice double percent percentage"
)
"""Words that the rules of numbers answer for."""
SHORT_NAMES = _words("tv cd dvd us usa uk un eu am pm ad bc bce ce dna rna")

MONTHS: Mapping[str, int] = {
    name: number
    for number, names in enumerate(
        "january jan|february feb|march mar|april apr|may|june jun|july jul|august aug|september sep sept|october oct"
        "|november nov|december dec".split("|"),
        1,
    )
    for name in names.split()
}
AMBIGUOUS_MONTHS = _words("may march mar dec jan jun sep")

UNITS: Mapping[str, str] = {
    name: names.split()[0]
    for names in (
        "km kilometre kilometres kilometer kilometers|mi mile miles|metre m metres meter meters|ft foot feet"
        "|cm centimetre centimetres centimeter centimeters|mm millimetre millimetres millimeter millimeters"
        "|in inch inches|yd yard yards|kg kilogram kilograms kilo kilos|gram g grams|mg milligram milligrams"
        "|lb lbs pound pounds|oz ounce ounces|ton tons tonne tonnes t|% percent percentage|year years yr yrs"
        "|month months|week weeks|day days|hour hours hr hrs|minute minutes min mins|second seconds sec secs"
        "|century centuries|decade decades|millennium millennia|litre litres liter liters l|ha hectare hectares"
        "|acre acres|$ dollar dollars usd|€ euro euros|£ sterling|¥ yen|mph|kmh|hz hertz|khz|mhz|ghz"
        "|watt w watts|kw kilowatt kilowatts|mw megawatt megawatts|volt volts v|ampere amperes amp amps|joule joules"
        "|kelvin k|celsius °c|fahrenheit °f|bc bce|ad ce|degree degrees|bit bits|byte bytes|knot knots"
    ).split("|")
    for name in names.split()
}
