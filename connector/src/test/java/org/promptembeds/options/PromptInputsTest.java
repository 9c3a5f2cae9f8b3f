package org.promptembeds.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.promptembeds.generation.DeepstackEmbeds;
import org.promptembeds.generation.PromptExtras;
import org.promptembeds.tensor.NpyFormat;
import org.promptembeds.tensor.Tensor;
import org.promptembeds.tensor.TorchFormat;

class PromptInputsTest {
  private static final Tensor FEATURES =
      Tensor.ofFloats(new float[] {1, 2, 3, 4, 5, 6, 7, 8}, 2, 1, 4); // layers, rows, hidden

  @Test
  void nothingIsCarriedUnlessGiven() {
    assertThat(PromptInputs.parse(Map.of("max_tokens", 3))).isEqualTo(PromptExtras.NONE);
    assertThat(PromptInputs.parse(Map.of("missing_inputs", "as_text")).asText()).isTrue();
  }

  @Test
  void aTensorComesAsBytesBase64OrLists() {
    List<Object> forms =
        List.of(
            NpyFormat.write(FEATURES),
            TorchFormat.write(FEATURES),
            Base64.getEncoder().encodeToString(TorchFormat.write(FEATURES)),
            List.of(List.of(List.of(1, 2.0, 3F, 4)), List.of(List.of(5, 6, 7, 8))));
    for (Object form : forms) {
      DeepstackEmbeds features =
          PromptInputs.parse(Map.of("deepstack_embeds", form, "deepstack_rows", List.of(5)))
              .deepstack();
      assertThat(features.embeds().toFloats()).containsExactly(FEATURES.toFloats());
      assertThat(features.embeds().shape()).containsExactly(2, 1, 4);
      assertThat(features.row(0)).isEqualTo(5);
    }
  }

  @Test
  void textIsReadAsJson() {
    PromptExtras extras =
        PromptInputs.parse(Map.of("bidirectional_spans", "[[4, 9], [0, 2]]", "token_ids", "3,-1"));

    assertThat(extras.spans().ahead(4)).isEqualTo(4);
    assertThat(extras.spans().ahead(0)).isEqualTo(1);
    assertThat(extras.tokens().id(1)).isEqualTo(-1);
  }

  @Test
  void everyProblemIsToldAtOnce() {
    assertThatThrownBy(
            () ->
                PromptInputs.parse(
                    Map.of(
                        "position_ids",
                        List.of(List.of(1)),
                        "deepstack_rows",
                        List.of(1),
                        "missing_inputs",
                        "skip")))
        .hasMessageContaining("position_ids are 1 lists, not 3")
        .hasMessageContaining("; deepstack_rows say which rows deepstack_embeds are of")
        .hasMessageContaining("; missing_inputs must be one of error, as_text, got 'skip'");
  }

  @ParameterizedTest
  @CsvSource({"AAAA", "not base64"})
  void whatIsNoTensorIsRefused(String text) {
    assertThatThrownBy(() -> PromptInputs.parse(Map.of("deepstack_embeds", text)))
        .hasMessageStartingWith("deepstack_embeds must be a tensor: the bytes of torch.save");
    assertThatThrownBy(
            () ->
                PromptInputs.parse(Map.of("deepstack_embeds", List.of(List.of(1, 2), List.of(1)))))
        .hasMessageStartingWith("deepstack_embeds must be a tensor");
  }
}
