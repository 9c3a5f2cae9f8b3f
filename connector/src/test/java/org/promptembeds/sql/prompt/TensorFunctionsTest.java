package org.promptembeds.sql.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Base64;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.promptembeds.tensor.DType;
import org.promptembeds.tensor.Tensor;
import org.promptembeds.tensor.TorchFormat;
import org.promptembeds.testing.FakeModel;
import org.promptembeds.testing.TestSpark;

/** Functions over embeddings and token ids that lead out again: to tensors and to text. */
class TensorFunctionsTest {
  @TempDir private static Path model;

  private final SparkSession spark = TestSpark.session();

  @BeforeAll
  static void writeModel() throws IOException {
    FakeModel.write(model);
  }

  private Object value(String expression) {
    return spark
        .sql("SELECT " + expression.replace("$model", "model => '" + model + "'"))
        .head()
        .get(0);
  }

  private static Tensor read(Object bytes) {
    return TorchFormat.read("value", ByteBuffer.wrap((byte[]) bytes));
  }

  @Test
  void detokenizeIsTheInverseOfTokenIds() {
    assertThat(value("detokenize(token_ids('Où est la lune ?', $model), $model)"))
        .isEqualTo("Où est la lune ?");
    assertThat(value("detokenize(CAST(array() AS array<int>), $model)")).isEqualTo("");
    assertThat(value("detokenize(CAST(NULL AS array<int>), $model)")).isNull();
    assertThatThrownBy(() -> value("detokenize(array(-1), $model)"))
        .hasStackTraceContaining("detokenize: token id -1 at position 0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "array(array(1f, 2f, 3f), array(4f, 5f, -6f))",
        "array(array(1d, 2d, 3d), array(4d, 5d, -6d))",
        "array(1f, 2f, 3f, 4f, 5f, -6f), hidden_size => 3",
        "to_torch(array(array(1f, 2f, 3f), array(4f, 5f, -6f)), dtype => 'bfloat16')",
        "to_base64_tensor(array(array(1f, 2f, 3f), array(4f, 5f, -6f)))"
      })
  void tensorsAreThoseOfTheEmbeddings(String embeds) {
    Tensor tensor = read(value("to_torch(" + embeds + ")"));

    assertThat(tensor.dtype()).isEqualTo(DType.FLOAT32);
    assertThat(tensor.shape()).containsExactly(2, 3);
    assertThat(tensor.toFloats()).containsExactly(1, 2, 3, 4, 5, -6);
    assertThat(Base64.getDecoder().decode((String) value("to_base64_tensor(" + embeds + ")")))
        .isEqualTo((byte[]) value("to_torch(" + embeds + ")"));
  }

  @ParameterizedTest
  @CsvSource({"float32, FLOAT32", "float16, FLOAT16", "BFLOAT16, BFLOAT16"})
  void elementsAreOfTheTypeAskedFor(String name, DType dtype) {
    Tensor tensor = read(value("to_torch(array(array(0.5f, -2f)), dtype => '" + name + "')"));

    assertThat(tensor.dtype()).isEqualTo(dtype);
    assertThat(tensor.toFloats()).containsExactly(0.5f, -2f);
  }

  @Test
  void flatEmbeddingsAreCutByTheModel() {
    assertThat(read(value("to_torch(embed_prompt('Hello there', $model), $model)")).toFloats())
        .isEqualTo(
            read(value("to_torch(embed_prompt('Hello there', $model), hidden_size => 4)"))
                .toFloats());
    SparkSession withoutModel = spark.newSession();
    withoutModel.conf().set("spark.promptembeds.model", "");
    assertThatThrownBy(() -> withoutModel.sql("SELECT to_torch(array(1f, 2f))").head())
        .hasStackTraceContaining("to_torch: a flat array needs the length of its vectors");
  }

  @Test
  void nullGivesNull() {
    assertThat(value("to_torch(NULL)")).isNull();
    assertThat(value("to_base64_tensor(CAST(NULL AS array<float>))")).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "to_torch(1) | embeds must be embeddings",
        "to_torch(array(array(1f)), dtype => 'int8') | dtype must be one of float32",
        "to_torch(array(array(1f)), hidden_size => 0) | hidden_size must be an integer of at least 1",
        "to_torch(array(array(70000f)), dtype => 'float16') | infinite in float16, first at [0, 0]",
        "to_torch(array(array(1f), array(1f, 2f))) | to_torch: embeddings are ragged",
        "detokenize('x', model => '/m') | token_ids must be an array of integers"
      })
  void wrongCallsAreRefused(String call, String message) {
    assertThatThrownBy(() -> value(call)).hasStackTraceContaining(message);
  }
}
