package org.promptembeds.sql;

import org.apache.spark.sql.catalyst.InternalRow;
import org.jspecify.annotations.Nullable;
import org.promptembeds.executor.LoadedBackend;
import org.promptembeds.executor.PromptModel;
import org.promptembeds.generation.GenerationRequest;
import org.promptembeds.generation.InvalidRequestException;

/** Turns the rows of a task into requests of one call; used by the task's thread. */
final class CallEvaluator {
  private final CallPlan plan;
  private final TaskBackends backends;
  private final @Nullable RowOptions constants;

  CallEvaluator(CallPlan plan, TaskBackends backends) {
    this.plan = plan;
    this.backends = backends;
    this.constants = plan.constants();
  }

  /** What is to be done for {@code row}; nothing of the row is referred to afterwards. */
  RowCall prepare(String name, InternalRow row) {
    if (!plan.isWanted(row)) {
      return RowCall.unwanted(plan.function());
    }

    LoadedBackend loaded = backends.backend(plan.binding().backend());
    try {
      RowOptions options = constants == null ? plan.options(row) : constants;
      Prompt prompt = prompt(row, options.softPrompt(), loaded);
      return RowCall.wanted(
          plan.function(),
          loaded.backend(),
          new GenerationRequest(name, prompt.embeds(), prompt.prefixLength(), options.params()));
    } catch (InvalidRequestException e) {
      return RowCall.refused(plan.function(), e);
    }
  }

  private Prompt prompt(InternalRow row, @Nullable String softPrompt, LoadedBackend loaded) {
    if (softPrompt == null && plan.prompt() instanceof PromptPart.Embeds embeds) {
      return new Prompt(
          embeds.reader().read(row, plan.embedsColumn(), loaded.knownHiddenSize()), 0);
    }

    CallBinding binding = plan.binding();
    PromptModel model = PromptModel.of(binding.backend().model());
    PromptBuilder prompt = new PromptBuilder(model, binding.softPrompts());
    if (binding.softPrompt() != null) {
      prompt.addPrefix(model.softPrompt(binding.softPrompt())); // all rows fail if it does
    } else if (softPrompt != null) {
      prompt.addSoftPrompt(softPrompt);
    }

    plan.prompt().append(row, plan.embedsColumn(), prompt);
    return prompt.build().requireSome();
  }
}
