/**
 * The table of settings of a model: how it is put on a device, what weights it has and how it
 * batches.
 */
@NullMarked
package org.promptembeds.generation.setting;

import org.jspecify.annotations.NullMarked;
