package org.promptembeds.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A Dockerfile, as a list of instructions, and what a linter of such files would say.
 *
 * @param instructions in their order, with lines that go on put together
 */
record Dockerfile(List<Instruction> instructions) {
  private static final Pattern TAGGED = Pattern.compile("\\S+:[^:\\s]*\\d[^:\\s]*( AS \\w+)?");
  private static final Pattern EXEC = Pattern.compile("\\[.*]");

  /** A keyword and what follows it. */
  record Instruction(String keyword, String rest) {}

  static Dockerfile read(Path file) throws IOException {
    List<Instruction> instructions = new ArrayList<>();
    String text = Files.readString(file).replaceAll("(?m)^#.*\\R", "").replace("\\\n", " ");
    for (String line : text.lines().filter(l -> !l.isBlank()).toList()) {
      String[] parts = line.split("\\s+", 2);
      instructions.add(new Instruction(parts[0], parts[1].replaceAll("\\s+", " ")));
    }

    return new Dockerfile(List.copyOf(instructions));
  }

  Stream<String> all(String keyword) {
    return instructions.stream().filter(i -> i.keyword().equals(keyword)).map(Instruction::rest);
  }

  private Optional<String> last(String keyword) {
    return all(keyword).reduce((a, b) -> b);
  }

  /** What is against good practice; empty if nothing is. */
  List<String> complaints() {
    List<String> complaints = new ArrayList<>();
    String base = all("ARG").filter(arg -> arg.startsWith("BASE=")).findFirst().orElse("BASE=");
    all("FROM")
        .map(image -> image.replace("${BASE}", base.substring("BASE=".length())))
        .filter(image -> !TAGGED.matcher(image).matches())
        .forEach(image -> complaints.add("the image has no version: " + image));
    all("RUN").filter(run -> run.contains("apt-get install")).forEach(run -> apt(run, complaints));
    all("RUN")
        .filter(run -> run.contains("pip install") && !run.matches(".*\\w==\\d.*"))
        .forEach(run -> complaints.add("pip installs what has no version: " + run));
    Stream.concat(all("ENTRYPOINT"), all("CMD"))
        .filter(command -> !EXEC.matcher(command).matches())
        .forEach(command -> complaints.add("not in exec form: " + command));
    if (last("USER").filter(user -> user.matches("\\d+")).isEmpty()) {
      complaints.add("runs as root, or as a user that Kubernetes cannot check");
    }

    if (all("ADD").findAny().isPresent()) {
      complaints.add("ADD where COPY would do");
    }

    return complaints;
  }

  private static void apt(String run, List<String> complaints) {
    for (String part :
        List.of("apt-get update", "--no-install-recommends", "rm -rf /var/lib/apt")) {
      if (!run.contains(part)) {
        complaints.add("without %s: %s".formatted(part, run));
      }
    }

    for (String name : run.replaceAll(".*--no-install-recommends ([^&]*).*", "$1").split(" ", -1)) {
      if (!name.isEmpty() && !name.contains("=")) {
        complaints.add("a package without a version: " + name);
      }
    }
  }
}
