package org.promptembeds.generation;

/**
 * Who asks for a row. Clients share a backend in turns, and so do the parts of one; the rows of one
 * part are served in the order in which they come.
 *
 * @param name what tells clients apart, such as a query, an API key's number or an address; it may
 *     appear in logs and so must be no secret
 * @param part which of the client's streams of rows, such as a task of a query; empty if there is
 *     but one
 * @param weight the client's share relative to others, in [1, {@value #MAX_WEIGHT}]
 */
public record Client(String name, String part, int weight) {
  /** Largest {@code weight}. */
  public static final int MAX_WEIGHT = 1000;

  /** Whoever does not say who it is. */
  public static final Client ANONYMOUS = new Client("", "", 1);

  public Client {
    if (weight < 1 || weight > MAX_WEIGHT) {
      throw new IllegalArgumentException(
          "client '%s': weight must be in [1, %d], got %d".formatted(name, MAX_WEIGHT, weight));
    }
  }

  /** A client of weight 1 with one stream of rows. */
  public static Client named(String name) {
    return new Client(name, "", 1);
  }
}
