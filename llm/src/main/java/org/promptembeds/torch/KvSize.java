package org.promptembeds.torch;

import static org.promptembeds.generation.setting.AdapterSettings.LORA_BYTES;
import static org.promptembeds.generation.setting.BatchSettings.MAX_SEQUENCES;
import static org.promptembeds.generation.setting.BatchSettings.MAX_STEP_TOKENS;
import static org.promptembeds.generation.setting.DeviceSettings.KV_CACHE_BYTES;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import org.promptembeds.generation.BackendException;
import org.promptembeds.generation.setting.ModelSettings;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.Latent;
import org.promptembeds.tensor.DType;

/**
 * Sizes what a model keeps of its sequences, from what the device has free or as the options say:
 * slots of the KV arena, and cells of recurrent state.
 *
 * @param slots positions whose keys and values there is room for
 * @param sequences that can run at a time
 */
record KvSize(int slots, int sequences) {
  private static final long MEBI = 1L << 20;
  private static final long CPU_DEFAULT_BYTES = 2048 * MEBI;

  /** Blocks that are tried when a GPU's free memory is measured. */
  private static final long LARGEST_PROBE_BYTES = 1L << 40;

  private static final long SMALLEST_PROBE_BYTES = 128 * MEBI;

  /** Part of a GPU's free memory that is left to fragmentation and to the driver. */
  static final double SPARE = 0.04;

  /** Part of the memory that recurrent state may take. */
  private static final int STATE_SHARE = 2;

  /** Cells of recurrent state: two for each sequence, and one that stays empty. */
  int cells() {
    return 2 * sequences + 1;
  }

  /**
   * The size for a model: no more than the options' sequences can fill.
   *
   * @throws BackendException if there is not even room for one sequence of a few tokens
   */
  static KvSize of(
      DeviceProbe probe,
      DecoderModule module,
      DecoderSpec spec,
      Placement placement,
      ModelSettings settings,
      int maxModelLen) {
    long bytes = settings.value(KV_CACHE_BYTES);
    if (bytes == 0) {
      bytes = placement.isCuda() ? cudaBytes(probe, module, spec, placement, settings) : cpuBytes();
    }

    int sequences = sequences(spec, settings, bytes);
    long room = bytes - (2L * sequences + 1) * stateBytes(spec);
    long slotBytes = spec.mixers().mapToLong(placement::slotBytes).sum();
    long useful = (long) sequences * maxModelLen;
    long fitting = slotBytes == 0 ? useful : room / slotBytes;
    long slots = Math.min(Math.min(fitting, useful), Integer.MAX_VALUE / 2);
    long least = Math.min(maxModelLen, 16);
    if (slots < least || room < 0) {
      throw new BackendException(
          ("the KV cache has %d bytes on %s, which hold %d tokens of %d bytes%s; it needs at least"
                  + " %d tokens: raise kvCacheBytes, free memory on the device or lower maxStepTokens")
              .formatted(
                  bytes,
                  placement.device(),
                  Math.max(0, fitting),
                  slotBytes,
                  spec.isRecurrent()
                      ? " beside recurrent state of %d bytes a sequence"
                          .formatted(2 * stateBytes(spec))
                      : "",
                  least));
    }

    return new KvSize((int) slots, sequences);
  }

  private static int sequences(DecoderSpec spec, ModelSettings settings, long bytes) {
    if (!spec.isRecurrent()) {
      return settings.value(MAX_SEQUENCES);
    }

    long fitting = bytes / STATE_SHARE / (2 * stateBytes(spec));
    return (int) Math.max(1, Math.min(settings.value(MAX_SEQUENCES), fitting));
  }

  /** Elements of a slot: what is kept of one position. */
  static long slotElements(DecoderSpec spec) {
    return spec.mixers().mapToLong(mixer -> mixer.state().slotElements()).sum();
  }

  /** Bytes of a cell. */
  static long stateBytes(DecoderSpec spec) {
    return Float.BYTES * spec.mixers().mapToLong(mixer -> mixer.state().sequenceElements()).sum();
  }

  static long cpuBytes() {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return Math.min(CPU_DEFAULT_BYTES, system.getTotalMemorySize() / 4);
  }

  private static long cudaBytes(
      DeviceProbe probe,
      DecoderModule module,
      DecoderSpec spec,
      Placement placement,
      ModelSettings settings) {
    long free = freeBytes(probe, placement.device());
    module.releaseUnusedMemory();
    long adapters = placement.adapted() ? 2 * settings.value(LORA_BYTES) : 0;
    long workspace =
        workspaceBytes(
            spec,
            placement.dtype(),
            settings.value(MAX_STEP_TOKENS),
            settings.value(MAX_SEQUENCES));
    return Math.max(0, (long) (free * (1 - SPARE)) - workspace - adapters);
  }

  /** The largest block of memory that a device gives, to within 128 MiB. */
  static long freeBytes(DeviceProbe probe, String device) {
    long free = 0;
    for (long block = LARGEST_PROBE_BYTES; block >= SMALLEST_PROBE_BYTES; block /= 2) {
      if (probe.canAllocate(device, free + block)) {
        free += block;
      }
    }

    return free;
  }

  /** Memory of one full step besides the arena: activations, logits and what sampling sorts. */
  static long workspaceBytes(DecoderSpec spec, DType dtype, int maxStepTokens, int maxSequences) {
    long widest =
        DecoderSlots.of(spec).stream()
            .filter(slot -> slot.layer() >= 0 && slot.shape().length == 2)
            .mapToLong(slot -> slot.shape()[0])
            .max()
            .orElse(0);
    long latent =
        spec.mixers()
            .mapToLong(mixer -> mixer instanceof Latent l ? 2L * l.heads() * l.width() : 0)
            .max()
            .orElse(0);
    long perToken = 4L * spec.hiddenSize() + 4 * widest + latent;
    long activations = maxStepTokens * perToken * dtype.bytes();
    long staging = 2L * maxStepTokens * spec.hiddenSize() * Float.BYTES;
    long sampling = 64L * maxSequences * spec.vocabSize();
    return activations + staging + sampling;
  }
}
