package org.promptembeds.options;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.promptembeds.generation.parameter.Parameter;
import org.promptembeds.generation.parameter.Parameters;
import org.promptembeds.generation.parameter.Surface;

/** Writes {@code docs/sampling.md}. */
final class SamplingReference {
  private static final String HEAD =
      """
      # Sampling parameters

      Made from the code by `OptionsReferenceTest`; do not edit.

      A parameter has the same name and meaning everywhere: an argument of the SQL functions (`max_tokens => 64`), an option of
      `generate`, `chat` and `bench` (`--max-tokens 64`), a parameter of the ML transformer (`setOption("max_tokens", 64)`), a field of
      requests to [`serve`](server.md), and a field of requests to a [server](remote.md) that queries use. [Options](options.md) say what
      each is, with types and bounds. Names and meanings are those of vLLM's `SamplingParams`.

      ## In what order
      Log-probabilities are those of the model, before all of this. Then the logits of a row are changed in this order:
      1. `logit_bias` is added.
      2. What must not come is ruled out: `bad_words`, ending tokens before `min_tokens`, what is not in `allowed_token_ids`, and what a
         [form of the output](structured-output.md) does not allow. If nothing is left, the row fails and says so.
      3. `repetition_penalty`, then `frequency_penalty` and `presence_penalty`.
      4. Without a `temperature` the most likely token is taken. With one, logits are divided by it, `min_p` drops tokens, then `top_k`, then
         `top_p`, and one is drawn by a random number that the seed and the position give.

      A row's parameters are no business of the others in its batch: each step does what its rows ask for, for them alone. What stays the same
      from step to step is sent to the device once, and rows of a query share it; tokens that penalties count lie there already.

      ## Beside vLLM
      `–` stands for no default. The newest `SamplingParams` are compared, and what its server makes of requests.

      | vLLM | default there | default here | what differs, and why |
      |---|---|---|---|
      """;

  private SamplingReference() {}

  static String markdown() {
    String theirs =
        VllmParameter.ALL.stream().map(SamplingReference::row).collect(Collectors.joining());
    Map<String, Integer> reasons = new LinkedHashMap<>();
    String surfaces =
        Parameters.all().stream()
            .map(parameter -> surfaces(parameter, reasons))
            .collect(Collectors.joining());
    String titles =
        Arrays.stream(Surface.values()).map(Surface::title).collect(Collectors.joining(" | "));
    return HEAD
        + theirs
        + "\n## Where\n| parameter | "
        + titles
        + " |\n|---|"
        + "---|".repeat(Surface.values().length)
        + "\n"
        + surfaces
        + "\n"
        + reasons.entrySet().stream()
            .map(reason -> "%d. Not here: %s.\n".formatted(reason.getValue(), reason.getKey()))
            .collect(Collectors.joining());
  }

  private static String row(VllmParameter theirs) {
    Parameter<?> ours = Parameters.find(theirs.name()).orElse(null);
    String absent = ours == null ? null : ours.defaultText();
    return "| `%s` | %s | %s | %s |\n"
        .formatted(
            theirs.name(),
            theirs.absent().isEmpty() ? "–" : theirs.absent(),
            ours == null ? "" : absent == null ? "–" : absent,
            theirs.note());
  }

  private static String surfaces(Parameter<?> parameter, Map<String, Integer> reasons) {
    List<String> cells = new ArrayList<>();
    for (Surface surface : Surface.values()) {
      cells.add(
          parameter
              .hole(surface)
              .map(why -> "(%d)".formatted(reasons.computeIfAbsent(why, w -> reasons.size() + 1)))
              .orElse("yes"));
    }

    return "| `%s` | %s |\n".formatted(parameter.name(), String.join(" | ", cells));
  }
}
