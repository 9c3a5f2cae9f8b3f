package org.promptembeds.engine;

import java.util.List;
import org.promptembeds.engine.KvArena.Relocation;

/**
 * One step that the scheduler has given positions and room to, until it is committed or aborted.
 *
 * @param plan what the model computes
 * @param sequences one per chunk of {@code plan}
 * @param leases where each of them lived when the step was planned
 * @param relocations the leases that the step's moves copy
 * @param admitted sequences that run for the first time, or again, by this step
 * @param servedBefore arrival of the last decode of the step before, if its budget ended there
 * @param ahead whether another step was under way when this one was planned
 */
record ScheduledStep(
    StepPlan plan,
    List<Sequence> sequences,
    List<KvLease> leases,
    List<Relocation> relocations,
    List<Sequence> admitted,
    long servedBefore,
    boolean ahead) {}
