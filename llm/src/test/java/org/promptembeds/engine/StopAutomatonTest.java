package org.promptembeds.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Against searching for each stop string by itself. */
class StopAutomatonTest {
  private static String text(Random random, int length) {
    return random
        .ints(length, 'a', 'd')
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private static int firstIn(String text, List<String> stops, int floor) {
    return IntStream.range(0, text.length())
        .filter(
            start ->
                stops.stream()
                    .anyMatch(
                        stop -> text.startsWith(stop, start) && start + stop.length() > floor))
        .findFirst()
        .orElse(-1);
  }

  private static int longest(IntStream lengths) {
    return lengths.max().orElse(0);
  }

  @Test
  void findsWhatSearchingForEachFinds() {
    Random random = new Random(5);
    for (int i = 0; i < 20_000; i++) {
      List<String> stops =
          random.ints(1 + random.nextInt(4), 1, 6).mapToObj(n -> text(random, n)).toList();
      String text = text(random, random.nextInt(14));
      StopAutomaton automaton = new StopAutomaton(stops);
      int floor = random.nextInt(text.length() + 1);
      assertThat(automaton.firstIn(text, floor))
          .as("%s in %s from %d", stops, text, floor)
          .isEqualTo(firstIn(text, stops, floor));
      int state = StopAutomaton.START;
      for (int at = 0; at < text.length(); at++) {
        state = automaton.after(state, text.charAt(at));
      }

      assertThat(automaton.completed(state))
          .as("%s at the end of %s", stops, text)
          .isEqualTo(longest(stops.stream().filter(text::endsWith).mapToInt(String::length)));
      assertThat(automaton.begun(state))
          .as("%s begun at the end of %s", stops, text)
          .isEqualTo(
              longest(
                  stops.stream()
                      .flatMapToInt(
                          stop ->
                              IntStream.range(1, stop.length())
                                  .filter(n -> text.endsWith(stop.substring(0, n))))));
    }
  }

  @Test
  void withoutStopStringsNothingIsFound() {
    StopAutomaton automaton = new StopAutomaton(List.of());
    assertThat(automaton.firstIn("abc", 0)).isEqualTo(-1);
    assertThat(automaton.begun(automaton.after(StopAutomaton.START, 'a'))).isZero();
  }
}
