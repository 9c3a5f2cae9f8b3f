package org.promptembeds.ml;

import org.apache.spark.ml.Transformer;

/** A transformer that knows its name before parameters are made, which take it over. */
abstract class NamedTransformer extends Transformer {
  private static final long serialVersionUID = 1L;

  private final String uid;

  NamedTransformer(String uid) {
    this.uid = uid;
  }

  @Override
  public String uid() {
    return uid;
  }
}
