package org.promptembeds.jobs;

import java.util.List;
import java.util.OptionalInt;
import org.promptembeds.executor.BackendProvider;
import org.promptembeds.executor.LoadedBackend;
import org.promptembeds.generation.FinishReason;
import org.promptembeds.generation.GenerationRequest;
import org.promptembeds.generation.GenerationResult;
import org.promptembeds.generation.InvalidRequestException;
import org.promptembeds.options.BackendSpec;
import org.promptembeds.testing.ScriptedBackend;

/**
 * Stands in for a model, as {@code stand-in:…} of whatever hidden size: the text is the first
 * element of every position, then the seed if there is one, and a row with a negative one is at
 * fault.
 */
final class StandInBackend {
  static final String MODEL = "stand-in:model";

  private StandInBackend() {}

  /** Makes the backend. */
  public static final class Provider implements BackendProvider {
    @Override
    public boolean accepts(BackendSpec spec) {
      return spec.model().startsWith("stand-in:");
    }

    @Override
    public LoadedBackend load(BackendSpec spec) {
      return new LoadedBackend(
          ScriptedBackend.answering(StandInBackend::generate), OptionalInt::empty);
    }
  }

  private static GenerationResult generate(GenerationRequest request) {
    float[] values = request.embeds().toFloats();
    int positions = (int) request.embeds().size(0);
    int width = (int) request.embeds().size(1);
    StringBuilder text = new StringBuilder();
    int[] tokenIds = new int[positions];
    for (int i = 0; i < positions; i++) {
      float first = values[i * width];
      if (first < 0) {
        throw new InvalidRequestException("element is " + first);
      }

      text.append(text.isEmpty() ? "" : " ").append(first);
      tokenIds[i] = (int) first;
    }

    Long seed = request.params().seed();
    text.append(seed == null ? "" : " seed " + seed);
    return new GenerationResult(text.toString(), tokenIds, FinishReason.STOP, positions, List.of());
  }
}
