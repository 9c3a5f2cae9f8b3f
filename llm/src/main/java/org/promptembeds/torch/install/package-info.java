/**
 * Which PyTorch a process loads: the installations of this machine, and the bridge of the class
 * path that one of them has to fit. Depends on the generation room alone.
 */
@NullMarked
package org.promptembeds.torch.install;

import org.jspecify.annotations.NullMarked;
