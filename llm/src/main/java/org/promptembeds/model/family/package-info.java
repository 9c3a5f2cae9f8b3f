/**
 * Model families: each one's defaults, keys and weight names, as a {@code DecoderSpec} and a table
 * of names; depends on {@code spec} and {@code config}.
 */
@NullMarked
package org.promptembeds.model.family;

import org.jspecify.annotations.NullMarked;
