package org.promptembeds.sql.call;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;
import org.promptembeds.options.BackendSpec;
import org.promptembeds.options.SoftPromptNames;

/**
 * What a call means in the session that it is analysed in.
 *
 * @param backend what generates
 * @param softPrompts the names that rows may give
 * @param softPrompt directory of the soft prompt of all rows; null if there is none, or rows say
 */
public record CallBinding(
    BackendSpec backend, SoftPromptNames softPrompts, @Nullable String softPrompt)
    implements Serializable {}
