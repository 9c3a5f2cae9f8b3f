/**
 * The data source {@code prompt-embeds}: tensor and Arrow files as tables; depends on {@code
 * tensor} and {@code options}. {@link PromptEmbedsSource} alone touches {@code scala}, in the
 * signature of the interface through which Spark creates what is not there yet.
 */
@NullMarked
package org.promptembeds.source;

import org.jspecify.annotations.NullMarked;
