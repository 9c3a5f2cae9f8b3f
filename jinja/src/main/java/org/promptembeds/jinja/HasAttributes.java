package org.promptembeds.jinja;

import org.jspecify.annotations.Nullable;

/** A value of the interpreter with attributes of its own, such as {@code loop}. */
interface HasAttributes {
  @Nullable Object find(String name);
}
