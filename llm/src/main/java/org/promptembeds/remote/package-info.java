/**
 * Generation by an OpenAI-compatible server that accepts {@code prompt_embeds}, such as vLLM or
 * {@code prompt-embeds serve}; depends on {@code generation} and {@code tensor}.
 */
@NullMarked
package org.promptembeds.remote;

import org.jspecify.annotations.NullMarked;
