/**
 * Prompts put together of parts, and the SQL functions that make them; depends on {@code
 * sql.values} and {@code executor}.
 */
@NullMarked
package org.promptembeds.sql.prompt;

import org.jspecify.annotations.NullMarked;
