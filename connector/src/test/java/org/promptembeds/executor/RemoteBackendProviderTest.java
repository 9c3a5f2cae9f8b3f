package org.promptembeds.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.promptembeds.generation.BackendException;
import org.promptembeds.options.BackendSpec;
import org.promptembeds.options.SparkOptions;
import org.promptembeds.remote.RemoteBackend;

class RemoteBackendProviderTest {
  private static BackendSpec spec(String model, Map<String, String> settings) {
    return new SparkOptions(settings).backend(model);
  }

  @Test
  void addressIsAServerThatIsNotCalledBeforeTheFirstRow() {
    LoadedBackend loaded =
        BackendProviders.load(
            spec("llama", Map.of("spark.promptembeds.models.llama", "http://h:1/v1#llama")));
    assertThat(loaded.backend()).isInstanceOf(RemoteBackend.class);
    loaded.backend().close();
  }

  @Test
  void malformedAddressFailsTheBackend() {
    assertThatThrownBy(() -> BackendProviders.load(spec("http://h:1/v1", Map.of())))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("names no model");
  }

  @Test
  void namedVariableMustHoldAKey() {
    Map<String, String> settings = Map.of("spark.promptembeds.apiKeyEnv", "NO_SUCH_VARIABLE");
    assertThatThrownBy(() -> BackendProviders.load(spec("http://h:1/v1#m", settings)))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("environment variable NO_SUCH_VARIABLE");
  }
}
