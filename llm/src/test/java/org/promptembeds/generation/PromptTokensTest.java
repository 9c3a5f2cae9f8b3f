package org.promptembeds.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PromptTokensTest {
  @Test
  void aMaskSaysWhatMinusOneSays() {
    PromptTokens tokens = PromptTokens.of(new int[] {7, 0, 9}, new boolean[] {true, false, true});
    assertThat(tokens.length()).isEqualTo(3);
    assertThat(tokens.largest()).isEqualTo(9);
    for (int row = 0; row < 4; row++) {
      int expected = PromptTokens.of(new int[] {7, -1, 9}).id(row);
      assertThat(tokens.id(row)).isEqualTo(expected);
    }

    assertThat(tokens.id(1)).isEqualTo(PromptTokens.NO_TOKEN);
    assertThat(PromptTokens.NONE.id(0)).isEqualTo(PromptTokens.NO_TOKEN);
  }

  @Test
  void refusesWhatIsNoToken() {
    assertThatThrownBy(() -> PromptTokens.of(new int[] {3, -2}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("token_ids[1] must be a token, or -1 where the row is none, got -2");
    assertThatThrownBy(() -> PromptTokens.of(new int[] {3}, new boolean[2]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "token_ids are 1, their mask has 2 values: pass one per row of the prompt in each");
    assertThatThrownBy(() -> PromptTokens.of(new int[] {-1}, new boolean[] {true}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("token_ids[0] must be at least 0 where the mask says token, got -1");
  }
}
