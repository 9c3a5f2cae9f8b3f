package org.promptembeds.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What reads long strings again and again is paid for by the character, whatever the strings hold.
 */
class TemplateTimeTest {
  private static final String LONG = "a".repeat(1 << 20);
  private static final Map<String, Object> VARIABLES =
      Map.of(
          "s",
          LONG,
          "t",
          new String(LONG.toCharArray()),
          "part",
          "a".repeat(1 << 19) + "b",
          "tail",
          "b" + "a".repeat(1 << 19),
          "keys",
          Map.of(LONG, 1),
          "formats",
          "%A".repeat(1 << 19));

  private static String loop(String expression) {
    return "{% for i in range(100000) %}{% set x = " + expression + " %}{% endfor %}";
  }

  @Tag("attack")
  @ParameterizedTest
  @ValueSource(
      strings = {
        "s.find(part)",
        "s.rfind(tail)",
        "part in s",
        "s in part",
        "tail not in s",
        "s.replace(part, '')",
        "s|replace(part, '')",
        "s.replace('a', '')",
        "s.split(part)",
        "s.rsplit(tail)",
        "s.split('a')",
        "s.split()",
        "s.splitlines()",
        "s.count(part)",
        "s.count('a')",
        "s.count('b')",
        "s == t",
        "s != t",
        "s < t",
        "s >= t",
        "[s] == [t]",
        "s[1:]",
        "s[:-1]",
        "s[::2]",
        "s[i]",
        "s[-1]",
        "s.title()",
        "s|title",
        "s.upper()",
        "s|upper",
        "s.lower()",
        "s.swapcase()",
        "s.capitalize()",
        "s|capitalize",
        "s.isupper()",
        "s is upper",
        "s is lower",
        "s.isalpha()",
        "s|length",
        "s|wordcount",
        "s.strip(s)",
        "s.strip(part)",
        "s|trim(part)",
        "s.startswith(t)",
        "s.endswith((t, tail, t))",
        "s.removeprefix(t)",
        "s.partition(part)",
        "s.rpartition(tail)",
        "keys[t]",
        "t in keys",
        "s.find('b', 1)",
        "strftime_now(formats)",
        "s|tojson",
        "s|string|first",
        "s|list",
        "s|escape",
        "s|indent",
        "s|truncate(5)",
        "s ~ 'x'",
        "s + t",
        "s * 2",
        "s|reverse",
        "s is eq t",
        "s is in [t]",
        "s.join('ab')",
        "s|join",
        "'%s' % s",
        "'{}'.format(s)",
        "s.zfill(9)",
        "s.ljust(9)",
        "s|int",
        "s|float",
        "s.casefold()",
        "keys.get(t)"
      })
  void isRefusedByTheCountOfWhatItReadsAndMakes(String expression) {
    assertThatThrownBy(() -> Template.parse(loop(expression)).render(VARIABLES, Clock.systemUTC()))
        .isInstanceOf(JinjaException.class)
        .message()
        .containsAnyOf("takes more than 5,000,000 steps", "makes more than 67,108,864 characters");
  }

  @Test
  void theTimeOfACoreIsTheLastBound() {
    AtomicLong now = new AtomicLong(7);
    Budget budget = new Budget(now::get);
    budget.steps(10_000);
    now.addAndGet(Budget.MAX_NANOS);
    budget.steps(10_000);
    now.incrementAndGet();
    assertThatThrownBy(() -> budget.steps(10_000))
        .isInstanceOf(JinjaException.class)
        .hasMessage("the template takes more than 5 s of a core; shorten the messages");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "1_1", "0x1f", "0b1_1", "0o7_7"})
  void longNumbersDoNotDeepenTheStack(String digits) {
    String number = digits + digits.substring(Math.max(0, digits.length() - 2)).repeat(200_000);
    assertThat(number).hasSizeGreaterThan(200_000);
    assertThatThrownBy(() -> Template.parse("{{ " + number.replace("x1fx", "x1f") + " }}"))
        .isInstanceOf(JinjaException.class)
        .hasMessageStartingWith("line 1: ");
  }

  @Test
  void searchesAgreeWithThoseOfStrings() {
    Random random = new Random(3);
    for (int i = 0; i < 20_000; i++) {
      String text = letters(random, random.nextInt(60));
      String part = letters(random, random.nextInt(14));
      int from = random.nextInt(text.length() + 1);
      TextSearch search = new TextSearch(part);
      assertThat(search.first(text, from)).isEqualTo(text.indexOf(part, from));
      assertThat(search.last(text)).isEqualTo(text.lastIndexOf(part));
    }
  }

  private static String letters(Random random, int length) {
    StringBuilder letters = new StringBuilder();
    for (int i = 0; i < length; i++) {
      letters.append(random.nextInt(8) == 0 ? 'b' : 'a');
    }

    return letters.toString();
  }
}
