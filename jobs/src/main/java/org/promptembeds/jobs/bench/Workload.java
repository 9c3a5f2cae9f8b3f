package org.promptembeds.jobs.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Rows to generate for: how long their prompts and outputs are, and when they come.
 *
 * @param name as it was asked for
 * @param rows in the order of their arrival
 */
public record Workload(String name, List<Row> rows) {
  /** The workloads that can be asked for, as a sentence. */
  public static final String FORMS =
      "mlperf-8b (news articles, mean 755, and 128 tokens), sharegpt-like (mean 161 and 338),"
          + " PROMPT:OUTPUT with a length or a range each, such as 512:128 or 64-1024:16-256, or a"
          + " CSV file with a line prompt_tokens,output_tokens for each row";

  private static final String LENGTH = "(\\d{1,7})(?:-(\\d{1,7}))?";
  private static final Pattern PAIR = Pattern.compile(LENGTH + ":" + LENGTH);
  private static final Pattern LINE = Pattern.compile("\\s*(\\d{1,7})\\s*,\\s*(\\d{1,7})\\s*");

  /**
   * One row.
   *
   * @param promptTokens positions of its prompt
   * @param outputTokens tokens that are generated, none of which ends it before
   * @param arrivalNanos when it comes, after the first
   */
  public record Row(int promptTokens, int outputTokens, long arrivalNanos) {
    public Row {
      if (promptTokens < 1 || outputTokens < 1) {
        throw new IllegalArgumentException(
            "a row must have at least 1 token of prompt and of output, got %d and %d"
                .formatted(promptTokens, outputTokens));
      }
    }
  }

  public Workload {
    rows = List.copyOf(rows);
    if (rows.isEmpty()) {
      throw new IllegalArgumentException("a workload must have at least 1 row: " + name);
    }
  }

  /**
   * A workload by its name.
   *
   * @param text one of {@link #FORMS}
   * @param count rows; those of a file are repeated
   * @param requestRate rows that come in a second, at random moments (a Poisson process); infinite
   *     if all are there from the beginning
   * @param seed of the random numbers
   * @throws IllegalArgumentException if it is none of the forms
   */
  public static Workload of(String text, int count, double requestRate, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    SplittableRandom arrivals = random.split(); // lengths do not depend on the rate
    Draw draw = draw(text);
    List<Row> rows = new ArrayList<>();
    double seconds = 0;
    for (int i = 0; i < count; i++) {
      int prompt = draw.prompts().draw(random);
      int output = draw.outputs().draw(random);
      if (draw.listed().isEmpty()) {
        rows.add(new Row(prompt, output, (long) (seconds * 1e9)));
      } else {
        Row listed = draw.listed().get(i % draw.listed().size());
        rows.add(new Row(listed.promptTokens, listed.outputTokens, (long) (seconds * 1e9)));
      }

      seconds += gap(arrivals, requestRate);
    }

    return new Workload(text, rows);
  }

  /**
   * Rows whose prompts have these lengths, in turn.
   *
   * @param outputTokens most tokens of each
   */
  public static Workload ofLengths(
      String name, List<Integer> lengths, int outputTokens, int count, double requestRate) {
    SplittableRandom arrivals = new SplittableRandom(0);
    List<Row> rows = new ArrayList<>();
    double seconds = 0;
    for (int i = 0; i < count; i++) {
      rows.add(new Row(lengths.get(i % lengths.size()), outputTokens, (long) (seconds * 1e9)));
      seconds += gap(arrivals, requestRate);
    }

    return new Workload(name, rows);
  }

  /** Seconds until the next row of a Poisson process. */
  private static double gap(RandomGenerator random, double requestRate) {
    return -Math.log(1 - random.nextDouble()) / requestRate;
  }

  /**
   * Checks that a model takes every row.
   *
   * @throws IllegalArgumentException if one has more positions than {@code most}
   */
  public void requireWithin(int most) {
    for (Row row : rows) {
      if (row.promptTokens + row.outputTokens > most) {
        throw new IllegalArgumentException(
            "workload %s has a row of %d + %d tokens, but the model takes %d: choose shorter rows or a longer --max-model-len"
                .formatted(name, row.promptTokens, row.outputTokens, most));
      }
    }
  }

  private record Draw(Lengths prompts, Lengths outputs, List<Row> listed) {
    Draw(Lengths prompts, Lengths outputs) {
      this(prompts, outputs, List.of());
    }
  }

  private static Draw draw(String text) {
    Matcher pair = PAIR.matcher(text);
    if (pair.matches()) {
      return new Draw(lengths(pair.group(1), pair.group(2)), lengths(pair.group(3), pair.group(4)));
    }

    return switch (text) {
      case "mlperf-8b" ->
          new Draw(new Lengths.LogNormal(765, 0.45, 64, 2_540), new Lengths.Fixed(128));
      case "sharegpt-like" ->
          new Draw(
              new Lengths.LogNormal(161, 1, 4, 2_048), new Lengths.LogNormal(338, 0.8, 4, 2_048));
      default -> new Draw(new Lengths.Fixed(1), new Lengths.Fixed(1), listed(text));
    };
  }

  private static Lengths lengths(String least, String most) {
    int first = Integer.parseInt(least);
    return most == null ? new Lengths.Fixed(first) : new Lengths.Uniform(first, toInt(most));
  }

  private static int toInt(String text) {
    return Integer.parseInt(text);
  }

  private static List<Row> listed(String text) {
    Path file = Path.of(text);
    if (!Files.isRegularFile(file)) {
      throw new IllegalArgumentException("no workload \"%s\": there are %s".formatted(text, FORMS));
    }

    List<Row> rows = new ArrayList<>();
    try {
      List<String> lines = Files.readAllLines(file);
      for (int i = 0; i < lines.size(); i++) {
        Matcher line = LINE.matcher(lines.get(i));
        if (line.matches()) {
          rows.add(new Row(toInt(line.group(1)), toInt(line.group(2)), 0));
        } else if (i > 0 && !lines.get(i).isBlank()) { // the first may name the columns
          throw new IllegalArgumentException(
              "%s, line %d must be prompt_tokens,output_tokens, got \"%s\""
                  .formatted(file, i + 1, lines.get(i)));
        }
      }
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "cannot read the workload %s: %s".formatted(file, e.getMessage()), e);
    }

    if (rows.isEmpty()) {
      throw new IllegalArgumentException(file + " has no line prompt_tokens,output_tokens");
    }

    return rows;
  }

  /** Writes the lengths as a file that {@link #of} reads. */
  public void write(Path file) throws IOException {
    List<String> lines = new ArrayList<>(List.of("prompt_tokens,output_tokens"));
    rows.forEach(row -> lines.add(row.promptTokens + "," + row.outputTokens));
    Files.write(file, lines);
  }

  /** Positions of all prompts. */
  public long promptTokens() {
    return rows.stream().mapToLong(Row::promptTokens).sum();
  }

  /** Tokens of all outputs. */
  public long outputTokens() {
    return rows.stream().mapToLong(Row::outputTokens).sum();
  }

  /** Most positions of a prompt. */
  public int longestPrompt() {
    return rows.stream().mapToInt(Row::promptTokens).max().orElseThrow();
  }

  /** Positions that decoding steps attend to, summed over all of them. */
  public double attendedPositions() {
    return rows.stream()
        .mapToDouble(row -> (row.outputTokens - 1.0) * (row.promptTokens + row.outputTokens / 2.0))
        .sum();
  }
}
