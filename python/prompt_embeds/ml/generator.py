"""The transformer. Made from the code by PythonTransformerTest; do not edit."""

from typing import Any, List, Optional

from pyspark import keyword_only
from pyspark.ml.util import JavaMLReadable, JavaMLWritable
from pyspark.ml.wrapper import JavaTransformer

from prompt_embeds.ml._java import JAVA_CLASS, GeneratorReader, Text
from prompt_embeds.ml._params import GeneratorParams


class EmbedsTextGenerator(
    JavaTransformer,
    GeneratorParams,
    JavaMLReadable["EmbedsTextGenerator"],
    JavaMLWritable,
):
    """A transformer that adds the text generated from a column of embeddings, texts or chats.

    It stands for a call of ``generate_from_embeds`` or ``generate_text`` with the same options;
    ``save`` keeps its parameters, not the model. The session needs the bundle jar::

        generator = EmbedsTextGenerator(promptCol="messages", outputCol="answer", maxTokens=64)
        answers = generator.transform(chats)
    """

    _input_kwargs: Any

    @keyword_only
    def __init__(
        self,
        *,
        addGenerationPrompt: Optional[bool] = None,
        allowedTokenIds: Optional[List[int]] = None,
        badWords: Optional[List[str]] = None,
        batchSize: Optional[int] = None,
        beamWidth: Optional[int] = None,
        bidirectionalSpansCol: Optional[str] = None,
        choice: Optional[List[str]] = None,
        deepstackEmbedsCol: Optional[str] = None,
        deepstackRowsCol: Optional[str] = None,
        detokenize: Optional[bool] = None,
        disableAnyWhitespace: Optional[bool] = None,
        documentsCol: Optional[str] = None,
        engine: Optional[str] = None,
        frequencyPenalty: Optional[float] = None,
        grammar: Optional[Text] = None,
        handleInvalid: Optional[str] = None,
        hiddenSize: Optional[int] = None,
        ignoreEos: Optional[bool] = None,
        includeStopStrInOutput: Optional[bool] = None,
        inputCol: Optional[str] = None,
        jsonObject: Optional[bool] = None,
        jsonSchema: Optional[Text] = None,
        lengthPenalty: Optional[float] = None,
        logitBias: Optional[Text] = None,
        logprobTokenIds: Optional[List[int]] = None,
        logprobs: Optional[int] = None,
        lora: Optional[Text] = None,
        maxTokens: Optional[int] = None,
        minP: Optional[float] = None,
        minTokens: Optional[int] = None,
        missingInputs: Optional[str] = None,
        modelUrl: Optional[str] = None,
        n: Optional[int] = None,
        outputCol: Optional[str] = None,
        outputMode: Optional[str] = None,
        positionIdsCol: Optional[str] = None,
        presencePenalty: Optional[float] = None,
        promptCol: Optional[str] = None,
        promptLogprobs: Optional[int] = None,
        regex: Optional[Text] = None,
        repetitionDetection: Optional[Text] = None,
        repetitionPenalty: Optional[float] = None,
        schema: Optional[Text] = None,
        seed: Optional[int] = None,
        skipSpecialTokens: Optional[bool] = None,
        softPrompt: Optional[str] = None,
        spacesBetweenSpecialTokens: Optional[bool] = None,
        stop: Optional[List[str]] = None,
        stopTokenIds: Optional[List[int]] = None,
        structuralTag: Optional[Text] = None,
        temperature: Optional[float] = None,
        thinkingTokenBudget: Optional[int] = None,
        tokenIdsCol: Optional[str] = None,
        toolsCol: Optional[str] = None,
        topK: Optional[int] = None,
        topP: Optional[float] = None,
        truncatePromptTokens: Optional[int] = None,
        variables: Optional[Text] = None,
    ) -> None:
        """A transformer with the parameters that are given."""
        super().__init__()
        self._java_obj = self._new_java_obj(JAVA_CLASS, self.uid)
        self.setParams(**self._input_kwargs)

    @keyword_only
    def setParams(
        self,
        *,
        addGenerationPrompt: Optional[bool] = None,
        allowedTokenIds: Optional[List[int]] = None,
        badWords: Optional[List[str]] = None,
        batchSize: Optional[int] = None,
        beamWidth: Optional[int] = None,
        bidirectionalSpansCol: Optional[str] = None,
        choice: Optional[List[str]] = None,
        deepstackEmbedsCol: Optional[str] = None,
        deepstackRowsCol: Optional[str] = None,
        detokenize: Optional[bool] = None,
        disableAnyWhitespace: Optional[bool] = None,
        documentsCol: Optional[str] = None,
        engine: Optional[str] = None,
        frequencyPenalty: Optional[float] = None,
        grammar: Optional[Text] = None,
        handleInvalid: Optional[str] = None,
        hiddenSize: Optional[int] = None,
        ignoreEos: Optional[bool] = None,
        includeStopStrInOutput: Optional[bool] = None,
        inputCol: Optional[str] = None,
        jsonObject: Optional[bool] = None,
        jsonSchema: Optional[Text] = None,
        lengthPenalty: Optional[float] = None,
        logitBias: Optional[Text] = None,
        logprobTokenIds: Optional[List[int]] = None,
        logprobs: Optional[int] = None,
        lora: Optional[Text] = None,
        maxTokens: Optional[int] = None,
        minP: Optional[float] = None,
        minTokens: Optional[int] = None,
        missingInputs: Optional[str] = None,
        modelUrl: Optional[str] = None,
        n: Optional[int] = None,
        outputCol: Optional[str] = None,
        outputMode: Optional[str] = None,
        positionIdsCol: Optional[str] = None,
        presencePenalty: Optional[float] = None,
        promptCol: Optional[str] = None,
        promptLogprobs: Optional[int] = None,
        regex: Optional[Text] = None,
        repetitionDetection: Optional[Text] = None,
        repetitionPenalty: Optional[float] = None,
        schema: Optional[Text] = None,
        seed: Optional[int] = None,
        skipSpecialTokens: Optional[bool] = None,
        softPrompt: Optional[str] = None,
        spacesBetweenSpecialTokens: Optional[bool] = None,
        stop: Optional[List[str]] = None,
        stopTokenIds: Optional[List[int]] = None,
        structuralTag: Optional[Text] = None,
        temperature: Optional[float] = None,
        thinkingTokenBudget: Optional[int] = None,
        tokenIdsCol: Optional[str] = None,
        toolsCol: Optional[str] = None,
        topK: Optional[int] = None,
        topP: Optional[float] = None,
        truncatePromptTokens: Optional[int] = None,
        variables: Optional[Text] = None,
    ) -> "EmbedsTextGenerator":
        """Sets the parameters that are given."""
        return self._set(**self._input_kwargs)

    @classmethod
    def read(cls) -> GeneratorReader:
        """Reads a transformer that ``save`` wrote, in Python, Java or Scala."""
        return GeneratorReader(cls)

    def setAddGenerationPrompt(self, value: bool) -> "EmbedsTextGenerator":
        """Sets :py:attr:`addGenerationPrompt`."""
        return self._set(addGenerationPrompt=value)

    def setAllowedTokenIds(self, value: List[int]) -> "EmbedsTextGenerator":
        """Sets :py:attr:`allowedTokenIds`."""
        return self._set(allowedTokenIds=value)

    def setBadWords(self, value: List[str]) -> "EmbedsTextGenerator":
        """Sets :py:attr:`badWords`."""
        return self._set(badWords=value)

    def setBatchSize(self, value: int) -> "EmbedsTextGenerator":
        """Sets :py:attr:`batchSize`."""
        return self._set(batchSize=value)

    def setBeamWidth(self, value: int) -> "EmbedsTextGenerator":
        """Sets :py:attr:`beamWidth`."""
        return self._set(beamWidth=value)

    def setBidirectionalSpansCol(self, value: str) -> "EmbedsTextGenerator":
        """Sets :py:attr:`bidirectionalSpansCol`."""
        return self._set(bidirectionalSpansCol=value)

    def setChoice(self, value: List[str]) -> "EmbedsTextGenerator":
        """Sets :py:attr:`choice`."""
        return self._set(choice=value)

    def setDeepstackEmbedsCol(self, value: str) -> "EmbedsTextGenerator":
        """Sets :py:attr:`deepstackEmbedsCol`."""
        return self._set(deepstackEmbedsCol=value)

    def setDeepstackRowsCol(self, value: str) -> "EmbedsTextGenerator":
        """Sets :py:attr:`deepstackRowsCol`."""
        return self._set(deepstackRowsCol=value)

    def setDetokenize(self, value: bool) -> "EmbedsTextGenerator":
        """Sets :py:attr:`detokenize`."""
        return self._set(detokenize=value)

    def setDisableAnyWhitespace(self, value: bool) -> "EmbedsTextGenerator":
        """Sets :py:attr:`disableAnyWhitespace`."""
        return self._set(disableAnyWhitespace=value)

    def setDocumentsCol(self, value: str) -> "EmbedsTextGenerator":
        """Sets :py:attr:`documentsCol`."""
        return self._set(documentsCol=value)

    def setEngine(self, value: str) -> "EmbedsTextGenerator":
        """Sets :py:attr:`engine`."""
        return self._set(engine=value)

    def setFrequencyPenalty(self, value: float) -> "EmbedsTextGenerator":
        """Sets :py:attr:`frequencyPenalty`."""
        return self._set(frequencyPenalty=value)

    def setGrammar(self, value: Text) -> "EmbedsTextGenerator":
        """Sets :py:attr:`grammar`."""
        return self._set(grammar=value)

    def setHandleInvalid(self, value: str) -> "EmbedsTextGenerator":
        """Sets :py:attr:`handleInvalid`."""
        return self._set(handleInvalid=value)

    def setHiddenSize(self, value: int) -> "EmbedsTextGenerator":
        """Sets :py:attr:`hiddenSize`."""
        return self._set(hiddenSize=value)

    def setIgnoreEos(self, value: bool) -> "EmbedsTextGenerator":
        """Sets :py:attr:`ignoreEos`."""
        return self._set(ignoreEos=value)

    def setIncludeStopStrInOutput(self, value: bool) -> "EmbedsTextGenerator":
        """Sets :py:attr:`includeStopStrInOutput`."""
        return self._set(includeStopStrInOutput=value)

    def setInputCol(self, value: str) -> "EmbedsTextGenerator":
        """Sets :py:attr:`inputCol`."""
        return self._set(inputCol=value)

    def setJsonObject(self, value: bool) -> "EmbedsTextGenerator":
        """Sets :py:attr:`jsonObject`."""
        return self._set(jsonObject=value)

    def setJsonSchema(self, value: Text) -> "EmbedsTextGenerator":
        """Sets :py:attr:`jsonSchema`."""
        return self._set(jsonSchema=value)

    def setLengthPenalty(self, value: float) -> "EmbedsTextGenerator":
        """Sets :py:attr:`lengthPenalty`."""
        return self._set(lengthPenalty=value)

    def setLogitBias(self, value: Text) -> "EmbedsTextGenerator":
        """Sets :py:attr:`logitBias`."""
        return self._set(logitBias=value)

    def setLogprobTokenIds(self, value: List[int]) -> "EmbedsTextGenerator":
        """Sets :py:attr:`logprobTokenIds`."""
        return self._set(logprobTokenIds=value)

    def setLogprobs(self, value: int) -> "EmbedsTextGenerator":
        """Sets :py:attr:`logprobs`."""
        return self._set(logprobs=value)

    def setLora(self, value: Text) -> "EmbedsTextGenerator":
        """Sets :py:attr:`lora`."""
        return self._set(lora=value)

    def setMaxTokens(self, value: int) -> "EmbedsTextGenerator":
        """Sets :py:attr:`maxTokens`."""
        return self._set(maxTokens=value)

    def setMinP(self, value: float) -> "EmbedsTextGenerator":
        """Sets :py:attr:`minP`."""
        return self._set(minP=value)

    def setMinTokens(self, value: int) -> "EmbedsTextGenerator":
        """Sets :py:attr:`minTokens`."""
        return self._set(minTokens=value)

    def setMissingInputs(self, value: str) -> "EmbedsTextGenerator":
        """Sets :py:attr:`missingInputs`."""
        return self._set(missingInputs=value)

    def setModelUrl(self, value: str) -> "EmbedsTextGenerator":
        """Sets :py:attr:`modelUrl`."""
        return self._set(modelUrl=value)

    def setN(self, value: int) -> "EmbedsTextGenerator":
        """Sets :py:attr:`n`."""
        return self._set(n=value)

    def setOutputCol(self, value: str) -> "EmbedsTextGenerator":
        """Sets :py:attr:`outputCol`."""
        return self._set(outputCol=value)

    def setOutputMode(self, value: str) -> "EmbedsTextGenerator":
        """Sets :py:attr:`outputMode`."""
        return self._set(outputMode=value)

    def setPositionIdsCol(self, value: str) -> "EmbedsTextGenerator":
        """Sets :py:attr:`positionIdsCol`."""
        return self._set(positionIdsCol=value)

    def setPresencePenalty(self, value: float) -> "EmbedsTextGenerator":
        """Sets :py:attr:`presencePenalty`."""
        return self._set(presencePenalty=value)

    def setPromptCol(self, value: str) -> "EmbedsTextGenerator":
        """Sets :py:attr:`promptCol`."""
        return self._set(promptCol=value)

    def setPromptLogprobs(self, value: int) -> "EmbedsTextGenerator":
        """Sets :py:attr:`promptLogprobs`."""
        return self._set(promptLogprobs=value)

    def setRegex(self, value: Text) -> "EmbedsTextGenerator":
        """Sets :py:attr:`regex`."""
        return self._set(regex=value)

    def setRepetitionDetection(self, value: Text) -> "EmbedsTextGenerator":
        """Sets :py:attr:`repetitionDetection`."""
        return self._set(repetitionDetection=value)

    def setRepetitionPenalty(self, value: float) -> "EmbedsTextGenerator":
        """Sets :py:attr:`repetitionPenalty`."""
        return self._set(repetitionPenalty=value)

    def setSchema(self, value: Text) -> "EmbedsTextGenerator":
        """Sets :py:attr:`schema`."""
        return self._set(schema=value)

    def setSeed(self, value: int) -> "EmbedsTextGenerator":
        """Sets :py:attr:`seed`."""
        return self._set(seed=value)

    def setSkipSpecialTokens(self, value: bool) -> "EmbedsTextGenerator":
        """Sets :py:attr:`skipSpecialTokens`."""
        return self._set(skipSpecialTokens=value)

    def setSoftPrompt(self, value: str) -> "EmbedsTextGenerator":
        """Sets :py:attr:`softPrompt`."""
        return self._set(softPrompt=value)

    def setSpacesBetweenSpecialTokens(self, value: bool) -> "EmbedsTextGenerator":
        """Sets :py:attr:`spacesBetweenSpecialTokens`."""
        return self._set(spacesBetweenSpecialTokens=value)

    def setStop(self, value: List[str]) -> "EmbedsTextGenerator":
        """Sets :py:attr:`stop`."""
        return self._set(stop=value)

    def setStopTokenIds(self, value: List[int]) -> "EmbedsTextGenerator":
        """Sets :py:attr:`stopTokenIds`."""
        return self._set(stopTokenIds=value)

    def setStructuralTag(self, value: Text) -> "EmbedsTextGenerator":
        """Sets :py:attr:`structuralTag`."""
        return self._set(structuralTag=value)

    def setTemperature(self, value: float) -> "EmbedsTextGenerator":
        """Sets :py:attr:`temperature`."""
        return self._set(temperature=value)

    def setThinkingTokenBudget(self, value: int) -> "EmbedsTextGenerator":
        """Sets :py:attr:`thinkingTokenBudget`."""
        return self._set(thinkingTokenBudget=value)

    def setTokenIdsCol(self, value: str) -> "EmbedsTextGenerator":
        """Sets :py:attr:`tokenIdsCol`."""
        return self._set(tokenIdsCol=value)

    def setToolsCol(self, value: str) -> "EmbedsTextGenerator":
        """Sets :py:attr:`toolsCol`."""
        return self._set(toolsCol=value)

    def setTopK(self, value: int) -> "EmbedsTextGenerator":
        """Sets :py:attr:`topK`."""
        return self._set(topK=value)

    def setTopP(self, value: float) -> "EmbedsTextGenerator":
        """Sets :py:attr:`topP`."""
        return self._set(topP=value)

    def setTruncatePromptTokens(self, value: int) -> "EmbedsTextGenerator":
        """Sets :py:attr:`truncatePromptTokens`."""
        return self._set(truncatePromptTokens=value)

    def setVariables(self, value: Text) -> "EmbedsTextGenerator":
        """Sets :py:attr:`variables`."""
        return self._set(variables=value)
