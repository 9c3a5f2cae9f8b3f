package org.promptembeds.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The arguments of a call as the template writes them. */
record ArgumentList(
    List<Expression> positional,
    Map<String, Expression> keyword,
    @Nullable Expression spread,
    @Nullable Expression spreadKeywords) {
  static final ArgumentList NONE = new ArgumentList(List.of(), Map.of(), null, null);

  static ArgumentList of(Expression argument) {
    return new ArgumentList(List.of(argument), Map.of(), null, null);
  }

  Arguments evaluate(Frame frame) {
    List<Object> values = new ArrayList<>();
    positional.forEach(expression -> values.add(expression.evaluate(frame)));

    if (spread != null) {
      values.addAll(Iteration.elements(spread.evaluate(frame), frame.budget()));
    }

    Map<String, Object> named = new LinkedHashMap<>();
    keyword.forEach((name, expression) -> named.put(name, expression.evaluate(frame)));

    if (spreadKeywords != null) {
      addKeywords(named, spreadKeywords.evaluate(frame));
    }

    frame.budget().charge(values.size() + named.size());
    return new Arguments(values, named);
  }

  private static void addKeywords(Map<String, Object> named, Object value) {
    if (!(value instanceof Map<?, ?> map)) {
      throw new JinjaException("the argument after ** is not a dictionary");
    }

    map.forEach(
        (key, element) -> {
          if (!(key instanceof String name) || element == null || named.containsKey(name)) {
            throw new JinjaException("the argument after ** has the unusable name " + key);
          }

          named.put(name, element);
        });
  }
}
