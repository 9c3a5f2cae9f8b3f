package org.promptembeds.torch;

import ai.djl.pytorch.jni.JniUtils;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.promptembeds.engine.ModelLimits;
import org.promptembeds.engine.ModelRunner;
import org.promptembeds.engine.StepPlan;
import org.promptembeds.engine.StepResult;
import org.promptembeds.engine.TokenSampling;
import org.promptembeds.generation.BackendException;
import org.promptembeds.generation.TokenLogprobs;
import org.promptembeds.model.DecoderConfig;
import org.promptembeds.model.ModelDirectory;

/**
 * A model in PyTorch, on a GPU or on the CPU. Every step is one native call.
 *
 * <p>Confined to one thread at a time.
 */
public final class TorchRunner implements ModelRunner {
  private final DecoderModule module;
  private final DecoderConfig config;
  private final Placement placement;
  private final TorchOptions options;
  private final ModelLimits limits;
  private final StepPacker packer;
  private @Nullable Thread preparedThread;

  private TorchRunner(
      DecoderModule module,
      DecoderConfig config,
      Placement placement,
      TorchOptions options,
      ModelLimits limits) {
    this.module = module;
    this.config = config;
    this.placement = placement;
    this.options = options;
    this.limits = limits;
    this.packer = new StepPacker(config, placement);
  }

  /**
   * Loads a model onto its device.
   *
   * @throws BackendException if the device, the weights or the memory are not as they must be
   */
  public static TorchRunner load(ModelDirectory model, TorchOptions options) {
    DecoderConfig config = model.config();
    int maxPositions = maxPositions(config, options);
    DecoderModule module = DecoderModule.load(config);
    try {
      Placement placement = DeviceChoice.choose(module, config, model.checkpointDtype(), options);
      module.place(placement);
      WeightLoader.load(model, module);
      return start(module, config, placement, options, maxPositions);
    } catch (RuntimeException | Error e) {
      module.close();
      throw e;
    }
  }

  /** A model of random weights, made on the device; for measurements. */
  static TorchRunner random(DecoderConfig config, Placement placement, TorchOptions options) {
    DecoderModule module = DecoderModule.load(config);
    try {
      module.place(placement);
      for (DecoderWeights.Target target : DecoderWeights.of(config)) {
        module.randomise(target.name(), 0.02, target.shape());
      }

      module.bind(config.tiedEmbeddings());
      return start(module, config, placement, options, maxPositions(config, options));
    } catch (RuntimeException | Error e) {
      module.close();
      throw e;
    }
  }

  private static TorchRunner start(
      DecoderModule module,
      DecoderConfig config,
      Placement placement,
      TorchOptions options,
      int maxPositions) {
    int slots = KvSize.slots(module, config, placement, options, maxPositions);
    module.allocateKv(slots);
    ModelLimits limits =
        new ModelLimits(config.hiddenSize(), config.vocabSize(), maxPositions, slots);
    return new TorchRunner(module, config, placement, options, limits);
  }

  private static int maxPositions(DecoderConfig config, TorchOptions options) {
    if (options.maxPositions() > config.maxPositions()) {
      throw new BackendException(
          "maxPositions %d exceeds the %d positions of the model; lower it or set 0"
              .formatted(options.maxPositions(), config.maxPositions()));
    }

    return options.maxPositions() == 0 ? config.maxPositions() : options.maxPositions();
  }

  /** False if a position's angles depend on the length of its row. */
  @Override
  public boolean sharesPrefixes() {
    return config.rotary().dynamicNtk() == null;
  }

  @Override
  public ModelLimits limits() {
    return limits;
  }

  /** One line that says where the model runs, in what precision and with how large a KV cache. */
  public String description() {
    return "%s on %s in %s, %d KV slots"
        .formatted(
            config.modelType(),
            placement.device(),
            placement.dtype().name().toLowerCase(Locale.ROOT),
            limits.kvSlots());
  }

  @Override
  public StepResult step(StepPlan plan) {
    prepareThread();
    StepInput input = packer.pack(plan);
    return result(plan, input, module.step(input));
  }

  /** Logits of the rows that get a token, one array per chunk of the plan; empty for others. */
  float[][] logits(StepPlan plan) {
    prepareThread();
    StepInput input = packer.pack(plan);
    float[] values = module.logits(input);
    int width = config.vocabSize();
    return Arrays.stream(input.rows())
        .mapToObj(
            row ->
                row < 0 ? new float[0] : Arrays.copyOfRange(values, row * width, (row + 1) * width))
        .toArray(float[][]::new);
  }

  /** PyTorch keeps these settings per thread. */
  private void prepareThread() {
    if (preparedThread != Thread.currentThread()) {
      int threads = options.cpuThreads();
      JniUtils.setNumThreads(threads == 0 ? CpuFeatures.threads(config) : threads);
      JniUtils.setGraphExecutorOptimize(options.graphOptimize());
      preparedThread = Thread.currentThread();
    }
  }

  private static StepResult result(StepPlan plan, StepInput input, double[] values) {
    int[] tokenIds = new int[input.rows().length];
    List<@Nullable TokenLogprobs> logprobs = new ArrayList<>();
    int width = input.top() < 0 ? 1 : 2 + 2 * input.top();
    for (int i = 0; i < tokenIds.length; i++) {
      int start = input.rows()[i] * width;
      tokenIds[i] = start < 0 ? -1 : (int) values[start];
      TokenSampling sampling = plan.chunks().get(i).sampling();
      logprobs.add(
          sampling == null || sampling.logprobs() < 0
              ? null
              : logprobs(values, start, sampling.logprobs(), input.top()));
    }

    return new StepResult(tokenIds, logprobs);
  }

  private static TokenLogprobs logprobs(double[] values, int start, int wanted, int top) {
    int count = Math.min(wanted, top);
    int[] ids = new int[count];
    float[] theirs = new float[count];
    for (int i = 0; i < count; i++) {
      ids[i] = (int) values[start + 2 + i];
      theirs[i] = (float) values[start + 2 + top + i];
    }

    return new TokenLogprobs((float) values[start + 1], ids, theirs);
  }

  @Override
  public void close() {
    module.close();
  }
}
