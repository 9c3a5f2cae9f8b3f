package org.promptembeds.torch;

import static org.promptembeds.generation.setting.AdapterSettings.LORA_BYTES;
import static org.promptembeds.generation.setting.BatchSettings.ASYNC_SCHEDULING;
import static org.promptembeds.generation.setting.DeviceSettings.CPU_THREADS;

import ai.djl.pytorch.jni.JniUtils;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.promptembeds.engine.DeviceMemoryException;
import org.promptembeds.engine.ModelLimits;
import org.promptembeds.engine.ModelRunner;
import org.promptembeds.engine.PendingStep;
import org.promptembeds.engine.StepPlan;
import org.promptembeds.engine.StepResult;
import org.promptembeds.generation.Adapter;
import org.promptembeds.generation.BackendException;
import org.promptembeds.generation.setting.ModelSettings;
import org.promptembeds.model.ModelDirectory;
import org.promptembeds.model.adapter.Adapters;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.tensor.DType;
import org.promptembeds.torch.cuda.PageLock;

/**
 * A model in PyTorch, on a GPU or on the CPU. Every step is one native call.
 *
 * <p>Confined to one thread at a time. Steps that are submitted run on another; PyTorch is called
 * by it alone while they do.
 */
public final class TorchRunner implements ModelRunner {
  private final DecoderModule module;
  private final DecoderSpec spec;
  private final Placement placement;
  private final ModelSettings settings;
  private final ModelLimits limits;
  private final KvSize size;

  /** Those that rows may ask for; null if there are none, as of a model without a directory. */
  private final @Nullable Adapters adapters;

  private final DeviceAdapters loadedAdapters;

  /** The step under way keeps the buffers of one, while the next is packed by the other. */
  private final StepPacker[] packers;

  private final DeviceConstants constants = new DeviceConstants();

  private final @Nullable StepGraphs graphs;
  private final @Nullable DeferredSteps deferred;
  private final StepQueue queue = new StepQueue();
  private @Nullable Thread preparedThread;
  private @Nullable StepPlan submitted;
  private int submissions;
  private boolean closed;

  /**
   * A loaded model, which the runner closes.
   *
   * @param adapters that rows may ask for; null if there are none
   */
  TorchRunner(
      DecoderModule module,
      DecoderSpec spec,
      Placement placement,
      ModelSettings settings,
      ModelLimits limits,
      KvSize size,
      @Nullable Adapters adapters) {
    this.module = module;
    this.spec = spec;
    this.placement = placement;
    this.settings = settings;
    this.limits = limits;
    this.size = size;
    this.adapters = adapters;
    this.loadedAdapters = new DeviceAdapters(module, placement.dtype(), settings.value(LORA_BYTES));
    this.packers = new StepPacker[] {packer(constants), packer(constants)};
    Supplier<StepPacker> ofGraphs = () -> packer(new DeviceConstants());
    this.graphs = StepGraphs.of(module, ofGraphs, spec, placement, size);
    this.deferred = placement.isOwn() ? deferred(constants) : null;
  }

  /**
   * Loads a model onto its device.
   *
   * @throws BackendException if the device, the weights or the memory are not as they must be
   */
  public static TorchRunner load(ModelDirectory model, ModelSettings settings) {
    return load(model, settings, Path::of);
  }

  /**
   * The same with adapters that lie somewhere else than in local directories.
   *
   * @param locator says where their files are
   */
  public static TorchRunner load(
      ModelDirectory model, ModelSettings settings, Adapters.Locator locator) {
    return TorchLoader.load(model, settings, locator);
  }

  /** A model of random weights, made on the device; for measurements. */
  static TorchRunner random(DecoderSpec spec, String device, DType dtype, ModelSettings settings) {
    return TorchLoader.random(spec, device, dtype, settings);
  }

  /** False if a position's angles depend on the length of its row. */
  @Override
  public boolean sharesPrefixes() {
    return sharesPrefixes(spec);
  }

  static boolean sharesPrefixes(DecoderSpec spec) {
    return !StepPacker.dependsOnLength(spec) && !spec.isRecurrent();
  }

  @Override
  public Adapter adapter(String name) {
    return adapters == null ? ModelRunner.super.adapter(name) : adapters.find(name);
  }

  @Override
  public long adapterBytes() {
    return settings.value(LORA_BYTES);
  }

  @Override
  public int maxSequences() {
    return size.sequences();
  }

  @Override
  public DType inputType() {
    return placement.dtype();
  }

  @Override
  public ModelLimits limits() {
    return limits;
  }

  /** One line that says where the model runs, in what precision and with how large a KV cache. */
  public String description() {
    return "%s on %s in %s%s with %s kernels, %d KV slots%s"
        .formatted(
            spec.modelType(),
            placement.device(),
            placement.dtype().name().toLowerCase(Locale.ROOT),
            placement.formats().description(),
            placement.isOwn() ? "own" : "PyTorch's",
            limits.kvSlots(),
            placement.float8Keys() ? " in e4m3" : "");
  }

  /** Where the host has something to do while the device computes. */
  @Override
  public int depth() {
    return switch (settings.value(ASYNC_SCHEDULING)) {
      case "on" -> 2;
      case "off" -> 1;
      default -> placement.isCuda() ? 2 : 1;
    };
  }

  /**
   * Starts a step on a thread of its own, once what it takes of the plan is packed; or leaves it to
   * who awaits it, if no other is to be under way.
   */
  @Override
  public PendingStep submit(StepPlan plan) {
    if (depth() == 1) {
      return () -> step(plan);
    }

    StepPlan previous = submitted;
    submitted = plan;
    if (graphs != null && StepGraphs.takes(plan)) {
      return queue.submit(() -> replay(graphs, plan, previous));
    }

    PendingStep pending = deferred == null ? run(plan, previous) : defer(deferred, plan, previous);
    return () -> known(pending::await);
  }

  private PendingStep run(StepPlan plan, @Nullable StepPlan previous) {
    StepInput input = packers[submissions++ % 2].pack(plan, previous);
    return queue.submit(() -> done(compute(plan, input)));
  }

  private PendingStep defer(DeferredSteps steps, StepPlan plan, @Nullable StepPlan previous) {
    DeferredSteps.Packed packed = steps.pack(plan, previous);
    return queue.submit(() -> submit(steps, plan, packed));
  }

  /** The result of a step; if it fails, the device may not know what was sent with it. */
  private StepResult known(Supplier<StepResult> step) {
    try {
      return step.get();
    } catch (RuntimeException e) {
      constants.forget();
      throw e;
    }
  }

  /** Computes one step on this thread; nothing may be under way. */
  @Override
  public StepResult step(StepPlan plan) {
    submitted = plan;
    return graphs != null && StepGraphs.takes(plan)
        ? replay(graphs, plan, null).await()
        : known(() -> compute(plan, packers[0].pack(plan, null)));
  }

  /** Replays a step, which then is under way, or computes it. */
  private PendingStep replay(StepGraphs replayed, StepPlan plan, @Nullable StepPlan previous) {
    prepareThread();
    if (deferred != null) {
      deferred.awaitDevice();
    }

    return replayed
        .submit(plan, previous)
        .orElseGet(() -> done(compute(plan, replayed.pack(plan, previous))));
  }

  /** Submits a step, which then is under way. */
  private PendingStep submit(DeferredSteps steps, StepPlan plan, DeferredSteps.Packed packed) {
    StepAnswer answer = packed.input().answer();
    Supplier<double[]> values = guarded(plan, () -> steps.submit(packed, answer.numbers(plan)));
    return () -> answer.read(plan, values.get());
  }

  private StepResult compute(StepPlan plan, StepInput input) {
    return input.answer().read(plan, guarded(plan, () -> module.step(input)));
  }

  /** Calls what submits a step that is no graph's. */
  private <T> T guarded(StepPlan plan, Supplier<T> call) {
    prepareThread();
    if (graphs != null) {
      graphs.awaitDevice();
    }

    try {
      loadedAdapters.require(plan);
      return call.get();
    } catch (DeviceMemoryException e) {
      if (graphs != null) {
        graphs.drop();
      }

      throw e;
    }
  }

  private static PendingStep done(StepResult result) {
    return () -> result;
  }

  private DeferredSteps deferred(DeviceConstants shared) {
    return DeferredSteps.of(module, () -> packer(shared), placement.cudaDevice());
  }

  /** A packer; those of one thread alone may share what the device knows. */
  private StepPacker packer(DeviceConstants shared) {
    PageLock pageLock = placement.isOwn() ? PageLock.onDevice(placement.cudaDevice()) : null;
    return new StepPacker(spec, placement, size.cells() - 1, shared, pageLock);
  }

  /** Steps that were replayed as a CUDA graph. */
  long replays() {
    return graphs == null ? 0 : graphs.replays();
  }

  /** Logits of the rows that get a token, one array per chunk of the plan; empty for others. */
  float[][] logits(StepPlan plan) {
    prepareThread();
    loadedAdapters.require(plan);
    StepInput input = packers[0].pack(plan, null);
    float[] values = module.logits(input);
    int width = spec.vocabSize();
    return Arrays.stream(input.answer().rows())
        .mapToObj(
            row ->
                row < 0 ? new float[0] : Arrays.copyOfRange(values, row * width, (row + 1) * width))
        .toArray(float[][]::new);
  }

  /** PyTorch keeps these settings per thread. */
  private void prepareThread() {
    if (preparedThread != Thread.currentThread()) {
      int threads = settings.value(CPU_THREADS);
      JniUtils.setNumThreads(threads == 0 ? CpuFeatures.threads(spec) : threads);
      JniUtils.setGraphExecutorOptimize(false);
      preparedThread = Thread.currentThread();
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }

    closed = true;
    queue.close();
    for (StepPacker packer : packers) {
      packer.close();
    }

    if (graphs != null) {
      graphs.close();
    }

    if (deferred != null) {
      deferred.close();
    }

    module.close();
  }
}
