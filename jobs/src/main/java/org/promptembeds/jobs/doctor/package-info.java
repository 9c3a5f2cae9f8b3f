/**
 * What {@code doctor} looks at, and what it makes of it. Depends on the rooms torch, torch.install
 * and generation.
 */
@NullMarked
package org.promptembeds.jobs.doctor;

import org.jspecify.annotations.NullMarked;
