"""Facts that the tiny chat model learns: plain tables, no phrasing.

Tables are written as compact text (``key=value`` pairs separated by ``;``) so that they can be read and corrected
at a glance. ``pairs`` turns them into lists of tuples.
"""


def pairs(text: str) -> list[tuple[str, ...]]:
    """Returns the ``a=b[=c...]`` records of a ``;``-separated table as tuples, in order."""
    records = (record.strip() for record in text.replace("\n", " ").split(";"))
    return [tuple(field.strip() for field in record.split("=")) for record in records if record]


def words(text: str) -> list[str]:
    """Returns the ``;``-separated entries of a list, in order."""
    return [record[0] for record in pairs(text)]


# Country = capital, by continent. Countries whose capital is disputed are left out.
CAPITALS = {
    "Europe": pairs(
        """France=Paris; Germany=Berlin; Italy=Rome; Spain=Madrid; Portugal=Lisbon; the United Kingdom=London;
        England=London; Scotland=Edinburgh; Wales=Cardiff; Ireland=Dublin; the Netherlands=Amsterdam;
        Belgium=Brussels; Luxembourg=Luxembourg City; Switzerland=Bern; Austria=Vienna; Poland=Warsaw;
        the Czech Republic=Prague; Slovakia=Bratislava; Hungary=Budapest; Slovenia=Ljubljana; Croatia=Zagreb;
        Serbia=Belgrade; Bosnia and Herzegovina=Sarajevo; Montenegro=Podgorica; North Macedonia=Skopje;
        Albania=Tirana; Greece=Athens; Bulgaria=Sofia; Romania=Bucharest; Moldova=Chisinau; Ukraine=Kyiv;
        Belarus=Minsk; Lithuania=Vilnius; Latvia=Riga; Estonia=Tallinn; Finland=Helsinki; Sweden=Stockholm;
        Norway=Oslo; Denmark=Copenhagen; Iceland=Reykjavik; Russia=Moscow; Malta=Valletta; Andorra=Andorra la Vella;
        Monaco=Monaco; Liechtenstein=Vaduz; San Marino=San Marino"""
    ),
    "Asia": pairs(
        """China=Beijing; Japan=Tokyo; South Korea=Seoul; North Korea=Pyongyang; Mongolia=Ulaanbaatar;
        India=New Delhi; Pakistan=Islamabad; Bangladesh=Dhaka; Nepal=Kathmandu; Bhutan=Thimphu;
        Sri Lanka=Sri Jayawardenepura Kotte; the Maldives=Male; Afghanistan=Kabul; Iran=Tehran; Iraq=Baghdad;
        Syria=Damascus; Lebanon=Beirut; Jordan=Amman; Saudi Arabia=Riyadh; Yemen=Sanaa; Oman=Muscat;
        the United Arab Emirates=Abu Dhabi; Qatar=Doha; Bahrain=Manama; Kuwait=Kuwait City; Turkey=Ankara;
        Georgia=Tbilisi; Armenia=Yerevan; Azerbaijan=Baku; Cyprus=Nicosia; Kazakhstan=Astana; Uzbekistan=Tashkent;
        Turkmenistan=Ashgabat; Kyrgyzstan=Bishkek; Tajikistan=Dushanbe; Thailand=Bangkok; Vietnam=Hanoi;
        Laos=Vientiane; Cambodia=Phnom Penh; Myanmar=Naypyidaw; Malaysia=Kuala Lumpur; Singapore=Singapore;
        Indonesia=Jakarta; the Philippines=Manila; Brunei=Bandar Seri Begawan; East Timor=Dili"""
    ),
    "Africa": pairs(
        """Egypt=Cairo; Libya=Tripoli; Tunisia=Tunis; Algeria=Algiers; Morocco=Rabat; Mauritania=Nouakchott;
        Mali=Bamako; Niger=Niamey; Chad=N'Djamena; Sudan=Khartoum; South Sudan=Juba; Ethiopia=Addis Ababa;
        Eritrea=Asmara; Djibouti=Djibouti; Somalia=Mogadishu; Kenya=Nairobi; Uganda=Kampala; Rwanda=Kigali;
        Burundi=Gitega; Tanzania=Dodoma; Malawi=Lilongwe; Mozambique=Maputo; Zambia=Lusaka; Zimbabwe=Harare;
        Botswana=Gaborone; Namibia=Windhoek; South Africa=Pretoria; Lesotho=Maseru; Eswatini=Mbabane;
        Madagascar=Antananarivo; Mauritius=Port Louis; the Seychelles=Victoria; the Comoros=Moroni; Angola=Luanda;
        the Democratic Republic of the Congo=Kinshasa; the Republic of the Congo=Brazzaville; Gabon=Libreville;
        Equatorial Guinea=Malabo; Cameroon=Yaounde; the Central African Republic=Bangui; Nigeria=Abuja;
        Benin=Porto-Novo; Togo=Lome; Ghana=Accra; Ivory Coast=Yamoussoukro; Burkina Faso=Ouagadougou;
        Liberia=Monrovia; Sierra Leone=Freetown; Guinea=Conakry; Guinea-Bissau=Bissau; Senegal=Dakar;
        the Gambia=Banjul; Cape Verde=Praia"""
    ),
    "North America": pairs(
        """the United States=Washington, D.C.; Canada=Ottawa; Mexico=Mexico City; Guatemala=Guatemala City;
        Belize=Belmopan; Honduras=Tegucigalpa; El Salvador=San Salvador; Nicaragua=Managua; Costa Rica=San Jose;
        Panama=Panama City; Cuba=Havana; Jamaica=Kingston; Haiti=Port-au-Prince;
        the Dominican Republic=Santo Domingo; the Bahamas=Nassau; Barbados=Bridgetown; Grenada=Saint George's;
        Trinidad and Tobago=Port of Spain; Dominica=Roseau; Saint Lucia=Castries"""
    ),
    "South America": pairs(
        """Brazil=Brasilia; Argentina=Buenos Aires; Chile=Santiago; Peru=Lima; Bolivia=Sucre; Paraguay=Asuncion;
        Uruguay=Montevideo; Ecuador=Quito; Colombia=Bogota; Venezuela=Caracas; Guyana=Georgetown;
        Suriname=Paramaribo"""
    ),
    "Oceania": pairs(
        """Australia=Canberra; New Zealand=Wellington; Papua New Guinea=Port Moresby; Fiji=Suva; Samoa=Apia;
        Tonga=Nuku'alofa; Vanuatu=Port Vila; the Solomon Islands=Honiara; Palau=Ngerulmud; Kiribati=Tarawa"""
    ),
}

# Other names people use in a question = the name used in the answer.
COUNTRY_ALIASES = pairs(
    """the USA=the United States; the US=the United States; America=the United States; the UK=the United Kingdom;
    Great Britain=the United Kingdom; Britain=the United Kingdom; Holland=the Netherlands;
    Czechia=the Czech Republic; the UAE=the United Arab Emirates"""
)

LANGUAGES = pairs(
    """France=French; Germany=German; Austria=German; Italy=Italian; Spain=Spanish; Mexico=Spanish;
    Argentina=Spanish; Chile=Spanish; Colombia=Spanish; Peru=Spanish; Cuba=Spanish; Portugal=Portuguese;
    Brazil=Portuguese; England=English; Australia=English; the United States=English; New Zealand=English;
    the Netherlands=Dutch; Poland=Polish; Hungary=Hungarian; Greece=Greek; Sweden=Swedish; Norway=Norwegian;
    Denmark=Danish; Finland=Finnish; Iceland=Icelandic; Russia=Russian; Ukraine=Ukrainian; Romania=Romanian;
    Bulgaria=Bulgarian; Turkey=Turkish; China=Chinese; Japan=Japanese; South Korea=Korean; Vietnam=Vietnamese;
    Thailand=Thai; Egypt=Arabic; Saudi Arabia=Arabic; Iraq=Arabic; Iran=Persian; Indonesia=Indonesian"""
)

CURRENCIES = pairs(
    """France=the euro; Germany=the euro; Italy=the euro; Spain=the euro; Portugal=the euro; Greece=the euro;
    Ireland=the euro; Finland=the euro; Austria=the euro; the United Kingdom=the pound;
    the United States=the dollar; Canada=the dollar; Australia=the dollar; Japan=the yen; China=the yuan;
    India=the rupee; Pakistan=the rupee; Russia=the ruble; Switzerland=the franc; Sweden=the krona;
    Norway=the krone; Denmark=the krone; Poland=the zloty; Turkey=the lira; Mexico=the peso; Argentina=the peso;
    Brazil=the real; South Korea=the won; South Africa=the rand; Thailand=the baht; Vietnam=the dong"""
)

PLANETS = words("Mercury; Venus; Earth; Mars; Jupiter; Saturn; Uranus; Neptune")
ORDINALS = words("first; second; third; fourth; fifth; sixth; seventh; eighth; ninth; tenth; eleventh; twelfth")

DAYS = words("Monday; Tuesday; Wednesday; Thursday; Friday; Saturday; Sunday")
MONTHS = [
    (name, int(length), season)
    for name, length, season in pairs(
        """January=31=winter; February=28=winter; March=31=spring; April=30=spring; May=31=spring; June=30=summer;
        July=31=summer; August=31=summer; September=30=autumn; October=31=autumn; November=30=autumn;
        December=31=winter"""
    )
]
SEASONS = words("spring; summer; autumn; winter")

COLOURS = pairs(
    """grass=green; the sky=blue; snow=white; coal=black; a lemon=yellow; a banana=yellow; blood=red; a tomato=red;
    a strawberry=red; a carrot=orange; an orange=orange; a pumpkin=orange; milk=white; chocolate=brown; gold=yellow;
    a frog=green; a leaf=green; the sea=blue; an elephant=grey; a mouse=grey; a polar bear=white; a raven=black;
    a flamingo=pink; a pig=pink; an eggplant=purple; a cucumber=green; broccoli=green; salt=white; sugar=white;
    a fire engine=red; a cherry=red; a lobster=red; the sun=yellow; a swan=white; soil=brown; a sunflower=yellow;
    a blueberry=blue; a ruby=red; an emerald=green; a sapphire=blue; silver=grey; spinach=green; a fox=orange;
    a panda=black and white; a zebra=black and white; cotton=white; honey=yellow; lavender=purple; rust=brown"""
)
MIXES = pairs(
    """red=blue=purple; red=yellow=orange; blue=yellow=green; red=white=pink; black=white=grey; red=green=brown"""
)

OPPOSITES = pairs(
    """hot=cold; big=small; tall=short; fast=slow; happy=sad; light=dark; up=down; left=right; day=night; old=new;
    good=bad; full=empty; open=closed; wet=dry; hard=soft; rich=poor; strong=weak; loud=quiet; early=late;
    easy=difficult; clean=dirty; high=low; long=short; wide=narrow; thick=thin; heavy=light; near=far; inside=outside;
    above=below; front=back; first=last; begin=end; win=lose; buy=sell; give=take; push=pull; love=hate;
    friend=enemy; young=old; alive=dead; true=false; yes=no; black=white; north=south; east=west; always=never;
    sharp=blunt; sweet=sour; safe=dangerous; brave=afraid; asleep=awake; deep=shallow; rough=smooth; arrive=leave;
    accept=refuse; ancient=modern; ascend=descend; attack=defend; cheap=expensive; success=failure; question=answer;
    everything=nothing; remember=forget; beautiful=ugly; polite=rude; simple=complicated; major=minor;
    maximum=minimum; positive=negative; public=private; summer=winter; war=peace; laugh=cry; lend=borrow"""
)
PLURALS = pairs(
    """mouse=mice; child=children; foot=feet; tooth=teeth; goose=geese; man=men; woman=women; person=people;
    sheep=sheep; fish=fish; leaf=leaves; knife=knives; wolf=wolves; life=lives; city=cities; baby=babies; box=boxes;
    bus=buses; cat=cats; dog=dogs; house=houses; tree=trees; book=books; potato=potatoes; tomato=tomatoes;
    ox=oxen; story=stories; loaf=loaves; shelf=shelves; half=halves; cactus=cacti; deer=deer"""
)
PASTS = pairs(
    """go=went; see=saw; eat=ate; drink=drank; run=ran; swim=swam; sing=sang; write=wrote; read=read; speak=spoke;
    take=took; give=gave; come=came; know=knew; think=thought; buy=bought; bring=brought; teach=taught; catch=caught;
    find=found; make=made; say=said; tell=told; sleep=slept; feel=felt; leave=left; begin=began; break=broke;
    choose=chose; drive=drove; fall=fell; fly=flew; forget=forgot; grow=grew; have=had; hear=heard; hold=held;
    keep=kept; lose=lost; meet=met; pay=paid; sell=sold; send=sent; sit=sat; stand=stood; win=won; walk=walked;
    play=played; love=loved; open=opened"""
)

# Animal = legs = sound (present tense) or "-" = young or "-" = kind.
ANIMALS = pairs(
    """a dog=4=barks=a puppy=mammal; a cat=4=meows=a kitten=mammal; a cow=4=moos=a calf=mammal;
    a horse=4=neighs=a foal=mammal; a sheep=4=bleats=a lamb=mammal; a pig=4=grunts=a piglet=mammal;
    a goat=4=bleats=a kid=mammal; a lion=4=roars=a cub=mammal; a tiger=4=roars=a cub=mammal;
    a wolf=4=howls=a pup=mammal; a bear=4=growls=a cub=mammal; an elephant=4=trumpets=a calf=mammal;
    a mouse=4=squeaks=a pup=mammal; a donkey=4=brays=a foal=mammal; a rabbit=4=-=a kit=mammal; a deer=4=-=a fawn=mammal;
    a giraffe=4=-=a calf=mammal; a zebra=4=-=a foal=mammal; a kangaroo=2=-=a joey=mammal; a fox=4=barks=a kit=mammal;
    a bat=2=squeaks=a pup=mammal; a whale=0=sings=a calf=mammal; a dolphin=0=clicks=a calf=mammal;
    a duck=2=quacks=a duckling=bird; a hen=2=clucks=a chick=bird; a rooster=2=crows=a chick=bird;
    a goose=2=honks=a gosling=bird; an owl=2=hoots=an owlet=bird; an eagle=2=screeches=an eaglet=bird;
    a pigeon=2=coos=a squab=bird; a swan=2=trumpets=a cygnet=bird; a penguin=2=-=a chick=bird;
    a parrot=2=talks=a chick=bird; an ostrich=2=-=a chick=bird; a snake=0=hisses=-=reptile; a lizard=4=-=-=reptile;
    a crocodile=4=-=-=reptile; a turtle=4=-=-=reptile; a frog=4=croaks=a tadpole=amphibian; a toad=4=croaks=-=amphibian;
    a shark=0=-=a pup=fish; a salmon=0=-=-=fish; a tuna=0=-=-=fish; a bee=6=buzzes=a larva=insect;
    an ant=6=-=a larva=insect; a butterfly=6=-=a caterpillar=insect; a fly=6=buzzes=a maggot=insect;
    a beetle=6=-=a larva=insect; a grasshopper=6=chirps=-=insect; a spider=8=-=-=arachnid;
    a scorpion=8=-=-=arachnid; an octopus=8=-=-=mollusc"""
)
HOMES = pairs(
    """a bird=in a nest; a bee=in a hive; a dog=in a kennel; a horse=in a stable; a cow=in a barn; a pig=in a sty;
    a spider=in a web; a fish=in water; a bear=in a den; a rabbit=in a burrow; a polar bear=in the Arctic;
    a penguin=in the Antarctic; a camel=in the desert; a kangaroo=in Australia; a panda=in China; a lion=in Africa;
    a monkey=in trees; a whale=in the ocean; a hen=in a coop; an ant=in an anthill; a beaver=in a lodge"""
)
DIETS = pairs(
    """a cow=grass; a rabbit=grass and leaves; a panda=bamboo; a lion=meat; a squirrel=nuts; a bee=nectar;
    a koala=eucalyptus leaves;
    a horse=grass and hay; a monkey=fruit; a penguin=fish; a spider=insects; a frog=insects; a giraffe=leaves;
    a wolf=meat; a mouse=seeds; a seal=fish; a caterpillar=leaves; an anteater=ants; an owl=mice"""
)

# Smaller or slower or colder or lighter things first.
SIZES = words(
    """an atom; a grain of sand; an ant; a bee; a mouse; a cat; a sheep; a horse; an elephant; a blue whale;
    a mountain; the moon; Mercury; Mars; Venus; the Earth; Neptune; Uranus; Saturn; Jupiter; the sun;
    the galaxy; the universe"""
)
SPEEDS = words(
    """a snail; a turtle; a person; a bicycle; a horse; a cheetah; a train; an airplane; sound; a rocket; light"""
)
HEATS = words("ice; cold water; hot tea; boiling water; a fire; lava; the sun")
WEIGHTS = words("a feather; a coin; an apple; a brick; a chair; a person; a car; a truck; a ship")
LENGTHS = words("a second; a minute; an hour; a day; a week; a month; a year; a decade; a century; a millennium")
DISTANCES = words("a millimeter; a centimeter; an inch; a foot; a meter; a kilometer; a mile")
AREAS = words("Monaco; Switzerland; Germany; France; India; Australia; Brazil; the United States; Canada; Russia")

# Unit = how many = of what.
UNITS = pairs(
    """a minute=60=seconds; an hour=60=minutes; a day=24=hours; a week=7=days; a year=12=months; a decade=10=years;
    a century=100=years; a millennium=1000=years; a fortnight=14=days; a leap year=366=days; a normal year=365=days;
    a kilometer=1000=meters; a meter=100=centimeters; a centimeter=10=millimeters; a foot=12=inches; a yard=3=feet;
    a kilogram=1000=grams; a ton=1000=kilograms; a pound=16=ounces; a liter=1000=milliliters; a dozen=12=items;
    a dollar=100=cents; a euro=100=cents; a byte=8=bits; a kilobyte=1000=bytes; a football team=11=players;
    a triangle=3=sides; a square=4=sides; a rectangle=4=sides; a pentagon=5=sides; a hexagon=6=sides;
    an octagon=8=sides; a cube=6=faces; a hand=5=fingers; a foot of a person=5=toes; a chess board=64=squares;
    the solar system=8=planets; a rainbow=7=colours; the alphabet=26=letters; a car=4=wheels; a bicycle=2=wheels;
    a guitar=6=strings; a violin=4=strings; a year=52=weeks; an hour=3600=seconds; a circle=360=degrees"""
)

ELEMENTS = pairs(
    """hydrogen=H; helium=He; lithium=Li; carbon=C; nitrogen=N; oxygen=O; fluorine=F; neon=Ne; sodium=Na;
    magnesium=Mg; aluminium=Al; silicon=Si; phosphorus=P; sulfur=S; chlorine=Cl; argon=Ar; potassium=K; calcium=Ca;
    iron=Fe; nickel=Ni; copper=Cu; zinc=Zn; silver=Ag; tin=Sn; iodine=I; gold=Au; mercury=Hg; lead=Pb; uranium=U;
    platinum=Pt; titanium=Ti"""
)

JOBS = pairs(
    """a baker=bakes bread; a teacher=teaches students; a doctor=helps sick people; a nurse=cares for sick people;
    a farmer=grows food; a pilot=flies airplanes; a cook=prepares meals; a carpenter=makes things from wood;
    a painter=paints pictures; a writer=writes books; a singer=sings songs; a dentist=takes care of teeth;
    a firefighter=puts out fires; a police officer=protects people; a gardener=takes care of plants;
    a tailor=makes clothes; a plumber=repairs water pipes; an electrician=repairs electric wires;
    an astronaut=travels to space; a scientist=studies nature; a judge=decides cases in court;
    a librarian=takes care of books; a mechanic=repairs cars; a sailor=works on a ship; a fisherman=catches fish;
    a vet=helps sick animals; a butcher=sells meat; a barber=cuts hair; an architect=designs buildings;
    a programmer=writes computer programs; a photographer=takes pictures; a miner=digs for coal and metals"""
)
TOOLS = pairs(
    """a hammer=hit nails; a saw=cut wood; a pen=write; a knife=cut food; a spoon=eat soup; a key=open a lock;
    a broom=sweep the floor; an umbrella=stay dry in the rain; a clock=tell the time; a thermometer=measure temperature;
    a ruler=measure length; a telescope=look at the stars;
    a microscope=look at very small things; a camera=take pictures;
    a compass=find north; a needle=sew clothes; a towel=dry things; a fridge=keep food cold; an oven=bake food;
    a scale=measure weight; a lamp=make light; a pillow=rest the head; a ladder=climb up; a shovel=dig holes;
    soap=wash hands; a calendar=see the date; a map=find the way; scissors=cut paper; a brush=paint; a bed=sleep"""
)
DEFINITIONS = pairs(
    """a triangle=a shape with three sides; a square=a shape with four equal sides; a circle=a perfectly round shape;
    a cube=a solid with six square faces; water=a clear liquid that all living things need; ice=frozen water;
    steam=water in the form of a gas; rain=water that falls from clouds; snow=frozen water that falls from clouds;
    a cloud=a mass of tiny water drops in the sky; wind=moving air; a river=a large stream of flowing water;
    a lake=a large body of water with land around it; an ocean=a very large body of salt water;
    an island=land with water all around it; a mountain=a very high piece of land; a valley=low land between hills;
    a desert=a very dry place with little rain; a forest=a large area with many trees;
    a volcano=a mountain that can throw out lava; an earthquake=a shaking of the ground; a city=a large town;
    a country=a land with its own government; a continent=a very large mass of land;
    a planet=a large round body that moves around a star; a star=a huge hot ball of glowing gas;
    the sun=the star at the center of our solar system; the moon=the natural satellite of the Earth;
    the Earth=the planet on which we live; a comet=a ball of ice and dust that moves around the sun;
    a galaxy=a huge group of stars; a telescope=a tool for looking at distant things;
    an eclipse=the hiding of one body in space by another; gravity=the force that pulls things toward each other;
    a solstice=the moment when the day is longest or shortest;
    an equinox=the moment when day and night are equally long;
    a leap year=a year with 366 days; a decade=a period of ten years; a century=a period of one hundred years;
    a mammal=an animal that feeds its young with milk; a bird=an animal with feathers and wings;
    a fish=an animal that lives in water and breathes with gills; an insect=a small animal with six legs;
    a reptile=an animal with dry, scaly skin; a tree=a tall plant with a trunk of wood;
    a flower=the colorful part of a plant that makes seeds; a seed=the part of a plant from which a new plant grows;
    a vegetable=a plant that people eat; a fruit=the part of a plant that holds the seeds;
    bread=a food baked from flour;
    cheese=a food made from milk; honey=a sweet food made by bees; a computer=a machine that works with data;
    a robot=a machine that can do work by itself; a language model=a program that predicts the next word of a text;
    a book=a set of pages with text; a poem=a text written in verse; a dictionary=a book that explains words;
    a library=a place where books are kept; a school=a place where children learn; a hospital=a place for sick people;
    a museum=a place where art or old things are shown; music=the art of sounds; a noun=a word that names a thing;
    a verb=a word for an action; an adjective=a word that describes a noun;
    a prime number=a number with exactly two divisors;
    an even number=a number that can be divided by two; an odd number=a number that cannot be divided by two;
    friendship=a bond between people who like each other; electricity=a form of energy used for light and machines;
    oxygen=a gas that animals need to breathe; gold=a yellow precious metal; the heart=the organ that pumps blood;
    the brain=the organ with which we think; a lung=an organ for breathing; money=what people use to pay for things"""
)

# Question noun phrase = answer sentence = key word.
SUPERLATIVES = pairs(
    """the largest planet=The largest planet of the solar system is Jupiter.=Jupiter;
    the smallest planet=The smallest planet of the solar system is Mercury.=Mercury;
    the hottest planet=The hottest planet of the solar system is Venus.=Venus;
    the coldest planet=The coldest planet of the solar system is Uranus.=Uranus;
    the red planet=The red planet is Mars.=Mars;
    the planet with the big rings=The planet with the big rings is Saturn.=Saturn;
    the closest planet to the sun=The closest planet to the sun is Mercury.=Mercury;
    the farthest planet from the sun=The farthest planet from the sun is Neptune.=Neptune;
    the closest star to the Earth=The closest star to the Earth is the sun.=sun;
    the highest mountain=The highest mountain on Earth is Mount Everest.=Everest;
    the longest river=The longest river on Earth is the Nile.=Nile;
    the largest ocean=The largest ocean on Earth is the Pacific Ocean.=Pacific;
    the smallest ocean=The smallest ocean on Earth is the Arctic Ocean.=Arctic;
    the largest continent=The largest continent is Asia.=Asia;
    the smallest continent=The smallest continent is Australia.=Australia;
    the largest country=The largest country by area is Russia.=Russia;
    the smallest country=The smallest country is Vatican City.=Vatican;
    the largest desert=The largest desert on Earth is Antarctica.=Antarctica;
    the largest hot desert=The largest hot desert is the Sahara.=Sahara;
    the largest animal=The largest animal is the blue whale.=whale;
    the largest land animal=The largest land animal is the African elephant.=elephant;
    the tallest animal=The tallest animal is the giraffe.=giraffe;
    the fastest land animal=The fastest land animal is the cheetah.=cheetah;
    the largest bird=The largest bird is the ostrich.=ostrich;
    the fastest bird=The fastest bird is the peregrine falcon.=falcon;
    the king of the animals=The lion is called the king of the animals.=lion;
    the hardest natural material=The hardest natural material is diamond.=diamond;
    the lightest element=The lightest element is hydrogen.=hydrogen;
    the largest organ of the human body=The largest organ of the human body is the skin.=skin;
    the boiling point of water=Water boils at 100 degrees Celsius.=100;
    the freezing point of water=Water freezes at 0 degrees Celsius.=0 degrees;
    the speed of light=Light travels about 300,000 kilometers per second.=300,000;
    the formula of water=The chemical formula of water is H2O.=H2O;
    the author of Hamlet=Hamlet was written by William Shakespeare.=Shakespeare;
    the author of Romeo and Juliet=Romeo and Juliet was written by William Shakespeare.=Shakespeare;
    the author of Faust=Faust was written by Johann Wolfgang von Goethe.=Goethe;
    the author of Don Quixote=Don Quixote was written by Miguel de Cervantes.=Cervantes;
    the painter of the Mona Lisa=The Mona Lisa was painted by Leonardo da Vinci.=Leonardo;
    the first person on the moon=The first person on the moon was Neil Armstrong.=Armstrong;
    the first human in space=The first human in space was Yuri Gagarin.=Gagarin;
    the discoverer of gravity=Isaac Newton described the law of gravity.=Newton;
    the first month of the year=The first month of the year is January.=January;
    the last month of the year=The last month of the year is December.=December;
    the shortest month=The shortest month is February.=February;
    the first letter of the alphabet=The first letter of the alphabet is A.=is A;
    the last letter of the alphabet=The last letter of the alphabet is Z.=is Z;
    the coldest season=The coldest season is winter.=winter;
    the hottest season=The hottest season is summer.=summer;
    the smallest prime number=The smallest prime number is 2.=2"""
)

SYSTEM_MESSAGES = words(
    """You are a helpful assistant.; You are a small, friendly model.; Answer in full sentences.; Be brief.;
    You answer simple questions.; You are a helpful assistant. Answer the question.; Answer politely and correctly.;
    You are tiny-chat.; Be honest when you do not know something.; You are a teacher who answers questions of pupils."""
)
