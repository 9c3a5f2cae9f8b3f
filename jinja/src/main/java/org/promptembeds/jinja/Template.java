package org.promptembeds.jinja;

import java.time.Clock;
import java.util.HashMap;
import java.util.Map;

/** A parsed Jinja template; immutable, and safe for use by many threads. */
public final class Template {
  private final Statement body;

  private Template(Statement body) {
    this.body = body;
  }

  /**
   * Parses a template as Jinja does with {@code trim_blocks}, {@code lstrip_blocks} and the loop
   * controls.
   *
   * @throws JinjaException with the line that cannot be parsed
   */
  public static Template parse(String source) {
    return new Template(new StatementParser(new TokenStream(Lexer.tokens(source))).parse());
  }

  /**
   * The text of the template with {@code variables}: strings, booleans, numbers, maps, collections,
   * arrays of objects and nulls.
   *
   * @param clock what {@code strftime_now} reads
   * @throws RaisedException where the template itself refuses the variables
   * @throws JinjaException with the line that cannot be rendered, or where rendering takes more
   *     steps or makes more text than a chat needs
   */
  public String render(Map<String, ?> variables, Clock clock) {
    Map<String, Object> values = new HashMap<>(Globals.functions(clock));
    variables.forEach((name, value) -> values.put(name, Values.of(value)));
    Frame frame = Frame.root(values);

    try {
      body.render(frame);
    } catch (StackOverflowError e) {
      throw new JinjaException("the template or its values nest too deep");
    }

    return frame.output().toString();
  }
}
