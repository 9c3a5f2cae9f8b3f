package org.promptembeds.jinja;

import java.time.Clock;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** C's {@code strftime} in the C locale, of a local time without a zone. */
final class Strftime {
  private static final Pattern DIRECTIVE =
      Pattern.compile("%(?<flag>-?)(?<letter>.)", Pattern.DOTALL);
  private static final Pattern PADDING = Pattern.compile("^[0 ]+(?=.)");

  /** What a directive takes, which reads a pattern of its own. */
  private static final int STEPS_PER_DIRECTIVE = 50;

  private Strftime() {}

  static String format(String format, Clock clock, Budget budget) {
    LocalDateTime now = LocalDateTime.now(clock);
    Matcher directives = DIRECTIVE.matcher(format);
    StringBuilder text = new StringBuilder();
    int position = 0;

    budget.charge(format.length());
    while (directives.find()) {
      budget.steps(STEPS_PER_DIRECTIVE);
      budget.charge(Budget.UNITS_PER_PART);
      text.append(format, position, directives.start());
      String part = part(directives.group("letter").charAt(0), now);
      boolean unpadded = !directives.group("flag").isEmpty();
      text.append(unpadded ? PADDING.matcher(part).replaceFirst("") : part);
      position = directives.end();
    }

    return text.append(format.substring(position)).toString();
  }

  private static String part(char directive, LocalDateTime now) {
    return switch (directive) {
      case 'a' -> pattern("EEE", now);
      case 'A' -> pattern("EEEE", now);
      case 'b', 'h' -> pattern("MMM", now);
      case 'B' -> pattern("MMMM", now);
      case 'c' -> parts("a b e T Y", now);
      case 'C' -> "%02d".formatted(now.getYear() / 100);
      case 'd' -> pattern("dd", now);
      case 'D', 'x' -> pattern("MM/dd/uu", now);
      case 'e' -> "%2d".formatted(now.getDayOfMonth());
      case 'f' -> "%06d".formatted(now.get(ChronoField.MICRO_OF_SECOND));
      case 'F' -> pattern("uuuu-MM-dd", now);
      case 'G' -> "%d".formatted(now.get(IsoFields.WEEK_BASED_YEAR));
      case 'H' -> pattern("HH", now);
      case 'I' -> pattern("hh", now);
      case 'j' -> pattern("DDD", now);
      case 'k' -> "%2d".formatted(now.getHour());
      case 'l' -> "%2d".formatted(now.get(ChronoField.CLOCK_HOUR_OF_AMPM));
      case 'm' -> pattern("MM", now);
      case 'M' -> pattern("mm", now);
      case 'n' -> "\n";
      case 'p' -> now.getHour() < 12 ? "AM" : "PM";
      case 'P' -> now.getHour() < 12 ? "am" : "pm";
      case 'r' -> parts("I:M:S p", now);
      case 'R' -> pattern("HH:mm", now);
      case 'S' -> pattern("ss", now);
      case 't' -> "\t";
      case 'T', 'X' -> pattern("HH:mm:ss", now);
      case 'u' -> "%d".formatted(now.getDayOfWeek().getValue());
      case 'U' -> week(now, now.getDayOfWeek().getValue() % 7);
      case 'V' -> "%02d".formatted(now.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
      case 'w' -> "%d".formatted(now.getDayOfWeek().getValue() % 7);
      case 'W' -> week(now, now.getDayOfWeek().getValue() - 1);
      case 'y' -> pattern("uu", now);
      case 'Y' -> "%d".formatted(now.getYear());
      case 'z', 'Z' -> "";
      case '%' -> "%";
      default ->
          throw new JinjaException(
              "strftime_now: the directive '%%%s' is not supported".formatted(directive));
    };
  }

  /** Several directives: letters are directives, all else stays. */
  private static String parts(String directives, LocalDateTime now) {
    StringBuilder text = new StringBuilder();
    directives
        .chars()
        .forEach(
            c -> text.append(Character.isLetter(c) ? part((char) c, now) : Character.toString(c)));
    return text.toString();
  }

  private static String week(LocalDateTime now, int daysIntoWeek) {
    return "%02d".formatted((now.getDayOfYear() + 6 - daysIntoWeek) / 7);
  }

  private static String pattern(String pattern, LocalDateTime now) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).format(now);
  }
}
