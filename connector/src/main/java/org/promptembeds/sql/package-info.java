/**
 * SQL functions, plan nodes, rules and the physical operator; the only importer of {@code scala}.
 */
@NullMarked
package org.promptembeds.sql;

import org.jspecify.annotations.NullMarked;
