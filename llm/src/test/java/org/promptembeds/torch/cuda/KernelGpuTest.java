package org.promptembeds.torch.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kernel against float64, its error beside that of PyTorch's operator. */
@Tag("gpu")
class KernelGpuTest {
  private static final int[] HEAD_DIMS = {16, 32, 64, 80, 96, 112, 128, 192, 256};
  private static final int[] GROUPS = {1, 2, 3, 4, 5, 7, 8, 16};

  static Stream<KernelVariant> variants() {
    return Stream.of(HEAD_DIMS)
        .flatMap(dims -> Arrays.stream(dims).boxed())
        .flatMap(
            dim ->
                Stream.of(true, false)
                    .map(
                        bfloat16 ->
                            new KernelVariant(
                                bfloat16,
                                dim,
                                GROUPS[(dim / 16 + (bfloat16 ? 3 : 0)) % GROUPS.length],
                                false)));
  }

  static Stream<KernelVariant> float8Variants() {
    return Stream.of(
        new KernelVariant(true, 128, 4, true),
        new KernelVariant(false, 64, 8, true),
        new KernelVariant(true, 80, 1, true),
        new KernelVariant(true, 96, 3, true),
        new KernelVariant(true, 256, 16, true));
  }

  @ParameterizedTest
  @MethodSource("variants")
  void attention(KernelVariant variant) {
    try (KernelCheck check = new KernelCheck(variant)) {
      int heads = variant.headDim() > 128 ? 2 : 4;
      for (int[] shape : new int[][] {{1, 1}, {1, 1500}, {3, 17}, {7, 700}, {150, 90}}) {
        check.setUp(
            "setup_attention",
            false,
            variant.headDim(),
            variant.group(),
            heads,
            shape[0],
            shape[1],
            0);
        String what = "attention of %d up to %d".formatted(shape[0], shape[1]);
        check(variant, what, check.run("errors_attention", 0, 0.0, 0));
        check(variant, what + ", window", check.run("errors_attention", 33, 0.0, 0));
        check(variant, what + ", soft cap", check.run("errors_attention", 0, 2.5, 0));
        check(variant, what + ", sinks", check.run("errors_attention", 50, 0.0, 1));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("variants")
  void attentionToKeysInOnePlace(KernelVariant variant) {
    try (KernelCheck check = new KernelCheck(variant)) {
      for (int[] shape : new int[][] {{2, 40, 39}, {9, 700, 500}, {150, 90, 77}}) {
        check.setUp(
            "setup_attention", false, variant.headDim(), variant.group(), 2, shape[0], shape[1], 0);
        check.run("setup_shared", shape[2]);
        assertThat(check.run("errors_shared"))
            .as("%d up to %d", shape[0], shape[1])
            .containsOnly(0);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("float8Variants")
  void attentionToFloat8(KernelVariant variant) {
    try (KernelCheck check = new KernelCheck(variant)) {
      for (int[] shape : new int[][] {{1, 900}, {40, 130}}) {
        check.setUp(
            "setup_attention", true, variant.headDim(), variant.group(), 2, shape[0], shape[1], 0);
        check(variant, "attention to e4m3", check.run("errors_attention", 0, 0.0, 0));
        check(variant, "attention to e4m3, all", check.run("errors_attention", 20, 3.0, 1));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("variants")
  void attentionOfPrompts(KernelVariant variant) {
    checkPrompts(variant, new int[][] {{1, 1, 0}, {6, 300, 0}, {4, 150, 700}, {2, 740, 128}});
  }

  @ParameterizedTest
  @MethodSource("float8Variants")
  void attentionOfPromptsToFloat8(KernelVariant variant) {
    checkPrompts(variant, new int[][] {{5, 333, 0}, {3, 65, 900}});
  }

  /** Of so many sequences with up to so many queries behind up to so many keys. */
  private static void checkPrompts(KernelVariant variant, int[][] shapes) {
    assumeTrue(KernelVariant.hasPrompts(Gpu.of(0).capability()), "the GPU is no Hopper");
    try (KernelCheck check = new KernelCheck(variant)) {
      for (int[] shape : shapes) {
        check.setUp(
            "setup_prompts",
            variant.kvFloat8(),
            variant.headDim(),
            variant.group(),
            2,
            shape[0],
            shape[1],
            shape[2]);
        String what = "prompts of %d up to %d behind %d".formatted(shape[0], shape[1], shape[2]);
        check(variant, what, check.run("errors_prompts", 0, 0.0, 0, shape[1]));
        check(variant, what + ", window", check.run("errors_prompts", 33, 0.0, 0, shape[1]));
        check(variant, what + ", all", check.run("errors_prompts", 50, 2.5, 1, shape[1]));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("types")
  void factorsOfProducts(KernelVariant variant) {
    double rounding = variant.bfloat16() ? 3e-3 : 4e-4;
    try (KernelCheck check = new KernelCheck(variant)) {
      for (boolean float8 : new boolean[] {false, true}) {
        check.setUp("setup_norm", float8, 67, 4096, 0);
        for (int layer = 0; layer < 2; layer++) {
          double[] errors = check.run("errors_norm_of_sum", layer);
          assertThat(errors[0]).as("the norm").isLessThan(float8 ? 0.04 : rounding);
          assertThat(errors[2]).as("the sum").isLessThan(rounding);
        }
      }

      check.setUp("setup_gated", true, 67, 14336);
      assertThat(check.run("errors_gated_of_product", 0)[0]).isLessThan(0.05);
      check.setUp("setup_rotation", false, 128, 4, 2, 37, 64, 1);
      assertThat(check.run("errors_rotation_of_product")[0]).isLessThan(rounding);
    }
  }

  @ParameterizedTest
  @MethodSource("variants")
  void rotation(KernelVariant variant) {
    try (KernelCheck check = new KernelCheck(variant)) {
      for (int pairs : new int[] {variant.headDim() / 2, variant.headDim() / 4}) {
        for (int options = 0; options < 8; options++) {
          check.setUp(
              "setup_rotation",
              false,
              variant.headDim(),
              variant.group(),
              2,
              37,
              pairs,
              options % 3 == 0 ? 1 : 0);
          double[] errors =
              check.run(
                  "errors_rotation",
                  options & 1,
                  options >> 1 & 1,
                  options >> 2,
                  options > 5 ? 1.0 : 0.0);
          check(variant, "rotation of %d, %d".formatted(pairs, options), errors);
          assertThat(errors[2]).as("slots written by mistake").isZero();
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("float8Variants")
  void rotationToFloat8(KernelVariant variant) {
    try (KernelCheck check = new KernelCheck(variant)) {
      check.setUp(
          "setup_rotation",
          true,
          variant.headDim(),
          variant.group(),
          2,
          37,
          variant.headDim() / 2,
          0);
      double[] errors = check.run("errors_rotation", 0, 0, 1, 0.0);
      print(variant, "rotation to e4m3", errors);
      assertThat(errors[0]).isLessThan(0.03);
      assertThat(errors[2]).as("slots written by mistake").isZero();
    }
  }

  static Stream<KernelVariant> types() {
    return Stream.of(
        new KernelVariant(true, 128, 4, false), new KernelVariant(false, 128, 4, false));
  }

  @ParameterizedTest
  @MethodSource("types")
  void norms(KernelVariant variant) {
    try (KernelCheck check = new KernelCheck(variant)) {
      for (int[] shape :
          new int[][] {{1, 8}, {3, 24}, {257, 896}, {64, 4096}, {5, 16384}, {2, 32768}}) {
        for (int options = 0; options < 4; options++) {
          for (boolean float8 : new boolean[] {false, true}) {
            check.setUp("setup_norm", float8, shape[0], shape[1], shape[0] % 2);
            double offset = options == 3 ? 1 : 0;
            double[] errors = check.run("errors_norm", options & 1, options >> 1, offset);
            String what = "norm of %d %d, %d".formatted(shape[0], shape[1], options);
            if (float8) {
              print(variant, what + " to e4m3", errors);
              assertThat(errors[0]).isLessThan(0.04);
            } else {
              check(variant, what, errors);
            }

            assertThat(errors[2]).as("sums that are not x + added").isZero();
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("types")
  void activations(KernelVariant variant) {
    try (KernelCheck check = new KernelCheck(variant)) {
      for (int[] shape : new int[][] {{1, 8}, {3, 40}, {256, 14336}, {2, 32768}}) {
        for (int kind = 0; kind < 9; kind++) {
          check.setUp("setup_gated", false, shape[0], shape[1]);
          String what = "activation %d of %d %d".formatted(kind, shape[0], shape[1]);
          check(variant, what, check.run("errors_gated", kind, 1));
          check(variant, what + " alone", check.run("errors_gated", kind, 0));
          check.setUp("setup_gated", true, shape[0], shape[1]);
          double[] errors = check.run("errors_gated", kind, 1);
          print(variant, what + " to e4m3", errors);
          assertThat(errors[0]).isLessThan(0.05);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("types")
  void mostLikelyTokens(KernelVariant variant) {
    try (KernelCheck check = new KernelCheck(variant)) {
      for (int dtype : new int[] {variant.dtype(), TensorArgument.FLOAT32}) {
        for (int[] shape :
            new int[][] {{1, 1}, {1, 128256}, {5, 999}, {64, 151936}, {300, 32000}}) {
          check.run("setup_argmax", dtype, shape[0], shape[1]);
          assertThat(check.run("errors_argmax"))
              .as("type %d, %d rows of %d", dtype, shape[0], shape[1])
              .containsExactly(0);
          check.run("advance", 3);
          assertThat(check.run("errors_advance", 3)).containsExactly(0);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("types")
  void rowsWithoutAFiniteMaximumGetNoToken(KernelVariant variant) {
    try (KernelCheck check = new KernelCheck(variant)) {
      for (int dtype : new int[] {variant.dtype(), TensorArgument.FLOAT32}) {
        check.run("setup_argmax", dtype, 4, 20000);
        assertThat(check.run("tokens_of_odd_rows")).containsExactly(-2, -2, -2, 7);
      }
    }
  }

  @Test
  void graphsAreReplayed() {
    KernelVariant variant = new KernelVariant(true, 128, 4, false);
    try (KernelCheck check = new KernelCheck(variant);
        GraphStream stream = new GraphStream(Gpu.of(0))) {
      check.run("setup_argmax", variant.dtype(), 9, 32000);
      stream.run(() -> check.run("own_argmax", 1));
      try (CapturedGraph graph = stream.capture(() -> check.run("advance", 1))) {
        for (int i = 0; i < 3; i++) {
          graph.launch();
        }

        stream.synchronize();
        assertThat(check.run("errors_advance", 3)).containsExactly(0);
      }
    }
  }

  @Test
  void refusalOfAnOperatorIsThrown() {
    try (KernelCheck check = new KernelCheck(new KernelVariant(true, 128, 4, false))) {
      check.run("setup_argmax", TensorArgument.INT32, 2, 10);
      assertThatThrownBy(() -> check.run("own_argmax", 1))
          .isInstanceOf(CudaException.class)
          .hasMessageContaining("no kernels of type 3 are loaded");
    }
  }

  /**
   * No worse than PyTorch's, but for the order of sums; where it has none, what the type allows.
   */
  private static void check(KernelVariant variant, String what, double[] errors) {
    print(variant, what, errors);
    double allowed = variant.bfloat16() ? 6e-3 : 8e-4;
    assertThat(errors[0]).as("%s, %s", variant, what).isLessThan(allowed);
    if (errors[1] >= 0) {
      double chance = variant.bfloat16() ? 2e-3 : 3e-4; // of roundings, where there are few
      assertThat(errors[0])
          .as("%s, %s", variant, what)
          .isLessThanOrEqualTo(errors[1] < chance / 2 ? chance : errors[1] * 1.1 + 1e-4);
    }
  }

  private static void print(KernelVariant variant, String what, double[] errors) {
    System.out.printf(
        Locale.ROOT,
        "%s D=%d G=%d %-40s own %.2e stock %.2e%n",
        variant.bfloat16() ? "bf16" : "fp16",
        variant.headDim(),
        variant.group(),
        what,
        errors[0],
        errors[1]);
  }
}
