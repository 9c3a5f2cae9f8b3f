package org.promptembeds.jobs.doctor;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import org.promptembeds.jobs.doctor.Finding.State;

/**
 * All that was found.
 *
 * @param findings in the order in which they are told
 */
public record Diagnosis(List<Finding> findings) {
  private static final ObjectMapper JSON = new ObjectMapper();

  public Diagnosis {
    findings = List.copyOf(findings);
  }

  /** Whether models run here as well as this machine can. */
  public boolean isHealthy() {
    return findings.stream().noneMatch(finding -> finding.state() == State.PROBLEM);
  }

  /** Lines for people. */
  public String text() {
    int width = findings.stream().mapToInt(f -> f.subject().length()).max().orElse(0);
    StringBuilder text = new StringBuilder();
    for (Finding finding : findings) {
      text.append(
          "%-7s  %s  %s\n"
              .formatted(
                  mark(finding.state()),
                  finding.subject() + " ".repeat(width - finding.subject().length()),
                  finding.found()));
      finding
          .whatToDo()
          .ifPresent(remedy -> text.append(" ".repeat(width + 11)).append(remedy).append('\n'));
    }

    return text.append(
            isHealthy() ? "\nnothing is in the way\n" : "\nsomething does not fit: see above\n")
        .toString();
  }

  private static String mark(State state) {
    return switch (state) {
      case OK -> "ok";
      case NOTE -> "note";
      case PROBLEM -> "PROBLEM";
    };
  }

  /** One JSON object. */
  public String json() {
    ObjectNode object = JSON.createObjectNode().put("healthy", isHealthy());
    ArrayNode all = object.putArray("findings");
    for (Finding finding : findings) {
      all.addObject()
          .put("subject", finding.subject())
          .put("state", finding.state().name().toLowerCase(Locale.ROOT))
          .put("found", finding.found())
          .put("remedy", finding.remedy());
    }

    return object.toPrettyString() + "\n";
  }
}
