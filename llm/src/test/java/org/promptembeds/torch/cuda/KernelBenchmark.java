package org.promptembeds.torch.cuda;

import java.util.Locale;

/**
 * Times of the kernels of an 8B model (32 query and 8 key heads of 128) beside PyTorch's operators,
 * and the share of the memory rate of a copy in the same run.
 *
 * <p>Run with a class path alone, on a machine with a GPU. Each time is of a captured graph of many
 * launches, so that the host has no part in it.
 */
public final class KernelBenchmark {
  private static final int LAUNCHES = 20;
  private static final int REPLAYS = 7;
  private static final int HEADS = 32;
  private static final int KV_HEADS = 8;
  private static final int HEAD_DIM = 128;
  private static final int HIDDEN = 4096;
  private static final int FEED_FORWARD = 14336;
  private static final int VOCABULARY = 128256;

  private final KernelCheck check;
  private final GraphStream stream;
  private final boolean float8;
  private final double rate;

  private KernelBenchmark(KernelCheck check, GraphStream stream, double rate) {
    this.check = check;
    this.stream = stream;
    this.float8 = check.variant().kvFloat8();
    this.rate = rate;
  }

  public static void main(String[] arguments) {
    double rate = 0;
    for (boolean float8 : new boolean[] {false, true}) {
      KernelVariant variant = new KernelVariant(true, HEAD_DIM, HEADS / KV_HEADS, float8);
      try (KernelCheck check = new KernelCheck(variant);
          GraphStream stream = new GraphStream(Gpu.of(0))) {
        if (rate == 0) {
          long bytes = 4L << 30;
          rate = 2 * bytes / copyMicros(stream, () -> check.run("copy_rate", bytes, LAUNCHES));
          System.out.printf(Locale.ROOT, "copy %.2f TB/s%n", rate / 1e6);
        }

        KernelBenchmark benchmark = new KernelBenchmark(check, stream, rate);
        benchmark.attention(1, 512);
        benchmark.attention(1, 8192);
        benchmark.attention(16, 512);
        benchmark.attention(16, 2048);
        benchmark.attention(64, 512);
        benchmark.attention(256, 512);
        benchmark.attention(512, 512);
        benchmark.shared(64, 1088, 1024);
        benchmark.shared(256, 1088, 1024);
        benchmark.prompts(1, 8192);
        benchmark.prompts(11, 740);
        for (int rows : new int[] {1, 64, 256}) {
          benchmark.small(rows);
        }
      }
    }
  }

  private void attention(int sequences, int keys) {
    check.setUp(
        "setup_attention", float8, HEAD_DIM, HEADS / KV_HEADS, KV_HEADS, sequences, keys, 1);
    double bytes = 2.0 * sequences * keys * KV_HEADS * HEAD_DIM * (float8 ? 1 : 2);
    double own = micros(stream, () -> check.run("own_attention", 0, 0.0, 0, LAUNCHES));
    double stock =
        float8 ? -1 : micros(stream, () -> check.run("stock_attention", 0, keys, LAUNCHES));
    report("attention", sequences + " x " + keys, own, stock, bytes);
  }

  /** Every other sequence begins alike; in place of PyTorch's, the time of reading its own. */
  private void shared(int sequences, int keys, int count) {
    if (float8) {
      return;
    }

    check.setUp("setup_attention", false, HEAD_DIM, HEADS / KV_HEADS, KV_HEADS, sequences, keys, 1);
    double alone = micros(stream, () -> check.run("own_attention", 0, 0.0, 0, LAUNCHES));
    check.run("setup_shared", count);
    double together = micros(stream, () -> check.run("own_shared", 0, LAUNCHES));
    double bytes = 4.0 * (sequences / 2.0 * (2.0 * keys - count) + count) * KV_HEADS * HEAD_DIM;
    report("shared beginning", sequences + " x " + keys, together, alone, bytes);
  }

  /** Prompts of so many positions; PyTorch's is flash attention. */
  private void prompts(int sequences, int longest) {
    check.setUp(
        "setup_prompts", float8, HEAD_DIM, HEADS / KV_HEADS, KV_HEADS, sequences, longest, -1);
    double own = micros(stream, () -> check.run("own_prompts", 0, 0.0, 0, longest, LAUNCHES));
    double stock =
        float8 ? -1 : micros(stream, () -> check.run("stock_prompts", 0, longest, LAUNCHES));
    System.out.printf(
        Locale.ROOT,
        "prompts            %-14s %s own %7.1f us, stock %7.1f us%n",
        sequences + " x " + longest,
        float8 ? "fp8 " : "bf16",
        own,
        stock);
  }

  private void small(int rows) {
    check.setUp("setup_norm", float8, rows, HIDDEN, 0);
    double own = micros(stream, () -> check.run("own_norm", 0, 0, 0.0, LAUNCHES));
    double stock = micros(stream, () -> check.run("stock_norm", 0, LAUNCHES));
    report("rms norm", rows + " x " + HIDDEN, own, stock, (float8 ? 3.0 : 4.0) * rows * HIDDEN);

    check.setUp("setup_gated", float8, rows, FEED_FORWARD);
    own = micros(stream, () -> check.run("own_gated", 0, 1, LAUNCHES));
    stock = micros(stream, () -> check.run("stock_gated", 0, LAUNCHES));
    report(
        "silu * up",
        rows + " x " + FEED_FORWARD,
        own,
        stock,
        (float8 ? 5.0 : 6.0) * rows * FEED_FORWARD);

    check.setUp(
        "setup_rotation", float8, HEAD_DIM, HEADS / KV_HEADS, KV_HEADS, rows, HEAD_DIM / 2, 0);
    own = micros(stream, () -> check.run("own_rotation", 0, 0, 0, 0.0, LAUNCHES));
    stock = float8 ? -1 : micros(stream, () -> check.run("stock_rotation", LAUNCHES));
    report(
        "rotate and store",
        rows + " x " + (HEADS + 2 * KV_HEADS),
        own,
        stock,
        4.0 * rows * (HEADS + 2 * KV_HEADS) * HEAD_DIM);

    check.run("setup_argmax", check.variant().dtype(), rows, VOCABULARY);
    own = micros(stream, () -> check.run("own_argmax", LAUNCHES));
    stock = micros(stream, () -> check.run("stock_argmax", LAUNCHES));
    report("argmax", rows + " x " + VOCABULARY, own, stock, 2.0 * rows * VOCABULARY);
  }

  private void report(String what, String shape, double own, double stock, double bytes) {
    System.out.printf(
        Locale.ROOT,
        "%-18s %-14s %s own %7.1f us = %3.0f %% of memory rate, stock %7.1f us%n",
        what,
        shape,
        float8 ? "fp8 " : "bf16",
        own,
        100 * bytes / own / rate,
        stock);
  }

  /** The same without a graph, in which copies take another way. */
  private static double copyMicros(GraphStream stream, Runnable copies) {
    double best = Double.MAX_VALUE;
    for (int i = 0; i < REPLAYS; i++) {
      long start = System.nanoTime();
      stream.run(copies);
      stream.synchronize();
      best = Math.min(best, (System.nanoTime() - start) / 1e3);
    }

    return best / LAUNCHES;
  }

  /** Microseconds of one of the launches that {@code launches} makes. */
  private static double micros(GraphStream stream, Runnable launches) {
    stream.run(launches);
    stream.synchronize();
    double best = Double.MAX_VALUE;
    try (CapturedGraph graph = stream.capture(launches)) {
      for (int i = 0; i < REPLAYS; i++) {
        long start = System.nanoTime();
        graph.launch();
        stream.synchronize();
        best = Math.min(best, (System.nanoTime() - start) / 1e3);
      }
    }

    return best / LAUNCHES;
  }
}
