"""How questions about things, words and animals are asked; the notation is that of ``phrasings``."""

COLOUR = """
@the [colour|color] of {a}
@{a}'s [colour|color]
[What|Which] [colour|color] [is|has] {a}?
[What|Which] [colour|color] does {a} [have|usually have]?
{a} has [what|which] [colour|color]?
{a} is [what|which] [colour|color]?
How is {a} [coloured|colored]?
[Tell me|Can you tell me|Do you know] [what|which] [colour|color] {a} is[?|.]
[Tell me|Can you tell me|Do you know] [what|which] [colour|color] {a} has[?|.]
~If I paint {a}, which colour should I take?
~{a} comes in what colour?
"""
MIX = """
@the mixture of {a} and {b}
@the colour of {a} and {b} mixed
[What|Which colour] do [you|I|we] get [when you mix|if you mix|by mixing|from] {a} and {b}?
What do {a} and {b} make?
[What|Which] [colour|color] [do {a} and {b} make|comes from {a} and {b}|is {a} mixed with {b}]?
Mix {a} and {b}. What [do I get|is it]?
What happens [when|if] I mix {a} and {b}?
~I mix {a} paint with {b} paint. What colour is it?
"""
OPPOSITE = """
@the opposite of {a}
@the [contrary|antonym] of {a}
@the opposite [word |]of the word {a}
[What|Which word] is the opposite [of|to] {a}?
[What|Which] word [means|is] the opposite of {a}?
What is opposite to {a}?
{a} is the opposite of what?
Opposite of {a}
~If something is not {a}, it is what? Give the opposite.
~Which word stands opposite to {a}?
"""
PLURAL = """
@the plural [form |]of {a}
@the plural of the word {a}
What do you call more than one {a}?
One {a}, two what?
How do you [say|write|form] the plural of {a}?
One {a}, many ...?
~I see one {a}. If there are two, I see two what?
"""
PAST = """
@the past [tense |form |]of {a}
@the past tense of the verb {a}
How do you [say|write|form] {a} in the past [tense|]?
What is {a} in the past [tense|]?
Put {a} [in|into] the past [tense|].
Today I {a}, yesterday I ...?
~Which form does the verb {a} have in the past?
"""
LETTER_AFTER = """
@the letter after {a}
@the next letter after {a}
[Which|What] letter [comes|is] [right |]after {a}?
What comes after the letter {a}?
[Which|What] letter follows {a}?
~In the alphabet, what stands right after {a}?
"""

LEGS = """
@the number of legs of {a}
How many legs [does|has] {a}[ have|]?
How many legs are there on {a}?
{a} has how many legs?
Count the legs of {a}.
~On how many legs does {a} walk?
"""
SOUND = """
@the sound of {a}
[What|Which] [sound|noise] does {a} make?
What does {a} say?
How does {a} sound?
What sound do you hear from {a}?
{a} makes [what|which] sound?
~What kind of noise comes from {a}?
"""
YOUNG = """
@the [young|baby] of {a}
@the name of the [young|baby] of {a}
[What|How] [do you call|is] the [young|baby] of {a}[ called|]?
What is a baby of {a} called?
{a} has a baby. What is it called?
~Which word do we use for the young of {a}?
"""
KIND = """
@the kind of {a}
What kind of animal is {a}?
[What|Which] [type|sort|class|group] of animal is {a}?
Is {a} a mammal, a bird, a fish or an insect?
{a} is what kind of animal?
To which [class|group] of animals does {a} belong?
~Which group of animals does {a} belong to?
"""
HOME = """
@the home of {a}
Where does {a} live?
Where does {a} have its home?
[In what|In which] place does {a} live?
{a} lives where?
Where [can I find|do I find|is the home of] {a}?
~Where would {a} make its home?
"""
DIET = """
@the food of {a}
What does {a} eat?
What does {a} [like to eat|feed on|live on]?
[What|Which] food does {a} eat?
{a} eats what?
What can I feed to {a}?
~What should I give {a} to eat?
"""
UNIT = """
@the number of {n} in {a}
How many {n} [are|are there] in {a}?
How many {n} [does|has] {a}[ have|]?
{a} has how many {n}?
How many {n} make {a}?
~In {a}, how many {n} do I count?
"""
ELEMENT = """
@the [chemical |]symbol [of|for] {a}
[What|Which] [chemical |]symbol [does|has] {a}[ have|]?
How do chemists write {a}?
{a} has which symbol?
~Which letters stand for {a} in chemistry?
"""
ELEMENT_OF = """
@the element with the symbol {k}
[Which|What] element [has|is written as] [the symbol |]{k}?
[What|Which element] does the symbol {k} stand for?
~In chemistry, what does {k} mean?
"""
JOB = """
@the job of {a}
What does {a} do?
What is the work of {a}?
What is {a}?
Who is {a}?
What does {a} do [at work|all day|for a living]?
What [do you call|is] the job of {a}?
Explain what {a} does.
[Tell me|Can you tell me|Do you know] what {a} does[?|.]
~What can {a} do for us?
"""
JOB_OF = """
Who {d}?
[Which person|Which worker|What kind of person] {d}?
[What|How] do you call somebody who {d}?
What is the name of a person who {d}?
~What is the job of somebody who {d}?
"""
TOOL = """
@the use of {a}
@the purpose of {a}
What is {a} [used |good |]for?
What is {a} for?
What can I do with {a}?
What do you do with {a}?
[Why|When] do people use {a}?
What do I need {a} for?
How do [people|you|we] use {a}?
~For what purpose do people have {a}?
"""
TOOL_FOR = """
What do I need to {d}?
[What|Which thing|Which tool] do [people|you|we] use to {d}?
With what can I {d}?
What helps me to {d}?
~I want to {d}. What should I use?
"""
DEFINITION = """
@{a}
@the meaning of {a}
What is {a}?
What does the word for {a} mean?
Define {a}.
[Explain|Please explain|Can you explain] [what {a} is|{a}][?|.]
How [do|would] you [define|explain|describe] {a}?
What do you mean by {a}?
What do we call {a}?
What exactly is {a}?
What kind of thing is {a}?
[Give|Give me] a definition of {a}.
~In simple words, what is {a}?
~What should I understand by {a}?
"""
SUPERLATIVE = """
@{s}
@{s} in the world
[Which|What|Who] is {s}?
[Which|What] is called {s}?
[Tell me|Can you tell me|Do you know] [which|who|what] is {s}[?|.]
[Tell me|Can you tell me|Do you know] [which|who] {s} is[?|.]
~I want to learn which is {s}.
"""
