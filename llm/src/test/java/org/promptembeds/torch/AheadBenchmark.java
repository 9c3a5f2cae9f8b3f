package org.promptembeds.torch;

import static org.promptembeds.generation.setting.BatchSettings.ASYNC_SCHEDULING;
import static org.promptembeds.generation.setting.BatchSettings.MAX_SEQUENCES;
import static org.promptembeds.generation.setting.BatchSettings.MAX_STEP_TOKENS;
import static org.promptembeds.generation.setting.BatchSettings.PREFIX_CACHING;
import static org.promptembeds.generation.setting.DeviceSettings.KV_CACHE_DTYPE;
import static org.promptembeds.generation.setting.WeightSettings.QUANTIZATION;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import org.promptembeds.engine.Engine;
import org.promptembeds.engine.EngineStats;
import org.promptembeds.generation.GenerationRequest;
import org.promptembeds.generation.PendingGeneration;
import org.promptembeds.generation.SamplingParams;
import org.promptembeds.generation.setting.ModelSettings;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.tensor.DType;
import org.promptembeds.tensor.Tensor;

/**
 * The same rows through an engine that runs one step at a time and one that submits the next before
 * the tokens of the one under way are known, in turns, on random weights made on the device.
 *
 * <p>Run with a class path alone: {@code AheadBenchmark [shape] [device] [dtype] [rows] [prompt]
 * [output] [sequences] [rounds]}, by default {@code llama-8b cuda:0 bfloat16 512 256 128 256 3}.
 * Outputs are between half of {@code output} and all of it. System properties: {@code spread} is
 * the deviation of the logarithms of prompts' lengths, whose mean {@code prompt} is then, and
 * outputs have {@code output} tokens each, as in MLPerf's job; {@code kv} and {@code quantization}
 * are the types of the KV cache and the weights; {@code stepTokens} bounds a step, by default to
 * 8,192; {@code ways} is {@code on} to leave the steps one at a time out.
 */
public final class AheadBenchmark {
  private static final double SPREAD = Double.parseDouble(System.getProperty("spread", "0"));
  private static final boolean BOTH = !System.getProperty("ways", "both").equals("on");

  private static final int LONGEST = 2_540;

  private AheadBenchmark() {}

  public static void main(String[] arguments) {
    String[] settings = {"llama-8b", "cuda:0", "bfloat16", "512", "256", "128", "256", "3"};
    System.arraycopy(arguments, 0, settings, 0, arguments.length);
    DecoderSpec spec = ModelShapes.of(settings[0]);
    DType dtype = DType.valueOf(settings[2].toUpperCase(Locale.ROOT));
    int rows = Integer.parseInt(settings[3]);
    int prompt = Integer.parseInt(settings[4]);
    int output = Integer.parseInt(settings[5]);
    int sequences = Integer.parseInt(settings[6]);
    List<GenerationRequest> requests = requests(rows, prompt, output, spec.hiddenSize());
    for (int round = 0; round < Integer.parseInt(settings[7]); round++) {
      double[] seconds = new double[2];
      for (int way = BOTH ? 0 : 1; way < 2; way++) {
        ModelSettings options =
            ModelSettings.builder()
                .set(MAX_SEQUENCES, sequences)
                .set(PREFIX_CACHING, false)
                .set(MAX_STEP_TOKENS, Integer.getInteger("stepTokens", 8192))
                .set(ASYNC_SCHEDULING, way == 0 ? "off" : "on")
                .set(KV_CACHE_DTYPE, System.getProperty("kv", "auto"))
                .set(QUANTIZATION, System.getProperty("quantization", "none"))
                .build();
        TorchRunner runner = TorchRunner.random(spec, settings[1], dtype, options);
        try (Engine engine = new Engine(runner, null, Set.of(), options)) {
          run(engine, requests.subList(0, Math.min(rows, 32)), "warm-up");
          seconds[way] = run(engine, requests, way == 0 ? "step by step" : "ahead");
        }
      }

      if (BOTH) {
        System.out.printf("ahead takes %.3f of the time%n", seconds[1] / seconds[0]);
      }
    }
  }

  private static List<GenerationRequest> requests(int rows, int prompt, int output, int width) {
    Random random = new Random(1);
    List<GenerationRequest> requests = new ArrayList<>();
    float[] values = new float[(LONGEST + rows) * width]; // each row's prompt is a window on it
    for (int i = 0; i < values.length; i++) {
      values[i] = (random.nextFloat() - 0.5f) * 0.05f;
    }

    Tensor all = Tensor.ofFloats(values, LONGEST + rows, width).convert(DType.BFLOAT16);
    for (int row = 0; row < rows; row++) {
      int length = length(random, prompt);

      SamplingParams params =
          SamplingParams.builder()
              .maxTokens(SPREAD > 0 ? output : output - random.nextInt(output / 2))
              .ignoreEos(true)
              .build();
      ByteBuffer window = all.data().slice(row * width * 2, length * width * 2);
      Tensor embeds = Tensor.of(DType.BFLOAT16, window, length, width);
      requests.add(new GenerationRequest("row " + row, embeds, params));
    }

    return requests;
  }

  private static int length(Random random, int mean) {
    double length = mean * Math.exp(SPREAD * random.nextGaussian() - SPREAD * SPREAD / 2);
    return (int) Math.max(8, Math.min(LONGEST, Math.round(length)));
  }

  private static double run(Engine engine, List<GenerationRequest> requests, String way) {
    EngineStats before = engine.stats();
    long start = System.nanoTime();
    List<PendingGeneration> pending = requests.stream().map(engine::submit).toList();
    long tokens = pending.stream().mapToLong(row -> row.result().join().completionTokens()).sum();
    double seconds = (System.nanoTime() - start) / 1e9;
    EngineStats stats = engine.stats();
    long idle = stats.idleNanos() - before.idleNanos();
    long busy = stats.runnerNanos() - before.runnerNanos();
    long prompts = stats.promptTokens() - before.promptTokens();
    System.out.printf(
        "%-12s %4d rows %6.2f s %8.0f prompt %8.0f tokens/s, %4d steps, %.1f %% without a step, %d in vain%n",
        way,
        requests.size(),
        seconds,
        prompts / seconds,
        tokens / seconds,
        stats.steps() - before.steps(),
        100.0 * idle / (idle + busy),
        stats.discardedTokens() - before.discardedTokens());
    return seconds;
  }
}
