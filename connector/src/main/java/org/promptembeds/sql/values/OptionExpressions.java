package org.promptembeds.sql.values;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.CreateMap;
import org.apache.spark.sql.catalyst.expressions.CreateNamedStruct;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.NamedArgumentExpression;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Options as the expressions that a user gave, by name: constants among them are read. */
public final class OptionExpressions {
  private OptionExpressions() {}

  /** Options that are known without a row. */
  public static Map<String, Object> constants(Expression options) {
    if (options.foldable()) {
      return OptionValues.toJava(options.eval(null), options.dataType());
    }

    Map<String, Object> constants = new LinkedHashMap<>();
    byName(options)
        .forEach(
            (name, value) -> {
              Object constant =
                  value.foldable() ? OptionValues.scalar(value.eval(null), value.dataType()) : null;
              if (constant != null) {
                constants.put(name, constant);
              }
            });
    return constants;
  }

  /** The options but the one named {@code excluded}, if they are not constant. */
  public static Expression without(String excluded, Expression options) {
    if (options.foldable() || !byName(options).containsKey(excluded)) {
      return options;
    }

    List<Expression> pairs = new ArrayList<>();
    byName(options)
        .forEach(
            (name, value) -> {
              if (!name.equals(excluded)) {
                pairs.add(Literal.create(name, DataTypes.StringType));
                pairs.add(value);
              }
            });
    return options instanceof CreateMap map
        ? map.copy(Seqs.of(pairs), map.useStringTypeWhenEmpty())
        : new CreateNamedStruct(Seqs.of(pairs));
  }

  /** Whether an option of a name is given, where names can be told apart. */
  public static boolean has(String name, Expression options) {
    return byName(options).containsKey(name);
  }

  /** The options with another in place of the one named {@code replaced}. */
  public static Expression replace(
      String replaced, String name, Expression value, Expression options) {
    List<Expression> pairs = new ArrayList<>();
    byName(options)
        .forEach(
            (key, old) -> {
              boolean isIt = key.equals(replaced);
              pairs.add(Literal.create(isIt ? name : key, DataTypes.StringType));
              pairs.add(isIt ? value : old);
            });
    return options instanceof CreateMap map
        ? map.copy(Seqs.of(pairs), map.useStringTypeWhenEmpty())
        : new CreateNamedStruct(Seqs.of(pairs));
  }

  /** The names of the options, where they can be told apart. */
  public static List<String> names(Expression options) {
    return options.dataType() instanceof StructType struct
        ? List.of(struct.fieldNames())
        : List.copyOf(byName(options).keySet());
  }

  /** The options as expressions by name, where they can be told apart. */
  public static Map<String, Expression> byName(Expression options) {
    Map<String, Expression> fields = new LinkedHashMap<>();
    if (options instanceof CreateNamedStruct || options instanceof CreateMap) {
      List<Expression> pairs = Seqs.list(options.children());
      for (int i = 0; i + 1 < pairs.size(); i += 2) {
        if (pairs.get(i).foldable()) {
          fields.put(
              String.valueOf(pairs.get(i).eval(null)).toLowerCase(Locale.ROOT),
              unnamed(pairs.get(i + 1)));
        }
      }
    }

    return fields;
  }

  /**
   * A value without the name that a struct of DataFrame columns gives it, which hides constants.
   */
  private static Expression unnamed(Expression value) {
    return value instanceof Alias alias ? alias.child() : value;
  }

  /** An argument as a user would write it, by its name if it has one. */
  public static String argument(Expression argument, Function<Expression, String> text) {
    return argument instanceof NamedArgumentExpression pair
        ? pair.key() + " => " + text.apply(pair.value())
        : text.apply(argument);
  }

  /** The options as a user would write them by name. */
  public static List<String> describe(Expression options, Function<Expression, String> text) {
    List<String> described = new ArrayList<>();
    if (options instanceof Literal) {
      constants(options).forEach((name, value) -> described.add(name + " => " + value));
    } else if (options instanceof CreateNamedStruct) {
      List<Expression> pairs = Seqs.list(options.children());
      for (int i = 0; i + 1 < pairs.size(); i += 2) {
        described.add(name(pairs.get(i)) + " => " + text.apply(pairs.get(i + 1)));
      }
    } else {
      described.add(text.apply(options));
    }

    return described;
  }

  /** An option's name: Spark puts attributes in the place of literals to name a column. */
  private static String name(Expression key) {
    return key.foldable() ? String.valueOf(key.eval(null)) : key.sql();
  }
}
