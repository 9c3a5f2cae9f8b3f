package org.promptembeds;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the table of rooms: what each package may depend on, and who may import whose library. */
class ArchitectureTest {
  private static final String BASE = "org.promptembeds.";
  private static final List<String> ROOMS =
      List.of(
          "options",
          "tensor",
          "generation.parameter",
          "generation.setting",
          "generation",
          "grammar.automaton",
          "grammar.text",
          "grammar.schema",
          "grammar",
          "engine",
          "model.spec",
          "model.config",
          "model.family",
          "model.adapter",
          "model.weights",
          "model.quantization",
          "model",
          "torch.cuda",
          "torch.install",
          "torch",
          "remote",
          "executor",
          "source",
          "sql.values",
          "sql.prompt",
          "sql.call",
          "sql.execution",
          "sql.plan",
          "sql",
          "ml",
          "jinja",
          "serve.chat",
          "serve",
          "jobs.progress",
          "jobs.doctor",
          "jobs.files",
          "jobs.batch",
          "jobs.options",
          "jobs.bench",
          "jobs");

  /** Where classes of tests lie besides the folders that ArchUnit knows. */
  private static final Pattern FIXTURES = Pattern.compile(".*(-tests\\.jar!|-test/).*");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(location -> !location.matches(FIXTURES))
          .importPackages("org.promptembeds");

  static Stream<Arguments> rooms() {
    return Stream.of(
        Arguments.of(
            "options",
            List.of("generation", "generation.parameter", "generation.setting", "tensor")),
        Arguments.of("tensor", List.of()),
        Arguments.of("generation.parameter", List.of()),
        Arguments.of("generation.setting", List.of("generation.parameter")),
        Arguments.of("generation", List.of("generation.parameter", "tensor")),
        Arguments.of("grammar.automaton", List.of()),
        Arguments.of("grammar.text", List.of("grammar.automaton")),
        Arguments.of("grammar.schema", List.of("grammar.text", "grammar.automaton")),
        Arguments.of(
            "grammar",
            List.of("grammar.schema", "grammar.text", "grammar.automaton", "generation")),
        Arguments.of(
            "engine",
            List.of(
                "grammar",
                "grammar.automaton",
                "generation",
                "generation.parameter",
                "generation.setting",
                "tensor")),
        Arguments.of("jinja", List.of()),
        Arguments.of("model.spec", List.of()),
        Arguments.of("model.config", List.of("model.spec", "generation")),
        Arguments.of("model.family", List.of("model.config", "model.spec")),
        Arguments.of("model.adapter", List.of("model.config", "tensor", "generation")),
        Arguments.of("model.weights", List.of("model.config", "tensor", "generation")),
        Arguments.of("model.quantization", List.of("model.weights", "tensor", "generation")),
        Arguments.of(
            "model",
            List.of(
                "model.family",
                "model.quantization",
                "model.weights",
                "model.config",
                "model.spec",
                "jinja",
                "tensor",
                "generation")),
        Arguments.of(
            "torch",
            List.of(
                "torch.cuda",
                "torch.install",
                "engine",
                "model",
                "model.adapter",
                "model.family",
                "model.quantization",
                "model.weights",
                "model.spec",
                "generation",
                "generation.setting",
                "tensor")),
        Arguments.of("torch.cuda", List.of()),
        Arguments.of("remote", List.of("generation", "generation.parameter", "tensor")),
        Arguments.of("torch.install", List.of("generation")),
        Arguments.of(
            "executor",
            List.of(
                "options",
                "remote",
                "torch",
                "engine",
                "model",
                "generation",
                "generation.setting",
                "tensor")),
        Arguments.of("source", List.of("options", "tensor")),
        Arguments.of("sql.values", List.of("options", "generation", "tensor")),
        Arguments.of(
            "sql.prompt",
            List.of(
                "sql.values",
                "executor",
                "options",
                "generation",
                "generation.parameter",
                "tensor")),
        Arguments.of(
            "sql.call",
            List.of(
                "sql.prompt",
                "sql.values",
                "executor",
                "options",
                "grammar",
                "grammar.automaton",
                "generation",
                "generation.parameter",
                "tensor")),
        Arguments.of(
            "sql.execution",
            List.of(
                "sql.call",
                "sql.prompt",
                "sql.values",
                "executor",
                "options",
                "generation",
                "tensor")),
        Arguments.of("sql.plan", List.of("sql.execution", "sql.call", "sql.values", "options")),
        Arguments.of("sql", List.of("sql.plan", "sql.call", "sql.prompt", "sql.values", "source")),
        Arguments.of("ml", List.of("sql.call", "options", "generation.parameter")),
        Arguments.of("serve.chat", List.of("model", "generation")),
        Arguments.of(
            "serve",
            List.of(
                "serve.chat",
                "torch",
                "engine",
                "model",
                "grammar",
                "grammar.automaton",
                "generation",
                "generation.parameter",
                "tensor")),
        Arguments.of("jobs.progress", List.of()),
        Arguments.of("jobs.doctor", List.of("torch", "torch.install", "generation")),
        Arguments.of("jobs.files", List.of("source", "model", "tensor")),
        Arguments.of(
            "jobs.options",
            List.of("jobs.files", "serve.chat", "options", "generation", "generation.parameter")),
        Arguments.of(
            "jobs.batch",
            List.of(
                "jobs.files",
                "jobs.progress",
                "serve",
                "serve.chat",
                "executor",
                "options",
                "torch",
                "model",
                "generation")),
        Arguments.of(
            "jobs.bench", List.of("torch", "engine", "model.spec", "generation", "tensor")),
        Arguments.of(
            "jobs",
            List.of(
                "jobs.batch",
                "jobs.bench",
                "jobs.progress",
                "jobs.doctor",
                "jobs.files",
                "jobs.options",
                "serve",
                "serve.chat",
                "executor",
                "options",
                "torch",
                "engine",
                "model",
                "model.quantization",
                "model.spec",
                "generation.parameter",
                "generation.setting",
                "generation",
                "tensor")));
  }

  @ParameterizedTest
  @MethodSource("rooms")
  void roomDependsOnlyOnItsNeighbours(String room, List<String> neighbours) {
    List<String> forbidden = new ArrayList<>(ROOMS);
    forbidden.remove(room);
    forbidden.removeAll(neighbours);
    if (forbidden.isEmpty()) {
      return;
    }

    noClasses()
        .that()
        .resideInAPackage(BASE + room)
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(forbidden.stream().map(r -> BASE + r).toArray(String[]::new)))
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  @Test
  void everyPackageIsARoom() {
    List<String> strangers =
        CLASSES.stream()
            .map(JavaClass::getPackageName)
            .distinct()
            .filter(name -> name.startsWith(BASE) && !name.startsWith(BASE + "shaded"))
            .map(name -> name.substring(BASE.length()))
            .filter(room -> !ROOMS.contains(room))
            .toList();

    assertThat(strangers)
        .as("packages without a row in the table of rooms: add them here and to the documentation")
        .isEmpty();
  }

  @Test
  void roomsFormNoCycle() {
    slices().matching(BASE + "(**)").should().beFreeOfCycles().check(CLASSES);
  }

  static Stream<Arguments> libraries() {
    return Stream.of(
        Arguments.of("ai.djl..", List.of("torch", "model")),
        Arguments.of("ai.djl.pytorch..", List.of("torch")),
        Arguments.of("com.sun.jna..", List.of("torch.cuda")),
        Arguments.of("io.prometheus..", List.of("serve")),
        Arguments.of("org.apache.lucene..", List.of("grammar..")),
        Arguments.of("scala..", List.of("sql..", "source", "jobs..")),
        Arguments.of(
            "org.apache.spark..",
            List.of("sql..", "executor", "options", "source", "ml", "jobs..")),
        Arguments.of("org.apache.spark.ml..", List.of("ml")));
  }

  @ParameterizedTest
  @MethodSource("libraries")
  void libraryIsImportedOnlyBy(String library, List<String> rooms) {
    String[] allowed =
        Stream.concat(rooms.stream().map(r -> BASE + r), Stream.of("org.promptembeds"))
            .toArray(String[]::new);
    noClasses()
        .that()
        .resideOutsideOfPackages(allowed)
        .should()
        .dependOnClassesThat(resideInAnyPackage(library))
        .check(CLASSES);
  }
}
