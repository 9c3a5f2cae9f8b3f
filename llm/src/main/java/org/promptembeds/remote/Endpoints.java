package org.promptembeds.remote;

import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The servers of one model, balanced: a request goes to the one with the fewest under way, in turn
 * where several have, and a retry to another than the one that failed. Safe for use by many
 * threads.
 */
final class Endpoints {
  private final List<Endpoint> all;
  private int turn; // guarded by this

  Endpoints(List<URI> bases) {
    this.all = bases.stream().map(Endpoint::new).toList();
  }

  /**
   * Takes up a request's share of an endpoint, to be given back by {@link #leave}.
   *
   * @param avoid where the last attempt failed; taken again only if there is no other
   */
  synchronized Endpoint enter(@Nullable Endpoint avoid) {
    Endpoint best = null;
    for (int i = 0; i < all.size(); i++) {
      Endpoint candidate = all.get((turn + i) % all.size());
      boolean better = best == null || best == avoid || candidate.underWay < best.underWay;
      if (better && (candidate != avoid || best == null)) {
        best = candidate;
      }
    }

    if (best == null) {
      throw new IllegalStateException("no endpoints");
    }

    turn = (all.indexOf(best) + 1) % all.size();
    best.underWay++;
    return best;
  }

  synchronized void leave(Endpoint endpoint) {
    endpoint.underWay--;
  }

  /** One server. */
  static final class Endpoint {
    private final URI base;
    private final URI completions;
    private final URI models;
    private int underWay; // guarded by the enclosing instance

    private Endpoint(URI base) {
      this.base = base;
      this.completions = URI.create(base + "/completions");
      this.models = URI.create(base + "/models");
    }

    URI models() {
      return models;
    }

    URI completions() {
      return completions;
    }

    @Override
    public String toString() {
      return base.toString();
    }
  }
}
