/**
 * The rules that take calls out of expressions, the logical operator, and the strategy that plans
 * it; depends on {@code sql.execution}, {@code sql.call} and {@code sql.values}.
 */
@NullMarked
package org.promptembeds.sql.plan;

import org.jspecify.annotations.NullMarked;
