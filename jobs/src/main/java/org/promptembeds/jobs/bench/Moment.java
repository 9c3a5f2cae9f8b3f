package org.promptembeds.jobs.bench;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What a run had done at one moment, and held.
 *
 * @param seconds since its start
 * @param rows that were done
 * @param outputTokens generated, those of rows under way included
 * @param promptTokens prompt positions computed
 * @param running rows with a place in the KV cache; -1 if the backend does not tell
 * @param waiting rows without
 * @param kvUse share of the KV cache that is reserved, in [0, 1]
 * @param memoryBytes memory of the process on a CPU, of the device on a GPU
 */
public record Moment(
    @JsonProperty("seconds") double seconds,
    @JsonProperty("rows") long rows,
    @JsonProperty("output_tokens") long outputTokens,
    @JsonProperty("prompt_tokens") long promptTokens,
    @JsonProperty("running") int running,
    @JsonProperty("waiting") int waiting,
    @JsonProperty("kv_use") double kvUse,
    @JsonProperty("memory_bytes") long memoryBytes) {}
