package org.promptembeds.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.promptembeds.source.FileListing.ListedFile;
import org.promptembeds.tensor.NpyFormat;
import org.promptembeds.tensor.Tensor;
import org.promptembeds.tensor.TensorColumn;
import org.promptembeds.tensor.TorchFormat;

/** What becomes of files that change between the planning of a query and its end. */
class ChangedFileTest {
  private static final FileTime LATER = FileTime.fromMillis(77_000);

  private final Configuration configuration = new Configuration();
  @TempDir private Path dir;
  private Path file;

  @BeforeEach
  void writeFile() throws IOException {
    file = tensors(20).write(dir.resolve("x.safetensors"));
  }

  private static Safetensors tensors(int count) {
    Safetensors tensors = new Safetensors();
    for (int i = 0; i < count; i++) {
      tensors.addCounting("row" + i, i, 32, 32); // 4 KiB
    }

    return tensors;
  }

  /** The slices of {@link #file}, planned now. */
  private List<FileSlice> plan(long splitBytes) throws IOException {
    List<ListedFile> files =
        new FileListing(configuration, Optional.empty(), null).list(List.of(file.toString()));
    return SplitPlanner.plan(files, splitBytes).stream().flatMap(p -> p.slices().stream()).toList();
  }

  private PromptEmbedsReader reader(ParseMode mode, List<FileSlice> slices) {
    StructType columns = TensorSchema.COLUMNS;
    ReadSettings settings =
        new ReadSettings(
            mode == ParseMode.PERMISSIVE ? columns.add("error", DataTypes.StringType) : columns,
            mode,
            "error",
            "embeds",
            0,
            8 << 10,
            List.of(),
            Integer.MAX_VALUE);
    return new PromptEmbedsReader(slices, settings, configuration);
  }

  private List<String> rows(PromptEmbedsReader reader) throws IOException {
    List<String> rows = new ArrayList<>();
    try (reader) {
      while (reader.next()) {
        for (int row = 0; row < reader.get().numRows(); row++) {
          rows.add(
              "%s %s"
                  .formatted(
                      reader.get().column(0).getUTF8String(row),
                      reader.get().numCols() > 5
                          ? reader.get().column(5).getUTF8String(row)
                          : null));
        }
      }
    }

    return rows;
  }

  @ParameterizedTest
  @EnumSource(
      value = ParseMode.class,
      names = {"FAILFAST", "DROPMALFORMED"})
  void aFileCutAfterPlanningFailsByName(ParseMode mode) throws IOException {
    List<FileSlice> slices = plan(32 << 10);
    assertThat(slices).hasSizeGreaterThan(2);
    cut();

    for (FileSlice slice : slices) {
      assertThatThrownBy(() -> rows(reader(mode, List.of(slice))))
          .isInstanceOf(ChangedFileException.class)
          .hasMessageContaining("x.safetensors changed while the query ran: it had ")
          .hasMessageEndingWith(
              "it has 5000: run the query again once nothing writes to its input");
    }
  }

  @Test
  void everySliceOfAChangedFileIsARowAtFault() throws IOException {
    List<FileSlice> slices = plan(32 << 10);
    tensors(3).write(file);

    List<String> rows = rows(reader(ParseMode.PERMISSIVE, slices));
    assertThat(rows).hasSameSizeAs(slices).doesNotHaveDuplicates();
    assertThat(rows.get(0)).startsWith("null file:").contains("changed while the query ran");
    assertThat(rows.get(1)).startsWith("file:").contains(", bytes 2", "changed while the query");
  }

  @ParameterizedTest
  @ValueSource(strings = {"time", "beginning", "removed"})
  void aFileThatChangesWhileItIsReadFailsAtItsEnd(String change) throws IOException {
    FileTime before = Files.getLastModifiedTime(file);
    try (PromptEmbedsReader reader = reader(ParseMode.FAILFAST, plan(1 << 20))) {
      assertThat(reader.next()).isTrue();
      switch (change) {
        case "time" -> Files.setLastModifiedTime(file, LATER);
        case "beginning" -> {
          overwrite(40, 'X'); // a name in the header
          Files.setLastModifiedTime(file, before);
        }
        default -> Files.delete(file);
      }

      assertThatThrownBy(
              () -> {
                while (reader.next()) {
                  // all other rows
                }
              })
          .isInstanceOf(ChangedFileException.class)
          .hasMessageContaining(
              switch (change) {
                case "time" -> " of another time";
                case "beginning" -> "was replaced while it was read, by one of the same size";
                default -> "was removed while the query ran";
              });
    }
  }

  /** Mapped, the bytes would not be there any more, which ends the JVM of an executor. */
  @Test
  void rowsThatWereReadAreKeptWhateverBecomesOfTheFile() throws IOException {
    file = new Safetensors().addCounting("large", 1, 600, 1024).write(file); // 2.4 MB
    try (PromptEmbedsReader reader = reader(ParseMode.FAILFAST, plan(10 << 20))) {
      assertThat(reader.next()).isTrue();
      cut();
      Tensor tensor = Objects.requireNonNull(((TensorColumn) reader.get().column(1)).tensor(0));
      assertThat(tensor.toFloats()).isEqualTo(Safetensors.counting(1, 600 * 1024));
      assertThatThrownBy(reader::next).isInstanceOf(ChangedFileException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"x.pt", "x.npy"})
  void filesReadAsAWholeAreLookedAtToo(String name) throws IOException {
    Tensor tensor = Tensor.ofFloats(new float[8], 2, 4);
    file = dir.resolve(name);
    Files.write(file, name.endsWith("pt") ? TorchFormat.write(tensor) : NpyFormat.write(tensor));
    List<FileSlice> slices = plan(1 << 20);
    Files.setLastModifiedTime(file, LATER);

    assertThatThrownBy(() -> rows(reader(ParseMode.DROPMALFORMED, slices)))
        .isInstanceOf(ChangedFileException.class);
  }

  @Test
  void filesOfOtherFileSystemsAreComparedInSeconds() throws IOException {
    FileVersion listed =
        FileVersion.of(
            new FileStatus(7, false, 1, 1, 5_432, new org.apache.hadoop.fs.Path("s3a://bucket/x")));
    assertThat(listed).isEqualTo(new FileVersion(7, 5));
    assertThat(plan(1 << 20).get(0).version().modified())
        .isEqualTo(Files.getLastModifiedTime(file).toMillis());
  }

  private void cut() throws IOException {
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
      open.setLength(5000);
    }
  }

  private void overwrite(long offset, char value) throws IOException {
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
      open.getChannel().write(ByteBuffer.wrap(new byte[] {(byte) value}), offset);
    }
  }
}
