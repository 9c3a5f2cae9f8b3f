/**
 * The physical operators and what runs in their tasks, which know nothing of rules; depends on
 * {@code sql.call}, {@code sql.prompt}, {@code sql.values} and {@code executor}.
 */
@NullMarked
package org.promptembeds.sql.execution;

import org.jspecify.annotations.NullMarked;
