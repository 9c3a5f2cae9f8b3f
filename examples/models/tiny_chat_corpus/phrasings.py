"""How questions are asked: templates in which ``[a|b]`` means "a or b" and ``{slot}`` is filled from a fact.

A line that starts with ``@`` is a noun phrase: it is put into every frame of ``FRAMES``. A line or a frame that
starts with ``~`` is a held-out form: no training text ever has it, for any fact.
"""

FRAMES = """
What is {np}?
What's {np}?
So what is {np}?
What would {np} be?
Tell me {np}.
Tell me what {np} is.
Please tell me {np}.
Please tell me what {np} is.
[Can|Could|Will|Would] you tell me {np}?
[Can|Could|Would] you [please|] tell me what {np} is?
Do you [happen to |]know {np}?
Do you [happen to |]know what {np} is?
Name {np}.
Please name {np}.
Can you name {np}?
Give me {np}.
Please give me {np}.
I want to know {np}.
I want to know what {np} is.
I[ would|'d] like to know {np}.
I[ would|'d] like to know what {np} is.
I need to know {np}.
{np}?
{np}, please.
{np} is what?
{np} is [called|named] what?
Say what {np} is.
I forgot {np}.
I forgot what {np} is.
I do not know {np}.
Remind me what {np} is.
Remind me of {np}.
Let me know {np}.
Let me know what {np} is.
I wonder what {np} is.
Any idea what {np} is?
Help me find {np}.
[Just|Quickly] tell me {np}.
Which one is {np}?
Are you able to tell me {np}?
May I ask what {np} is?
My question is about {np}.
~Would you happen to know what {np} is?
~I am looking for {np}.
~Kindly tell me {np}.
~Do you have any idea what {np} is?
~Can you remind me what {np} is?
"""

ABOUT_FRAMES = """
Tell me about {np}.
[Please|Kindly] tell me about {np}.
Tell me something about {np}.
Please tell me something about {np}.
Tell me more about {np}.
[Can|Could|Will|Would] you [please |]tell me [about|something about|more about] {np}?
What do you know about {np}?
What can you tell me about {np}?
What can you say about {np}?
I want to [know|learn] [more |something |]about {np}.
I[ would|'d] like to [know|learn|hear] [more |something |]about {np}.
Talk about {np}.
Say something about {np}.
Describe {np}.
Please describe {np}.
Give me [some |]information about {np}.
Teach me about {np}.
Do you know [anything|something] about {np}?
~Please could you tell me a bit about {np}?
~Let me hear about {np}.
~Inform me about {np}.
"""

PREFIXES = """
[Hi|Hello|Hey|Hi there|Hello there|Good morning|Good evening|Good day|Dear model|Excuse me|Sorry|Okay|Well|Oh|Now],
[Hi|Hello|Hey|Hi there|Good morning|Thanks|Great|Okay|Good]!
[Please|Please tell me|Tell me|Can you tell me|Could you tell me|Do you know|Please answer|Answer me|Say|Quick]:
[Question|Quick question|A question|I have a question|Another question|Simple question|One more question|Next question]:
[Tell me|Please tell me|Please say|Please|So|And|Also|One more thing|By the way|I was wondering|I wonder|Just curious],
[My son|My daughter|My friend|My teacher|A child|Somebody] [asks|wants to know|asked me]:
[For my homework|For a quiz|For school|In a quiz they ask]:
I need [help|your help|to know].
I am [curious|learning|not sure].
[Let me ask you something|I have a question|Can you help me|Here is a question|Please help me].
~My neighbour would like to know:
~Greetings,
~One quick thing:
"""

SUFFIXES = """
[Please|Thanks|Thank you|Thank you very much|Many thanks|Please answer|Please tell me|Tell me|I forgot|I am curious].
[Please answer|Answer|Reply] in [a full sentence|one sentence|full sentences].
[Do you know|Can you tell me|Any idea]?
~Thank you in advance.
"""

FOLLOW_UPS = """
And {x}?
What about {x}?
How about {x}?
And what about {x}?
And for {x}?
And of {x}?
Now {x}.
~And how about {x}?
"""

CAPITAL = """
@[the|] capital [city |]of {c}
@{c}'s capital [city|]
@the name of the capital [city |]of {c}
[What|Which city] is the capital [city |]of {c}?
Which city is {c}'s capital?
What capital [does|has] {c} [have|]?
{c} has [which|what] [capital|capital city]?
What is [the capital city called|the capital called] in {c}?
How is the capital of {c} called?
Which [city|town] is the seat of the capital of {c}?
[capital|Capital city] {c}?
{c} capital
{c}: capital?
In {c}, [what|which city] is the capital?
Where is the capital of {c}, and what is it called?
~What do people call the capital of {c}?
~Which place serves as the capital of {c}?
~The country is {c}. What is its capital?
"""
CAPITAL_OF = """
[Which|What] country has [the capital |]{k} as [its |the |]capital?
{k} is the capital of [which|what] country?
{k} is the capital of what?
Of [which|what] country is {k} the capital?
Which country's capital is {k}?
What country is {k} [in|the capital of]?
[In|To] which country [is|lies|belongs] {k}?
Where is {k}?
Where is the city of {k}?
Where [can I find|do I find] {k}?
What is {k}?
What is {k} the capital of?
[Tell me|Can you tell me|Do you know] where {k} is[?|.]
[Tell me|Can you tell me|Do you know] which country {k} is the capital of[?|.]
~In what country would I find {k}?
~Name the country that has {k} as its capital.
"""
IS_CAPITAL = """
Is {k} the capital [city |]of {c}?
Is the capital [city |]of {c} {k}?
Is {k} {c}'s capital?
{k} is the capital of {c}, right?
Is it true that {k} is the capital of {c}?
I think {k} is the capital of {c}. Is that right?
~Am I right that {k} is the capital of {c}?
"""
CONTINENT = """
@the continent of {c}
[On|In] [which|what] continent is {c}?
[Which|What] continent is {c} [in|on|part of]?
[Which|What] continent does {c} belong to?
Where is {c}?
Where is {c} [located|on the map|in the world]?
Where [can I find|do I find|in the world is] {c}?
[In which part|Which part] of the world is {c}?
{c} is [on|in] [which|what] continent?
To which continent does {c} belong?
[Tell me|Can you tell me|Do you know] where {c} is[?|.]
~On what continent would I find {c}?
~{c} belongs to which continent?
"""
COUNTRY = """
What is {c}?
What kind of [place|thing] is {c}?
"""
LANGUAGE = """
@the [main |official |]language of {c}
[What|Which] language [do people|do they|does one] speak in {c}?
[What|Which] language is spoken in {c}?
[What|Which] language do [the |]people [in|of|from] {c} speak?
What do [people|they] speak in {c}?
[In|For] {c}, [what|which] language is [spoken|used]?
~People living in {c} speak which language?
"""
CURRENCY = """
@the [currency|money] of {c}
@{c}'s currency
[What|Which] [currency|money] [do people|do they|does one] use in {c}?
[What|Which] [currency|money] is used in {c}?
[What|Which] currency does {c} [have|use]?
[How|With what] do people pay in {c}?
What do people pay with in {c}?
~Shops in {c} take which currency?
"""

# {er} is the comparative, {a} and {b} the two things.
COMPARE = """
[Which|What|Who|Where] is {er}, {a} or {b}?
[Which|What] is {er}: {a} or {b}?
[Which|What] is {er} {a} or {b}?
[Which|What] one is {er}, {a} or {b}?
What's {er}, {a} or {b}?
What's the {er} one, {a} or {b}?
[Which|What] is the {er} one, {a} or {b}?
[Which|What] of the two is {er}, {a} or {b}?
[Which|What] thing is {er}, {a} or {b}?
Of {a} and {b}, [which|what] [one |]is {er}?
Between {a} and {b}, [which|what] [one |]is {er}?
{a} or {b}, [which|what] [one |]is {er}?
{a} or {b}: [which|what] is {er}?
{a} or {b}? Which is {er}?
Is {a} or {b} {er}?
{er}: {a} or {b}?
Compare {a} and {b}. Which is {er}?
[Tell me|Please tell me|Say|I want to know|I wonder|I would like to know] [which|what] is {er}, {a} or {b}.
[Can|Could] you tell me [which|what] is {er}, {a} or {b}?
Do you know [which|what] is {er}, {a} or {b}?
[Tell me|I wonder|I want to know] whether {a} or {b} is {er}.
[Can|Could] you tell me [if|whether] {a} or {b} is {er}?
Do you know [if|whether] {a} or {b} is {er}?
What would you say is {er}, {a} or {b}?
Which do you think is {er}, {a} or {b}?
Who is the {er} of the two, {a} or {b}?
~Which would be {er}, {a} or {b}?
~If I compare {a} with {b}, which one is {er}?
~Would you say {a} is {er} or {b}?
"""
IS_COMPARED = """
Is {a} {er} than {b}?
{a} is {er} than {b}, right?
Is it true that {a} is {er} than {b}?
[Tell me|I wonder|Can you tell me|Do you know] [if|whether] {a} is {er} than {b}[?|.]
Would you say {a} is {er} than {b}?
Could {a} be {er} than {b}?
~Am I right that {a} is {er} than {b}?
~Can we say that {a} is {er} than {b}?
"""

SUM = """
@{a} [plus|+|and] {b}
@the sum of {a} and {b}
@the result of {a} [plus|+] {b}
[How much|What] is {a} [plus|+|added to|and] {b}?
[How much|What] [does {a} plus {b} make|do {a} and {b} make|is {a}+{b}|'s {a}+{b}]?
{a} [plus|+] {b} [=|is|equals|makes]?
{a} [plus|+] {b} [= ?|is what?|is how much?]
{a}+{b}[=|=?|]
{a} + {b}[ =|]
[Add|Please add|Can you add] {a} and {b}[?|.]
[Calculate|Compute|Work out|Solve] {a} [plus|+] {b}.
If I have {a} [apples|books|coins] and get {b} more, how many do I have?
~How many are {a} and {b} together?
~What do I get when I add {a} and {b}?
"""
DIFFERENCE = """
@{a} [minus|-] {b}
@the difference of {a} and {b}
[How much|What] is {a} [minus|-|less|take away] {b}?
{a} [minus|-] {b} [=|is|equals|makes]?
{a}-{b}[=|=?|]
{a} - {b}[ =|]
[Subtract|Take] {b} from {a}.
[Calculate|Compute|Work out|Solve] {a} [minus|-] {b}.
If I have {a} [apples|books|coins] and give away {b}, how many are left?
~What remains when I take {b} away from {a}?
"""
PRODUCT = """
@{a} [times|x|*] {b}
@the product of {a} and {b}
[How much|What] is {a} [times|x|*|multiplied by] {b}?
{a} [times|x|*] {b} [=|is|equals|makes]?
{a}*{b}[=|=?|]
{a} * {b}[ =|]
[Multiply|Can you multiply] {a} [by|and|with] {b}[?|.]
[Calculate|Compute|Work out|Solve] {a} [times|x|*] {b}.
~What do I get when I multiply {a} by {b}?
"""
QUOTIENT = """
@{a} [divided by|/] {b}
[How much|What] is {a} [divided by|/|over] {b}?
{a} [divided by|/] {b} [=|is|equals]?
{a}/{b}[=|=?|]
[Divide|Can you divide] {a} by {b}[?|.]
[Calculate|Compute|Work out|Solve] {a} divided by {b}.
~What do I get when I divide {a} by {b}?
"""
HALF = """
@half of {a}
How much is half of {a}?
What is one half of {a}?
"""
DOUBLE = """
@[the double of|double|twice] {a}
How much is [twice|double] {a}?
What is two times {a}?
"""
AFTER_NUMBER = """
@the number [right |]after {a}
@the next number after {a}
[Which|What] number [comes|is] [right |]after {a}?
What comes after {a}?
What [follows|is next after] {a}?
~Count on from {a}. Which number is next?
"""
AFTER = """
@the {kind} after {a}
[Which|What] {kind} [comes|is] [right |]after {a}?
What comes after {a}?
[Which|What] {kind} follows {a}?
What is the next {kind} after {a}?
What follows {a}?
If [today|it|this] is {a}, what [comes next|is next]?
After {a} comes [what|which {kind}]?
~{a} is over. Which {kind} is next?
"""
BEFORE = """
@the {kind} before {a}
[Which|What] {kind} [comes|is] [right |]before {a}?
What comes before {a}?
What is the {kind} just before {a}?
Before {a} comes [what|which {kind}]?
~Which {kind} ends when {a} starts?
"""
MONTH_DAYS = """
@the number of days in {a}
How many days [are there in|has|does|are in] {a}[ have|]?
How long is {a}?
How many days are in the month of {a}?
{a} has how many days?
~How many days long is {a}?
"""
MONTH_SEASON = """
@the season of {a}
[Which|What] season is [it in |]{a}?
In [which|what] season is {a}?
{a} is in [which|what] season?
To which season does {a} belong?
~{a} falls in which season?
"""
NTH_MONTH = """
@the {n} month [of the year|]
[Which|What] month is the {n}[ month|] [of the year|one]?
Which month is number {i}?
~What is month number {i} called?
"""
MONTH_NUMBER = """
@the number of the month {a}
Which number [is|has] {a}?
[Which|What] number is the month of {a}?
~{a} is which month of the year, counted from January?
"""
PLANET_NTH = """
@the {n} planet [from the sun|of the solar system]
[Which|What] planet is [the {n}|number {i}] from the sun?
[Which|What] is the {n} planet [from the sun|]?
~Counting from the sun, which planet is the {n}?
"""
PLANET_PLACE = """
@the place of {a} in the solar system
Which number is {a} from the sun?
Where is {a} in the solar system?
Which planet from the sun is {a}?
~What position does {a} have, counted from the sun?
"""
