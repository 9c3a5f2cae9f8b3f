package org.promptembeds.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The methods of Python's dictionaries, lists and tuples; those that would change them are refused,
 * as Jinja's immutable sandbox does.
 */
final class CollectionMethods {
  private static final Set<String> MAP_CHANGES =
      Set.of("clear", "pop", "popitem", "setdefault", "update");
  private static final Set<String> LIST_CHANGES =
      Set.of("append", "clear", "extend", "insert", "pop", "remove", "reverse", "sort");

  private CollectionMethods() {}

  static @Nullable Object ofMap(Map<?, ?> map, String name) {
    if (MAP_CHANGES.contains(name)) {
      return forbidden(name, map);
    }

    TemplateFunction method =
        switch (name) {
          case "items" -> (frame, arguments) -> view(frame, arguments, DictView.items(map));
          case "keys" -> (frame, arguments) -> view(frame, arguments, DictView.keys(map));
          case "values" -> (frame, arguments) -> view(frame, arguments, DictView.values(map));
          case "get" -> (frame, arguments) -> get(map, arguments, frame.budget());
          case "copy" ->
              (frame, arguments) -> {
                frame.budget().charge(map.size());
                return new LinkedHashMap<>(map);
              };
          default -> null;
        };
    return method;
  }

  private static Undefined forbidden(String name, Object object) {
    return new Undefined(
        "'%s' would change %s, which a template cannot".formatted(name, Values.typeName(object)));
  }

  private static DictView view(Frame frame, Arguments arguments, DictView view) {
    frame.budget().charge(view.elements().size());
    arguments.bind(view.kind());
    return view;
  }

  private static Object get(Map<?, ?> map, Arguments arguments, Budget budget) {
    Arguments.Bound bound = arguments.bind("get", "key", "default");
    Object key = bound.required("key");
    if (key instanceof String text) {
      budget.read(text);
    }

    Object value = map.get(Values.key(key));
    return value == null ? bound.optional("default", None.NONE) : value;
  }

  static @Nullable Object ofList(List<?> list, String name) {
    if (LIST_CHANGES.contains(name) && BinaryOperator.isList(list)) {
      return forbidden(name, list);
    }

    TemplateFunction method =
        switch (name) {
          case "index" -> (frame, arguments) -> index(list, arguments, frame.budget());
          case "count" -> (frame, arguments) -> count(list, arguments, frame.budget());
          case "copy" ->
              BinaryOperator.isList(list)
                  ? (frame, arguments) -> {
                    frame.budget().charge(list.size());
                    return new ArrayList<Object>(list);
                  }
                  : null;
          default -> null;
        };
    return method;
  }

  private static long index(List<?> list, Arguments arguments, Budget budget) {
    Object wanted = arguments.bind("index", "value").required("value");

    for (int i = 0; i < list.size(); i++) {
      if (Comparison.equal(list.get(i), wanted, budget)) {
        return i;
      }
    }

    throw new JinjaException("index does not find the value in " + Values.typeName(list));
  }

  private static long count(List<?> list, Arguments arguments, Budget budget) {
    Object wanted = arguments.bind("count", "value").required("value");
    return list.stream().filter(element -> Comparison.equal(element, wanted, budget)).count();
  }
}
