package org.promptembeds.torch.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.promptembeds.torch.cuda.OperatorSchema.Kind;

class OperatorSchemaTest {
  @Test
  void readsNameAndKinds() {
    OperatorSchema schema =
        OperatorSchema.parse(
            "f(Tensor a, Tensor(a!) b, Tensor? c, Tensor(b!)? d, int e, float g, bool h) -> ()");
    assertThat(schema.name()).isEqualTo("f");
    assertThat(schema.kinds())
        .containsExactly(
            Kind.TENSOR,
            Kind.TENSOR,
            Kind.OPTIONAL_TENSOR,
            Kind.OPTIONAL_TENSOR,
            Kind.NUMBER,
            Kind.NUMBER,
            Kind.NUMBER);
  }

  @Test
  void refusesWhatOperatorsCannotTake() {
    assertThatThrownBy(() -> OperatorSchema.parse("f(Tensor a) -> Tensor"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("not a signature \"name(...) -> ()\": f(Tensor a) -> Tensor");
    assertThatThrownBy(() -> OperatorSchema.parse("f(str a) -> ()"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "parameter \"str a\" is none of Tensor, Tensor?, int, float, bool: f(str a) -> ()");
    assertThatThrownBy(() -> OperatorSchema.parse("f(int? a) -> ()"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("parameter \"int? a\"");
  }
}
