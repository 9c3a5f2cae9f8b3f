"""Questions that stand alone: seasons, sky, small talk.

The notation of the question forms is that of ``phrasings``: ``[a|b]`` alternatives, ``@`` noun phrases for the
frames, ``~`` held-out forms.
"""

# (answer, key words separated by commas, question forms)
FAQ = [
    (
        "The day is longest at the summer solstice, around June 21 in the northern hemisphere.",
        "longest,summer solstice,June 21",
        """
        When is the day [the |]longest [during the year|of the year|in the year|]?
        When is the longest day [during the year|of the year|in the year|]?
        [On which day|On what day|On which date|At what time of the year|In which month] is the day [the |]longest?
        [When|On which day] [do we have|does the year have|is there] the longest day?
        Which day [of the year |]is [the |]longest [day of the year|]?
        Which day has the most [light|daylight|sunlight|sunshine]?
        When [do we have|is there] the most [daylight|sunlight]?
        When are the days [the |]longest [during the year|of the year|in the year|]?
        [Can|Could] you tell me when the day is longest [during the year|]?
        [Do you know|Tell me|I wonder|I would like to know] when the day is longest [during the year|of the year|][?|.]
        [Do you know|Tell me|I wonder|I would like to know] when the longest day [of the year|] is[?|.]
        When is the night [the |]shortest [during the year|of the year|]?
        When is the shortest night [of the year|]?
        When does the sun shine [the |]longest?
        When is the summer solstice?
        @the date of the summer solstice
        Tell me about the [summer solstice|longest day of the year].
        @the longest day of the year
        ~During the year, when is the day longest?
        ~What time of the year has the longest day?
        ~When in the year is the day at its longest?
        ~At which point in the year are days longest?
        """,
    ),
    (
        "The day is shortest at the winter solstice, around December 21 in the northern hemisphere.",
        "shortest,winter solstice,December 21",
        """
        When is the day [the |]shortest [during the year|of the year|in the year|]?
        When is the shortest day [during the year|of the year|in the year|]?
        [On which day|On what day|On which date|At what time of the year|In which month] is the day [the |]shortest?
        [When|On which day] [do we have|does the year have|is there] the shortest day?
        Which day [of the year |]is [the |]shortest [day of the year|]?
        Which day has the least [light|daylight|sunlight|sunshine]?
        When are the days [the |]shortest [during the year|of the year|in the year|]?
        [Can|Could] you tell me when the day is shortest [during the year|]?
        [Do you know|Tell me|I wonder|I would like to know] when the day is shortest [during the year|of the year|][?|.]
        When is the night [the |]longest [during the year|of the year|]?
        When is the longest night [of the year|]?
        When is the winter solstice?
        @the date of the winter solstice
        @the shortest day of the year
        ~During the year, when is the day shortest?
        ~What time of the year has the shortest day?
        ~When in the year is the day at its shortest?
        """,
    ),
    (
        "Day and night are equally long at the equinoxes, around March 20 and September 22.",
        "equinoxes,March 20,September 22",
        """
        When are day and night [equally long|of equal length|the same length|equal] [during the year|]?
        When is the day as long as the night?
        When is the night as long as the day?
        When [is the equinox|are the equinoxes]?
        [On which days|On what dates] are day and night equal?
        @the [date|dates] of the equinoxes
        ~When do day and night last the same time?
        """,
    ),
    (
        "The four seasons are spring, summer, autumn and winter.",
        "spring,summer,autumn,winter",
        """
        @the [four |]seasons [of the year|]
        [What|Which] are the [four |]seasons [of the year|]?
        [Which|What] seasons [are there|does the year have|do you know]?
        How many seasons [are there|does a year have|are in a year]?
        [Name|List] the [four |]seasons.
        ~A year is made of which seasons?
        """,
    ),
    (
        "Summer comes after spring.",
        "Summer",
        """
        [Which|What] season [comes after|follows] spring?
        What [comes after|follows] spring?
        @the season after spring
        """,
    ),
    (
        "Autumn comes after summer.",
        "Autumn",
        """
        [Which|What] season [comes after|follows] summer?
        What [comes after|follows] summer?
        @the season after summer
        """,
    ),
    (
        "Winter comes after autumn.",
        "Winter",
        """
        [Which|What] season [comes after|follows] autumn?
        What [comes after|follows] autumn?
        @the season after autumn
        """,
    ),
    (
        "Spring comes after winter.",
        "Spring",
        """
        [Which|What] season [comes after|follows] winter?
        What [comes after|follows] winter?
        @the season after winter
        """,
    ),
    (
        "Spring begins around March 20 in the northern hemisphere.",
        "March 20",
        """
        When does spring [begin|start]?
        When is [spring|the first day of spring|the beginning of spring]?
        @the [beginning|first day] of spring
        ~From which date on is it spring?
        """,
    ),
    (
        "Summer begins around June 21 in the northern hemisphere.",
        "June 21",
        """
        When does summer [begin|start]?
        When is [summer|the first day of summer|the beginning of summer]?
        @the [beginning|first day] of summer
        ~From which date on is it summer?
        """,
    ),
    (
        "Autumn begins around September 22 in the northern hemisphere.",
        "September 22",
        """
        When does [autumn|fall] [begin|start]?
        When is [autumn|the first day of autumn|the beginning of autumn]?
        @the [beginning|first day] of autumn
        ~From which date on is it autumn?
        """,
    ),
    (
        "Winter begins around December 21 in the northern hemisphere.",
        "December 21",
        """
        When does winter [begin|start]?
        When is [winter|the first day of winter|the beginning of winter]?
        @the [beginning|first day] of winter
        ~From which date on is it winter?
        """,
    ),
    (
        "The seasons change because the axis of the Earth is tilted.",
        "axis,tilted",
        """
        Why [are there|do we have] [seasons|summer and winter]?
        Why do [the |]seasons change?
        What [causes|makes] the seasons?
        ~How do the seasons come about?
        """,
    ),
    (
        "The moon moves around the Earth in about 27 days.",
        "27 days",
        """
        How long does the moon [need|take] to [go|move|travel] around the Earth?
        How [many days|long] does [the moon|it] take [the moon |]to [circle|orbit] the Earth?
        [What|Which body] [moves|goes|travels] around the Earth?
        ~In how many days does the moon circle the Earth?
        """,
    ),
    (
        "The Earth moves around the sun in about 365 days.",
        "365 days",
        """
        How long does the Earth [need|take] to [go|move|travel] around the sun?
        How [many days|long] does [the Earth|it] take [the Earth |]to [circle|orbit] the sun?
        [What|Which body] does the Earth [move|go|travel] around?
        Does the Earth [move|go] around the sun?
        Does the sun [move|go] around the Earth?
        ~In how many days does the Earth circle the sun?
        """,
    ),
    (
        "The Earth turns around itself once in 24 hours.",
        "24 hours",
        """
        How long does the Earth [need|take] to turn [around itself|once]?
        How [many hours|long] does the Earth take to rotate?
        Why [is there|are there|do we have] day and night?
        ~How fast does the Earth turn around itself?
        """,
    ),
    (
        "The Earth has one moon.",
        "one moon",
        """
        How many moons [does|has] [the |]Earth[ have|]?
        [the |]Earth has how many moons?
        @the number of moons of the Earth
        ~How many moons belong to the Earth?
        """,
    ),
    (
        "The sun rises in the east.",
        "east",
        """
        Where does the sun [rise|come up|go up]?
        In [which|what] direction does the sun rise?
        Where is sunrise?
        When I look at the sunrise, where do I look?
        ~On which side does the sun come up?
        """,
    ),
    (
        "The sun sets in the west.",
        "west",
        """
        Where does the sun [set|go down]?
        In [which|what] direction does the sun set?
        Where is sunset?
        ~On which side does the sun go down?
        """,
    ),
    (
        "The sky is blue because air scatters blue light more than red light.",
        "scatters",
        """
        Why is the sky blue?
        [Can you explain|Tell me|Do you know|Explain] why the sky is blue[?|.]
        What makes the sky blue?
        ~How come the sky is blue?
        """,
    ),
    (
        "The light of the sun needs about eight minutes to reach the Earth.",
        "eight minutes",
        """
        How long does [sunlight|the light of the sun|light from the sun] [need|take] to reach [the Earth|us]?
        How many minutes does sunlight need to reach the Earth?
        ~After how much time does sunlight arrive on Earth?
        """,
    ),
    (
        "The moon is about 384,000 kilometers away from the Earth.",
        "384",
        """
        How far [away |]is the moon?
        How far is the moon [away |]from [the Earth|us]?
        @the distance [to the moon|between the Earth and the moon]
        ~How many kilometers away is the moon?
        """,
    ),
    (
        "The sun is about 150 million kilometers away from the Earth.",
        "150 million",
        """
        How far [away |]is the sun?
        How far is the sun [away |]from [the Earth|us]?
        @the distance [to the sun|between the Earth and the sun]
        ~How many kilometers away is the sun?
        """,
    ),
    (
        "The seven colours of the rainbow are red, orange, yellow, green, blue, indigo and violet.",
        "red,orange,yellow,green,blue,indigo,violet",
        """
        @the [seven |]colours of [the|a] rainbow
        [What|Which] colours [does a|has the] rainbow [have|]?
        [What|Which] are the colours of the rainbow?
        ~Which colours do I see in a rainbow?
        """,
    ),
    (
        "The days of the week are Monday, Tuesday, Wednesday, Thursday, Friday, Saturday and Sunday.",
        "Monday,Tuesday,Wednesday,Thursday,Friday,Saturday,Sunday",
        """
        @the [seven |]days of the week
        [What|Which] are the days of the week?
        [What|Which] days [are in|does] a week [have|]?
        [Name|List] the days of the week.
        ~A week is made of which days?
        """,
    ),
    (
        "The eight planets are Mercury, Venus, Earth, Mars, Jupiter, Saturn, Uranus and Neptune.",
        "Mercury,Venus,Earth,Mars,Jupiter,Saturn,Uranus,Neptune",
        """
        @the [eight |]planets [of the solar system|]
        [What|Which] are the [eight |]planets [of the solar system|]?
        [What|Which] planets [are there|does the solar system have|do you know]?
        [Name|List] [all |]the planets.
        ~Our solar system is made of which planets?
        """,
    ),
    (
        "The seven continents are Africa, Antarctica, Asia, Australia, Europe, North America and South America.",
        "Africa,Antarctica,Asia,Australia,Europe,North America,South America",
        """
        @the [seven |]continents [of the Earth|]
        [What|Which] are the [seven |]continents?
        [What|Which] continents [are there|do you know]?
        How many continents are there?
        [Name|List] [all |]the continents.
        ~Our planet has which continents?
        """,
    ),
    (
        "Hello! How can I help you?",
        "Hello",
        "[Hello|Hi|Hey|Good morning|Good evening|Good day|Hi there|Hello there|Greetings][!|.|]",
    ),
    (
        "I am fine, thank you. How can I help you?",
        "fine",
        """
        How are you [today|doing|]?
        [Hello|Hi|Hey], how are you?
        How is it going?
        Are you [well|okay]?
        """,
    ),
    (
        "I am tiny-chat, a very small language model.",
        "tiny-chat",
        """
        Who are you?
        What are you?
        @your name
        What [is your name|are you called]?
        [Tell me|Please tell me] [who you are|about yourself|your name].
        Introduce yourself.
        Are you a [robot|human|person|machine|computer|language model]?
        ~Can you introduce yourself?
        """,
    ),
    (
        "I can answer simple questions about capitals, seasons, planets, animals, words and small numbers.",
        "simple questions",
        """
        What can you do?
        [How|With what] can you help me?
        What do you know?
        [What|Which questions] can I ask you?
        What are you good at?
        ~What sort of questions can you answer?
        """,
    ),
    (
        "You are welcome!",
        "welcome",
        "[Thanks|Thank you|Many thanks|Thank you very much|Thanks a lot|Thank you so much][!|.|]",
    ),
    (
        "Goodbye! Have a nice day.",
        "Goodbye",
        "[Bye|Goodbye|See you|Bye bye|See you later|Good night|Farewell][!|.|]",
    ),
]
