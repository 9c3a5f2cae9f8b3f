package org.promptembeds.torch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.promptembeds.model.spec.DecoderSpec;

/** What the processor is good for, and how much of it a model can use. */
final class CpuFeatures {
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
  private static final Pattern BFLOAT16 = Pattern.compile("\\b(avx512_bf16|amx_bf16|bf16)\\b");

  private static final Pattern BYTES = Pattern.compile("\\b(avx512_vnni|amx_int8)\\b");

  /** Weights, in elements, that keep one thread busy; below, threads wait for each other. */
  private static final long ELEMENTS_PER_THREAD = 8_000_000L;

  private CpuFeatures() {}

  /** Whether the processor multiplies bfloat16 matrices by itself; false where it cannot tell. */
  static boolean hasBfloat16() {
    return has(BFLOAT16);
  }

  /** Whether the processor multiplies bytes and adds up to four bytes; false likewise. */
  static boolean multipliesBytes() {
    return has(BYTES);
  }

  private static boolean has(Pattern flag) {
    try (Stream<String> lines = Files.lines(CPU_INFO)) {
      return lines.anyMatch(line -> flag.matcher(line).find());
    } catch (IOException e) {
      return false;
    }
  }

  /** Threads of one operator: as many as the model can keep busy, at most one per processor. */
  static int threads(DecoderSpec spec) {
    long busy = DecoderSlots.elementCount(spec) / ELEMENTS_PER_THREAD;
    return (int) Math.max(1, Math.min(busy, Runtime.getRuntime().availableProcessors()));
  }
}
