package org.promptembeds.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.promptembeds.generation.BackendException;

/** Models of another file system become local folders, once. */
class ModelCacheTest {
  @TempDir private Path folder;

  @BeforeEach
  void writeModel() throws IOException {
    Files.createDirectories(model().resolve("original"));
    Files.writeString(model().resolve("config.json"), "{}");
    Files.writeString(model().resolve("model.safetensors"), "weights");
    Files.writeString(model().resolve("pytorch_model.bin"), "the same again");
    FarFileSystem.OPENED.clear();
  }

  private Path model() {
    return folder.resolve("models").resolve("tiny");
  }

  private Path fetch() {
    return new ModelCache(folder.resolve("cache"), FarFileSystem.configuration())
        .fetch("model", "far://" + model());
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    }
  }

  @Test
  void filesOfTheModelAreCopiedOnce() throws IOException {
    Path copy = fetch();

    assertThat(names(copy)).containsExactly("config.json", "model.safetensors");
    assertThat(copy.resolve("model.safetensors")).hasContent("weights");
    assertThat(fetch()).isEqualTo(copy);
    assertThat(FarFileSystem.OPENED).containsExactly("config.json", "model.safetensors");
  }

  @Test
  void adaptersComeInEitherFormat() throws IOException {
    Files.writeString(model().resolve("adapter_model.bin"), "prompt");

    assertThat(names(fetch())).contains("adapter_model.bin").doesNotContain("pytorch_model.bin");
  }

  @Test
  void manyExecutorsFetchOnce() throws Exception {
    ExecutorService executors = Executors.newFixedThreadPool(8);
    List<Future<Path>> copies = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      copies.add(executors.submit(this::fetch));
    }

    for (Future<Path> copy : copies) {
      assertThat(copy.get()).isEqualTo(copies.get(0).get());
    }

    assertThat(FarFileSystem.OPENED).hasSize(2);
    executors.shutdown();
  }

  @Test
  void changedModelIsFetchedAgain() throws IOException {
    Path before = fetch();
    Files.setLastModifiedTime(model().resolve("model.safetensors"), FileTime.fromMillis(77_000));

    assertThat(fetch()).isNotEqualTo(before);
    assertThat(before).exists();
  }

  @Test
  void whatAKilledExecutorLeftIsRemoved() throws IOException {
    Path leftover = Files.createDirectory(fetch().resolveSibling("0123.part-4567"));
    Files.writeString(leftover.resolve("config.json"), "{");
    Files.writeString(model().resolve("config.json"), "{ }");

    Path copy = fetch();

    assertThat(leftover).doesNotExist();
    assertThat(copy.resolve("config.json")).hasContent("{ }");
  }

  @Test
  void copiesAreForTheirUserAlone() throws IOException {
    Path copy = fetch();
    for (Path made : List.of(copy, copy.resolve(".."), copy.resolve("../.."))) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
          .isEqualTo("rwx------");
    }
  }

  @Test
  void whatOthersMayWriteIsNotTrusted() throws IOException {
    Path copy = fetch();
    Path weights = copy.resolve("model.safetensors");
    for (Path path : List.of(weights, copy, copy.getParent(), folder.resolve("cache"))) {
      Set<PosixFilePermission> before = Files.getPosixFilePermissions(path);
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxrwx"));
      refuses(path + " may be written by others (rwxrwxrwx), so that what it holds is not to be");
      Files.setPosixFilePermissions(path, before);
    }

    assertThat(fetch()).isEqualTo(copy);
  }

  @Test
  void linksAreNotFollowed() throws IOException {
    Path copy = fetch();
    Path weights = copy.resolve("model.safetensors");
    Files.move(weights, folder.resolve("elsewhere"));
    Files.createSymbolicLink(weights, folder.resolve("elsewhere"));
    refuses(weights + " is a link");

    Path cache = folder.resolve("cache");
    Files.move(cache, folder.resolve("moved"));
    Files.createSymbolicLink(cache, folder.resolve("moved"));
    refuses(cache + " is a link");
  }

  @Test
  void aCopyThatLostSomethingIsToldApart() throws IOException {
    Path copy = fetch();
    Files.writeString(copy.resolve("model.safetensors"), "weigh");
    refuses("model.safetensors has 5 bytes, far:" + model() + "/model.safetensors has 7: delete");
    Files.delete(copy.resolve("model.safetensors"));
    refuses("model.safetensors is not there: delete " + copy);
  }

  @Test
  void aSourceThatChangesWhileItIsCopiedIsRefused() {
    FarFileSystem.CHANGING.add("config.json");
    try {
      refuses("config.json changed while it was copied: its checksum was ");
    } finally {
      FarFileSystem.CHANGING.clear();
    }
  }

  private void refuses(String message) {
    assertThatExceptionOfType(BackendException.class)
        .isThrownBy(this::fetch)
        .withMessageContaining(message);
  }

  @Test
  void missingModel() {
    assertThatExceptionOfType(BackendException.class)
        .isThrownBy(
            () ->
                new ModelCache(folder.resolve("cache"), FarFileSystem.configuration())
                    .fetch("model", "far:///nowhere"))
        .withMessageStartingWith("cannot fetch model far:///nowhere to ")
        .withMessageContaining("does not exist");
  }

  @Test
  void folderWithoutModel() throws IOException {
    Files.delete(model().resolve("config.json"));
    Files.delete(model().resolve("model.safetensors"));

    assertThatExceptionOfType(BackendException.class)
        .isThrownBy(this::fetch)
        .withMessageEndingWith("it holds no files that a model is made of");
  }
}
