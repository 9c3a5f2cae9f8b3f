package org.promptembeds.options;

import java.io.Serializable;

/**
 * What names a backend: a model and how it is loaded. Tasks with equal specs share one instance.
 *
 * @param model model directory (path or URI) or another scheme's address
 * @param dtype {@code auto} or the name of the weights' type
 * @param device {@code auto}, {@code cpu}, {@code cuda} or {@code cuda:N}
 * @param kvCacheBytes size of the KV arena; 0 derives it from free memory
 * @param kvCacheDtype {@code auto} or {@code fp8}
 * @param maxSequences most sequences in one step
 * @param maxStepTokens most tokens in one step
 * @param maxModelLen longest prompt and output together, in tokens; 0 is the model's
 * @param prefixCaching whether rows that begin alike share what is computed of it
 * @param maxStopStrings most stop strings of a row
 * @param maxStopLength most characters of a stop string
 * @param cpuThreads threads of one CPU operator; 0 is the number of processors
 * @param allowNonFiniteWeights whether a checkpoint with NaN or infinite weights is loaded
 * @param loadFormat {@code auto}, or {@code dummy} for random weights
 * @param quantization {@code auto}, {@code none} or the name of a format of weights
 * @param kernels {@code auto}, {@code stock} or {@code own}
 * @param asyncScheduling {@code auto}, {@code on} or {@code off}
 * @param apiKeyEnv environment variable that holds a server's key; empty is the usual ones
 */
public record BackendSpec(
    String model,
    String dtype,
    String device,
    long kvCacheBytes,
    String kvCacheDtype,
    int maxSequences,
    int maxStepTokens,
    int maxModelLen,
    boolean prefixCaching,
    int maxStopStrings,
    int maxStopLength,
    int cpuThreads,
    boolean allowNonFiniteWeights,
    String loadFormat,
    String quantization,
    String kernels,
    String asyncScheduling,
    String apiKeyEnv)
    implements Serializable {

  /** The same model on another device. */
  public BackendSpec withDevice(String newDevice) {
    return new BackendSpec(
        model,
        dtype,
        newDevice,
        kvCacheBytes,
        kvCacheDtype,
        maxSequences,
        maxStepTokens,
        maxModelLen,
        prefixCaching,
        maxStopStrings,
        maxStopLength,
        cpuThreads,
        allowNonFiniteWeights,
        loadFormat,
        quantization,
        kernels,
        asyncScheduling,
        apiKeyEnv);
  }
}
