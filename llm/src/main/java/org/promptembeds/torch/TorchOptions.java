package org.promptembeds.torch;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * How a model is put on a device.
 *
 * @param dtype element type of weights and KV cache: {@code auto}, {@code float32}, {@code
 *     bfloat16} or {@code float16}
 * @param device {@code auto} (a GPU if there is one), {@code cpu}, {@code cuda} or {@code cuda:N}
 * @param kvCacheBytes size of the KV arena; 0 takes what the device has free
 * @param kvCacheDtype type of attention's keys and values: {@code auto} for the model's, or {@code
 *     fp8} for e4m3, half of the memory of half precision
 * @param maxPositions longest prompt and output together, in tokens; 0 takes the model's
 * @param maxStepTokens most tokens of one step, for which workspace is kept free
 * @param maxSequences most sequences of one step, for which workspace is kept free
 * @param cpuThreads threads of one operator on the CPU; 0 takes all processors, or fewer for a
 *     model too small to keep them busy
 * @param allowNonFiniteWeights whether a checkpoint with NaN or infinite weights is loaded
 * @param loadFormat {@code auto} for the checkpoint's weights, or {@code dummy} for random ones
 *     made on the device, of the checkpoint's configuration alone
 * @param kernels {@code auto}, {@code stock} for PyTorch's operators, or {@code own} for our CUDA
 *     kernels
 * @param asyncScheduling whether a step is submitted before the tokens of the one under way are
 *     known: {@code on}, {@code off}, or {@code auto} for on a GPU
 * @param quantization {@code auto} for weights as the checkpoint has them, {@code none} for
 *     floating-point numbers, or {@code int8}, {@code int4} or {@code fp8}
 * @param graphOptimize whether PyTorch's graph executor profiles and fuses the decoder
 */
public record TorchOptions(
    String dtype,
    String device,
    long kvCacheBytes,
    String kvCacheDtype,
    int maxPositions,
    int maxStepTokens,
    int maxSequences,
    int cpuThreads,
    boolean allowNonFiniteWeights,
    String loadFormat,
    String kernels,
    String asyncScheduling,
    String quantization,
    boolean graphOptimize) {
  private static final List<String> DTYPES = List.of("auto", "float32", "bfloat16", "float16");
  private static final List<String> KV_CACHE_DTYPES = List.of("auto", "fp8");
  private static final List<String> LOAD_FORMATS = List.of("auto", "dummy");
  private static final List<String> KERNELS = List.of("auto", "stock", "own");
  private static final List<String> ASYNC_SCHEDULING = List.of("auto", "on", "off");
  private static final List<String> QUANTIZATIONS = List.of("auto", "none", "int8", "int4", "fp8");
  private static final Pattern DEVICE = Pattern.compile("auto|cpu|cuda(:\\d{1,3})?");

  public TorchOptions {
    List<String> problems = new ArrayList<>();
    if (!DTYPES.contains(dtype)) {
      problems.add("dtype must be one of %s, got \"%s\"".formatted(DTYPES, dtype));
    }

    if (!DEVICE.matcher(device).matches()) {
      problems.add("device must be auto, cpu, cuda or cuda:N, got \"" + device + "\"");
    }

    if (!KV_CACHE_DTYPES.contains(kvCacheDtype)) {
      problems.add(
          "kvCacheDtype must be one of %s, got \"%s\"".formatted(KV_CACHE_DTYPES, kvCacheDtype));
    }

    if (!LOAD_FORMATS.contains(loadFormat)) {
      problems.add("loadFormat must be one of %s, got \"%s\"".formatted(LOAD_FORMATS, loadFormat));
    }

    if (!KERNELS.contains(kernels)) {
      problems.add("kernels must be one of %s, got \"%s\"".formatted(KERNELS, kernels));
    }

    if (!ASYNC_SCHEDULING.contains(asyncScheduling)) {
      problems.add(
          "asyncScheduling must be one of %s, got \"%s\""
              .formatted(ASYNC_SCHEDULING, asyncScheduling));
    }

    if (!QUANTIZATIONS.contains(quantization)) {
      problems.add(
          "quantization must be one of %s, got \"%s\"".formatted(QUANTIZATIONS, quantization));
    }

    requireAtLeast(0, "kvCacheBytes", kvCacheBytes, problems);
    requireAtLeast(0, "maxPositions", maxPositions, problems);
    requireAtLeast(1, "maxStepTokens", maxStepTokens, problems);
    requireAtLeast(1, "maxSequences", maxSequences, problems);
    requireAtLeast(0, "cpuThreads", cpuThreads, problems);
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
  }

  /** Whether weights are random numbers, and none are read. */
  boolean hasRandomWeights() {
    return loadFormat.equals("dummy");
  }

  private static void requireAtLeast(long bound, String name, long value, List<String> problems) {
    if (value < bound) {
      problems.add("%s must be at least %d, got %d".formatted(name, bound, value));
    }
  }

  /** Whether attention keeps keys and values in e4m3. */
  boolean hasFloat8Keys() {
    return kvCacheDtype.equals("fp8");
  }

  /** Everything automatic. */
  public static TorchOptions defaults() {
    return builder().build();
  }

  public static Builder builder() {
    return new Builder();
  }

  /** Collects options; what is not set keeps its default. */
  public static final class Builder {
    private String dtype = "auto";
    private String device = "auto";
    private long kvCacheBytes;
    private String kvCacheDtype = "auto";
    private int maxPositions;
    private int maxStepTokens = 8192;
    private int maxSequences = 256;
    private int cpuThreads;
    private boolean allowNonFiniteWeights;
    private String loadFormat = "auto";
    private String kernels = "auto";
    private String asyncScheduling = "auto";
    private String quantization = "auto";
    private boolean graphOptimize;

    private Builder() {}

    public Builder dtype(String value) {
      dtype = value;
      return this;
    }

    public Builder device(String value) {
      device = value;
      return this;
    }

    public Builder kvCacheBytes(long value) {
      kvCacheBytes = value;
      return this;
    }

    public Builder kvCacheDtype(String value) {
      kvCacheDtype = value;
      return this;
    }

    public Builder maxPositions(int value) {
      maxPositions = value;
      return this;
    }

    public Builder maxStepTokens(int value) {
      maxStepTokens = value;
      return this;
    }

    public Builder maxSequences(int value) {
      maxSequences = value;
      return this;
    }

    public Builder cpuThreads(int value) {
      cpuThreads = value;
      return this;
    }

    public Builder allowNonFiniteWeights(boolean value) {
      allowNonFiniteWeights = value;
      return this;
    }

    public Builder loadFormat(String value) {
      loadFormat = value;
      return this;
    }

    public Builder kernels(String value) {
      kernels = value;
      return this;
    }

    public Builder asyncScheduling(String value) {
      asyncScheduling = value;
      return this;
    }

    public Builder quantization(String value) {
      quantization = value;
      return this;
    }

    public Builder graphOptimize(boolean value) {
      graphOptimize = value;
      return this;
    }

    /**
     * The options.
     *
     * @throws IllegalArgumentException naming every value out of bounds
     */
    public TorchOptions build() {
      return new TorchOptions(
          dtype,
          device,
          kvCacheBytes,
          kvCacheDtype,
          maxPositions,
          maxStepTokens,
          maxSequences,
          cpuThreads,
          allowNonFiniteWeights,
          loadFormat,
          kernels,
          asyncScheduling,
          quantization,
          graphOptimize);
    }
  }
}
