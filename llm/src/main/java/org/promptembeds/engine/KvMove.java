package org.promptembeds.engine;

/**
 * A copy of {@code length} slots inside the KV arena; the ranges may overlap.
 *
 * @param from first slot read
 * @param to first slot written
 * @param length slots
 */
public record KvMove(int from, int to, int length) {}
