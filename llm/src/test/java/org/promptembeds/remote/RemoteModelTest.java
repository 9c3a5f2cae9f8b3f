package org.promptembeds.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.promptembeds.generation.BackendException;

class RemoteModelTest {
  @Test
  void readsOneAddressOrSeveral() {
    assertThat(RemoteModel.parse("http://h:8000/v1/#org/model"))
        .hasToString("RemoteModel[bases=[http://h:8000/v1], name=org/model]");
    assertThat(RemoteModel.parse("http://a/v1, https://b:1/x/v1#m").bases())
        .containsExactly(URI.create("http://a/v1"), URI.create("https://b:1/x/v1"));
    assertThat(RemoteModel.parse("http://a/v1#m,http://b/v1#m").name()).isEqualTo("m");
  }

  @Test
  void knowsAnAddressFromADirectory() {
    assertThat(RemoteModel.isRemote("HTTPS://h/v1#m")).isTrue();
    assertThat(RemoteModel.isRemote("/models/http:")).isFalse();
    assertThat(RemoteModel.isRemote("file:/models")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "http://h/v1; names no model: append #NAME",
        "http://h/v1#a,http://g/v1#b; names several models [a, b]",
        "http://h/v1#a,; must be http://HOST",
        "http:///v1#a; must be http://HOST",
        "http://h/v 1#a; malformed at character 10"
      })
  void refusesWhatItCannotRead(String model, String message) {
    assertThatThrownBy(() -> RemoteModel.parse(model))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource({"http://user:sk-1@h/v1#a", "http://h/v1?key=sk-1#a"})
  void refusesSecretsInAddressesWithoutRepeatingThem(String model) {
    assertThatThrownBy(() -> RemoteModel.parse(model))
        .hasMessageContaining("PROMPT_EMBEDS_API_KEY")
        .hasMessageNotContaining("sk-1");
  }

  @Test
  void takesTheKeyFromTheEnvironment() {
    Map<String, String> environment =
        Map.of("PROMPT_EMBEDS_API_KEY", " one ", "OPENAI_API_KEY", "two", "MINE", "three");
    assertThat(ApiKey.fromEnvironment(environment::get, null).authorization())
        .isEqualTo("Bearer one");
    assertThat(ApiKey.fromEnvironment(environment::get, "MINE").authorization())
        .isEqualTo("Bearer three");
    assertThat(ApiKey.fromEnvironment(name -> null, null).authorization()).isNull();
    assertThat(ApiKey.of("three")).hasToString("ApiKey[***]");
    assertThatThrownBy(() -> ApiKey.fromEnvironment(environment::get, "OTHER"))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("environment variable OTHER");
  }

  @Test
  void backoffDoublesUpToItsCap() {
    Backoff backoff = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(5), () -> 1.0);
    assertThat(backoff.after(1, null)).isEqualTo(Duration.ofSeconds(1));
    assertThat(backoff.after(3, null)).isEqualTo(Duration.ofSeconds(4));
    assertThat(backoff.after(4, null)).isEqualTo(Duration.ofSeconds(5));
    assertThat(backoff.after(1000, null)).isEqualTo(Duration.ofSeconds(5));
    assertThat(backoff.after(1, Duration.ofSeconds(2))).isEqualTo(Duration.ofSeconds(3));
    assertThat(backoff.after(1, Duration.ofDays(9))).isEqualTo(Duration.ofSeconds(6));
  }

  @Test
  void readsRetryAfterInEitherForm() {
    Instant now = Instant.parse("2026-01-02T03:04:05Z");
    assertThat(Backoff.retryAfter(" 12 ", now)).isEqualTo(Duration.ofSeconds(12));
    assertThat(Backoff.retryAfter("Fri, 2 Jan 2026 03:04:15 GMT", now))
        .isEqualTo(Duration.ofSeconds(10));
    assertThat(Backoff.retryAfter("Thu, 1 Jan 2026 03:04:15 GMT", now)).isEqualTo(Duration.ZERO);
    assertThat(Backoff.retryAfter("soon", now)).isNull();
  }
}
