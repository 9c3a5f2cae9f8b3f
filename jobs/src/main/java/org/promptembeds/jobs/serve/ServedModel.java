package org.promptembeds.jobs.serve;

import java.util.function.Supplier;
import org.promptembeds.engine.EngineStats;
import org.promptembeds.generation.GenerationBackend;
import org.promptembeds.model.PromptEncoder;

/**
 * The model that is served.
 *
 * @param name what requests call it
 * @param backend generates
 * @param encoder makes embeddings of text
 * @param hiddenSize width of an embedding
 * @param maxPositions longest prompt and output together, in tokens
 * @param stats what the engine has done
 */
record ServedModel(
    String name,
    GenerationBackend backend,
    PromptEncoder encoder,
    int hiddenSize,
    int maxPositions,
    Supplier<EngineStats> stats) {}
