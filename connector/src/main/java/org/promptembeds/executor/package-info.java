/** One backend per executor and model: device choice, sharing, shutdown. */
@NullMarked
package org.promptembeds.executor;

import org.jspecify.annotations.NullMarked;
