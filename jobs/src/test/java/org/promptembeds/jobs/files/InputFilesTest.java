package org.promptembeds.jobs.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InputFilesTest {
  @TempDir private Path folder;

  @BeforeEach
  void makeFiles() throws IOException {
    for (String name :
        List.of("b.parquet", "a.parquet", "_SUCCESS", ".a.parquet.crc", "x.safetensors", "n.txt")) {
      Files.createFile(folder.resolve(name));
    }

    Path table = Files.createDirectories(folder.resolve("table.parquet"));
    Files.createFile(table.resolve("part-00001.parquet"));
    Files.createFile(table.resolve("part-00000.parquet"));
    Files.createFile(table.resolve("_SUCCESS"));
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  @Test
  void takesFilesInTheOrderGiven() {
    InputFiles files = InputFiles.find(List.of(path("b.parquet"), "file:" + path("a.parquet")));

    assertThat(files.format()).isEqualTo(InputFormat.PARQUET);
    assertThat(files.locations()).containsExactly(path("b.parquet"), path("a.parquet"));
  }

  @Test
  void takesTheDataFilesOfAFolderByName() {
    assertThat(InputFiles.find(List.of(path("table.parquet"))).locations())
        .containsExactly(
            path("table.parquet/part-00000.parquet"), path("table.parquet/part-00001.parquet"));
  }

  @Test
  void expandsAGlob() {
    assertThat(InputFiles.find(List.of(path("[ab].parquet"))).locations())
        .containsExactly(path("a.parquet"), path("b.parquet"));
  }

  /** A file system of its own, in which {@code /data} is the folder. */
  private Configuration viewOfFolder() {
    Configuration configuration = new Configuration();
    configuration.set("fs.viewfs.mounttable.inputs.link./data", folder.toUri().toString());
    return configuration;
  }

  @Test
  void asksOtherFileSystemsWhatTheyHold() {
    InputFiles files = InputFiles.find(List.of("viewfs://inputs/data/table.parquet"));
    assertThat(files.locations()).containsExactly("viewfs://inputs/data/table.parquet");
    assertThat(files.format(viewOfFolder())).isEqualTo(InputFormat.PARQUET);

    assertThat(InputFiles.find(List.of("viewfs://inputs/data/x.*")).format(viewOfFolder()))
        .isEqualTo(InputFormat.TENSORS);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> InputFiles.find(List.of("viewfs://inputs/data")).format(viewOfFolder()))
        .withMessageContaining("files of several formats (parquet, prompt-embeds)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> InputFiles.find(List.of("viewfs://inputs/no")).format(viewOfFolder()))
        .withMessageContaining("cannot read viewfs://inputs/no: ");
  }

  @Test
  void takesTensorFilesOfSeveralKindsTogether() throws IOException {
    Path tensors = Files.createDirectories(folder.resolve("tensors"));
    for (String name : List.of("d.arrow", "c.npy", "b.pt", "a.safetensors")) {
      Files.createFile(tensors.resolve(name));
    }

    InputFiles files = InputFiles.find(List.of(path("tensors")));
    assertThat(files.format()).isEqualTo(InputFormat.TENSORS);
    assertThat(files.locations())
        .containsExactly(
            path("tensors/a.safetensors"),
            path("tensors/b.pt"),
            path("tensors/c.npy"),
            path("tensors/d.arrow"));
  }

  @Test
  void knowsCompressedLines() {
    assertThat(InputFormat.ofName("a.JSONL.gz")).contains(InputFormat.JSON);
    assertThat(InputFormat.ofName("a.txt")).isEmpty();
  }

  @Test
  void refusesWhatItCannotRead() {
    assertRefused("no.parquet", "no.parquet does not exist");
    assertRefused("no*.parquet", "nothing matches");
    assertRefused("n.txt", "n.txt is of no known format: its name must end in .safetensors");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> InputFiles.find(List.of(path("a.parquet"), path("x.safetensors"))))
        .withMessageContaining("files of several formats (parquet, prompt-embeds)");
  }

  @Test
  void aLinkToNothingIsNotPassedOver() throws IOException {
    Files.createSymbolicLink(
        Files.createDirectories(Path.of(path("tensors"))).resolve("lost.safetensors"),
        Path.of("/nowhere"));
    assertRefused("tensors", "lost.safetensors is a link to a file that does not exist");
  }

  private void assertRefused(String input, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> InputFiles.find(List.of(path(input))))
        .withMessageContaining(message);
  }
}
