package org.promptembeds.engine;

import java.util.List;

/**
 * The sequences of one row that has several outputs. The first of them that runs computes the
 * prompt, and the others take over its keys and values, all but the last position's, from which
 * each chooses a token of its own.
 *
 * <pre>
 *   computes   ├── prompt ──────────┤ last ┤ tokens …
 *   waits      ·                    └ copy ┤ last ┤ tokens …
 * </pre>
 *
 * <p>Where state is recurrent, it can be taken over at that position alone: there the first stops
 * for a step. Who comes later, or comes back, and finds nobody to take over from, computes the
 * prompt again. Confined to the engine's thread.
 */
final class Siblings {
  private final List<Sequence> members;
  private final int fork;

  private Siblings(List<Sequence> members) {
    SequencePrompt prompt = members.get(0).prompt();
    this.members = members;
    this.fork = prompt.extras().spans().cutBefore(members.get(0).promptLength() - 1);
  }

  /** Lets {@code members}, which have one prompt, share what is computed of it. */
  static void join(List<Sequence> members) {
    Siblings siblings = new Siblings(List.copyOf(members));
    members.forEach(member -> member.join(siblings));
  }

  /** Whether any of them runs. */
  boolean isRunning() {
    return members.stream().anyMatch(Sequence::isRunning);
  }

  /**
   * Says for the steps to come who computes, who waits, and who takes over.
   *
   * @param exactly whether only who stands right before its last position can be taken over from
   * @return positions that are taken over
   */
  int arrange(KvArena arena, boolean exactly) {
    Sequence source = null;
    Sequence computing = null;
    int behind = 0;
    for (Sequence member : members) {
      if (exactly && member.isRunning()) {
        dropLostState(member.heldLease());
      }

      int used = member.used();
      member.holdAt(Integer.MAX_VALUE);
      if (source == null && (exactly ? used == fork : used >= fork)) {
        source = member;
      } else if (computing == null && used > 0 && used < fork) {
        computing = member;
      }

      behind += !member.isFinished() && used == 0 ? 1 : 0;
    }

    if (fork == 0 || behind == 0) {
      return 0;
    }

    int taken = 0;
    for (Sequence member : members) {
      if (!member.isRunning() || member.used() > 0) {
        continue;
      }

      if (source != null) {
        arena.copy(source.heldLease(), member.heldLease(), 0, fork);
        taken += fork;
      } else if (computing != null) {
        member.holdAt(0);
      } else {
        computing = member;
        behind--;
      }
    }

    if (exactly && computing != null && behind > 0) {
      computing.holdAt(fork);
    }

    return taken;
  }

  /** Has a sequence begin anew that was to read a state which is not there any more. */
  private void dropLostState(KvLease lease) {
    KvLease source = lease.inheritsFrom();
    if (source != null
        && (source.used() != lease.used()
            || members.stream().noneMatch(member -> member.lease() == source))) {
      lease.use(0);
    }
  }
}
