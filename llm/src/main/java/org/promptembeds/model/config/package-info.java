/** Reads the JSON files of a model directory in either dialect; depends on {@code spec}. */
@NullMarked
package org.promptembeds.model.config;

import org.jspecify.annotations.NullMarked;
