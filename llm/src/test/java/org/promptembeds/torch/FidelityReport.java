package org.promptembeds.torch;

import static org.promptembeds.generation.setting.DeviceSettings.DEVICE;
import static org.promptembeds.generation.setting.DeviceSettings.DTYPE;
import static org.promptembeds.generation.setting.DeviceSettings.KV_CACHE_BYTES;
import static org.promptembeds.generation.setting.WeightSettings.QUANTIZATION;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.promptembeds.engine.SequenceChunk;
import org.promptembeds.engine.StepPlan;
import org.promptembeds.engine.TokenSampling;
import org.promptembeds.generation.setting.ModelSettings;
import org.promptembeds.model.ModelDirectory;
import org.promptembeds.model.PromptEmbedder;
import org.promptembeds.tensor.Tensor;

/**
 * What quantised weights change of a chat model's answers to questions with known answers.
 *
 * <p>Run with a class path alone: {@code FidelityReport MODEL QUESTIONS [device] [dtype]
 * [quantization,…]}; questions are lines of JSON as in {@code examples/data/held_out.jsonl}. Where
 * answers are compared token by token, each goes on with the tokens of the float model.
 */
public final class FidelityReport {
  private static final int TOKENS = 32;

  private final ModelDirectory model;
  private final List<JsonNode> questions;
  private final List<Tensor> prompts = new ArrayList<>();
  private final PromptEmbedder embedder;
  private final String device;
  private final String dtype;

  /**
   * Answers of one run.
   *
   * @param tokenIds of each question
   * @param logits of each question's tokens
   */
  private record Answers(List<List<Integer>> tokenIds, List<List<float[]>> logits) {}

  private FidelityReport(ModelDirectory model, Path file, String device, String dtype)
      throws IOException {
    this.model = model;
    this.device = device;
    this.dtype = dtype;
    this.embedder = PromptEmbedder.open(model);
    ObjectMapper json = new ObjectMapper();
    List<JsonNode> read = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      read.add(json.readTree(line));
      String question = read.get(read.size() - 1).get("question").asText();
      prompts.add(embedder.embedChat(List.of(Map.of("role", "user", "content", question))));
    }

    this.questions = List.copyOf(read);
  }

  public static void main(String[] arguments) throws IOException {
    String[] given = {"", "", "cpu", "float32", "int8,int4"};
    System.arraycopy(arguments, 0, given, 0, arguments.length);
    ModelDirectory model = ModelDirectory.open(Path.of(given[0]));
    FidelityReport report = new FidelityReport(model, Path.of(given[1]), given[2], given[3]);
    Answers reference = report.run("none", List.of());
    report.print("none", reference, reference, reference);
    for (String quantization : given[4].split(",", -1)) {
      Answers free = report.run(quantization, List.of());
      Answers forced = report.run(quantization, reference.tokenIds());
      report.print(quantization, reference, free, forced);
    }
  }

  private Answers run(String quantization, List<List<Integer>> forced) {
    ModelSettings options =
        ModelSettings.builder()
            .set(DEVICE, device)
            .set(DTYPE, dtype)
            .set(KV_CACHE_BYTES, 1L << 30)
            .set(QUANTIZATION, quantization)
            .build();
    try (TorchRunner runner = TorchRunner.load(model, options)) {
      System.out.println(runner.description());
      return run(runner, forced);
    }
  }

  private Answers run(TorchRunner runner, List<List<Integer>> forced) {
    List<HandDriven> sequences = HandDriven.over(prompts, TOKENS);
    List<List<Integer>> tokenIds = new ArrayList<>();
    List<List<float[]>> logits = new ArrayList<>();
    sequences.forEach(
        sequence -> {
          tokenIds.add(new ArrayList<>());
          logits.add(new ArrayList<>());
        });
    for (int step = 0; step < TOKENS; step++) {
      List<SequenceChunk> chunks = new ArrayList<>();
      for (HandDriven sequence : sequences) {
        chunks.add(sequence.next(Integer.MAX_VALUE, TokenSampling.GREEDY));
      }

      float[][] rows = runner.logits(new StepPlan(List.of(), chunks));
      for (int i = 0; i < rows.length; i++) {
        int next = forced.isEmpty() ? best(rows[i]) : forced.get(i).get(step);
        tokenIds.get(i).add(next);
        logits.get(i).add(rows[i]);
        sequences.get(i).advance(chunks.get(i), next);
      }
    }

    return new Answers(tokenIds, logits);
  }

  private void print(String name, Answers reference, Answers free, Answers forced) {
    int right = 0;
    int same = 0;
    int agreed = 0;
    int compared = 0;
    double divergence = 0;
    for (int i = 0; i < questions.size(); i++) {
      String answer = text(free.tokenIds().get(i));
      right += isRight(answer, questions.get(i).get("expected")) ? 1 : 0;
      same += answer.equals(text(reference.tokenIds().get(i))) ? 1 : 0;
      int length = length(reference.tokenIds().get(i));
      for (int step = 0; step < length; step++) {
        float[] expected = reference.logits().get(i).get(step);
        float[] actual = forced.logits().get(i).get(step);
        divergence += divergence(expected, actual);
        agreed += best(expected) == best(actual) ? 1 : 0;
        compared++;
      }
    }

    System.out.printf(
        Locale.ROOT,
        "%-5s right %.1f %%, answers equal %.1f %%, top-1 agreement %.2f %%, KL %.1e nats, %d tokens%n",
        name,
        100.0 * right / questions.size(),
        100.0 * same / questions.size(),
        100.0 * agreed / compared,
        divergence / compared,
        compared);
  }

  private static boolean isRight(String answer, JsonNode expected) {
    for (JsonNode each : expected) {
      if (!answer.toLowerCase(Locale.ROOT).contains(each.asText().toLowerCase(Locale.ROOT))) {
        return false;
      }
    }

    return true;
  }

  private int length(List<Integer> tokenIds) {
    for (int i = 0; i < tokenIds.size(); i++) {
      if (model.eosTokenIds().contains(tokenIds.get(i))) {
        return i + 1;
      }
    }

    return tokenIds.size();
  }

  private String text(List<Integer> tokenIds) {
    return embedder.text(
        tokenIds.subList(0, length(tokenIds)).stream().mapToInt(Integer::intValue).toArray());
  }

  private static int best(float[] logits) {
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      best = logits[i] > logits[best] ? i : best;
    }

    return best;
  }

  /** Kullback and Leibler's, of the first distribution from the second. */
  private static double divergence(float[] expected, float[] actual) {
    double first = logOfSum(expected);
    double second = logOfSum(actual);
    double sum = 0;
    for (int i = 0; i < expected.length; i++) {
      double logarithm = expected[i] - first;
      sum += Math.exp(logarithm) * (logarithm - (actual[i] - second));
    }

    return sum;
  }

  private static double logOfSum(float[] logits) {
    double largest = logits[best(logits)];
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit - largest);
    }

    return largest + Math.log(sum);
  }
}
