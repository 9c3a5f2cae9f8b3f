/**
 * Adds the functions, rules and operators to Spark sessions; what they are lies in the packages
 * below, the only ones besides {@code source} that import {@code scala}.
 */
@NullMarked
package org.promptembeds.sql;

import org.jspecify.annotations.NullMarked;
