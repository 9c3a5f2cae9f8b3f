/**
 * What commands read and write: formats, prompts, chats, the output and going on with it; depends
 * on {@code source}, {@code model} and {@code tensor}.
 */
@NullMarked
package org.promptembeds.jobs.files;

import org.jspecify.annotations.NullMarked;
