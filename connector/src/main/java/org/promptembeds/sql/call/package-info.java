/**
 * The generate functions of SQL: a call, its arguments, types and documentation; depends on {@code
 * sql.prompt} and {@code sql.values}.
 */
@NullMarked
package org.promptembeds.sql.call;

import org.jspecify.annotations.NullMarked;
