package org.promptembeds.sql.call;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.catalyst.expressions.CreateNamedStruct;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.NamedArgumentExpression;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.promptembeds.sql.values.Seqs;
import scala.Option;
import scala.collection.immutable.Seq;

/** Reads the arguments of a call: the prompt first, then options by name or in one struct. */
final class CallArguments {
  private CallArguments() {}

  /** The call, which remembers what is wrong with its arguments until analysis asks. */
  static Expression build(GenerateFunction function, Seq<Expression> arguments) {
    try {
      return TypedOutput.call(function, parse(function, Seqs.list(arguments)));
    } catch (IllegalArgumentException e) {
      return new GenerateFromEmbeds(
          new ResultShape(function, false),
          arguments,
          String.valueOf(e.getMessage()),
          Option.empty());
    }
  }

  private static List<Expression> parse(GenerateFunction function, List<Expression> arguments) {
    List<Expression> positional = new ArrayList<>();
    List<Expression> named = new ArrayList<>();
    Set<String> names = new TreeSet<>();
    GenerateInput input = function.input();
    for (Expression argument : arguments) {
      if (!(argument instanceof NamedArgumentExpression pair)) {
        require(named.isEmpty(), "positional arguments must come before named ones");
        positional.add(argument);
        continue;
      }

      String name = pair.key().toLowerCase(Locale.ROOT);
      require(names.add(name), "argument '" + name + "' is given twice");
      if (name.equals(input.parameter())) {
        require(positional.isEmpty(), "argument '" + name + "' is given twice");
        positional.add(pair.value());
      } else {
        named.add(Literal.create(input.arguments().require(name).key(), DataTypes.StringType));
        named.add(pair.value());
      }
    }

    require(
        !positional.isEmpty(),
        "the first argument is missing: %s(%s[, max_tokens => 64, ...])"
            .formatted(function.sqlName(), input.parameter()));
    require(
        positional.size() <= 2 && (positional.size() == 1 || named.isEmpty()),
        "give options by name (max_tokens => 64), or all of them in one map or struct as the second"
            + " argument");
    return List.of(
        typed(positional.get(0), input.nullType()),
        positional.size() == 2 ? positional.get(1) : new CreateNamedStruct(Seqs.of(named)));
  }

  /** NULL as written, which has no type, becomes one of {@code nullType}. */
  private static Expression typed(Expression prompt, DataType nullType) {
    return prompt instanceof Literal literal && literal.value() == null
        ? Literal.create(null, nullType)
        : prompt;
  }

  private static void require(boolean condition, String problem) {
    if (!condition) {
      throw new IllegalArgumentException(problem);
    }
  }
}
