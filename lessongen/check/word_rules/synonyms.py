"""Words that may stand for each other in a simpler wording, and forms of one word that no stemmer brings together.

Groups are parted by "|" or a line break; a line that begins with a space continues the group before.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from lessongen.text.words import stem

_FORMS = """
be is are was were been being am|go goes went gone going|begin began begun beginning
write wrote written writing writer|take took taken taking|give gave given|see saw seen sight
know knew known knowledge|build built building builder|fight fought fighting fighter
lead led leader leading leadership|leave left leaving|win won winner winning|lose lost loss|find found finding
hold held holding holder|die died dies death deaths dead dying|bear born birth births bore
grow grew grown growth growing|choose chose chosen choice choices|speak spoke spoken speech speaker
teach taught teacher|think thought thinking thinker|sell sold sale sales seller|buy bought buyer|break broke broken
rise rose risen rising|fall fell fallen falling|run ran running runner|meet met meeting|send sent sending
spend spent spending|feel felt feeling|tell told tale|sing sang sung singer song|drive drove driven driver
draw drew drawn drawing|fly flew flown flight|throw threw thrown|show showed shown|child children childhood
foot feet|tooth teeth|mouse mice|wolf wolves|leaf leaves|half halves|life lives live living alive lived
marry married marriage marries|rule ruled ruler rules ruling reign reigned|produce production producer product
describe described description|destroy destroyed destruction destroying|invade invaded invasion invader
explore exploration explorer explored|decide decided decision decisive|divide divided division
expand expanded expansion|analyse analyze analysis analysed analyzed|long length lengthy|wide width|deep depth
high height|strong strength|hot heat|warm warmth|fail failed failure|act action actor actress acting|poor poverty
rich riches|sink sank sunk|swim swam swum|hide hid hidden|eat ate eaten|steal stole stolen theft|wear wore worn
shoot shot shooting|catch caught|bring brought|hear heard|stand stood|appear appeared appearance
perform performed performance performer|discover discovered discovery|inhabit inhabitant inhabited
believe belief believed|prove proof proved proven|lie lay lain lying|fight fought|seek sought|bind bound|wind wound
grind ground|feed fed food|breed bred|bleed blood|freeze froze frozen|forget forgot forgotten|forgive forgave
overthrow overthrew overthrown|become became|undergo underwent undergone|arise arose arisen|strike struck
swear swore sworn|tear tore torn|wake woke|ride rode ridden rider|shake shook
succeed success successful succession successor|receive received receipt reception recipient|conclude conclusion
include inclusion|exclude exclusion|extend extension extensive|permit permission|admit admission|submit submission
commit commitment|define definition defined|compose composition composer|oppose opposition opposed opponent
propose proposal proposed|suppose supposition|reduce reduction|introduce introduction|construct construction
destruct destruction|attract attraction|elect election elected electoral|select selection
collect collection collector|predict prediction|invent invention inventor|create creation creator created
educate education educated|translate translation translator|operate operation|govern government governor governed
argue argument argued|develop development developed developer|establish establishment established|agree agreement
settle settlement settler|employ employment employer employee|pay paid payment|move movement motion moved
treat treatment|differ difference different|refer reference|exist existence|resist resistance
depend dependence dependent dependence|independent independence|important importance|significant significance
violent violence|absent absence|present presence|evident evidence|similar similarity|equal equality|able ability
possible possibility|responsible responsibility|popular popularity|active activity|electric electricity electrical
public publicity|major majority|minor minority|author authority|vary variation variety varied various variable
apply application applied|multiply multiplication|identify identification|classify classification
modify modification|publish publication published publisher|simple simplify simplicity|pure purity
legal legalize law|real reality|nation national nationality|nature natural|culture cultural
history historical historian historic|politics political politician|economy economic economical economics economist
science scientific scientist|technology technological technical|art artist artistic|music musical musician
poem poet poetry poetic|crime criminal|philosophy philosopher philosophical
mathematics mathematical mathematician math maths|physics physicist physical|chemistry chemical chemist
biology biological biologist|religion religious|theory theoretical theorist|logic logical|king kingdom royal
emperor empire imperial|duke duchy|Earl earldom|bishop bishopric|slave slavery enslaved|free freedom
friend friendship|member membership|citizen citizenship|champion championship|relation relationship related relate
colony colonial colonise colonize colonist colonization|industry industrial|agriculture agricultural
farm farmer farming|hunt hunter hunting|trade trader trading|bank banking banker|travel traveler traveller travelled
visit visitor visited|compete competition competitor competitive|participate participation participant
contribute contribution contributor|assist assistance assistant|attend attendance|accept acceptance
appoint appointment|achieve achievement|measure measurement|state statement|require requirement|arrange arrangement
manage management manager|improve improvement|advance advancement|end ending ended|centre center central
colour color coloured colored|favour favor favorite favourite|labour labor laborer|behaviour behavior behavioral
defence defense defend defended defensive|offence offense offensive|theatre theater theatrical|metre meter
litre liter|fibre fiber|programme program|catalogue catalog|grey gray|tyre tire|jewellery jewelry
organise organize organisation organization|recognise recognize recognition recognized|realise realize
specialise specialize|weigh weight weighs|see seen view|young youth|old older oldest age aged|big bigger biggest
large larger largest|small smaller smallest|high higher highest|low lower lowest|good better best|bad worse worst
great greater greatest|early earlier earliest|late later latest|near nearest nearby nearly|far farther further
angry anger|hungry hunger|proud pride|true truth|hate hatred|sit sat seat seated|lend lent loan|flow flood
sun solar sunlight|moon lunar|star stellar|sea marine maritime|ocean oceanic|earth terrestrial|tree trees
body bodies|city cities|country countries|army armies military|physician physicians|weave wove woven|spin spun
sew sewn|sow sown|blow blew blown|win victory victorious|victor victory|devote devotion
popularise popularize popular|east eastern easterly|west western westerly|north northern|south southern
siege besiege besieged|shore ashore|household housing house houses|friend friendly|nation nationwide|wood wooden
gold golden|silver|iron|wool woolen|prison imprison imprisoned imprisonment prisoner
danger endanger endangered dangerous|courage encourage encouraged|large enlarge|rich enrich enriched wealth
circle encircle encircled circular|title entitle entitled|trap entrap|throne enthrone enthroned
slave enslave enslaved|camp encamp|sure ensure assure|able enable unable|body embody|power empower powerful
close enclose closed|advise advice adviser advisor|devise device|relieve relief|grieve grief|save safe safety
choose chosen|lose lost losses|breathe breath|bathe bath|clothe cloth clothes|house housing|use usage useful
serve service servant|defy defiance|rely reliance reliable|deny denial|try trial|apply applicant|reply
supply supplier|vary variant|carry carrier|marry marital|bury burial|repeat repetition repeated|receive receiver
perceive perception|deceive deception|conceive conception|describe descriptive|persuade persuasion
explode explosion explosive|erode erosion|corrode corrosion|collide collision|include inclusive|exclude exclusive
intend intention intent|pretend|attend attendee|respond response|correspond correspondence|defend|offend
expand expansive|ascend ascent|descend descent descendant|speak spoke|hungry hunger famine|thirst thirsty
sleep asleep slept|depict depiction|attempt attempted
critic criticism criticize criticise criticized critique critical|analogy analogous analog|please pleasure
vote voter voting|tax taxation|immigrate immigration immigrant|migrate migration migrant|emigrate emigration
invest investment investor|found founder founding foundation founded
"""

_GROUPS = """
begin start commence launch initiate open|end finish conclude stop cease close terminate complete
big large huge great vast giant enormous massive major immense considerable|small little tiny minor minute slight
kill murder slay assassinate execute slaughter|die perish pass death|buy purchase acquire
build construct erect make create|get receive obtain gain acquire earn collect
help assist aid support facilitate benefit
show display demonstrate reveal depict illustrate exhibit represent portray indicate present
live reside dwell inhabit settle|job post position role occupation work office career profession
find discover detect identify locate notice observe uncover
call name title term refer label dub designate nickname known|country nation state land republic kingdom
town city village municipality settlement community|region area zone district territory province place
make create produce form manufacture build generate yield|found establish create set start form
develop design create evolve invent|old ancient early aged elderly|fast quick rapid swift speedy
hard difficult tough challenging|smart intelligent clever|rich wealthy affluent prosperous
important significant key notable main principal chief major central primary essential crucial vital fundamental
book novel work volume publication text story|film movie picture|choose select pick elect opt
leader head chief ruler commander chairman president|king monarch sovereign ruler emperor
fight battle war conflict combat struggle|army troop force soldier military unit|sea ocean water|sick ill unwell
disease illness sickness disorder condition|many numerous several various multiple lot countless plenty
try attempt effort seek endeavour endeavor|need require necessary demand must necessitate|let allow permit enable
ask request question|tell inform report say|think believe consider regard view see hold deem
like similar resemble alike|change alter modify transform convert shift vary
grow increase rise expand climb growth swell|fall decrease decline drop reduce lessen diminish lower
part portion section piece segment component element fraction area|place location site spot position
locate situate lie stand find|hold contain include have comprise feature carry own possess
consist compose comprise make contain form constitute|leave depart exit abandon quit
go travel move journey trip voyage|famous known renowned celebrated popular noted prominent
win victory victor triumph beat defeat|house home dwelling residence|doctor physician
teacher instructor professor educator lecturer|child kid son daughter baby infant youngster offspring
road street highway route path way|car automobile vehicle|school college university academy institution
money fund cash currency payment financial|arrest apprehend capture catch seize detain
prisoner convict captive inmate|join enter enlist enrol enroll
give donate provide offer supply grant award present deliver|keep retain maintain preserve remain
common frequent widespread usual typical normal ordinary standard regular|wood timber lumber
plant flora vegetation crop|animal fauna creature wildlife beast species|strong powerful mighty|weak feeble frail
destroy demolish ruin devastate wreck damage|happen occur take arise|speak talk say converse
answer respond reply response|author writer novelist poet|singer musician vocalist performer artist
song track single tune|record album release recording|appear feature star act play
lead cause result bring produce trigger|marry wed wife husband spouse|first original initial early
last final ultimate|top best highest greatest leading|whole entire full complete total all
almost nearly approximately about around roughly virtually practically|often frequently commonly regularly usually
native indigenous local aboriginal|world planet globe global earth worldwide international
follow succeed pursue come|team club side squad|play compete perform
group band set collection party bunch class category|law act rule legislation statute legal
power authority control influence|govern rule administer run manage oversee control reign
near close beside adjacent next neighbouring neighboring|far distant remote|second sec|minute min|percent percentage
publish release issue print|critic reviewer review|employ hire use utilize utilise apply using
separate split divide part|connect link join attach tie bind relate associate
combine merge unite mix blend incorporate|protect defend guard shield
goal aim purpose objective target intention intend|idea concept notion theory thought principle view opinion
limit restrict constrain confine|meaning sense definition|method technique way approach process procedure means
transfer relocate move shift|occupy conquer invade seize take|faith belief religion creed religious
language tongue speech|learn study|educate teach train school instruct|wide vast broad extensive|narrow thin
sign symbol mark signal|shape form figure structure|size dimension extent magnitude|speed velocity pace rate
weight mass|cold cool chilly freezing|hot warm heated|rain rainfall precipitation
measure gauge calculate compute determine assess evaluate|number figure quantity count amount
people population resident inhabitant citizen folk person human|boy young youth lad|work job labor labour task
harm damage hurt injure injury wound|danger risk hazard threat dangerous risky hazardous peril|safe secure
clear obvious evident apparent plain|secret hidden covert|special unique distinctive particular specific
different distinct separate diverse differ various|equal same identical equivalent|easy simple straightforward
complex complicated intricate|true real genuine actual|return back resume|disband dissolve break split
attack assault raid strike|escape flee|resist oppose against|agree accept consent approve|refuse reject decline deny
admit confess acknowledge|claim state argue assert contend allege say|suggest propose recommend
explain clarify describe|mention refer note cite|notable remarkable noteworthy|writing text script document
picture image photograph photo painting drawing illustration|emotion feeling sentiment
odd strange unusual weird peculiar|rare uncommon scarce|rule reign govern
rebel revolt uprising rebellion insurrection revolution|soldier fighter warrior troop|boat ship vessel|weapon arm
food nutrition meal diet|drink beverage|clothes clothing garment dress|sickness fever|crime offence offense
steal rob theft|trade commerce business|business company firm enterprise corporation organization|shop store
industry sector|farm agriculture cultivate grow farming|seed grain|wealth riches fortune|tax levy duty
worker employee laborer labourer staff|boss employer manager|army troops|enemy foe opponent rival
friend ally companion|defeat beat conquer overcome vanquish|surrender yield|peace truce|treaty agreement pact accord
vote elect ballot|parliament legislature assembly congress|judge court|lawyer attorney|guilty convicted
jail prison imprison|church temple|priest clergy|god deity divine|pray worship|myth legend story tale
hero protagonist|ghost spirit soul|body organism|brain mind|mental psychological|bone skeleton|skin hide|meat flesh
egg ovum|bird fowl|insect bug|sheep lamb|cow cattle|horse mare|dog canine|cat feline|forest wood jungle
hill mountain|river stream|lake pond|coast shore beach|island isle|desert arid dry|ground land soil earth|stone rock
metal steel iron|gold golden|fire flame burn|light bright|dark dim|hour|day|year annual yearly|month monthly
period era age time epoch|decade|ancient antique|modern contemporary current present|now currently today present
before previously earlier prior former|after later afterward following subsequent then|during while|until till
also too additionally|but however although though|because since due as|very extremely highly
mainly mostly primarily largely chiefly predominantly|only just merely solely|maybe perhaps possibly
usually generally typically normally commonly|fully completely entirely totally wholly|slowly gradually
suddenly abruptly|together jointly|alone solitary|main primary|useful helpful beneficial|harmful dangerous damaging
necessary essential needed vital|enough sufficient adequate|correct right accurate proper
wrong incorrect false mistaken|new recent novel modern|fresh new|angry furious|happy glad joyful|sad unhappy
afraid scared fear|brave courageous|kind gentle|cruel brutal harsh severe|calm peaceful quiet|loud noisy
beautiful pretty attractive lovely|ugly|clean pure|dirty polluted contaminate|empty vacant|hurry rush|wait await
watch see look view observe|hear listen|touch contact|smell odor scent odour|taste flavor flavour|sleep rest
walk stroll|run sprint|jump leap|fly flight|swim|climb ascend|throw toss hurl|pull drag draw|push press
carry bear transport convey|lift raise|drop fall|cut slice|hit strike|tie bind fasten|cover coat|fill|pour|mix blend
cook prepare|repair fix mend restore|improve enhance better|increase boost raise|reduce cut lower
remove eliminate delete extract|add include append|replace substitute|exchange swap trade|share divide
store keep save|waste squander|spend pay|cost price expense|sell market|borrow loan|owe debt|prevent stop avoid
cause reason|effect result outcome consequence impact|influence affect impact
success achievement accomplish accomplishment|failure|skill ability talent capability capacity
knowledge understanding|understand comprehend realize|remember recall|forget|imagine envision|dream
hope wish want desire|love adore|hate dislike|enjoy like|prefer favor|decide determine resolve|plan scheme
prepare ready|create compose write|draw sketch|paint|sing|dance|act perform|game match sport|contest competition
prize award honor honour medal|rank grade|champion winner|race|travel tour visit|guest visitor
immigrant migrant settler|border boundary frontier|border surround adjoin|surround encircle enclose|capital
center middle core|edge side|top peak summit|bottom base foot|front|rear back|inside interior internal inner
outside exterior external outer|part half|pair couple two|single one sole|double twice two|dozen twelve|century
human mankind humanity people man|male man|female woman|parent father mother|family relative kin|ancestor forefather
descendant offspring|lord noble|noble aristocrat nobleman|slave servant|peasant farmer|worker|merchant trader
sailor seaman|pilot|driver|scholar academic researcher scientist|expert specialist|student pupil|beginner|inventor
founder|creator maker|follower supporter adherent disciple|critic opponent|winner victor|victim casualty|spy agent
pioneer|celebrity star|american us usa united america|british britain uk english england|reproduce breed
feed eat consume|prey|hunt|grow raise|mature adult develop|survive live|extinct|habitat environment home
range extend span stretch|cover span|reach arrive attain|approach near|enter|cross|pass|proceed continue carry
remain stay|settle|abandon leave|appoint name nominate assign|promote|resign retire|dismiss fire|accuse charge
punish penalize|forgive pardon|free release liberate|liberty freedom|right privilege|responsibility duty obligation
obey|order command instruct direct|guide lead direct|advise counsel|warn caution|threaten menace|convince persuade
promise pledge vow|lie deceive|trust rely|doubt|prove verify confirm|test examine check trial
experiment trial study research|research study investigate investigation|analysis examination|data information|fact
example instance|kind type sort form variety|species|order sequence arrange|sort organize organise|list|pattern
system structure|network|machine device apparatus equipment|tool instrument|engine motor|computer|software program
code|electric|energy power|heat temperature|gas|liquid fluid|solid|atom|substance material matter|mixture compound
particle|wave|sound noise|color hue|surface|line|angle|circle round circular|square|length long|height tall high
distance|area|volume|value worth|average mean typical|sum total|maximum most highest|minimum least lowest
ratio proportion|rate|graph chart diagram|equation formula|solve|problem issue difficulty trouble|solution answer
question|topic subject theme|chapter section|letter character|word term|phrase expression|sentence|poem verse
story narrative|play drama|style fashion manner|tradition custom practice|culture civilization|society community
government administration regime state|policy|reform|revolution|independence freedom|tongue|accent
famine hunger starvation|plague epidemic|medicine drug medication|treatment therapy cure|treat heal cure
surgery operation|symptom|infection|virus|pain ache suffering|suffer undergo experience|experience undergo
adopt accept approve pass|derive come originate stem arise|demolish tear|forbid prohibit ban outlaw illegal bar
retreat recede shrink withdraw|disperse spread scatter distribute carry|fort fortification castle fortress
maintain believe claim hold assert|underside bottom|inadequate poor insufficient bad|abolish end scrap repeal
reinstate restore|predator enemy|accelerate speed quicken hasten|slow delay|perceive sense notice feel detect
obtain secure|subsist live survive|comprise number include|converge meet join|unconvincing weak|exile banish
ascend mount climb|reside stay|depart set|emigrate move leave|immigrate come arrive move|construct assemble
assemble gather meet collect|convene meet|summon call|accompany follow escort join|escort guard
compel force oblige coerce|oblige require must|refrain avoid abstain|tolerate bear stand allow
endure last survive suffer|persist continue last remain|cease halt stop|halt stop|commence open
inaugurate open begin launch|unveil reveal present show|declare announce proclaim state|announce report reveal
disclose reveal|conceal hide|vanish disappear|emerge appear arise come|originate begin start come arise
evolve develop change|deteriorate worsen decline|flourish thrive prosper grow|collapse fall fail|crash fall
explode burst blow|ignite burn light|extinguish quench|illuminate light|absorb take soak|emit release give send
radiate emit|expel banish remove drive|eject expel|dismiss reject|veto reject block
hinder hamper block impede obstruct|facilitate ease help|accomplish achieve complete attain
fulfil fulfill meet satisfy complete|execute perform carry|conduct carry perform lead run|undertake carry perform do
implement carry apply introduce|introduce bring launch establish|inspire influence motivate encourage
encourage urge promote|promote advance further advertise|advocate support urge promote|endorse support approve
criticise criticize attack condemn|condemn denounce|commend praise|acclaim praise
commemorate honor honour celebrate mark|celebrate mark honor honour|dedicate devote|inherit succeed|bequeath leave
adore|despise hate|resemble look|distinguish differ separate tell|encompass include cover
span cover cross stretch bridge|cross traverse|adjacent neighbouring neighboring nearby|adjoin border|situate place
reside|densely heavily|sparsely thinly|predominant main chief|prevalent common widespread|scarce rare
abundant plentiful common|ample enough|profound deep|superficial shallow|arid dry|humid wet moist|fertile rich
barren infertile|hazardous dangerous|fatal deadly lethal|lethal deadly|severe serious harsh bad|serious grave
trivial minor unimportant|crucial critical key|contentious controversial|controversial disputed debated
debate discuss discussion argue argument controversy dispute|dispute argue disagree quarrel|quarrel argue fight
reconcile|negotiate discuss talk bargain|consult ask|enquire inquire ask|interrogate question
scrutinise scrutinize examine inspect|inspect examine check|monitor watch observe track
estimate guess reckon calculate|approximate rough|exceed surpass top beat|surpass beat|diminutive small tiny
microscopic tiny small|gigantic huge|colossal huge|substantial large considerable big|sufficient enough
surplus extra|additional extra more other further|subsequent later following next|preceding previous earlier
simultaneous same|contemporary modern|perpetual constant permanent|permanent lasting|temporary brief short
brief short|lengthy long|annual yearly|monarchy kingdom|sovereign ruler|residence home house
edifice building structure|building structure house|monument memorial statue|statue sculpture|garment clothing
footwear shoe|vessel ship boat container|container box|automobile car|aircraft plane airplane aeroplane
railway railroad train|lorry truck|petrol gasoline gas|autumn fall|lawyer solicitor|physician doctor|infant baby
adolescent teenager teen|spouse husband wife partner|sibling brother sister|offspring young child baby
ancestry origin descent heritage|origin beginning source root|root base|essence core|summit top|slope side
gorge canyon valley|marsh swamp wetland|strait channel|peninsula|harbour harbor port|settlement town village colony
outskirts suburb|inhabit live|employee worker staff|labourer worker|wage pay salary earnings|revenue income
expenditure spending|profit gain|debt|loan credit|currency money|merchant trader dealer|vendor seller
customer client buyer|customary usual traditional|rite ritual ceremony|ritual ceremony|legislation law|statute law
decree order edict ruling|verdict decision ruling judgment|sentence punish|penalty punishment fine|offence crime
felony crime|assault attack|murder killing|suicide|corpse body|cemetery graveyard|tomb grave burial|bury burial
"""


def _by_word(table: str, mark: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for number, group in enumerate(table.replace("\n ", " ").replace("\n", "|").split("|")):
        for word in group.lower().split():
            found.setdefault(word, set()).add(f"{mark}{number}")
    return found


_FORM_KEYS: Mapping[str, set[str]] = _by_word(_FORMS, "=")
_SYNONYM_KEYS: Mapping[str, set[str]] = _by_word(_GROUPS, "~")


@lru_cache(maxsize=1)
def _synonyms_by_stem() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for word, keys in _SYNONYM_KEYS.items():
        for form in {stem(word)} | _FORM_KEYS.get(word, set()):
            found.setdefault(form, set()).update(keys)
    return {form: frozenset(keys) for form, keys in found.items()}


@lru_cache(maxsize=20_000)
def form_keys(word: str) -> frozenset[str]:
    """What a folded word shares with other forms of the same word: its stem and its irregular families."""
    return frozenset({stem(word)} | _FORM_KEYS.get(word, set()))


@lru_cache(maxsize=20_000)
def synonym_keys(word: str) -> frozenset[str]:
    """What a folded word shares with words that may stand for it."""
    table = _synonyms_by_stem()
    found: set[str] = set()
    for form in form_keys(word):
        found.update(table.get(form, ()))
    return frozenset(found)
