package org.promptembeds.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.promptembeds.jobs.Serve;
import picocli.CommandLine;

/** The manifests for Kubernetes: well formed, of one piece, and with options that exist. */
class KubernetesTest {
  private static final Path FOLDER = Path.of("..", "deploy", "kubernetes");

  private static List<JsonNode> documents(String name) throws IOException {
    YAMLFactory yaml = new YAMLFactory();
    yaml.enable(com.fasterxml.jackson.core.JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
    List<JsonNode> all = new ArrayList<>();
    try (YAMLParser parser = yaml.createParser(FOLDER.resolve(name).toFile())) {
      new ObjectMapper(yaml).readValues(parser, JsonNode.class).forEachRemaining(all::add);
    }

    return all;
  }

  private static JsonNode kind(List<JsonNode> documents, String kind) {
    return documents.stream()
        .filter(document -> document.path("kind").asText().equals(kind))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> texts(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false).map(JsonNode::asText).toList();
  }

  @Test
  void theServerIsFoundByItsServiceAndTakesItsOptions() throws IOException {
    List<JsonNode> documents = documents("serve.yaml");
    JsonNode deployment = kind(documents, "Deployment").path("spec");
    JsonNode pod = deployment.path("template");
    JsonNode container = pod.path("spec").path("containers").path(0);
    JsonNode service = kind(documents, "Service").path("spec");

    assertThat(service.path("selector")).isEqualTo(pod.path("metadata").path("labels"));
    assertThat(deployment.path("selector").path("matchLabels"))
        .isEqualTo(pod.path("metadata").path("labels"));
    assertThat(service.path("ports").path(0).path("targetPort").asText())
        .isEqualTo(container.path("ports").path(0).path("name").asText());
    assertThat(container.path("ports").path(0).path("containerPort").asInt()).isEqualTo(8000);
    for (String probe : List.of("startupProbe", "readinessProbe")) {
      assertThat(container.path(probe).path("httpGet").path("path").asText()).isEqualTo("/health");
    }

    List<String> arguments = texts(container.path("args"));
    assertThat(arguments.get(0)).isEqualTo("serve");
    assertThat(
            new CommandLine(new Serve())
                .parseArgs(arguments.subList(1, arguments.size()).toArray(String[]::new))
                .matchedOptions())
        .hasSize(arguments.size() - 1);
    String secret = kind(documents, "Secret").path("metadata").path("name").asText();
    assertThat(container.path("env").path(0).path("valueFrom").path("secretKeyRef").path("name"))
        .hasToString("\"" + secret + "\"");
    assertThat(pod.path("spec").path("terminationGracePeriodSeconds").asInt()).isGreaterThan(30);
    assertThat(container.path("resources").path("limits").path("nvidia.com/gpu").asInt()).isOne();
  }

  @Test
  void everyMountHasItsVolume() throws IOException {
    List<JsonNode> pods =
        List.of(
            kind(documents("serve.yaml"), "Deployment").path("spec").path("template").path("spec"),
            kind(documents("executor-pod.yaml"), "Pod").path("spec"));

    for (JsonNode pod : pods) {
      assertThat(pod.path("containers").path(0).path("volumeMounts").findValuesAsText("name"))
          .isNotEmpty()
          .containsExactlyInAnyOrderElementsOf(
              StreamSupport.stream(pod.path("volumes").spliterator(), false)
                  .map(volume -> volume.path("name").asText())
                  .toList());
    }
  }
}
