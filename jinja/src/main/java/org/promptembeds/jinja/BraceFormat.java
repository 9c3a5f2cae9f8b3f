package org.promptembeds.jinja;

/** Python's {@code '{}'.format(...)} with plain fields: {@code {}}, {@code {0}}, {@code {name}}. */
final class BraceFormat {
  private BraceFormat() {}

  static String format(String format, Arguments arguments, Budget budget) {
    PythonText text = new PythonText(budget);
    int next = 0;
    int position = 0;

    while (position < format.length()) {
      char c = format.charAt(position);
      boolean doubled = position + 1 < format.length() && format.charAt(position + 1) == c;

      if ((c == '{' || c == '}') && doubled) {
        text.append(String.valueOf(c));
        position += 2;
      } else if (c == '{') {
        int end = format.indexOf('}', position);
        String field = format.substring(position + 1, end < 0 ? position + 1 : end);

        if (end < 0) {
          throw new JinjaException("the format '%s' has an open '{'".formatted(format));
        }

        text.appendString(value(field.isEmpty() ? String.valueOf(next++) : field, arguments));
        position = end + 1;
      } else if (c == '}') {
        throw new JinjaException("the format '%s' has a single '}'".formatted(format));
      } else {
        int end = position;

        while (end < format.length() && format.charAt(end) != '{' && format.charAt(end) != '}') {
          end++;
        }

        text.append(format.substring(position, end));
        position = end;
      }
    }

    return text.toString();
  }

  private static Object value(String field, Arguments arguments) {
    if (field.matches("\\d{1,4}")) {
      int place = Integer.parseInt(field);

      if (place < arguments.positional().size()) {
        return arguments.positional().get(place);
      }

      throw new JinjaException("format has no value for place %d".formatted(place));
    }

    Object value = arguments.keyword().get(field);

    if (value == null) {
      throw new JinjaException(
          "format has no value for '{%s}'; only plain fields are supported".formatted(field));
    }

    return value;
  }
}
