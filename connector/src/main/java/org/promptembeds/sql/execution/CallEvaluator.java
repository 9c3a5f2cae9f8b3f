package org.promptembeds.sql.execution;

import java.util.OptionalInt;
import org.apache.spark.sql.catalyst.InternalRow;
import org.jspecify.annotations.Nullable;
import org.promptembeds.executor.LoadedBackend;
import org.promptembeds.executor.PromptModel;
import org.promptembeds.generation.Client;
import org.promptembeds.generation.GenerationRequest;
import org.promptembeds.generation.InvalidRequestException;
import org.promptembeds.generation.PromptExtras;
import org.promptembeds.generation.PromptTokens;
import org.promptembeds.sql.call.CallBinding;
import org.promptembeds.sql.prompt.Prompt;
import org.promptembeds.sql.prompt.PromptBuilder;
import org.promptembeds.sql.prompt.PromptPart;
import org.promptembeds.sql.values.EmbedsReader;
import org.promptembeds.tensor.Tensor;

/** Turns the rows of a task into requests of one call; used by the task's thread. */
final class CallEvaluator {
  private final CallPlan plan;
  private final TaskBackends backends;
  private final Client client;
  private final @Nullable RowOptions constants;

  /** What is wrong with constants that were columns when the query was checked. */
  private final @Nullable InvalidRequestException fault;

  private @Nullable OptionalInt modelHiddenSize; // asked for by the first flat row

  CallEvaluator(CallPlan plan, TaskBackends backends, Client client) {
    this.plan = plan;
    this.backends = backends;
    this.client = client;
    RowOptions options = null;
    InvalidRequestException problem = null;
    try {
      options = plan.constants();
    } catch (IllegalArgumentException e) {
      problem = new InvalidRequestException(String.valueOf(e.getMessage()), e);
    }

    this.constants = options;
    this.fault = problem;
  }

  /** What is to be done for {@code row}; nothing of the row is referred to afterwards. */
  RowCall prepare(String name, InternalRow row) {
    if (!plan.isWanted(row)) {
      return RowCall.unwanted(plan.shape());
    }

    if (fault != null) {
      return RowCall.refused(plan.shape(), fault);
    }

    LoadedBackend loaded = backends.backend(plan.binding().backend());
    try {
      RowOptions options = constants == null ? plan.options(row) : constants;
      plan.shape().requireOutputs(options.params().n());
      Prompt prompt = prompt(row, options, loaded);
      return RowCall.wanted(
          plan.shape(),
          loaded.backend(),
          new GenerationRequest(
                  name, prompt.embeds(), prompt.prefixLength(), options.params(), client)
              .with(extras(options, prompt, loaded)));
    } catch (InvalidRequestException e) {
      return RowCall.refused(plan.shape(), e);
    }
  }

  /** What the row says, and the tokens of the prompt where it does not and they are looked at. */
  private static PromptExtras extras(RowOptions options, Prompt prompt, LoadedBackend loaded) {
    PromptExtras extras = options.extras();
    return extras.tokens().isNone() && loaded.backend().takesTokens()
        ? extras.withTokens(prompt.tokens())
        : extras;
  }

  private Prompt prompt(InternalRow row, RowOptions options, LoadedBackend loaded) {
    String softPrompt = options.softPrompt();
    if (softPrompt == null && plan.prompt() instanceof PromptPart.Embeds part) {
      EmbedsReader reader = part.reader();
      Tensor embeds = reader.read(row, plan.embedsColumn(), hiddenSize(reader, options, loaded));
      options.checkHiddenSize("embeddings have", embeds.size(embeds.rank() - 1));
      return new Prompt(embeds, PromptTokens.NONE, 0);
    }

    CallBinding binding = plan.binding();
    PromptModel model = PromptModel.of(binding.backend().model());
    options.checkHiddenSize("the model has", model.hiddenSize());
    PromptBuilder prompt = new PromptBuilder(model, binding.softPrompts(), options.chat());
    if (binding.softPrompt() != null) {
      prompt.addPrefix(model.softPrompt(binding.softPrompt())); // all rows fail if it does
    } else if (softPrompt != null) {
      prompt.addSoftPrompt(softPrompt);
    }

    plan.prompt().append(row, plan.embedsColumn(), prompt);
    return prompt.build().requireSome();
  }

  /** What a flat row is cut by: a server may have to be asked, so only where it matters. */
  private OptionalInt hiddenSize(EmbedsReader reader, RowOptions options, LoadedBackend loaded) {
    if (options.hiddenSize() > 0 || !(reader instanceof EmbedsReader.Flat)) {
      return options.statedHiddenSize();
    }

    OptionalInt known = modelHiddenSize;
    if (known == null) {
      known = loaded.knownHiddenSize();
      modelHiddenSize = known;
    }

    return known;
  }
}
