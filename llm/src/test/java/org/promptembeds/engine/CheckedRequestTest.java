package org.promptembeds.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.promptembeds.generation.Client;
import org.promptembeds.generation.GenerationRequest;
import org.promptembeds.generation.InvalidRequestException;
import org.promptembeds.generation.PromptExtras;
import org.promptembeds.generation.PromptPositions;
import org.promptembeds.generation.PromptTokens;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.generation.parameter.OutputParameters;
import org.promptembeds.generation.parameter.PromptParameters;
import org.promptembeds.tensor.DType;
import org.promptembeds.tensor.Tensor;

class CheckedRequestTest {
  private static final ModelLimits LIMITS = new ModelLimits(4, 100, 16, 64);
  private static final SamplingParams GREEDY = SamplingParams.builder().build();

  private static CheckedRequest check(Tensor embeds, SamplingParams params) {
    return CheckedRequest.of(
        new GenerationRequest("7", embeds, params),
        LIMITS,
        DType.FLOAT32,
        EngineFixture.ROW_LIMITS,
        null);
  }

  private static void assertRefused(Tensor embeds, String message) {
    assertThatThrownBy(() -> check(embeds, GREEDY))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessage(message);
  }

  private static Tensor zeros(DType dtype, int... shape) {
    long[] sizes = new long[shape.length];
    int bytes = dtype.bytes();
    for (int i = 0; i < shape.length; i++) {
      sizes[i] = shape[i];
      bytes *= shape[i];
    }

    return Tensor.of(dtype, ByteBuffer.allocate(bytes), sizes);
  }

  @Test
  void takesEveryFloatingPointTypeAndALeadingOne() {
    for (DType dtype : DType.values()) {
      if (dtype.isFloat()) {
        assertThat(check(zeros(dtype, 15, 4), GREEDY).embeds().shape()).containsExactly(15, 4);
        assertThat(check(zeros(dtype, 1, 15, 4), GREEDY).embeds().shape()).containsExactly(15, 4);
      }
    }
  }

  @Test
  void refusesShapesAndTypes() {
    assertRefused(
        zeros(DType.INT64, 2, 4),
        "row '7': embeddings are of type I64, not floating-point: pass F32, F16, BF16 or F64");
    assertRefused(
        zeros(DType.FLOAT32, 2, 3, 4),
        "row '7': embeddings have shape [2, 3, 4], not (sequence_length, 4): pass one 2-dimensional"
            + " tensor");
    assertRefused(
        zeros(DType.FLOAT32, 8),
        "row '7': embeddings have shape [8], not (sequence_length, 4): pass one 2-dimensional"
            + " tensor");
    assertRefused(
        zeros(DType.FLOAT32, 3, 5),
        "row '7': embeddings have hidden size 5, the model's is 4: make them with this model's"
            + " embedding layer");
    assertRefused(
        zeros(DType.FLOAT32, 0, 4), "row '7': embeddings are empty: pass at least 1 position");
  }

  @Test
  void positionsNeedAModelThatTurnsWithThem() {
    int[] rows = {0, 1};
    GenerationRequest request =
        new GenerationRequest("7", zeros(DType.FLOAT32, 3, 4), GREEDY)
            .with(
                PromptExtras.NONE.withPositions(
                    PromptPositions.of(new int[][] {rows, rows, rows})));
    assertThatThrownBy(() -> check(request, LIMITS))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessage(
            "row '7': position_ids are given, but tokens of this model turn with one position:"
                + " leave them out");
    assertRefusedWithPositions(
        request,
        "row '7': position_ids are 2 per list, the prompt has 3 positions: pass one for each");
  }

  /** Refused by a model that takes positions. */
  private static void assertRefusedWithPositions(GenerationRequest request, String message) {
    ModelLimits limits = new ModelLimits(4, 100, 16, 64, new AcceptedExtras(true, false, 0, 0));
    assertThatThrownBy(() -> check(request, limits))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessage(message);
  }

  private static CheckedRequest check(GenerationRequest request, ModelLimits limits) {
    return CheckedRequest.of(request, limits, DType.FLOAT32, EngineFixture.ROW_LIMITS, null);
  }

  @ParameterizedTest
  @CsvSource({"-1,4,20,12", "-1,40,20,1", "-1,4,10,10", "7,4,20,7", "30,4,10,10"})
  void keepsTheEndOfAPrompt(int count, int maxTokens, int length, int kept) {
    Tensor embeds = Tensor.ofFloats(counting(length * 4), length, 4);
    SamplingParams params =
        SamplingParams.builder()
            .set(PromptParameters.TRUNCATE_PROMPT_TOKENS, count)
            .maxTokens(maxTokens)
            .build();
    int[] ids = IntStream.range(0, length).toArray();
    PromptExtras extras = PromptExtras.NONE.withTokens(PromptTokens.of(ids));

    CheckedRequest checked =
        check(
            new GenerationRequest("7", embeds, 2, params, Client.ANONYMOUS, extras),
            new ModelLimits(4, 100, 16, 64));

    assertThat(checked.embeds().shape()).containsExactly(kept, 4);
    assertThat(checked.embeds().toFloats())
        .containsExactly(Arrays.copyOfRange(counting(length * 4), (length - kept) * 4, length * 4));
    assertThat(checked.extras().tokens().length()).isEqualTo(kept);
    assertThat(checked.extras().tokens().id(0)).isEqualTo(length - kept);
    assertThat(checked.prefixLength()).isEqualTo(kept == length ? 2 : 0);
  }

  @Test
  void doesNotCutWhatIsCountedFromTheStart() {
    SamplingParams params =
        SamplingParams.builder().set(PromptParameters.TRUNCATE_PROMPT_TOKENS, 2).build();
    int[] rows = {0, 1, 2};
    GenerationRequest request =
        new GenerationRequest("7", zeros(DType.FLOAT32, 3, 4), params)
            .with(
                PromptExtras.NONE.withPositions(
                    PromptPositions.of(new int[][] {rows, rows, rows})));

    assertRefusedWithPositions(
        request,
        "row '7': truncate_prompt_tokens cannot cut a prompt of 3 positions to 2 beside"
            + " position_ids: leave it out, or cut all of them yourself");
  }

  private static float[] counting(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = i;
    }

    return values;
  }

  @Test
  void refusesPromptsThatLeaveNoRoomForAToken() {
    assertRefused(
        zeros(DType.FLOAT32, 16, 4),
        "row '7': the prompt has 16 positions and leaves no room for an output token in the context"
            + " of 16: pass at most 15");
    assertThatThrownBy(
            () ->
                CheckedRequest.of(
                    new GenerationRequest("7", zeros(DType.FLOAT32, 8, 4), GREEDY),
                    new ModelLimits(4, 100, 16, 8),
                    DType.FLOAT32,
                    EngineFixture.ROW_LIMITS,
                    null))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessage(
            "row '7': the prompt has 8 positions and leaves no room for an output token in the KV"
                + " cache of 8 tokens: pass at most 7, or give the KV cache more memory");
  }

  @Test
  void namesTheFirstElementThatTheModelsTypeCannotHold() {
    Tensor large = Tensor.ofFloats(new float[] {0, 65504, 65519, 65520}, 1, 4);
    GenerationRequest request = new GenerationRequest("7", large, GREEDY);

    assertThat(
            CheckedRequest.of(request, LIMITS, DType.BFLOAT16, EngineFixture.ROW_LIMITS, null)
                .embeds())
        .isSameAs(large);
    assertThatThrownBy(
            () -> CheckedRequest.of(request, LIMITS, DType.FLOAT16, EngineFixture.ROW_LIMITS, null))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessage(
            "row '7': embeddings hold a number that is infinite in the model's type float16, first"
                + " at [0, 3]: pass smaller numbers, or load the model in another dtype");
  }

  @Test
  void namesTheFirstElementThatIsNotFinite() {
    float[] values = new float[12];
    values[6] = Float.NEGATIVE_INFINITY;
    values[9] = Float.NaN;
    assertRefused(
        Tensor.ofFloats(values, 3, 4),
        "row '7': embeddings hold NaN or infinity, first at [1, 2]: pass finite numbers");
  }

  @Test
  void reportsEveryProblemAtOnce() {
    SamplingParams params =
        SamplingParams.builder()
            .stop(List.of("\n"))
            .stopTokenIds(List.of(100))
            .logitBias(Map.of(101, 1.0))
            .build();
    assertThatThrownBy(() -> check(zeros(DType.INT8, 20, 5), params))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("the model has no tokenizer: use stop_token_ids")
        .hasMessageContaining("stop_token_ids has 100, the model's vocabulary ends at 99")
        .hasMessageContaining("logit_bias has 101, the model's vocabulary ends at 99")
        .hasMessageContaining("type I8")
        .hasMessageContaining("hidden size 5")
        .hasMessageContaining("20 positions");
  }

  @Test
  void derivesTheSeedFromTheContentUnlessOneIsGiven() {
    SamplingParams.Builder sampled = SamplingParams.builder().temperature(1);
    Tensor embeds = EngineFixture.prompt(4, 1);
    Tensor rows = Tensor.of(embeds.dtype(), embeds.data(), 2, 4);
    Tensor batched = Tensor.of(embeds.dtype(), embeds.data(), 1, 2, 4);

    long seed = check(rows, sampled.build()).seed();
    assertThat(check(batched, sampled.topP(0.5).build()).seed()).isEqualTo(seed);
    assertThat(check(zeros(DType.FLOAT32, 2, 4), sampled.build()).seed()).isNotEqualTo(seed);
    assertThat(check(rows, sampled.seed(9L).build()).seed()).isEqualTo(9);
    assertThat(check(rows, GREEDY).seed()).isZero();
  }

  @Test
  void boundsStopStrings() {
    assertThatThrownBy(
            () ->
                CheckedRequest.of(
                    new GenerationRequest(
                        "7",
                        zeros(DType.FLOAT32, 2, 4),
                        SamplingParams.builder().stop(List.of("abc", "d", "e")).build()),
                    LIMITS,
                    DType.FLOAT32,
                    new RowLimits(2, 2, 20, 256),
                    ids -> ""))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessage(
            "row '7': stop has 3 strings, at most 2 are taken: pass fewer, or raise maxStopStrings;"
                + " stop has a string of 3 characters, at most 2 are taken: pass shorter ones, or"
                + " raise maxStopLength");
  }

  @Test
  void boundsLogProbabilities() {
    GenerationRequest all =
        new GenerationRequest(
            "7",
            zeros(DType.FLOAT32, 2, 4),
            SamplingParams.builder()
                .set(OutputParameters.LOGPROBS, -1)
                .set(OutputParameters.PROMPT_LOGPROBS, 21)
                .build());
    GenerationRequest listed =
        new GenerationRequest(
            "8",
            zeros(DType.FLOAT32, 2, 4),
            SamplingParams.builder()
                .set(OutputParameters.LOGPROB_TOKEN_IDS, List.of(1, 2, 3))
                .build());

    assertThatThrownBy(
            () ->
                CheckedRequest.of(
                    all, LIMITS, DType.FLOAT32, new RowLimits(2, 2, 20, 256), ids -> ""))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining(
            "row '7': logprobs asks for all tokens, at most 20 are told of: pass fewer, or raise"
                + " maxLogprobs; prompt_logprobs asks for 21 tokens, at most 20 are told of");
    assertThat(
            CheckedRequest.of(listed, LIMITS, DType.FLOAT32, new RowLimits(2, 2, 1, 256), ids -> "")
                .row())
        .as("lists have a bound of their own")
        .isEqualTo("8");
  }
}
