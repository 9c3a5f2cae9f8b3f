package org.promptembeds.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The Grafana dashboard and the table of metrics, against what a server exposes. */
class DashboardTest {
  private static final Path DASHBOARD = Path.of("..", "deploy", "grafana", "prompt-embeds.json");
  private static final Path PAGE = Path.of("..", "docs", "monitoring.md");
  private static final Pattern NAME = Pattern.compile("prompt_embeds_[a-z0-9_]+");
  private static final Pattern TYPE = Pattern.compile("# TYPE (prompt_embeds_\\S+) (\\S+)");
  private static final Pattern PART = Pattern.compile("_(bucket|sum|count)$");

  /** A server that has answered a request, so that every metric has a series. */
  private static String exposed() {
    try (ServerFixture fixture = new ServerFixture(new FakeBackend(request -> "ok"))) {
      fixture.complete("{'prompt': 'x'}");
      return fixture.get("/metrics").body();
    }
  }

  private static Set<String> names(String text) {
    return NAME.matcher(text)
        .results()
        .map(match -> match.group())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static JsonNode dashboard() throws IOException {
    return ServerFixture.json(Files.readString(DASHBOARD));
  }

  @Test
  void everySeriesThatADashboardAsksForIsExposed() throws IOException {
    Set<String> series =
        new MetricsText(exposed())
            .series().stream().map(s -> s.replaceFirst("\\{.*", "")).collect(Collectors.toSet());

    assertThat(names(dashboard().toString())).hasSizeGreaterThan(20).isSubsetOf(series);
  }

  @Test
  void everyMetricIsOnTheDashboardOrAPartOfWhatIs() throws IOException {
    Set<String> shown =
        names(dashboard().toString()).stream()
            .map(name -> PART.matcher(name).replaceFirst(""))
            .collect(Collectors.toSet());

    assertThat(metrics(exposed()).stream().filter(name -> !shown.contains(name)))
        .containsExactlyInAnyOrder(
            "prompt_embeds_completion_tokens_total",
            "prompt_embeds_engine_steps_total",
            "prompt_embeds_kv_cache_slots",
            "prompt_embeds_kv_cache_slots_used",
            "prompt_embeds_prompt_tokens_total",
            "prompt_embeds_request_time_per_output_token_seconds");
  }

  @Test
  void panelsHaveAPlaceAndAQueryEach() throws IOException {
    List<String> ids = new ArrayList<>();
    for (JsonNode panel : dashboard().path("panels")) {
      ids.add(panel.path("id").asText() + "@" + panel.path("gridPos"));
      assertThat(panel.path("title").asText()).isNotBlank();
      assertThat(panel.path("gridPos").path("x").asInt() + panel.path("gridPos").path("w").asInt())
          .isBetween(1, 24);
      assertThat(panel.path("targets")).isNotEmpty();
      for (JsonNode target : panel.path("targets")) {
        String query = target.path("expr").asText();
        assertThat(query.chars().filter(c -> c == '(').count())
            .as(query)
            .isEqualTo(query.chars().filter(c -> c == ')').count());
      }
    }

    assertThat(ids).hasSizeGreaterThan(10).doesNotHaveDuplicates();
  }

  @Test
  void documentationNamesEveryMetricWithItsTypeAndNoOther() throws IOException {
    String text = exposed();
    String page = Files.readString(PAGE);
    Matcher types = TYPE.matcher(text);
    int count = 0;
    while (types.find()) {
      count++;
      assertThat(page).contains("| `%s` | %s |".formatted(types.group(1), types.group(2)));
    }

    assertThat(count).isGreaterThan(20);
    assertThat(NAME.matcher(page).results().map(match -> match.group()).collect(Collectors.toSet()))
        .isEqualTo(metrics(text));
  }

  private static Set<String> metrics(String text) {
    return TYPE.matcher(text).results().map(match -> match.group(1)).collect(Collectors.toSet());
  }
}
