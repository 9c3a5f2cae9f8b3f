package org.promptembeds.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.promptembeds.engine.BeamSearch.Beam;
import org.promptembeds.generation.FinishReason;
import org.promptembeds.generation.TokenLogprobs;

/**
 * The sequences of one row that is searched with beams, one for each beam: they are admitted and
 * pre-empted together, with room for the longest output from the start. The first computes the
 * prompt alone.
 *
 * <pre>
 *   each live one  ├── prompt, tokens ──┤ asks for its most likely tokens, then rests
 *   all answered   search: which go on; one child of each goes on in its place,
 *                  the others take the places of those that have none, by a copy of what differs
 * </pre>
 *
 * <p>INVARIANT: no step is under way when the last of them has answered, for its token is waited
 * for. The first sequences hand out the outputs, best first. Confined to the engine's thread, but
 * for {@link #isWanted}.
 */
final class BeamGang {
  private final List<Sequence> members;
  private final List<Sequence> outputs;
  private final BeamSearch search;

  /** What live members said of their next tokens. */
  private final Map<Sequence, TokenLogprobs> answers = new HashMap<>();

  /** The members that have a beam, in the order of the beams. */
  private List<Sequence> live;

  private BeamGang(List<Sequence> members, int outputs, BeamSearch search) {
    this.members = members;
    this.outputs = members.subList(0, outputs);
    this.search = search;
    this.live = members.subList(0, 1);
  }

  /**
   * Lets {@code members}, one for each beam, search together.
   *
   * @param outputs how many of the best outputs are asked for
   */
  static void join(List<Sequence> members, int outputs, BeamSearch search) {
    BeamGang gang = new BeamGang(List.copyOf(members), outputs, search);
    members.forEach(member -> member.join(gang));
  }

  List<Sequence> members() {
    return members;
  }

  /** The members that hand out the outputs, best first. */
  List<Sequence> outputs() {
    return outputs;
  }

  int size() {
    return members.size();
  }

  /** Whether anybody waits for an output. */
  boolean isWanted() {
    return outputs.stream().anyMatch(output -> !output.result().isDone());
  }

  /** Whether {@code member} has a beam. */
  boolean isLive(Sequence member) {
    return live.contains(member);
  }

  /** Takes note that {@code member} has lost its place and will answer again. */
  void forget(Sequence member) {
    answers.remove(member);
  }

  /**
   * Has a member begin anew that was to read a state which is not there any more.
   *
   * @param exactly whether the state of who is copied is there for one step alone
   */
  void arrange(boolean exactly) {
    for (Sequence member : exactly ? live : List.<Sequence>of()) {
      KvLease lease = member.heldLease();
      KvLease source = lease.inheritsFrom();
      if (source != null && source.used() != lease.used()) {
        lease.use(0);
      }
    }
  }

  /**
   * Takes note of what a member says of its next token, and goes on once all have.
   *
   * @return whether the search has ended; the outputs can be handed out then
   */
  boolean answer(
      Sequence member, int tokenId, @Nullable TokenLogprobs told, long nowNanos, KvArena arena) {
    member.tokens().giveUp();
    if (tokenId < 0 || told == null) {
      outputs.forEach(output -> output.delivery().failChoice(tokenId, member.tokens(), nowNanos));
      return true;
    }

    answers.put(member, told);
    if (!live.stream().allMatch(this::hasAnswered)) {
      return false;
    }

    boolean goesOn = search.advance(live.stream().map(answers::get).toList());
    answers.clear();
    outputs.forEach(output -> output.delivery().chosen(null, nowNanos));
    if (goesOn) {
      continueWith(search.live(), arena);
    } else {
      for (int i = 0; i < outputs.size(); i++) {
        outputs.get(i).tokens().replace(search.ended().get(i).tokenIds());
      }
    }

    return !goesOn;
  }

  /** Why the output of {@code member} has ended; null if it hands out none. */
  @Nullable FinishReason finishReason(Sequence member) {
    int place = outputs.indexOf(member);
    if (place < 0 || place >= search.ended().size()) {
      return null;
    }

    return search.hasEnding(search.ended().get(place)) ? FinishReason.STOP : FinishReason.LENGTH;
  }

  private boolean hasAnswered(Sequence member) {
    return answers.containsKey(member) && member.used() == member.known();
  }

  /** Gives each beam a member: that of its parent, or one that has no beam any more. */
  private void continueWith(List<Beam> beams, KvArena arena) {
    Set<Sequence> parents = new HashSet<>();
    beams.forEach(beam -> parents.add(live.get(beam.parent())));
    List<Sequence> free = new ArrayList<>(members);
    free.removeAll(parents);
    List<Sequence> next = new ArrayList<>(beams.size());
    for (Beam beam : beams) {
      Sequence parent = live.get(beam.parent());
      if (parents.remove(parent)) {
        next.add(parent);
      } else {
        Sequence child = free.remove(0);
        copy(parent, child, arena);
        next.add(child);
      }
    }

    for (int i = 0; i < next.size(); i++) {
      next.get(i).tokens().replace(beams.get(i).tokenIds());
    }

    live = next;
  }

  /** Copies what the region of {@code child} holds otherwise than that of {@code parent}. */
  private static void copy(Sequence parent, Sequence child, KvArena arena) {
    int[] theirs = parent.outputTokenIds();
    int mismatch = Arrays.mismatch(theirs, child.outputTokenIds());
    int alike = parent.promptLength() + (mismatch < 0 ? theirs.length : mismatch);
    int length = parent.used();
    int common = Math.min(Math.min(alike, child.used()), length);
    arena.copy(parent.heldLease(), child.heldLease(), common, length);
  }
}
