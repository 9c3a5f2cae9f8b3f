package org.promptembeds.source;

/** A compressed file that may be in order, but cannot be read with the jars that are there. */
final class MissingCodecException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  MissingCodecException(String file, String codec, Throwable cause) {
    super(
        ("%s is compressed with %s, which needs arrow-compression of Spark's Arrow version on the"
                + " class path (--packages org.apache.arrow:arrow-compression); Spark has it from"
                + " 4.1 on")
            .formatted(file, codec),
        cause);
  }
}
