package org.promptembeds.tensor;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Jazzer, guided by the parsers' coverage: with {@code JAZZER_FUZZ=1} in the environment it fuzzes
 * the method that {@code -Dtest} chooses. {@link TensorFuzzTest} is the short run.
 */
@Tag("fuzz")
class ParserFuzzTest {
  private static final long EXECUTIONS = 10_000_000;
  private static final String LONGEST = "3h";

  static List<byte[]> torch() {
    return FuzzedParser.TORCH.corpus();
  }

  static List<byte[]> npy() {
    return FuzzedParser.NPY.corpus();
  }

  static List<byte[]> safetensors() {
    return FuzzedParser.SAFETENSORS.corpus();
  }

  static List<byte[]> base64() {
    return FuzzedParser.BASE64.corpus();
  }

  @MethodSource("torch")
  @FuzzTest(maxExecutions = EXECUTIONS, maxDuration = LONGEST)
  void fuzzTorch(byte[] input) {
    FuzzedParser.TORCH.refuses(input);
  }

  @MethodSource("npy")
  @FuzzTest(maxExecutions = EXECUTIONS, maxDuration = LONGEST)
  void fuzzNpy(byte[] input) {
    FuzzedParser.NPY.refuses(input);
  }

  @MethodSource("safetensors")
  @FuzzTest(maxExecutions = EXECUTIONS, maxDuration = LONGEST)
  void fuzzSafetensors(byte[] input) {
    FuzzedParser.SAFETENSORS.refuses(input);
  }

  @MethodSource("base64")
  @FuzzTest(maxExecutions = EXECUTIONS, maxDuration = LONGEST)
  void fuzzBase64(byte[] input) {
    FuzzedParser.BASE64.refuses(input);
  }
}
