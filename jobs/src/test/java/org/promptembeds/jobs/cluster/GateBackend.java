package org.promptembeds.jobs.cluster;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.promptembeds.generation.FinishReason;
import org.promptembeds.generation.GenerationResult;
import org.promptembeds.testing.ScriptedBackend;

/** Answers with a text that depends on the embeddings alone, once the row has passed the gate. */
final class GateBackend {
  static final int HIDDEN_SIZE = 4;

  private GateBackend() {}

  /** A backend behind a gate. */
  static ScriptedBackend behind(Gate gate) {
    ExecutorService workers = Executors.newCachedThreadPool();
    return new ScriptedBackend(
            row ->
                workers.execute(
                    () ->
                        row.answer(
                            request -> {
                              int first = (int) request.embeds().toFloats()[0];
                              gate.pass("row-" + first);
                              return new GenerationResult(
                                  text(first), new int[] {first}, FinishReason.STOP, 1, List.of());
                            })))
        .onClose(workers::shutdownNow);
  }

  /** The text for embeddings that begin with {@code first}. */
  static String text(int first) {
    return "  text, \"of\"\n" + first;
  }
}
