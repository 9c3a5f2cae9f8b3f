package org.promptembeds.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.Adapter;
import org.promptembeds.generation.GenerationListener;
import org.promptembeds.generation.GenerationRequest;
import org.promptembeds.generation.InvalidRequestException;
import org.promptembeds.generation.TokenDecoder;
import org.promptembeds.generation.parameter.ModelParameters;
import org.promptembeds.generation.parameter.SearchParameters;
import org.promptembeds.tensor.DType;

/** Makes sequences of the rows that a model can generate for. Safe for use by many threads. */
final class RowIntake {
  private final ModelRunner runner;
  private final ModelLimits limits;
  private final DType inputType;
  private final @Nullable TokenDecoder decoder;
  private final Set<Integer> eosTokenIds;
  private final RowLimits rowLimits;
  private final RowRules rules;

  /**
   * An intake.
   *
   * @param decoder null if the model has no tokenizer
   * @param eosTokenIds tokens that end an output; those outside of the vocabulary are ignored
   */
  RowIntake(
      ModelRunner runner,
      @Nullable TokenDecoder decoder,
      Set<Integer> eosTokenIds,
      RowLimits rowLimits) {
    this.runner = runner;
    this.limits = runner.limits();
    this.inputType = runner.inputType();
    this.decoder = decoder;
    this.eosTokenIds = new TreeSet<>(eosTokenIds);
    this.eosTokenIds.removeIf(id -> id < 0 || id >= limits.vocabSize());
    this.rowLimits = rowLimits;
    this.rules = new RowRules(decoder, limits.vocabSize());
  }

  /** What a row asks for, checked. */
  CheckedRequest check(GenerationRequest request) {
    return CheckedRequest.of(request, limits, inputType, rowLimits, decoder).with(adapter(request));
  }

  /** What changes the model for a row; null if it asks for nothing. */
  private @Nullable Adapter adapter(GenerationRequest request) {
    try {
      return request.params().find(ModelParameters.LORA).map(runner::adapter).orElse(null);
    } catch (InvalidRequestException e) {
      throw RowFailures.withoutAdapter(request.row(), e);
    }
  }

  /**
   * The sequences of a row: one for each of its outputs, which come first, or for each beam.
   *
   * @param listeners told of the outputs, one each; none if nobody follows them. Those of beams
   *     hear nothing before the end
   * @throws InvalidRequestException naming the row and everything that is wrong with it
   */
  List<Sequence> sequences(
      GenerationRequest request, List<? extends GenerationListener> listeners) {
    CheckedRequest checked = check(request);
    if (checked.params().beamWidth() > 1) {
      return beams(checked);
    }

    List<Sequence> sequences = new ArrayList<>();
    for (int i = 0; i < checked.params().n(); i++) {
      sequences.add(sequence(checked.output(i), listeners.isEmpty() ? null : listeners.get(i)));
    }

    // What is told of the prompt's positions, each computes for itself.
    if (sequences.size() > 1 && !sequences.get(0).tellsOfPrompt()) {
      Siblings.join(sequences);
    }

    return sequences;
  }

  private List<Sequence> beams(CheckedRequest checked) {
    int width = checked.params().beamWidth();
    List<Sequence> beams = Stream.generate(() -> sequence(checked, null)).limit(width).toList();
    int[] endings = new StopRule(checked.params(), eosTokenIds, decoder).endingTokenIds();
    List<String> problems =
        rowLimits.beamProblems(width, beams.get(0).slotLimit(), endings.length, limits);
    if (!problems.isEmpty()) {
      throw new InvalidRequestException(
          "row '%s': %s".formatted(checked.row(), String.join("; ", problems)));
    }

    double penalty = checked.params().value(SearchParameters.LENGTH_PENALTY);
    int mostTokens = beams.get(0).tokens().mostOutput();
    BeamGang.join(beams, checked.params().n(), new BeamSearch(width, penalty, endings, mostTokens));
    return beams;
  }

  private Sequence sequence(CheckedRequest checked, @Nullable GenerationListener listener) {
    StopRule stopRule = new StopRule(checked.params(), eosTokenIds, decoder);
    return new Sequence(
        checked,
        CheckedRequest.maxLength(limits),
        stopRule,
        rules.of(checked, stopRule.endingTokenIds()),
        listener);
  }
}
