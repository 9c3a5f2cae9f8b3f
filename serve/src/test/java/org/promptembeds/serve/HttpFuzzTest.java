package org.promptembeds.serve;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Jazzer, guided by the coverage of the server, on the bytes of a connection; {@link
 * HttpDamageTest} is the short run.
 */
@Tag("fuzz")
class HttpFuzzTest {
  /** Made by the first input, as {@link HttpCorpus} says. */
  private static final class Fuzzed {
    private static final FuzzedConnection CONNECTION = new FuzzedConnection();
  }

  static List<byte[]> requests() {
    return HttpCorpus.requests();
  }

  @MethodSource("requests")
  @FuzzTest(maxExecutions = 1_000_000, maxDuration = "3h")
  void fuzzHttp(byte[] input) {
    var unused = Fuzzed.CONNECTION.answers(input);
  }
}
