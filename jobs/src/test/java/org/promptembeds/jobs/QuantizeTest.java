package org.promptembeds.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuantizeTest {
  @TempDir private Path folder;
  private Path model = Path.of("");
  private Path output = Path.of("");

  @BeforeEach
  void writeModel() throws IOException {
    model = TinyModel.write(folder.resolve("model"));
    output = folder.resolve("output");
  }

  private CommandLineRun quantize(Path target, String format) {
    return CommandLineRun.of(
        "quantize",
        "--model",
        model.toString(),
        "--output",
        target.toString(),
        "--quantization",
        format);
  }

  @Test
  void writesAModelThatIsSupported() {
    CommandLineRun run = quantize(output, "int8");

    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out())
        .isEqualTo("14 matrices are int8, 2 stay as they are: %s\n".formatted(output));
    CommandLineRun inspection =
        CommandLineRun.of("inspect", "--model", output.toString(), "--device", "cpu");
    assertThat(inspection.status()).as(inspection.out()).isZero();
    assertThat(inspection.out()).contains("stored      int8; see docs/quantisation.md\n");
  }

  @Test
  void aFolderThatHoldsSomethingIsLeftAlone() throws IOException {
    Files.createDirectory(output);
    Files.writeString(output.resolve("notes.txt"), "mine");

    CommandLineRun run = quantize(output, "int8");

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("--output: %s is there already".formatted(output));
  }

  @Test
  void otherFormatsAreRefusedWithTheList() {
    CommandLineRun run = quantize(output, "int3");

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("int3", "INT8, INT4, FP8");
    assertThat(output).doesNotExist();
  }
}
