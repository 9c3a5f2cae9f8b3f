package org.promptembeds.sql.values;

import java.util.List;
import java.util.function.UnaryOperator;
import scala.Function1;
import scala.collection.immutable.Map;
import scala.collection.immutable.Map$;
import scala.collection.immutable.Seq;
import scala.collection.immutable.VectorBuilder;
import scala.jdk.javaapi.CollectionConverters;

/** Java lists as Scala sequences and back. */
public final class Seqs {
  private Seqs() {}

  public static <T> Seq<T> of(List<? extends T> list) {
    VectorBuilder<T> builder = new VectorBuilder<>();
    list.forEach(builder::addOne);
    return builder.result();
  }

  public static <T> List<T> list(scala.collection.Seq<T> seq) {
    return List.copyOf(CollectionConverters.asJava(seq));
  }

  public static <K, V> Map<K, V> map(java.util.Map<K, V> map) {
    return Map$.MODULE$.from(CollectionConverters.asScala(map));
  }

  /** {@code map} as Scala's function, for {@code mapChildren} and {@code mapExpressions}. */
  public static <T> Function1<T, T> function(UnaryOperator<T> map) {
    return map::apply;
  }
}
