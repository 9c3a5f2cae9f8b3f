package org.promptembeds.jinja;

/**
 * A name, attribute or element that is not there: prints as nothing, is false and empty, and fails
 * at any other use.
 */
final class Undefined {
  private final String reason;

  /** {@code reason} is what its use will fail with. */
  Undefined(String reason) {
    this.reason = reason;
  }

  static Undefined name(String name) {
    return new Undefined("'%s' is undefined".formatted(name));
  }

  static Undefined attribute(Object object, String attribute) {
    return new Undefined("%s has no attribute '%s'".formatted(Values.typeName(object), attribute));
  }

  JinjaException failure() {
    return new JinjaException(reason);
  }
}
