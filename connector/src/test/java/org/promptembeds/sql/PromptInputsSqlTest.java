package org.promptembeds.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.IntBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.promptembeds.tensor.SafetensorsFile;
import org.promptembeds.tensor.Tensor;
import org.promptembeds.testing.TestSpark;

/** What rows carry besides embeddings, through SQL, beside what transformers makes of it. */
class PromptInputsSqlTest {
  private static final String PLACED = "qwen2-vl";
  private static final String SPANNED = "gemma3-spans";

  /** The longest prompt of the fixtures. */
  private static final int PROMPT = 3;

  private final SparkSession spark = TestSpark.session().newSession();

  PromptInputsSqlTest() {
    spark.conf().set("spark.promptembeds.dtype", "float32");
  }

  private static Path model(String fixture) {
    return Path.of("..", "llm", "src", "test", "resources", "golden", fixture)
        .toAbsolutePath()
        .normalize();
  }

  private Row detail(String fixture, String options) throws IOException {
    return spark
        .sql(
            "SELECT g.* FROM (SELECT generate_from_embeds_detail(array(%s), model => '%s', max_tokens => 12, ignore_eos => true%s) AS g)"
                .formatted(embeds(fixture), model(fixture), options))
        .head();
  }

  @Test
  void tokensAreThoseOfTheReference() throws IOException {
    List<Integer> expected = expected(PLACED);
    String lists = positionIds().toString();
    String array = lists.replace("[", "array(").replace("]", ")");
    for (String options : List.of("'" + lists + "'", array)) {
      Row row = detail(PLACED, ", position_ids => " + options);
      assertThat(row.<String>getAs("error")).isNull();
      assertThat(row.<Integer>getList(row.fieldIndex("token_ids"))).isEqualTo(expected);
    }

    Row text = detail(PLACED, "");
    assertThat(text.<Integer>getList(text.fieldIndex("token_ids"))).isNotEqualTo(expected);
  }

  @Test
  void rowsOfASpanSeeOneAnotherBothWays() throws IOException {
    IntBuffer spans = tensor(SPANNED, "spans").data().asIntBuffer();
    String lists =
        "[[%d, %d], [%d, %d]]".formatted(spans.get(0), spans.get(1), spans.get(2), spans.get(3));
    Row row = detail(SPANNED, ", bidirectional_spans => '" + lists + "'");

    assertThat(row.<String>getAs("error")).isNull();
    assertThat(row.<Integer>getList(row.fieldIndex("token_ids"))).isEqualTo(expected(SPANNED));
    Row text = detail(SPANNED, "");
    assertThat(text.<Integer>getList(text.fieldIndex("token_ids"))).isNotEqualTo(expected(SPANNED));
  }

  @Test
  void whatDoesNotFitTheModelIsRefused() throws IOException {
    assertThat(detail(SPANNED, ", token_ids => array(1)").<String>getAs("error"))
        .contains("token_ids are 1, the prompt has 33 positions: pass one for each");
    assertThat(
            detail(SPANNED, ", deepstack_embeds => array(array(array(1.5D, 2D)))")
                .<String>getAs("error"))
        .contains("deepstack_embeds are given, but this model adds nothing after its layers");
  }

  @Test
  void aRowWithoutOnePositionForEachOfItsOwnIsAtFault() throws IOException {
    String options = ", position_ids => '[[0], [0], [' || (SELECT 0) || ']]'";
    assertThat(detail(PLACED, options).<String>getAs("error"))
        .contains("position_ids are 1 per list, the prompt has 33 positions");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'[[0], [0]]' | position_ids are 2 lists, not 3",
        "'[0, 1, 2]' | position_ids must be an array of arrays of integers, or JSON",
        "array(array(0), array(0), array(0, 1)) | position_ids have 1 positions in the first list"
            + " and 2 in list 3",
        "array(0, 1) | position_ids must be an array of arrays of integers, or JSON",
        "'[[0], [0], [-1]]' | position_ids[2][0] must be in [0, 16777215], got -1"
      })
  void constantsThatAreNoPositionsFailBeforeAJobRuns(String value, String problem) {
    assertThatThrownBy(() -> detail(PLACED, ", position_ids => " + value))
        .hasMessageContaining(problem);
  }

  private static List<Integer> expected(String fixture) throws IOException {
    JsonNode expected =
        new ObjectMapper().readTree(model(fixture).resolve("expected.json").toFile());
    List<Integer> tokens = new ArrayList<>();
    expected.get("prompts").get(PROMPT).get("token_ids").forEach(id -> tokens.add(id.intValue()));
    return tokens;
  }

  private static Tensor tensor(String fixture, String name) throws IOException {
    try (SafetensorsFile file =
        SafetensorsFile.open(model(fixture).resolve("expected.safetensors"))) {
      return file.read(file.find(PROMPT + "." + name).orElseThrow());
    }
  }

  private static List<List<Integer>> positionIds() throws IOException {
    IntBuffer values = tensor(PLACED, "position_ids").data().asIntBuffer();
    List<List<Integer>> lists = new ArrayList<>();
    for (int axis = 0; axis < 3; axis++) {
      int[] positions = new int[values.capacity() / 3];
      values.get(positions);
      lists.add(Arrays.stream(positions).boxed().toList());
    }

    return lists;
  }

  private static String embeds(String fixture) throws IOException {
    Tensor tensor = tensor(fixture, "embeds");
    float[] values = tensor.toFloats();
    int width = (int) tensor.size(1);
    List<String> rows = new ArrayList<>();
    for (int start = 0; start < values.length; start += width) {
      List<String> row = new ArrayList<>();
      for (int i = start; i < start + width; i++) {
        row.add("float('" + values[i] + "')");
      }

      rows.add("array(" + String.join(", ", row) + ")");
    }

    return String.join(", ", rows);
  }
}
