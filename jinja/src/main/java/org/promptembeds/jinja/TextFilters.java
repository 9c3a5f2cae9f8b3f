package org.promptembeds.jinja;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The filters that make text of text. */
final class TextFilters {
  private static final Pattern WORD_BEGINNINGS =
      Pattern.compile("[-\\s({\\[<]+", Pattern.UNICODE_CHARACTER_CLASS);
  private static final Pattern WORD = Pattern.compile("\\w+", Pattern.UNICODE_CHARACTER_CLASS);

  private TextFilters() {}

  static void addTo(Map<String, Filter> filters) {
    filters.put("string", (f, value, a) -> text(value, f));
    filters.put("safe", (f, value, a) -> text(value, f));
    filters.put("upper", (f, value, a) -> Letters.upper(slow(value, f)));
    filters.put("lower", (f, value, a) -> Letters.lower(slow(value, f)));
    filters.put("capitalize", (f, value, a) -> Letters.capitalize(slow(value, f)));
    filters.put("title", (f, value, a) -> title(slow(value, f)));
    filters.put("trim", (f, value, a) -> TextMethods.trim(text(value, f), a, f.budget()));
    filters.put("replace", TextFilters::replace);
    filters.put("indent", TextFilters::indent);
    filters.put("truncate", TextFilters::truncate);
    filters.put("center", TextFilters::center);
    filters.put("format", TextFilters::format);
    filters.put("escape", TextFilters::escape);
    filters.put("e", TextFilters::escape);
    filters.put("wordcount", (f, value, a) -> WORD.matcher(slow(value, f)).results().count());
  }

  static String text(Object value, Frame frame) {
    return PythonText.of(value, frame.budget());
  }

  /** As {@link #text}, for something that takes its time for each character and makes as many. */
  private static String slow(Object value, Frame frame) {
    String text = text(value, frame);
    frame.budget().work(text);
    frame.budget().charge(text.length());
    return text;
  }

  private static String title(String text) {
    StringBuilder title = new StringBuilder(text.length());
    Matcher separators = WORD_BEGINNINGS.matcher(text);
    int position = 0;

    while (separators.find()) {
      appendTitled(title, text.substring(position, separators.start()));
      title.append(separators.group());
      position = separators.end();
    }

    appendTitled(title, text.substring(position));
    return title.toString();
  }

  private static void appendTitled(StringBuilder title, String word) {
    if (!word.isEmpty()) {
      int first = word.offsetByCodePoints(0, 1);
      title.append(Letters.upper(word.substring(0, first)));
      title.append(Letters.lower(word.substring(first)));
    }
  }

  private static Object replace(Frame frame, Object value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("replace", "old", "new", "count");
    int count = bound.optional("count", None.NONE) == None.NONE ? -1 : bound.integer("count", -1);
    return TextMethods.replace(
        text(value, frame),
        text(bound.required("old"), frame),
        text(bound.required("new"), frame),
        count,
        frame.budget());
  }

  private static Object indent(Frame frame, Object value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("indent", "width", "first", "blank");
    String indent =
        bound.optional("width", 4L) instanceof String width
            ? width
            : " ".repeat(Math.max(0, Math.min(10_000, bound.integer("width", 4))));
    List<Object> lines = Splitting.lines(text(value, frame) + "\n", Arguments.NONE, frame.budget());
    PythonText result = new PythonText(frame.budget());

    for (int i = 0; i < lines.size(); i++) {
      String line = (String) lines.get(i);
      boolean indented =
          i == 0 ? bound.truth("first", false) : bound.truth("blank", false) || !line.isEmpty();
      result.append(i == 0 ? "" : "\n");
      result.append(indented ? indent : "");
      result.append(line);
    }

    return result.toString();
  }

  private static Object truncate(Frame frame, Object value, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("truncate", "length", "killwords", "end", "leeway");
    String text = text(value, frame);
    String end = bound.text("end", "...");
    int limit = bound.integer("length", 255);
    int leeway = bound.optional("leeway", None.NONE) == None.NONE ? 5 : bound.integer("leeway", 5);
    int kept = limit - end.codePointCount(0, end.length());

    if (kept < 0 || leeway < 0) {
      throw new JinjaException("truncate needs a length of at least that of its end");
    }

    if (text.codePointCount(0, text.length()) <= (long) limit + leeway) {
      return text;
    }

    String cut = text.substring(0, text.offsetByCodePoints(0, kept));
    int space = cut.lastIndexOf(' ');
    return (bound.truth("killwords", false) || space < 0 ? cut : cut.substring(0, space)) + end;
  }

  private static Object center(Frame frame, Object value, Arguments arguments) {
    int width = arguments.bind("center", "width").integer("width", 80);
    return TextMethods.pad("center", text(value, frame), width, " ", frame.budget());
  }

  private static Object format(Frame frame, Object value, Arguments arguments) {
    boolean named = !arguments.keyword().isEmpty();

    if (named && !arguments.positional().isEmpty()) {
      throw new JinjaException("format takes positional or named arguments, not both");
    }

    Object values = named ? arguments.keyword() : new Tuple(arguments.positional());
    return PercentFormat.format(text(value, frame), values, frame.budget());
  }

  private static Object escape(Frame frame, Object value, Arguments arguments) {
    String text = text(value, frame);
    frame.budget().charge(text.length() * 5L);
    return text.replace("&", "&amp;")
        .replace(">", "&gt;")
        .replace("<", "&lt;")
        .replace("'", "&#39;")
        .replace("\"", "&#34;");
  }
}
