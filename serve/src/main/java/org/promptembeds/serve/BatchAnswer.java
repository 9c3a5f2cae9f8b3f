package org.promptembeds.serve;

/**
 * The answer to a line of a batch.
 *
 * @param succeeded whether it has what was asked for, and not an error
 * @param json a line of OpenAI's format, without its end, in UTF-8
 */
public record BatchAnswer(boolean succeeded, byte[] json) {}
