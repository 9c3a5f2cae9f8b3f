package org.promptembeds.torch;

import static org.promptembeds.generation.setting.BatchSettings.MAX_SEQUENCES;
import static org.promptembeds.generation.setting.BatchSettings.MAX_STEP_TOKENS;

import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.setting.ModelSettings;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.tensor.DType;

/**
 * How many sequences and tokens a step of a model may have on a device, by its memory.
 *
 * @param maxSequences sequences of one step
 * @param maxStepTokens tokens of one step
 * @param positions positions of all sequences together that there is then room for
 */
public record ModelFit(int maxSequences, int maxStepTokens, long positions) {
  private static final ModelSettings MOST = ModelSettings.defaults();
  private static final int LEAST_STEP_TOKENS = 256;

  /** Positions that a sequence is supposed to have, if the context is as long. */
  private static final int USUAL_POSITIONS = 1024;

  /** Part of the memory beside the weights that the workspace of a step may take. */
  private static final int WORKSPACE_SHARE = 4;

  /** Null if the weights, or what one sequence needs beside them, do not fit. */
  static @Nullable ModelFit of(DecoderSpec spec, DType dtype, DeviceMemory memory) {
    long usable = (long) (memory.bytes() * (1 - KvSize.SPARE));
    long room = usable - ModelSize.of(spec).weightBytes(dtype);
    for (int sequences = MOST.value(MAX_SEQUENCES); sequences >= 1; sequences /= 2) {
      int tokens = stepTokens(spec, dtype, room, sequences);
      long positions = positions(spec, dtype, memory, room, sequences, tokens);
      if (positions >= (long) sequences * Math.min(USUAL_POSITIONS, spec.maxPositions())) {
        return new ModelFit(sequences, tokens, positions);
      }
    }

    return null;
  }

  private static int stepTokens(DecoderSpec spec, DType dtype, long room, int sequences) {
    int tokens = MOST.value(MAX_STEP_TOKENS);
    while (tokens > Math.max(LEAST_STEP_TOKENS, sequences)
        && KvSize.workspaceBytes(spec, dtype, tokens, sequences) > room / WORKSPACE_SHARE) {
      tokens /= 2;
    }

    return tokens;
  }

  private static long positions(
      DecoderSpec spec, DType dtype, DeviceMemory memory, long room, int sequences, int tokens) {
    long left = room - KvSize.workspaceBytes(spec, dtype, tokens, sequences);
    long arena = memory.isCpu() ? Math.min(left, KvSize.cpuBytes()) : left;
    long bytes = arena - (2L * sequences + 1) * KvSize.stateBytes(spec);
    long each = dtype.bytes() * KvSize.slotElements(spec);
    long useful = (long) sequences * spec.maxPositions();
    if (bytes < 0) {
      return 0;
    }

    return each == 0 ? useful : Math.min(useful, bytes / each);
  }
}
