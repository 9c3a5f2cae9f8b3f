package org.promptembeds.engine;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.promptembeds.generation.PromptExtras;
import org.promptembeds.tensor.Tensor;

/**
 * Finds rows that begin as others do, so that the keys and values of what they share are copied
 * instead of computed again, and read in one place.
 *
 * <p>Rows that run are compared with the next row directly: a row that begins otherwise is told
 * apart by its first bytes. Of a beginning that was shared, or that a request named as shared, the
 * keys and values stay in the arena when its last row ends, until the room is needed.
 *
 * <p>Confined to the engine's thread.
 */
final class PrefixCache {
  /** Positions worth a copy, if the row does not name its prefix. */
  private static final int LEAST_SHARED = 16;

  /** Positions worth to wait for while another row computes them. */
  private static final int LEAST_AWAITED = 64;

  /** Running rows with the same beginning that are compared in full. */
  private static final int MOST_COMPARED = 4;

  private static final int MOST_KEPT = 16;

  /** Host memory for the embeddings that stay for comparison. */
  private static final long MOST_KEPT_BYTES = 64L << 20;

  private final KvArena arena;
  private final boolean enabled;

  /** Least recently used first. */
  private final List<Kept> kept = new ArrayList<>();

  /** A beginning whose keys and values stay though no row with it runs. */
  private record Kept(Tensor embeds, PromptExtras extras, int adapter, KvLease lease) {
    int length() {
      return (int) embeds.size(0);
    }

    /** False after a move failed, which may have spoilt the slots. */
    boolean isIntact() {
      return lease.used() == length();
    }
  }

  /**
   * What a row shares with another.
   *
   * @param lease where the keys and values are; null if they are not computed yet
   * @param source the running row that they belong to; null if its rows have ended
   * @param common positions shared
   * @param length those of them that are computed; 0 if they are not worth a copy
   * @param awaited whether the row had better wait until more of it is computed
   */
  record Match(
      @Nullable KvLease lease, @Nullable Sequence source, int common, int length, boolean awaited) {
    static final Match NONE = new Match(null, null, 0, 0, false);
  }

  PrefixCache(KvArena arena, boolean enabled) {
    this.arena = arena;
    this.enabled = enabled;
  }

  /** The best of what {@code next} shares with the rows that run and those that have ended. */
  Match find(Sequence next, List<Sequence> running) {
    if (!enabled || next.tellsOfPrompt()) {
      return Match.NONE;
    }

    Match best = Match.NONE;
    kept.removeIf(this::releaseIfSpoilt);
    for (int i = kept.size() - 1; i >= 0 && !settles(best, next); i--) {
      Kept entry = kept.get(i);
      if (entry.adapter() != next.prompt().adapterNumber()
          || surpasses(best, next, entry.embeds())) {
        continue;
      }

      int common = next.prompt().sharedWith(entry.embeds(), entry.extras(), next.known() - 1);
      if (common >= leastShared(next)) {
        best = better(best, match(next, entry.lease(), null, common));
      }
    }

    int compared = 0;
    for (int i = running.size() - 1; i >= 0 && compared < MOST_COMPARED; i--) {
      if (settles(best, next)) {
        break;
      }

      Sequence other = running.get(i);
      if (surpasses(best, next, other.prompt().embeds())) {
        continue;
      }

      int common = next.prompt().sharedWith(other.prompt(), next.known() - 1);
      if (common >= leastShared(next)) {
        compared++;
        best = better(best, match(next, other.lease(), other, common));
      }
    }

    return best;
  }

  private boolean releaseIfSpoilt(Kept entry) {
    if (!entry.isIntact()) {
      arena.release(entry.lease());
    }

    return !entry.isIntact();
  }

  /** Positions that the request says are shared, but for the last one, which is to be computed. */
  private static int named(Sequence next) {
    return Math.min(next.prompt().prefixLength(), next.known() - 1);
  }

  private static int leastShared(Sequence next) {
    int named = named(next);
    return named > 0 ? Math.min(named, LEAST_SHARED) : LEAST_SHARED;
  }

  private static Match match(
      Sequence next, @Nullable KvLease lease, @Nullable Sequence source, int common) {
    int length = lease == null ? 0 : Math.min(common, lease.used());
    boolean namedIsMissing = length < Math.min(common, named(next));
    boolean awaited = namedIsMissing || common - length >= LEAST_AWAITED;
    return length < leastShared(next)
        ? new Match(null, source, common, 0, awaited)
        : new Match(lease, source, common, length, awaited);
  }

  /** Whether no other row need be looked at: it holds what the request says is shared. */
  private static boolean settles(Match match, Sequence next) {
    int named = named(next);
    return !match.awaited() && named > 0 && match.length() >= named;
  }

  /**
   * Whether a match needs no comparison with another beginning, which takes as long as it is: all
   * of it is there, and the other differs right behind it.
   */
  private static boolean surpasses(Match match, Sequence next, @Nullable Tensor others) {
    return match.length() > 0
        && match.length() == match.common()
        && !next.prompt().mayShareMore(others, match.common());
  }

  private static Match better(Match a, Match b) {
    return b.common() > a.common() || (b.common() == a.common() && b.length() > a.length()) ? b : a;
  }

  /** Copies what {@code match} holds to the region of {@code next}, which was just admitted. */
  void copy(Match match, Sequence next, KvLease target) {
    KvLease lease = match.lease();
    if (lease == null) {
      return;
    }

    arena.copy(lease, target, 0, match.length());
    next.prompt().share(match.length());
    if (match.source() != null) {
      match.source().prompt().share(match.length());
    }

    kept.stream().filter(entry -> entry.lease() == lease).findFirst().ifPresent(this::touch);
  }

  private void touch(Kept entry) {
    kept.remove(entry);
    kept.add(entry);
  }

  /**
   * Takes back the region of {@code sequence}, which has ended; what it shares stays, if nothing
   * that is kept covers it.
   */
  void release(Sequence sequence, KvLease lease) {
    int length = sequence.prompt().sharedLength();
    Tensor embeds = sequence.prompt().embeds();
    if (!enabled || length == 0 || embeds == null || lease.used() < length) {
      arena.release(lease);
      return;
    }

    for (Kept entry : kept) {
      if (entry.isIntact()
          && entry.adapter() == sequence.prompt().adapterNumber()
          && (entry.lease().isLike(lease, length)
              || sequence.prompt().beginsAs(entry.embeds(), entry.extras(), length))) {
        arena.release(lease);
        return;
      }
    }

    arena.shrink(lease, length);
    kept.add(
        new Kept(
            embeds.copyOfRows(length),
            sequence.prompt().extras().first(length),
            sequence.prompt().adapterNumber(),
            lease));
    while (kept.size() > MOST_KEPT || keptBytes() > MOST_KEPT_BYTES) {
      evict();
    }
  }

  private long keptBytes() {
    return kept.stream().mapToLong(entry -> entry.embeds().byteCount()).sum();
  }

  /**
   * Gives up the beginning that was not used for the longest time.
   *
   * @return its region; null if nothing is kept
   */
  @Nullable KvLease evict() {
    if (kept.isEmpty()) {
      return null;
    }

    KvLease lease = kept.remove(0).lease();
    arena.release(lease);
    return lease;
  }

  /** Slots that beginnings are kept in. */
  int slots() {
    return kept.stream().mapToInt(entry -> entry.lease().capacity()).sum();
  }
}
