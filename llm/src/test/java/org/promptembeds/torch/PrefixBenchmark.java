package org.promptembeds.torch;

import static org.promptembeds.generation.setting.BatchSettings.PREFIX_CACHING;

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
 * Rows with a common beginning through the engine, with and without prefix caching, on a model of
 * random weights made on the device.
 *
 * <p>Run with a class path alone: {@code PrefixBenchmark [shape] [device] [dtype] [rows] [shared]
 * [own] [output]}, by default {@code llama-8b cuda:0 bfloat16 512 1024 64 32}. System properties
 * {@code caching} say which runs there are, one after another, and {@code sequences} how many rows
 * run at a time.
 */
public final class PrefixBenchmark {
  private PrefixBenchmark() {}

  public static void main(String[] arguments) {
    String[] settings = {"llama-8b", "cuda:0", "bfloat16", "512", "1024", "64", "32"};
    System.arraycopy(arguments, 0, settings, 0, arguments.length);
    DecoderSpec config = ModelShapes.of(settings[0]);
    DType dtype = DType.valueOf(settings[2].toUpperCase(Locale.ROOT));
    int rows = Integer.parseInt(settings[3]);
    int shared = Integer.parseInt(settings[4]);
    int own = Integer.parseInt(settings[5]);
    SamplingParams params =
        SamplingParams.builder().maxTokens(Integer.parseInt(settings[6])).ignoreEos(true).build();
    List<Tensor> prompts = prompts(rows, shared, own, config.hiddenSize());
    for (String run : System.getProperty("caching", "false,true,false,true").split(",", -1)) {
      boolean prefixCaching = Boolean.parseBoolean(run);
      TorchRunner runner =
          TorchRunner.random(config, settings[1], dtype, ModelSettings.builder().build());
      ModelSettings options =
          ModelSettings.batching(Integer.getInteger("sequences", 256), 8192)
              .with(PREFIX_CACHING, prefixCaching);
      try (Engine engine = new Engine(runner, null, Set.of(), options)) {
        run(engine, prompts.subList(0, 4), params);
        run(engine, prompts, params);
      }
    }
  }

  private static List<Tensor> prompts(int rows, int shared, int own, int hiddenSize) {
    Random random = new Random(1);
    float[] values = new float[(shared + own) * hiddenSize];
    List<Tensor> prompts = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      for (int i = row == 0 ? 0 : shared * hiddenSize; i < values.length; i++) {
        values[i] = (random.nextFloat() - 0.5f) * 0.05f;
      }

      Tensor prompt = Tensor.ofFloats(values, shared + own, hiddenSize);
      prompts.add(prompt.convert(DType.BFLOAT16));
    }

    return prompts;
  }

  private static void run(Engine engine, List<Tensor> prompts, SamplingParams params) {
    long start = System.nanoTime();
    EngineStats before = engine.stats();
    List<PendingGeneration> pending = new ArrayList<>();
    for (Tensor prompt : prompts) {
      pending.add(engine.submit(new GenerationRequest("row " + pending.size(), prompt, params)));
    }

    pending.forEach(row -> row.result().join());
    double seconds = (System.nanoTime() - start) / 1e9;
    EngineStats stats = engine.stats();
    System.out.printf(
        "%d rows: %.2f s, %.1f rows/s, %d prompt positions computed, %d shared, %d steps, %.2f s in"
            + " the model, %.2f s without a step%n",
        prompts.size(),
        seconds,
        prompts.size() / seconds,
        stats.promptTokens() - before.promptTokens(),
        stats.sharedTokens() - before.sharedTokens(),
        stats.steps() - before.steps(),
        (stats.runnerNanos() - before.runnerNanos()) / 1e9,
        (stats.idleNanos() - before.idleNanos()) / 1e9);
  }
}
