package org.promptembeds.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.promptembeds.tensor.SafetensorsFile;
import org.promptembeds.tensor.SafetensorsWriter;
import org.promptembeds.tensor.Tensor;
import org.promptembeds.tensor.TensorFile;

/** Compares golden models (attention, recurrent state, three axes) with what they come with. */
class VerifyTest {
  private static final Path GOLDEN = Path.of("..", "llm", "src", "test", "resources", "golden");

  @TempDir private Path folder;
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();

  @BeforeEach
  void readReference() throws IOException {
    try (SafetensorsFile file =
        SafetensorsFile.open(GOLDEN.resolve("llama/expected.safetensors"))) {
      for (TensorFile.Entry entry : file.entries()) {
        tensors.put(entry.name(), file.read(entry));
      }
    }
  }

  private static CommandLineRun verify(String model, Path reference, String... options) {
    String[] arguments = {
      "verify",
      "--model",
      GOLDEN.resolve(model).toString(),
      "--reference",
      reference.toString(),
      "--device",
      "cpu"
    };
    String[] all = new String[arguments.length + options.length];
    System.arraycopy(arguments, 0, all, 0, arguments.length);
    System.arraycopy(options, 0, all, arguments.length, options.length);
    return CommandLineRun.of(all);
  }

  private CommandLineRun verifyTensors(String... options) throws IOException {
    Path file = folder.resolve("reference.safetensors");
    Files.deleteIfExists(file);
    try (SafetensorsWriter writer = SafetensorsWriter.create(file, Map.of())) {
      for (Map.Entry<String, Tensor> tensor : tensors.entrySet()) {
        writer.add(tensor.getKey(), tensor.getValue());
      }

      writer.commit();
    }

    return verify("llama", file, options);
  }

  private Tensor tensor(String name) {
    return Objects.requireNonNull(tensors.get(name));
  }

  private void replace(String name, int index, float value) {
    Tensor tensor = tensor(name);
    float[] values = tensor.toFloats();
    values[index] = value;
    tensors.put(name, Tensor.ofFloats(values, tensor.shape()));
  }

  @Test
  void equalModelsAgree() {
    for (String model : new String[] {"llama", "lfm2", "qwen2-vl"}) {
      CommandLineRun run = verify(model, GOLDEN.resolve(model).resolve("expected.safetensors"));

      assertThat(run.err()).isEmpty();
      assertThat(run.status()).as(run.out()).isZero();
      assertThat(run.out())
          .contains("ok    case 0: 1 positions, 12 of 12 tokens equal, largest difference ")
          .contains("4 of 4 cases agree, differences up to 1.0e-04 allowed");
    }
  }

  @Test
  void aLogitThatDiffersIsTold() throws IOException {
    float[] logits = tensor("1.logits").toFloats();
    replace("1.logits", 0, logits[0] + 0.01f);

    CommandLineRun run = verifyTensors();

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out())
        .contains("WRONG case 1: 5 positions, 12 of 12 tokens equal, largest difference ")
        .contains("3 of 4 cases agree");
    assertThat(verifyTensors("--tolerance", "0.1").status()).isZero();
  }

  @Test
  void aTokenThatDiffersIsToldWhateverTheTolerance() throws IOException {
    int vocabulary = (int) tensor("0.logits").size(1);
    replace("0.logits", 11 * vocabulary, 1000f);

    CommandLineRun run = verifyTensors("--tolerance", "1e9");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out())
        .contains("WRONG case 0: 1 positions, 11 of 12 tokens equal, first different: 12, ");
  }

  @Test
  void aFileOfSomethingElseIsRefused() throws IOException {
    tensors.put("3.pixels", Tensor.ofFloats(new float[] {1}, 1));
    assertThat(verifyTensors().err())
        .contains("tensor 3.pixels is not one of CASE.embeds, CASE.logits");

    tensors.remove("3.pixels");
    Tensor logits = tensors.get("2.logits");
    tensors.remove("2.logits");
    assertThat(verifyTensors().err())
        .contains("case 2 has [embeds] alone, it needs embeds and logits");

    tensors.put("2.logits", Tensor.ofFloats(new float[7], 1, 7));
    CommandLineRun run = verifyTensors();
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err())
        .contains("case 2 has embeddings of width 32 and 7 logits, the model 32 and ")
        .contains("make the reference with this model");

    tensors.put("2.logits", Tensor.ofFloats(new float[2], 2));
    assertThat(verifyTensors().err()).contains("2.logits must be floating-point numbers in two");

    tensors.put("2.logits", logits);
    assertThat(verifyTensors("--tolerance", "-1").status()).isEqualTo(2);
    assertThat(verify("llama", folder.resolve("none")).err())
        .contains("--reference: ", "none is not a file");
  }
}
