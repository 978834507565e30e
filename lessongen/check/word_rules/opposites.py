"""Words that say the opposite of each other: common English verbs, adjectives, nouns and directions.

In a group "a b/c d" each word on the left stands against each on the right. A line that begins with a space continues
the group before. Words are compared by stem, so that regular forms need no entry.
"""

from __future__ import annotations

from collections.abc import Mapping

_GROUPS = """
increase increasing increased rise rising rose risen grow grew grown growth gain/decrease decreasing decreased fall
 falling fell fallen decline reduce reduction shrink shrank shrunk drop loss|raise raised/lower lowered
expand expansion/contract contraction shrink shrank|win won victory/lose lost defeat|winner victor/loser
victorious/defeated|success succeed successful/failure fail failed unsuccessful|north/south|east/west
northern/southern|eastern/western|northeast/southwest northwest southeast|northwest/southeast northeast southwest
northward/southward|eastward/westward|northernmost/southernmost|easternmost/westernmost
left leftmost/right rightmost|up upward upwards/down downward downwards|upper/lower|top/bottom
above over/below under beneath|front/back rear|inside within/outside|inner interior internal/outer exterior external
indoor/outdoor|forward forwards/backward backwards|clockwise/counterclockwise anticlockwise|horizontal/vertical
near nearby close/far distant|nearest closest/farthest furthest|before prior/after following|earlier/later
early/late|earliest/latest|precede preceded preceding/follow followed following succeed
begin began begun beginning start/end ended finish stop ceased cease conclude|opening/closing
open opened/close closed shut|enter entered entry/leave left exit|arrive arrival/depart departure leave
birth born/death died|born/died|alive living live/dead extinct|live lived/die died|first/last
initial initially/final finally|beginner/expert|newest/oldest|new newer/old older|young younger/old older
youngest/oldest|ancient/modern|modern contemporary/ancient medieval|past/future
temporary temporarily/permanent permanently|permanent/transient
large big huge great vast enormous/small little tiny minor|larger bigger greater/smaller lesser
largest biggest greatest/smallest least|long longer/short shorter|longest/shortest|tall taller/short shorter
tallest/shortest|high/low|higher/lower|highest/lowest|wide broad/narrow|wider broader/narrower|widest/narrowest
deep/shallow|deeper/shallower|deepest/shallowest|thick/thin|thicker/thinner|thickest/thinnest|heavy/light
heavier/lighter|heaviest/lightest|hot warm/cold cool|hotter warmer/colder cooler|hottest warmest/coldest coolest
heat heating/cooling cool|dry arid/wet humid moist|drier/wetter|driest/wettest|fast quick rapid swift/slow
faster quicker/slower|fastest quickest/slowest|quickly rapidly fast/slowly gradually
suddenly abruptly/gradually slowly|strong powerful/weak feeble|stronger/weaker|strongest/weakest
strengthen strengthened/weaken weakened|hard/soft|harder/softer easier|rich wealthy/poor|richer/poorer
richest/poorest|wealth/poverty|expensive/cheap inexpensive|good/bad evil poor|better/worse|best/worst
improve improved improvement/worsen worsened deteriorate|benefit beneficial/harm harmful|advantage/disadvantage
strength/weakness|positive/negative|positively/negatively|optimistic/pessimistic|love loved/hate hated
like liked/dislike|friend friendly ally allied/enemy hostile|peace peaceful/war|attack attacked/defend defended
offensive/defensive|support supported supporter favor favour/oppose opposed opponent against
agree agreed agreement/disagree disagreed|accept accepted/reject rejected refuse refused
approve approved/disapprove rejected condemned veto
praise praised acclaimed/criticize criticized condemned criticised|admire admired/despise despised
allow allowed permit permitted/forbid forbidden ban banned prohibit prohibited prevent
legal legally/illegal illegally|lawful/unlawful|legalize legalized/ban banned outlawed criminalized
guilty convicted/innocent acquitted|true/false|truth/lie falsehood|right correct/wrong incorrect|possible/impossible
likely/unlikely|certain sure/uncertain doubtful|known/unknown|common frequent/rare uncommon
commonly frequently often/rarely seldom infrequently|always/never|usually/rarely seldom|often/rarely seldom
more/less fewer|most/least fewest|many/few|majority/minority|major/minor|maximum/minimum|maximal/minimal
maximize/minimize|all/none|everyone everybody/nobody|everything/nothing|full/empty
complete completed/incomplete unfinished|whole/partial|entirely completely/partly partially
add added addition/remove removed subtract subtraction|multiply/divide
include included including/exclude excluded excluding|contain/lack|presence present/absence absent
gain gained/lose lost|acquire acquired/lose lost|create created creation/destroy destroyed destruction
build built construct/destroy destroyed demolish|make/break|buy bought purchase/sell sold|buyer/seller|borrow/lend
lend lent/borrow borrowed|give gave given/take took receive received|teach taught/learn learned
teacher/student pupil|send sent/receive received|import imported/export exported|importer/exporter
push pushed/pull pulled|attract attracted attraction/repel repelled repulsion
connect connected join joined/disconnect separate separated|unite united unify/divide divided split
combine combined merge merged/separate separated split|appear appeared/disappear disappeared vanish
show shown reveal/hide hidden conceal|visible/invisible|remember/forget forgot|love/hatred|public/private
publicly/privately secretly|secret/open public|formal/informal|official/unofficial|domestic/foreign
native indigenous/foreign introduced|local/global|national/international|urban/rural|city/countryside
male men/female women|man/woman|boy/girl|father/mother|son/daughter|brother/sister|husband/wife|king/queen
prince/princess|actor/actress|uncle/aunt|nephew/niece|his him he/her she|masculine/feminine|adult/child juvenile
parent/child offspring|ancestor/descendant|predecessor/successor|master/slave servant|free freedom/slavery enslaved
employer/employee|employed/unemployed|hire hired/fire fired dismissed|appoint appointed/dismiss dismissed removed
promote promoted/demote demoted|elect elected/defeated|employ/dismiss|winner/runner|solid/liquid gas
acid acidic/alkaline base basic|natural/artificial synthetic|organic/inorganic|raw/cooked|fresh/stale salt salty
sweet/sour bitter|bright light/dark dim|brighter lighter/darker dimmer|light/darkness|black/white
day daytime/night nighttime|daily/nightly|morning/evening|summer/winter|spring/autumn|sunrise/sunset|sunny/cloudy
clean/dirty polluted|safe/dangerous unsafe|safety/danger|healthy/sick unhealthy ill|health/disease|sane/insane
easy simple/difficult hard complex complicated|easily/hardly|simple/complex|easier simpler/harder
clear/unclear vague obscure|sharp/blunt dull|smooth/rough|flat/steep hilly|straight/curved crooked
rigid stiff/flexible|tight/loose|active/passive inactive|actively/passively|voluntary voluntarily/involuntary forced
willing/unwilling reluctant|direct directly/indirect indirectly|explicit/implicit|dependent depend/independent
independence/dependence|single unmarried/married|marry married/divorce divorced|related/unrelated
similar same identical alike/different distinct dissimilar|similarity/difference|same/opposite different
equal/unequal|regular/irregular|constant/variable|stable/unstable|static/dynamic|fixed/movable mobile
simple/compound|odd/even|singular/plural|vertebrate/invertebrate|carnivore carnivorous/herbivore herbivorous
predator/prey|diurnal/nocturnal|aquatic marine/terrestrial|freshwater/saltwater marine|land/sea|mountain/valley
inland/coastal|arctic/antarctic|cause caused/prevent prevented|help helped aid/hinder hindered harm
encourage encouraged/discourage discouraged|enable enabled/disable disabled prevent
protect protected/endanger threatened|save saved/waste lose|rescue/abandon
remain remained stay stayed/leave left change changed|keep kept retain/lose lost abandon
continue continued/stop stopped discontinued interrupt|maintain/abandon|advance advanced/retreat retreated
conquer conquered/lose surrendered|capture captured/release released liberated lost
arrest arrested imprisoned/release released freed|occupied/liberated|lock/unlock|bind/release|load/unload|fill/drain
inhale/exhale|ascend ascended ascent/descend descended descent|climb/descend|lift/drop|float/sink sank sunk
melt/freeze froze frozen|evaporate/condense|absorb absorbed/emit emitted reflect reflected|compress/expand
accelerate/decelerate slow|excite/calm|profit/loss|surplus/deficit shortage|asset/liability|income/expense
debit/credit|supply/demand|producer/consumer|produce/consume|tax/subsidy|liberal/conservative|left-wing/right-wing
democratic democracy/authoritarian dictatorship|republic/monarchy|communist/capitalist|socialist/capitalist
theory theoretical/practice practical|abstract/concrete|subjective/objective|qualitative/quantitative
deductive/inductive|rational/irrational|religious/secular|sacred/profane|catholic/protestant|hero/villain
comedy/tragedy|fiction/fact nonfiction|verse poetry/prose|literal/figurative|original/copy
genuine authentic/fake forged|popular/unpopular|famous well-known/unknown obscure|praise/blame
reward rewarded/punish punished|honest/dishonest|brave courageous/cowardly|wise/foolish|intelligent/stupid
happy/sad unhappy|proud/ashamed|calm/angry|generous/greedy selfish|altruistic/selfish|patient/impatient|polite/rude
strict/lenient|loyal/disloyal|faithful/unfaithful|optional/mandatory compulsory required|necessary/unnecessary
sufficient adequate/insufficient inadequate|important significant/unimportant insignificant|useful/useless
valid/invalid|legitimate/illegitimate|perfect/imperfect flawed|ripe/unripe|mature/immature
developed/undeveloped underdeveloped|civilian/military|army/navy|offence/defence|heaven/hell|god/devil|good/evil
virtue/vice|mortal/immortal|finite/infinite|bounded/unbounded|continuous/discrete|symmetric/asymmetric
parallel/perpendicular|convex/concave|numerator/denominator|input/output|hardware/software|transmit/receive
encode/decode|encrypt/decrypt|upload/download|install/uninstall|online/offline|analog/digital
manual manually/automatic automatically|serial/parallel|upstream/downstream|source/mouth|ebb/flow
exposed/protected hidden|export/import|deny denied/admit admitted confirm confirmed
confirm confirmed/refute refuted deny denied|prove proved/disprove disproved|believe believed/doubt doubted
trust trusted/distrust distrusted|respect/contempt|obey obeyed/disobey disobeyed|ally/rival|cooperate/compete
cooperation/competition|with/without|ahead/behind|few/many|nobody/everybody|inclusive/exclusive|ally/opponent
descend/rise|begin/complete|completed/began started|retire retired/began joined|join joined/leave left quit
attend/miss|pass passed/fail failed|approval/rejection|acceptance/rejection|sane/mad|appearance/disappearance
creation/destruction|optimist/pessimist|superior/inferior|senior/junior|former/latter|primary/secondary
principal/subordinate|elder/younger|ascending/descending|ruler/subject|monogamous/polygamous|widespread/limited rare
extensive/limited|extend extended/shorten shortened|enlarge enlarged/reduce reduced|lengthen/shorten|deepen/shallow
broaden/narrow|sharpen/blunt|tighten/loosen|harden/soften|inflate/deflate|inflation/deflation|boom/recession
prosperity/depression|abundant plentiful/scarce|abundance/scarcity|dense densely/sparse sparsely|crowded/deserted
inhabited/uninhabited|fertile/barren infertile|edible/inedible poisonous|toxic/harmless|harmful/harmless
dangerous/harmless|violent/peaceful nonviolent|armed/unarmed|civilized/barbaric|sophisticated/primitive crude
mild/severe harsh|gentle/harsh|minor/severe serious|acute/chronic|benign/malignant|dominant/recessive|male/female
sexual/asexual|immune/susceptible|sensitive/insensitive|conscious/unconscious|awake/asleep|sober/drunk|hungry/full
blind/sighted|deaf/hearing|early/modern|upright/prone|lead/follow trail
"""


def _pairs() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for group in _GROUPS.replace("\n ", " ").replace("\n", "|").split("|"):
        left, _, right = group.partition("/")
        for one in left.split():
            for other in right.split():
                if one != other:
                    found.setdefault(one, set()).add(other)
                    found.setdefault(other, set()).add(one)
    return found


OPPOSITES: Mapping[str, frozenset[str]] = {word: frozenset(others) for word, others in _pairs().items()}
"""The words that say the opposite of a word, for each folded word that has any."""
