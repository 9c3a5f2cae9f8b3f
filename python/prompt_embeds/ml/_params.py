"""The parameters of the transformer. Made from the code by PythonTransformerTest; do not edit."""

from typing import List

from pyspark.ml.param import Param, Params, TypeConverters

from prompt_embeds.ml._java import to_text


class GeneratorParams(Params):
    """The parameters of :py:class:`EmbedsTextGenerator`, and what they are set to."""

    addGenerationPrompt: "Param[bool]" = Param(
        Params._dummy(),
        "addGenerationPrompt",
        "Whether the prompt ends where the assistant begins to speak.",
        typeConverter=TypeConverters.toBoolean,
    )

    allowedTokenIds: "Param[List[int]]" = Param(
        Params._dummy(),
        "allowedTokenIds",
        "Token ids of which the output is made, end-of-sequence tokens included; all without it.",
        typeConverter=TypeConverters.toListInt,
    )

    badWords: "Param[List[str]]" = Param(
        Params._dummy(),
        "badWords",
        "Words that are not generated: the token that would complete one, at the start of the "
        "text or after a space, is banned; at most 1000.",
        typeConverter=TypeConverters.toListString,
    )

    batchSize: "Param[int]" = Param(
        Params._dummy(),
        "batchSize",
        "Accepted for pipelines written for other predictors: rows are batched as they come, up "
        "to spark.promptembeds.maxSequences of them.",
        typeConverter=TypeConverters.toInt,
    )

    beamWidth: "Param[int]" = Param(
        Params._dummy(),
        "beamWidth",
        "Beams of a search for the outputs with the highest log-probability over length, the best "
        "n of which are returned, in [1, 256]; 1 searches none.",
        typeConverter=TypeConverters.toInt,
    )

    bidirectionalSpansCol: "Param[str]" = Param(
        Params._dummy(),
        "bidirectionalSpansCol",
        "Column of this: Rows of the prompt that see one another both ways, such as those of an "
        "image in Gemma 3 and 4: pairs of the first row, counted from 0, and the row behind the "
        "last.",
        typeConverter=TypeConverters.toString,
    )

    choice: "Param[List[str]]" = Param(
        Params._dummy(),
        "choice",
        "The output is one of these strings.",
        typeConverter=TypeConverters.toListString,
    )

    deepstackEmbedsCol: "Param[str]" = Param(
        Params._dummy(),
        "deepstackEmbedsCol",
        "Column of this: What is added to the stream after the first layers, of Qwen3-VL: a "
        "tensor `(layers, rows, hidden_size)`.",
        typeConverter=TypeConverters.toString,
    )

    deepstackRowsCol: "Param[str]" = Param(
        Params._dummy(),
        "deepstackRowsCol",
        "Column of this: Rows of the prompt that `deepstack_embeds` are of, ascending from 0; "
        "without them they are of all rows.",
        typeConverter=TypeConverters.toString,
    )

    detokenize: "Param[bool]" = Param(
        Params._dummy(),
        "detokenize",
        "Makes a text of the tokens; without it there are token ids only, and no stop strings.",
        typeConverter=TypeConverters.toBoolean,
    )

    disableAnyWhitespace: "Param[bool]" = Param(
        Params._dummy(),
        "disableAnyWhitespace",
        "JSON that is asked for has a space behind each comma and colon, and no other white "
        "space.",
        typeConverter=TypeConverters.toBoolean,
    )

    documentsCol: "Param[str]" = Param(
        Params._dummy(),
        "documentsCol",
        "Column of this: What the chat template sees as `documents`: JSON text, or an array of "
        "structs or maps.",
        typeConverter=TypeConverters.toString,
    )

    engine: "Param[str]" = Param(
        Params._dummy(),
        "engine",
        "Engine that runs the model: PyTorch is the only one.",
        typeConverter=TypeConverters.toString,
    )

    frequencyPenalty: "Param[float]" = Param(
        Params._dummy(),
        "frequencyPenalty",
        "Taken from a token's logit for each time that the output has it so far, in [-2, 2].",
        typeConverter=TypeConverters.toFloat,
    )

    grammar: "Param[str]" = Param(
        Params._dummy(),
        "grammar",
        "The output is a text of this grammar in GBNF, as llama.cpp has it.",
        typeConverter=to_text,
    )

    handleInvalid: "Param[str]" = Param(
        Params._dummy(),
        "handleInvalid",
        "What a row at fault does: error fails the job, keep leaves NULL.",
        typeConverter=TypeConverters.toString,
    )

    hiddenSize: "Param[int]" = Param(
        Params._dummy(),
        "hiddenSize",
        "Length of the embedding vectors, such as the column of that name that tensor files have; "
        "without it flat embeddings are cut by the model's.",
        typeConverter=TypeConverters.toInt,
    )

    ignoreEos: "Param[bool]" = Param(
        Params._dummy(),
        "ignoreEos",
        "Treats the model's end-of-sequence tokens as ordinary tokens.",
        typeConverter=TypeConverters.toBoolean,
    )

    includeStopStrInOutput: "Param[bool]" = Param(
        Params._dummy(),
        "includeStopStrInOutput",
        "Leaves what ended the generation, a stop string or the text of a stop token, in the "
        "text.",
        typeConverter=TypeConverters.toBoolean,
    )

    inputCol: "Param[str]" = Param(
        Params._dummy(),
        "inputCol",
        "Column of prompt embeddings.",
        typeConverter=TypeConverters.toString,
    )

    jsonObject: "Param[bool]" = Param(
        Params._dummy(),
        "jsonObject",
        "The output is a JSON object.",
        typeConverter=TypeConverters.toBoolean,
    )

    jsonSchema: "Param[str]" = Param(
        Params._dummy(),
        "jsonSchema",
        "The output is a JSON value that fulfils this JSON Schema; see [structured "
        "output](structured-output.md).",
        typeConverter=to_text,
    )

    lengthPenalty: "Param[float]" = Param(
        Params._dummy(),
        "lengthPenalty",
        "Power of the length by which a beam's log-probability is divided, in [-5, 5]: above 0 "
        "longer outputs are preferred, below 0 shorter ones; without beams it has no influence.",
        typeConverter=TypeConverters.toFloat,
    )

    logitBias: "Param[str]" = Param(
        Params._dummy(),
        "logitBias",
        "Added to the logits of tokens, -100 to 100 for each of at most 300 token ids; -100 bans "
        "a token, 100 all others.",
        typeConverter=to_text,
    )

    logprobTokenIds: "Param[List[int]]" = Param(
        Params._dummy(),
        "logprobTokenIds",
        "Token ids whose log-probabilities are returned per token, at most 128, instead of those "
        "of the most likely.",
        typeConverter=TypeConverters.toListInt,
    )

    logprobs: "Param[int]" = Param(
        Params._dummy(),
        "logprobs",
        "Log-probabilities returned per token besides the chosen one's and its rank, at least 0, "
        "or -1 for the whole vocabulary; none without it.",
        typeConverter=TypeConverters.toInt,
    )

    lora: "Param[str]" = Param(
        Params._dummy(),
        "lora",
        "LoRA adapter of PEFT that changes the model for the row: directory (path or URI), or a "
        "name of `loraModules`; of a server the name of a model that it lists, which requests "
        "have as their `model`. NULL is none.",
        typeConverter=to_text,
    )

    maxTokens: "Param[int]" = Param(
        Params._dummy(),
        "maxTokens",
        "Most tokens to generate, at least 1.",
        typeConverter=TypeConverters.toInt,
    )

    minP: "Param[float]" = Param(
        Params._dummy(),
        "minP",
        "Drops tokens less likely than this share of the most likely one, in [0, 1].",
        typeConverter=TypeConverters.toFloat,
    )

    minTokens: "Param[int]" = Param(
        Params._dummy(),
        "minTokens",
        "Fewest tokens before an end-of-sequence or stop token may be chosen, at least 0.",
        typeConverter=TypeConverters.toInt,
    )

    missingInputs: "Param[str]" = Param(
        Params._dummy(),
        "missingInputs",
        "What becomes of a row without a part that its model needs: `error`, or `as_text` to go "
        "on as the model's own library does without it.",
        typeConverter=TypeConverters.toString,
    )

    modelUrl: "Param[str]" = Param(
        Params._dummy(),
        "modelUrl",
        "Model directory (path or URI), to generate also a server (`http://host:8000/v1#name`), "
        "or a name configured as `spark.promptembeds.models.<name>`; without it "
        "`spark.promptembeds.model` is used.",
        typeConverter=TypeConverters.toString,
    )

    n: "Param[int]" = Param(
        Params._dummy(),
        "n",
        "Outputs of each prompt, in [1, 256], which share what is computed of it; the i-th of "
        "them, from 0, is sampled with the seed plus i.",
        typeConverter=TypeConverters.toInt,
    )

    outputCol: "Param[str]" = Param(
        Params._dummy(),
        "outputCol",
        "Column to add.",
        typeConverter=TypeConverters.toString,
    )

    outputMode: "Param[str]" = Param(
        Params._dummy(),
        "outputMode",
        "text adds a string, detail a struct of all there is to say.",
        typeConverter=TypeConverters.toString,
    )

    positionIdsCol: "Param[str]" = Param(
        Params._dummy(),
        "positionIdsCol",
        "Column of this: Positions of the prompt's rows for models with M-RoPE, such as Qwen-VL "
        "and GLM-4V, as their own `get_rope_index` computes them: three lists, of frames, rows "
        "and columns. What is generated goes on from the largest. Without them rows are taken for "
        "text. Rows share what begins at the same positions. They go to no server.",
        typeConverter=TypeConverters.toString,
    )

    presencePenalty: "Param[float]" = Param(
        Params._dummy(),
        "presencePenalty",
        "Taken from the logit of every token that the output has so far, in [-2, 2].",
        typeConverter=TypeConverters.toFloat,
    )

    promptCol: "Param[str]" = Param(
        Params._dummy(),
        "promptCol",
        "Column of texts or chats, in the place of inputCol.",
        typeConverter=TypeConverters.toString,
    )

    promptLogprobs: "Param[int]" = Param(
        Params._dummy(),
        "promptLogprobs",
        "Log-probabilities returned per token of the prompt besides its own and its rank, at "
        "least 0, or -1 for the whole vocabulary, for prompts that have tokens: texts, chats, and "
        "embeddings with token_ids; none without it.",
        typeConverter=TypeConverters.toInt,
    )

    regex: "Param[str]" = Param(
        Params._dummy(),
        "regex",
        "The output is a string that this regular expression matches from end to end.",
        typeConverter=to_text,
    )

    repetitionDetection: "Param[str]" = Param(
        Params._dummy(),
        "repetitionDetection",
        "Ends an output that repeats itself, for the reason repetition: min_count times or more "
        "the same min_pattern_size (1) to max_pattern_size tokens at its end.",
        typeConverter=to_text,
    )

    repetitionPenalty: "Param[float]" = Param(
        Params._dummy(),
        "repetitionPenalty",
        "Divides the positive and multiplies the negative logits of tokens that the prompt or the "
        "output has so far, a finite number above 0; embeddings have the tokens of token_ids "
        "alone.",
        typeConverter=TypeConverters.toFloat,
    )

    schema: "Param[str]" = Param(
        Params._dummy(),
        "schema",
        "Type of the result, such as `name STRING, age INT`, or the JSON of a `StructType`: the "
        "output is JSON that fulfils it (see `json_schema`), read by `from_json`; in a detailed "
        "result it is the field `value`. A constant; all fields are given.",
        typeConverter=to_text,
    )

    seed: "Param[int]" = Param(
        Params._dummy(),
        "seed",
        "Seed of the row's random numbers; without it one is derived from the row's content.",
        typeConverter=TypeConverters.toInt,
    )

    skipSpecialTokens: "Param[bool]" = Param(
        Params._dummy(),
        "skipSpecialTokens",
        "Leaves special tokens, such as those of roles in a chat, out of the text.",
        typeConverter=TypeConverters.toBoolean,
    )

    softPrompt: "Param[str]" = Param(
        Params._dummy(),
        "softPrompt",
        "Soft prompt to put before the embeddings: directory (path or URI) of a prompt-tuning or "
        "p-tuning adapter of PEFT, or a name configured as "
        "`spark.promptembeds.softPrompts.<name>`; NULL is none.",
        typeConverter=TypeConverters.toString,
    )

    spacesBetweenSpecialTokens: "Param[bool]" = Param(
        Params._dummy(),
        "spacesBetweenSpecialTokens",
        "Puts spaces between special tokens that stay in the text, where the tokenizer puts them "
        "between words.",
        typeConverter=TypeConverters.toBoolean,
    )

    stop: "Param[List[str]]" = Param(
        Params._dummy(),
        "stop",
        "Strings that end the generation and are cut from the text.",
        typeConverter=TypeConverters.toListString,
    )

    stopTokenIds: "Param[List[int]]" = Param(
        Params._dummy(),
        "stopTokenIds",
        "Token ids that end the generation.",
        typeConverter=TypeConverters.toListInt,
    )

    structuralTag: "Param[str]" = Param(
        Params._dummy(),
        "structuralTag",
        "The output is text, parts of which have a form: JSON as vLLM takes it.",
        typeConverter=to_text,
    )

    temperature: "Param[float]" = Param(
        Params._dummy(),
        "temperature",
        "0 is greedy; otherwise logits are divided by it.",
        typeConverter=TypeConverters.toFloat,
    )

    thinkingTokenBudget: "Param[int]" = Param(
        Params._dummy(),
        "thinkingTokenBudget",
        "Most tokens between the model's marks of thinking, such as <think> and </think>, at "
        "least 0, or -1 for any number; then the mark that ends it is what comes next.",
        typeConverter=TypeConverters.toInt,
    )

    tokenIdsCol: "Param[str]" = Param(
        Params._dummy(),
        "tokenIdsCol",
        "Column of this: Token of each row of the prompt, -1 where it is none, for penalties, "
        "prompt_logprobs and models that look more up by it than the embedding, such as Gemma 4 "
        "with per-layer embeddings.",
        typeConverter=TypeConverters.toString,
    )

    toolsCol: "Param[str]" = Param(
        Params._dummy(),
        "toolsCol",
        "Column of this: What the chat template sees as `tools`: JSON text, or an array of "
        "structs or maps.",
        typeConverter=TypeConverters.toString,
    )

    topK: "Param[int]" = Param(
        Params._dummy(),
        "topK",
        "Samples from the k most likely tokens; 0 or -1 keeps all.",
        typeConverter=TypeConverters.toInt,
    )

    topP: "Param[float]" = Param(
        Params._dummy(),
        "topP",
        "Samples from the smallest set of tokens whose probability reaches this, in (0, 1].",
        typeConverter=TypeConverters.toFloat,
    )

    truncatePromptTokens: "Param[int]" = Param(
        Params._dummy(),
        "truncatePromptTokens",
        "Keep only so many positions at the end of the prompt, -1 or at least 1: -1 keeps what "
        "the context holds beside max_tokens. A prompt that is no longer stays as it is.",
        typeConverter=TypeConverters.toInt,
    )

    variables: "Param[str]" = Param(
        Params._dummy(),
        "variables",
        "Further variables of the chat template, such as `enable_thinking`: a JSON object, a "
        "struct or a map.",
        typeConverter=to_text,
    )

    def __init__(self) -> None:
        super().__init__()
        self._setDefault(
            beamWidth=1,
            detokenize=True,
            disableAnyWhitespace=False,
            engine="PyTorch",
            frequencyPenalty=0.0,
            handleInvalid="error",
            ignoreEos=False,
            includeStopStrInOutput=False,
            jsonObject=False,
            lengthPenalty=1.0,
            maxTokens=256,
            minP=0.0,
            minTokens=0,
            n=1,
            outputMode="text",
            presencePenalty=0.0,
            repetitionPenalty=1.0,
            skipSpecialTokens=True,
            spacesBetweenSpecialTokens=True,
            temperature=0.0,
            topK=0,
            topP=1.0,
        )

    def getAddGenerationPrompt(self) -> bool:
        """What :py:attr:`addGenerationPrompt` is set to, or its default."""
        return self.getOrDefault(self.addGenerationPrompt)

    def getAllowedTokenIds(self) -> List[int]:
        """What :py:attr:`allowedTokenIds` is set to, or its default."""
        return self.getOrDefault(self.allowedTokenIds)

    def getBadWords(self) -> List[str]:
        """What :py:attr:`badWords` is set to, or its default."""
        return self.getOrDefault(self.badWords)

    def getBatchSize(self) -> int:
        """What :py:attr:`batchSize` is set to, or its default."""
        return self.getOrDefault(self.batchSize)

    def getBeamWidth(self) -> int:
        """What :py:attr:`beamWidth` is set to, or its default."""
        return self.getOrDefault(self.beamWidth)

    def getBidirectionalSpansCol(self) -> str:
        """What :py:attr:`bidirectionalSpansCol` is set to, or its default."""
        return self.getOrDefault(self.bidirectionalSpansCol)

    def getChoice(self) -> List[str]:
        """What :py:attr:`choice` is set to, or its default."""
        return self.getOrDefault(self.choice)

    def getDeepstackEmbedsCol(self) -> str:
        """What :py:attr:`deepstackEmbedsCol` is set to, or its default."""
        return self.getOrDefault(self.deepstackEmbedsCol)

    def getDeepstackRowsCol(self) -> str:
        """What :py:attr:`deepstackRowsCol` is set to, or its default."""
        return self.getOrDefault(self.deepstackRowsCol)

    def getDetokenize(self) -> bool:
        """What :py:attr:`detokenize` is set to, or its default."""
        return self.getOrDefault(self.detokenize)

    def getDisableAnyWhitespace(self) -> bool:
        """What :py:attr:`disableAnyWhitespace` is set to, or its default."""
        return self.getOrDefault(self.disableAnyWhitespace)

    def getDocumentsCol(self) -> str:
        """What :py:attr:`documentsCol` is set to, or its default."""
        return self.getOrDefault(self.documentsCol)

    def getEngine(self) -> str:
        """What :py:attr:`engine` is set to, or its default."""
        return self.getOrDefault(self.engine)

    def getFrequencyPenalty(self) -> float:
        """What :py:attr:`frequencyPenalty` is set to, or its default."""
        return self.getOrDefault(self.frequencyPenalty)

    def getGrammar(self) -> str:
        """What :py:attr:`grammar` is set to, or its default."""
        return self.getOrDefault(self.grammar)

    def getHandleInvalid(self) -> str:
        """What :py:attr:`handleInvalid` is set to, or its default."""
        return self.getOrDefault(self.handleInvalid)

    def getHiddenSize(self) -> int:
        """What :py:attr:`hiddenSize` is set to, or its default."""
        return self.getOrDefault(self.hiddenSize)

    def getIgnoreEos(self) -> bool:
        """What :py:attr:`ignoreEos` is set to, or its default."""
        return self.getOrDefault(self.ignoreEos)

    def getIncludeStopStrInOutput(self) -> bool:
        """What :py:attr:`includeStopStrInOutput` is set to, or its default."""
        return self.getOrDefault(self.includeStopStrInOutput)

    def getInputCol(self) -> str:
        """What :py:attr:`inputCol` is set to, or its default."""
        return self.getOrDefault(self.inputCol)

    def getJsonObject(self) -> bool:
        """What :py:attr:`jsonObject` is set to, or its default."""
        return self.getOrDefault(self.jsonObject)

    def getJsonSchema(self) -> str:
        """What :py:attr:`jsonSchema` is set to, or its default."""
        return self.getOrDefault(self.jsonSchema)

    def getLengthPenalty(self) -> float:
        """What :py:attr:`lengthPenalty` is set to, or its default."""
        return self.getOrDefault(self.lengthPenalty)

    def getLogitBias(self) -> str:
        """What :py:attr:`logitBias` is set to, or its default."""
        return self.getOrDefault(self.logitBias)

    def getLogprobTokenIds(self) -> List[int]:
        """What :py:attr:`logprobTokenIds` is set to, or its default."""
        return self.getOrDefault(self.logprobTokenIds)

    def getLogprobs(self) -> int:
        """What :py:attr:`logprobs` is set to, or its default."""
        return self.getOrDefault(self.logprobs)

    def getLora(self) -> str:
        """What :py:attr:`lora` is set to, or its default."""
        return self.getOrDefault(self.lora)

    def getMaxTokens(self) -> int:
        """What :py:attr:`maxTokens` is set to, or its default."""
        return self.getOrDefault(self.maxTokens)

    def getMinP(self) -> float:
        """What :py:attr:`minP` is set to, or its default."""
        return self.getOrDefault(self.minP)

    def getMinTokens(self) -> int:
        """What :py:attr:`minTokens` is set to, or its default."""
        return self.getOrDefault(self.minTokens)

    def getMissingInputs(self) -> str:
        """What :py:attr:`missingInputs` is set to, or its default."""
        return self.getOrDefault(self.missingInputs)

    def getModelUrl(self) -> str:
        """What :py:attr:`modelUrl` is set to, or its default."""
        return self.getOrDefault(self.modelUrl)

    def getN(self) -> int:
        """What :py:attr:`n` is set to, or its default."""
        return self.getOrDefault(self.n)

    def getOutputCol(self) -> str:
        """What :py:attr:`outputCol` is set to, or its default."""
        return self.getOrDefault(self.outputCol)

    def getOutputMode(self) -> str:
        """What :py:attr:`outputMode` is set to, or its default."""
        return self.getOrDefault(self.outputMode)

    def getPositionIdsCol(self) -> str:
        """What :py:attr:`positionIdsCol` is set to, or its default."""
        return self.getOrDefault(self.positionIdsCol)

    def getPresencePenalty(self) -> float:
        """What :py:attr:`presencePenalty` is set to, or its default."""
        return self.getOrDefault(self.presencePenalty)

    def getPromptCol(self) -> str:
        """What :py:attr:`promptCol` is set to, or its default."""
        return self.getOrDefault(self.promptCol)

    def getPromptLogprobs(self) -> int:
        """What :py:attr:`promptLogprobs` is set to, or its default."""
        return self.getOrDefault(self.promptLogprobs)

    def getRegex(self) -> str:
        """What :py:attr:`regex` is set to, or its default."""
        return self.getOrDefault(self.regex)

    def getRepetitionDetection(self) -> str:
        """What :py:attr:`repetitionDetection` is set to, or its default."""
        return self.getOrDefault(self.repetitionDetection)

    def getRepetitionPenalty(self) -> float:
        """What :py:attr:`repetitionPenalty` is set to, or its default."""
        return self.getOrDefault(self.repetitionPenalty)

    def getSchema(self) -> str:
        """What :py:attr:`schema` is set to, or its default."""
        return self.getOrDefault(self.schema)

    def getSeed(self) -> int:
        """What :py:attr:`seed` is set to, or its default."""
        return self.getOrDefault(self.seed)

    def getSkipSpecialTokens(self) -> bool:
        """What :py:attr:`skipSpecialTokens` is set to, or its default."""
        return self.getOrDefault(self.skipSpecialTokens)

    def getSoftPrompt(self) -> str:
        """What :py:attr:`softPrompt` is set to, or its default."""
        return self.getOrDefault(self.softPrompt)

    def getSpacesBetweenSpecialTokens(self) -> bool:
        """What :py:attr:`spacesBetweenSpecialTokens` is set to, or its default."""
        return self.getOrDefault(self.spacesBetweenSpecialTokens)

    def getStop(self) -> List[str]:
        """What :py:attr:`stop` is set to, or its default."""
        return self.getOrDefault(self.stop)

    def getStopTokenIds(self) -> List[int]:
        """What :py:attr:`stopTokenIds` is set to, or its default."""
        return self.getOrDefault(self.stopTokenIds)

    def getStructuralTag(self) -> str:
        """What :py:attr:`structuralTag` is set to, or its default."""
        return self.getOrDefault(self.structuralTag)

    def getTemperature(self) -> float:
        """What :py:attr:`temperature` is set to, or its default."""
        return self.getOrDefault(self.temperature)

    def getThinkingTokenBudget(self) -> int:
        """What :py:attr:`thinkingTokenBudget` is set to, or its default."""
        return self.getOrDefault(self.thinkingTokenBudget)

    def getTokenIdsCol(self) -> str:
        """What :py:attr:`tokenIdsCol` is set to, or its default."""
        return self.getOrDefault(self.tokenIdsCol)

    def getToolsCol(self) -> str:
        """What :py:attr:`toolsCol` is set to, or its default."""
        return self.getOrDefault(self.toolsCol)

    def getTopK(self) -> int:
        """What :py:attr:`topK` is set to, or its default."""
        return self.getOrDefault(self.topK)

    def getTopP(self) -> float:
        """What :py:attr:`topP` is set to, or its default."""
        return self.getOrDefault(self.topP)

    def getTruncatePromptTokens(self) -> int:
        """What :py:attr:`truncatePromptTokens` is set to, or its default."""
        return self.getOrDefault(self.truncatePromptTokens)

    def getVariables(self) -> str:
        """What :py:attr:`variables` is set to, or its default."""
        return self.getOrDefault(self.variables)
