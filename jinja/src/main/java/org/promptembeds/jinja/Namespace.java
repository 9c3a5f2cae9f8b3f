package org.promptembeds.jinja;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The one mutable value: an object whose attributes a template may set in inner scopes. */
final class Namespace {
  private final Map<Object, Object> attributes = new LinkedHashMap<>();

  void set(String name, Object value) {
    attributes.put(name, value);
  }

  @Nullable Object find(String name) {
    return attributes.get(name);
  }

  Map<Object, Object> attributes() {
    return attributes;
  }
}
