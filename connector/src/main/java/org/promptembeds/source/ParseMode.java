package org.promptembeds.source;

import java.util.Locale;

/** What becomes of malformed tensors and files, as Spark's own readers name it. */
enum ParseMode {
  FAILFAST,
  PERMISSIVE,
  DROPMALFORMED;

  static ParseMode ofOption(String name) {
    return valueOf(name.toUpperCase(Locale.ROOT));
  }
}
