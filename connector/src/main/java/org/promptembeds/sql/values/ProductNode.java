package org.promptembeds.sql.values;

import java.util.List;
import scala.Product;

/**
 * A node of Catalyst's trees, which are walked, copied and compared by what nodes are constructed
 * of.
 */
public interface ProductNode extends Product {
  /** The arguments of the public constructor, in its order. */
  List<Object> constructorArguments();

  @Override
  default int productArity() {
    return constructorArguments().size();
  }

  @Override
  default Object productElement(int index) {
    return constructorArguments().get(index);
  }

  @Override
  default boolean canEqual(Object other) {
    return getClass().isInstance(other);
  }
}
