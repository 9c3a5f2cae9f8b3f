package org.promptembeds.torch;

import static org.promptembeds.generation.setting.DeviceSettings.CPU_THREADS;
import static org.promptembeds.generation.setting.DeviceSettings.KERNELS;
import static org.promptembeds.generation.setting.WeightSettings.QUANTIZATION;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.promptembeds.engine.KvRegion;
import org.promptembeds.engine.PendingStep;
import org.promptembeds.engine.SequenceChunk;
import org.promptembeds.engine.StateCells;
import org.promptembeds.engine.StepPlan;
import org.promptembeds.engine.TokenBias;
import org.promptembeds.engine.TokenPenalties;
import org.promptembeds.engine.TokenSampling;
import org.promptembeds.generation.PromptExtras;
import org.promptembeds.generation.setting.DeviceSettings;
import org.promptembeds.generation.setting.ModelSettings;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.Grouped;
import org.promptembeds.tensor.DType;
import org.promptembeds.tensor.Tensor;

/**
 * Step times of a model of random weights made on the device.
 *
 * <p>Run with a class path alone: {@code StepBenchmark [shape] [device] [dtype] [batches] [context]
 * [prefill]}, by default {@code llama-8b cuda:0 bfloat16 1,64,256 512 8192}; {@code context} is the
 * mean of the steps, {@code prefill} a list of prompts' lengths, such as {@code 8192,11x740}, or 0.
 * On a GPU decoding is timed twice: step by step, and as the engine runs it, with the next step
 * submitted before the tokens of the one under way are known. System properties {@code hbm} (TB/s)
 * and {@code tflops} set the bound that ratios refer to; {@code steps} the repetitions; {@code
 * threads} those of the CPU; {@code temperature} makes rows sample; {@code kv} is {@code auto} or
 * {@code fp8}; {@code penalised} is how many distinct tokens of a row are penalised; {@code
 * kernels} is {@code auto}, {@code stock} or {@code own}; {@code quantization} as for {@link
 * ModelSettings}.
 */
public final class StepBenchmark {
  private static final double HBM = Double.parseDouble(System.getProperty("hbm", "4.3")) * 1e12;
  private static final double FLOPS =
      Double.parseDouble(System.getProperty("tflops", "790")) * 1e12;
  private static final int STEPS = Integer.getInteger("steps", 40);
  private static final int WARM_UP = 10;
  private static final double TEMPERATURE =
      Double.parseDouble(System.getProperty("temperature", "0"));

  private static final String KV_CACHE_DTYPE = System.getProperty("kv", "auto");

  private static final TokenPenalties PENALTIES =
      Boolean.getBoolean("penalised") ? new TokenPenalties(1.1, 0.1, 0.1) : TokenPenalties.NONE;

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final DecoderSpec config;
  private final TorchRunner runner;
  private final int itemBytes;
  private final long weights;

  private StepBenchmark(DecoderSpec config, TorchRunner runner, DType dtype) {
    this.config = config;
    this.runner = runner;
    this.itemBytes = dtype.bytes();
    this.weights =
        DecoderSlots.elementCount(config)
            - (config.head().tied() ? 0 : (long) config.vocabSize() * config.hiddenSize());
  }

  public static void main(String[] arguments) {
    String[] defaults = {"llama-8b", "cuda:0", "bfloat16", "1,64,256", "512", "8192"};
    System.arraycopy(arguments, 0, defaults, 0, arguments.length);
    DecoderSpec config = ModelShapes.of(defaults[0]);
    DType dtype = DType.valueOf(defaults[2].toUpperCase(Locale.ROOT));
    ModelSettings options =
        ModelSettings.builder()
            .set(CPU_THREADS, Integer.getInteger("threads", 0))
            .set(QUANTIZATION, System.getProperty("quantization", "auto"))
            .set(KERNELS, System.getProperty("kernels", "auto"))
            .set(DeviceSettings.KV_CACHE_DTYPE, KV_CACHE_DTYPE)
            .build();
    try (TorchRunner runner = TorchRunner.random(config, defaults[1], dtype, options)) {
      System.out.println(runner.description());
      StepBenchmark benchmark = new StepBenchmark(config, runner, dtype);
      int context = Integer.parseInt(defaults[4]);
      for (String batch : defaults[3].split(",", -1)) {
        benchmark.decode(Integer.parseInt(batch), context);
      }

      for (String prefill : defaults[5].split(",", -1)) {
        if (!prefill.equals("0")) {
          benchmark.prefill(prefill);
        }
      }
    }
  }

  private void decode(int batch, int context) {
    Decoding decoding = new Decoding(batch, context);
    double[][] millis = new double[STEPS][];
    for (int step = -WARM_UP; step < STEPS; step++) {
      double[] elapsed = time(decoding.plan(step, SequenceChunk.KNOWN));
      if (step >= 0) {
        millis[step] = elapsed;
      }
    }

    double read = (double) weights * itemBytes / HBM;
    double compute = 2.0 * weights * batch / FLOPS;
    double keys = (double) batch * context * slotBytes() / HBM;
    double bound = Math.max(read, compute) + keys;
    report("decode B=" + batch + " context " + context, millis, batch, bound);
    if (runner.depth() > 1) {
      report("  the same, steps ahead", ahead(decoding), batch, bound);
    }
  }

  /** Milliseconds between the ends of steps of which two are under way. */
  private double[][] ahead(Decoding decoding) {
    double[][] millis = new double[STEPS][];
    PendingStep oldest = runner.submit(decoding.plan(-WARM_UP, SequenceChunk.KNOWN));
    long last = System.nanoTime();
    for (int step = -WARM_UP + 1; step <= STEPS; step++) {
      long cpuStart = THREADS.getCurrentThreadCpuTime();
      PendingStep next = step < STEPS ? runner.submit(decoding.plan(step, 0)) : oldest;
      oldest.await();
      oldest = next;
      long now = System.nanoTime();
      if (step > 0) {
        long cpu = THREADS.getCurrentThreadCpuTime() - cpuStart;
        millis[step - 1] = new double[] {(now - last) / 1e6, cpu / 1e6};
      }

      last = now;
    }

    return millis;
  }

  /** So many sequences, which have {@code context} positions in the mean of all steps. */
  private final class Decoding {
    private final int batch;
    private final int first;
    private final Tensor embeds;

    Decoding(int batch, int context) {
      this.batch = batch;
      this.first = context - STEPS / 2;
      this.embeds = embeds(first - WARM_UP);
    }

    /** A step; {@code source} is where the first row's token comes from, and others' likewise. */
    StepPlan plan(int step, int source) {
      int room = first + STEPS + 1;
      List<SequenceChunk> chunks = new ArrayList<>();
      for (int i = 0; i < batch; i++) {
        chunks.add(
            new SequenceChunk(
                embeds,
                new int[] {i % 100},
                first + step,
                1,
                new KvRegion(i * room, room),
                StateCells.FIRST,
                sampling(i),
                PromptExtras.NONE,
                source < 0 ? source : source + i));
      }

      return new StepPlan(List.of(), chunks);
    }
  }

  private void prefill(String shape) {
    String[] parts = shape.split("x", -1);
    int count = parts.length > 1 ? Integer.parseInt(parts[0]) : 1;
    int length = Integer.parseInt(parts[parts.length - 1]);
    Tensor embeds = embeds(length);
    List<SequenceChunk> chunks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      KvRegion region = new KvRegion(i * length, length);
      chunks.add(new SequenceChunk(embeds, new int[0], 0, length, region, sampling(i)));
    }

    double[][] millis = new double[7][];
    for (int step = -2; step < millis.length; step++) {
      double[] elapsed = time(new StepPlan(List.of(), chunks));
      if (step >= 0) {
        millis[step] = elapsed;
      }
    }

    double head = (double) config.vocabSize() * config.hiddenSize();
    double heads =
        config
            .mixers()
            .mapToDouble(m -> (double) ((Grouped) m).heads() * ((Grouped) m).headDim())
            .sum();
    int tokens = count * length;
    double attention = 2.0 * tokens * length * heads;
    double products = 2.0 * (weights - head) * tokens;
    report("prefill " + shape, millis, tokens, (products + attention) / FLOPS);
  }

  /** Milliseconds of wall clock and of this thread's processor time. */
  private double[] time(StepPlan plan) {
    long start = System.nanoTime();
    long cpuStart = THREADS.getCurrentThreadCpuTime();
    runner.step(plan);
    long cpu = THREADS.getCurrentThreadCpuTime() - cpuStart;
    return new double[] {(System.nanoTime() - start) / 1e6, cpu / 1e6};
  }

  private static void report(String what, double[][] millis, int tokens, double boundSeconds) {
    double[] wall = Arrays.stream(millis).mapToDouble(pair -> pair[0]).sorted().toArray();
    double[] cpu = Arrays.stream(millis).mapToDouble(pair -> pair[1]).sorted().toArray();
    double median = wall[wall.length / 2];
    System.out.printf(
        "%-26s median %8.2f ms  min %8.2f  p90 %8.2f  thread CPU %8.2f ms  %9.0f tokens/s"
            + "  bound %7.2f ms = %3.0f%%%n",
        what,
        median,
        wall[0],
        wall[wall.length * 9 / 10],
        cpu[cpu.length / 2],
        tokens / median * 1e3,
        boundSeconds * 1e3,
        100 * boundSeconds * 1e3 / median);
  }

  private long slotBytes() {
    int bytes = KV_CACHE_DTYPE.equals("fp8") ? 1 : itemBytes;
    return bytes * config.mixers().mapToLong(mixer -> mixer.state().slotElements()).sum();
  }

  /** Random, as products of zeros take less power and time. */
  private Tensor embeds(int tokens) {
    Random random = new Random(tokens);
    float[] values = new float[tokens * config.hiddenSize()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (random.nextFloat() - 0.5f) * 0.05f;
    }

    return Tensor.ofFloats(values, tokens, config.hiddenSize()).convert(DType.BFLOAT16);
  }

  private static TokenSampling sampling(int row) {
    double uniform = row * 0.618 % 1;
    return new TokenSampling(
        TEMPERATURE, 50, 0.9, 0, uniform, new int[0], TokenBias.NONE, PENALTIES, -1);
  }
}
