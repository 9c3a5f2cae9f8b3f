package org.promptembeds.sql.execution;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.promptembeds.generation.Client;
import org.promptembeds.testing.FakeBackend;
import org.promptembeds.testing.TestSpark;

/** Rows say which query and which of its tasks ask for them. */
class TaskClientTest {
  private final SparkSession spark = TestSpark.session();

  private Set<Client> clientsOf(String query) {
    FakeBackend.takeClients();
    List<?> rows = spark.sql(query).collectAsList();
    assertThat(rows).isNotEmpty();
    return FakeBackend.takeClients();
  }

  @Test
  void queriesAreClientsAndTasksTheirParts() {
    Set<Client> first =
        clientsOf(
            "SELECT generate_from_embeds(embeds)"
                + " FROM (SELECT /*+ REPARTITION(3) */ embeds FROM prompts)");
    Set<Client> second = clientsOf("SELECT generate_from_embeds(embeds) FROM prompts LIMIT 1");

    assertThat(first).hasSize(3).allMatch(client -> client.weight() == 1);
    assertThat(names(first)).hasSize(1).allMatch(name -> name.matches("query \\d+"));
    assertThat(first).allMatch(client -> client.part().matches("task \\d+"));
    assertThat(names(second)).hasSize(1).doesNotContainAnyElementsOf(names(first));
  }

  private static Set<String> names(Set<Client> clients) {
    return clients.stream().map(Client::name).collect(Collectors.toSet());
  }
}
