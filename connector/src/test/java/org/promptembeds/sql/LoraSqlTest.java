package org.promptembeds.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.promptembeds.tensor.SafetensorsFile;
import org.promptembeds.tensor.Tensor;
import org.promptembeds.testing.TestSpark;

/** LoRA adapters through SQL, beside what transformers makes of them. */
class LoraSqlTest {
  private static final String MODEL = "llama-llama3";
  private static final Path RESOURCES =
      Path.of("..", "llm", "src", "test", "resources").toAbsolutePath().normalize();
  private static final Path ADAPTERS = RESOURCES.resolve("lora").resolve(MODEL);

  private final SparkSession spark = TestSpark.session().newSession();

  LoraSqlTest() {
    spark.conf().set("spark.promptembeds.dtype", "float32");
    spark.conf().set("spark.promptembeds.device", "cpu");
    spark
        .conf()
        .set(
            "spark.promptembeds.loraModules",
            "all=%s,forward=%s"
                .formatted(ADAPTERS.resolve("all"), ADAPTERS.resolve("feed-forward").toUri()));
  }

  /** A name, a path, a URI, none, and one that is not there, each in a row of its own. */
  @Test
  void eachRowHasItsAdapter() throws IOException {
    String rows =
        "VALUES (0, 'all'), (1, '%s'), (2, 'forward'), (3, NULL), (4, 'absent'), (5, 'file://%s') AS t(id, adapter)"
            .formatted(ADAPTERS.resolve("attention"), ADAPTERS.resolve("attention"));
    List<Row> found =
        spark
            .sql(
                "SELECT g.token_ids, g.error FROM (SELECT id, generate_from_embeds_detail(array(%s), lora => adapter%s) AS g FROM %s) ORDER BY id"
                    .formatted(embeds(), options(), rows))
            .collectAsList();
    assertThat(tokens(found.get(0))).isEqualTo(expected(ADAPTERS.resolve("all")));
    assertThat(tokens(found.get(1))).isEqualTo(expected(ADAPTERS.resolve("attention")));
    assertThat(tokens(found.get(2))).isEqualTo(expected(ADAPTERS.resolve("feed-forward")));
    assertThat(tokens(found.get(3))).isNotEqualTo(tokens(found.get(0))).hasSize(6);
    assertThat(found.get(4).isNullAt(0)).isTrue();
    assertThat(found.get(4).getString(1))
        .contains("lora 'absent': LoRA adapter directory")
        .contains("does not exist on host");
    assertThat(tokens(found.get(5))).isEqualTo(expected(ADAPTERS.resolve("attention")));
  }

  @Test
  void aConstantIsThatOfAllRows() throws IOException {
    Row row =
        spark
            .sql(
                "SELECT g.token_ids FROM (SELECT generate_from_embeds_detail(array(%s), lora => 'all'%s) AS g)"
                    .formatted(embeds(), options()))
            .head();
    assertThat(tokens(row)).isEqualTo(expected(ADAPTERS.resolve("all")));
  }

  @Test
  void anEmptyNameIsRefusedBeforeAJobRuns() {
    assertThatThrownBy(
            () ->
                spark.sql(
                    "SELECT generate_from_embeds(array(%s), lora => ' '%s)"
                        .formatted(embeds(), options())))
        .hasMessageContaining("lora must not be empty: leave it out");
  }

  private static String options() {
    return ", model => '%s', max_tokens => 6, ignore_eos => true"
        .formatted(RESOURCES.resolve("golden").resolve(MODEL));
  }

  private static List<Integer> tokens(Row row) {
    return row.getList(0);
  }

  /** The tokens of the second prompt. */
  private static List<Integer> expected(Path adapter) throws IOException {
    JsonNode expected = new ObjectMapper().readTree(adapter.resolve("expected.json").toFile());
    List<Integer> tokens = new ArrayList<>();
    expected.get("token_ids").get(1).forEach(id -> tokens.add(id.intValue()));
    return tokens;
  }

  private static String embeds() throws IOException {
    Path file = RESOURCES.resolve("golden").resolve(MODEL).resolve("expected.safetensors");
    try (SafetensorsFile tensors = SafetensorsFile.open(file)) {
      Tensor embeds = tensors.read(tensors.find("1.embeds").orElseThrow());
      float[] values = embeds.toFloats();
      int width = (int) embeds.size(1);
      List<String> rows = new ArrayList<>();
      for (int i = 0; i < values.length; i += width) {
        String row = Arrays.toString(Arrays.copyOfRange(values, i, i + width));
        rows.add("array(" + row.substring(1, row.length() - 1).replaceAll("([^ ,]+)", "$1F") + ")");
      }

      return String.join(", ", rows);
    }
  }
}
