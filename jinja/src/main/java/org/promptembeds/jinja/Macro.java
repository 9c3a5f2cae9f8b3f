package org.promptembeds.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A macro with the scope it was defined in; calling it gives the text it renders. */
final class Macro implements TemplateFunction, HasAttributes {
  private final Definition definition;
  private final Frame scope;

  /**
   * @param names the names its body reads, which tell whether it takes further arguments
   */
  record Definition(String name, List<Parameter> parameters, Statement body, Set<String> names) {}

  /** A parameter and its default, where it has one. */
  record Parameter(String name, @Nullable Expression otherwise) {}

  Macro(Definition definition, Frame scope) {
    this.definition = definition;
    this.scope = scope;
  }

  String name() {
    return definition.name();
  }

  @Override
  public @Nullable Object find(String name) {
    return name.equals("name") ? definition.name() : null;
  }

  @Override
  public Object call(Frame caller, Arguments arguments) {
    Budget budget = scope.budget();
    budget.enter();
    Frame frame = scope.capturing();
    bind(frame, arguments);
    definition.body().render(frame);
    budget.leave();
    return frame.output().toString();
  }

  private void bind(Frame frame, Arguments arguments) {
    List<Parameter> parameters = definition.parameters();
    List<Object> positional = arguments.positional();
    Map<String, Object> rest = new LinkedHashMap<>(arguments.keyword());
    Object caller = rest.remove("caller");

    for (int i = 0; i < parameters.size(); i++) {
      Parameter parameter = parameters.get(i);
      Object named = rest.remove(parameter.name());

      if (i < positional.size()) {
        frame.set(parameter.name(), positional.get(i));
      } else if (named != null) {
        frame.set(parameter.name(), named);
      } else if (parameter.otherwise() != null) {
        frame.set(parameter.name(), parameter.otherwise().evaluate(frame));
      } else {
        frame.set(
            parameter.name(),
            new Undefined("parameter '%s' was not provided".formatted(parameter.name())));
      }

      if (i < positional.size() && named != null) {
        throw failure("takes one value for '%s'".formatted(parameter.name()));
      }
    }

    bindCaller(frame, caller);
    bindRest(frame, positional, rest);
  }

  private void bindCaller(Frame frame, @Nullable Object caller) {
    if (caller == null) {
      frame.set("caller", new Undefined("no caller is defined"));
    } else if (definition.names().contains("caller")) {
      frame.set("caller", caller);
    } else {
      throw failure("cannot be called with a call block");
    }
  }

  private void bindRest(Frame frame, List<Object> positional, Map<String, Object> rest) {
    int count = definition.parameters().size();

    if (definition.names().contains("varargs")) {
      List<Object> further =
          positional.size() > count ? positional.subList(count, positional.size()) : List.of();
      frame.set("varargs", new Tuple(new ArrayList<>(further)));
    } else if (positional.size() > count) {
      throw failure("takes not more than %d arguments".formatted(count));
    }

    if (definition.names().contains("kwargs")) {
      frame.set("kwargs", new LinkedHashMap<Object, Object>(rest));
    } else if (!rest.isEmpty()) {
      throw failure("takes no argument '%s'".formatted(rest.keySet().iterator().next()));
    }
  }

  private JinjaException failure(String reason) {
    return new JinjaException("macro '%s' %s".formatted(definition.name(), reason));
  }
}
