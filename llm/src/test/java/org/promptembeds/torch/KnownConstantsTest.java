package org.promptembeds.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a device knows of constants, against a device that is an array. */
class KnownConstantsTest {
  @Test
  void everyPlaceHoldsWhatTheStepNeeds() {
    Random random = new Random(1);
    KnownConstants<Object> known = new KnownConstants<>();
    List<Object> device = new ArrayList<>();
    List<Object> constants = new ArrayList<>();
    random.ints(300).forEach(constants::add);
    int sent = 0;
    int needed = 0;
    for (int step = 0; step < 2_000; step++) {
      if (random.nextInt(100) == 0) {
        known.forget();
        device.replaceAll(lost -> "nothing");
      }

      known.begin();
      int first = random.nextInt(constants.size());
      List<Object> wanted = constants.subList(first, Math.min(first + 90, constants.size()));
      List<Integer> places = new ArrayList<>();
      for (Object constant : wanted.subList(0, random.nextInt(wanted.size()) + 1)) {
        places.add(known.place(constant));
      }

      while (device.size() < known.size()) {
        device.add("nothing");
      }

      for (Object fresh : known.fresh()) {
        device.set(known.place(fresh), fresh);
        sent++;
      }

      for (int i = 0; i < places.size(); i++) {
        assertThat(device.get(places.get(i))).isSameAs(wanted.get(i));
        needed++;
      }
    }

    assertThat(known.size()).as("places").isBetween(64, 90);
    assertThat(sent).isLessThan(needed);
  }

  @Test
  void aConstantIsSentOnceWhileThereIsRoom() {
    KnownConstants<Object> known = new KnownConstants<>();
    for (int step = 0; step < 10; step++) {
      known.begin();
      for (int constant = 0; constant < 64; constant++) {
        assertThat(known.place(constant)).isEqualTo(constant);
      }

      assertThat(known.fresh()).hasSize(step == 0 ? 64 : 0);
    }
  }
}
