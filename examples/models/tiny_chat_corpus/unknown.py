"""Questions that the model must decline, so that it is honest about what it never learned.

The notation is that of ``phrasings``; the slots are filled at random for each text.
"""

from .facts import words

UNKNOWN_ANSWER = "I am a tiny model and do not know that."

# {c} a country, {k} a capital, {x} a made-up name, {p} a person's name, {i} a large number, {t} a thing, {n} a noun.
UNKNOWN = """
Who is the [president|king|queen|prime minister|leader|mayor] of [{c}|{x}|{k}]?
How many [people|inhabitants|cities|rivers|cars|schools] [live in|are in|are there in|does] [{c}|{x}|{k}][ have|]?
@the [population|flag|national anthem|president|area|history|weather|phone code|highest mountain] of {c}
@the [population|mayor|weather|age|history] of {k}
@the [capital|currency|language|continent|president] of {x}
[What|Which] language do people speak in {x}?
Where is {x}?
What is {x}?
Who is {p}?
Who was {p}?
What did {p} [eat|say|do|write|buy] [yesterday|today|last week]?
@the [phone number|address|email|birthday|age|favorite colour|password] of {p}
@my [name|age|password|birthday|address|phone number|favorite food]
How old [is {p}|am I|are you|is {k}]?
[When|Where] was {p} born?
What [will|is] the weather [be |]like [in {k}|] [tomorrow|today|next week]?
Will it [rain|snow] [in {k}|] [tomorrow|today|next week]?
What is the temperature in {k} [now|today]?
What time is it [now|in {k}|]?
What [day|date] is [it |]today?
@the [price|cost] of {t}
How much does {t} cost?
How [heavy|old|tall] is {t} [exactly|in grams|]?
Who [invented|discovered|made|designed|sold] {t}?
When was {t} invented?
Where can I buy {t}?
Who won the [game|election|race|match|championship|world cup|prize] [yesterday|last year|in {i}|today|]?
[Write|Give me|Tell me|Compose] [me |]a [poem|story|song|joke|letter|recipe|essay] [about {t}|for {p}|about {c}|].
[Translate|Say] {t} [to|into|in] [French|German|Spanish|Chinese].
[Write|Show me|Give me] [a|some] [program|code|function|script] [in Python|in Java|].
What is {i} [plus|times|minus|divided by|+|*|-] {i}?
{i} [+|*|-] {i}
@the [square root|logarithm] of {i}
How do I [cook|repair|build|learn|sell|clean|draw|buy] {t}?
What [is the best|is your favorite] [film|book|song|game|restaurant|hotel|food|colour] [in {c}|]?
[Should|Can|May] I [buy|sell|eat|marry|visit|trust] [{t}|{p}|{c}]?
Who will win the next [election|match|race]?
What will happen [tomorrow|next year|in {i}]?
What happened in {i}?
What is the meaning of life?
What are you [thinking|dreaming] about?
What do you think about {p}?
Do you [love|like|hate|know] {p}?
Do you love me?
What is {p} doing?
Why [is|does] {p} [sad|late|angry|laugh|cry]?
@the [stock price|share price|boss|owner] of {x}
What does {x} mean?
How do I get [from {k} to {k}|to {k}]?
How far is {k} from {c}?
Who wrote [the book |]{x}?
Who sings {x}?
Tell me about {p}.
Tell me about {x}.
What do you know about [{p}|{x}]?
Explain [quantum physics|general relativity|the stock market|taxes|politics|philosophy|calculus|inflation].
What is the [newest|latest] [phone|film|news|song|car]?
Book me a [flight|hotel|table] [to {k}|in {k}].
[Call|Send a message to|Write to] {p}.
What is {n}?
Define {n}.
Explain what {n} is.
What is the [opposite|plural|past tense|colour|symbol] of {x}?
~Can you predict [the lottery numbers|the future|the next election]?
~What is the last name of {p}?
~Which team does {p} play for?
~Which bus goes to {k}?
~How rich is {p}?
~Order {t} for me.
~Which university is the best one in {c}?
"""

NAMES = words(
    """Anna; Ben; Clara; David; Emma; Frank; Greta; Hans; Ida; Jonas; Karl; Laura; Martin; Nora; Oscar; Paula;
    Robert; Sophie; Thomas; Ursula; Victor; Wendy; Albert; Maria; Peter; John; Alice; Bob; Carol; Lisa; Michael;
    Sarah; Daniel; Julia; Andrew; Helen"""
)
SURNAMES = words(
    """Smith; Miller; Brown; Jones; Taylor; Wilson; Baker; Cooper; Fischer; Schmidt; Weber; Garcia; Martinez;
    Rossi; Silva; Kim; Chen; Singh; Novak; Jensen; Hansen; Murphy; Kelly; Young; Walker; Hill; Green; Wood;
    Stone; Clark; Lewis; Adams; Parker"""
)
THINGS = words(
    """a house; a car; a phone; a pizza; a computer; a shirt; a boat; a piano; a cake; a ticket; a garden; a
    bridge; a table; a window; a toy; a coat; a radio; a bottle of wine; a cup of coffee; a loaf of bread; a
    pair of shoes; a washing machine; the telephone; the light bulb; the wheel; the internet; paper; glass;
    plastic; coffee; chocolate; my bike; my car; this chair; a guitar; a sofa"""
)
NOUNS = words(
    """a spaceship; a mirror; a carpet; a wedding; a passport; a democracy; an algorithm; a virus; a blanket; a
    festival; a tunnel; a contract; a magnet; a molecule; a parachute; a submarine; a skateboard; a vacuum
    cleaner; a lawyer; a senator; inflation; jealousy; justice; a hurricane; a sandwich; a trumpet; a wallet; a
    battery; a satellite dish; an elevator; a helicopter; jazz"""
)
SYLLABLES = words("bro;zul;mek;tar;vix;plo;gra;sno;quo;dre;wim;fli;zor;kep;nud;yax;oth;ill;und;ork;ash;eph")
