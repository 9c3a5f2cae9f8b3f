package org.promptembeds.remote;

import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.BackendException;

/** A server's key, which is sent and never shown: not in messages, plans or logs. */
public final class ApiKey {
  private static final List<String> VARIABLES = List.of("PROMPT_EMBEDS_API_KEY", "OPENAI_API_KEY");

  private final @Nullable String secret;

  private ApiKey(@Nullable String secret) {
    this.secret = secret;
  }

  /** No key: requests carry no authorisation. */
  public static ApiKey none() {
    return new ApiKey(null);
  }

  /** The key {@code secret}. */
  public static ApiKey of(String secret) {
    return new ApiKey(secret);
  }

  /**
   * The key in an environment variable.
   *
   * @param environment looks a variable up; null if it is not set
   * @param variable the variable's name; null takes {@code PROMPT_EMBEDS_API_KEY}, or else {@code
   *     OPENAI_API_KEY}, or else no key
   * @throws BackendException if a variable is named and is not set
   */
  public static ApiKey fromEnvironment(
      UnaryOperator<@Nullable String> environment, @Nullable String variable) {
    for (String name : variable == null ? VARIABLES : List.of(variable)) {
      String value = environment.apply(name);
      if (value != null && !value.isBlank()) {
        return of(value.strip());
      }
    }

    if (variable != null) {
      throw new BackendException(
          "environment variable %s, named for the API key, is not set on this executor: set it, or name another"
              .formatted(variable));
    }

    return none();
  }

  /** Value of the header {@code Authorization}; null if there is no key. */
  @Nullable String authorization() {
    return secret == null ? null : "Bearer " + secret;
  }

  /** {@code text} without the key, should a server repeat it. */
  String redact(String text) {
    return secret == null ? text : text.replace(secret, "***");
  }

  @Override
  public String toString() {
    return secret == null ? "ApiKey[none]" : "ApiKey[***]";
  }
}
