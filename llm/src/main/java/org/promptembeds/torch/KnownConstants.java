package org.promptembeds.torch;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where on the device what rows refer to from step to step lies, by identity: each is sent with the
 * first step that needs it, to the place of one that is needed no more.
 *
 * <p>Confined to one thread.
 */
final class KnownConstants<T> {
  /** Places below which none is used again: they take little memory. */
  private static final int LEAST_PLACES = 64;

  private final Map<T, Place> places = new LinkedHashMap<>(16, 0.75f, true);
  private final List<T> fresh = new ArrayList<>();
  private int size;
  private long step;

  private static final class Place {
    private final int index;
    private long lastStep;

    private Place(int index) {
      this.index = index;
    }
  }

  /** Begins the next step. */
  void begin() {
    step++;
    fresh.clear();
  }

  /** The place of {@code constant}, which this step needs. */
  int place(T constant) {
    Place place = places.get(constant);
    if (place == null) {
      Integer free = size < LEAST_PLACES ? null : giveUpOne();
      place = new Place(free == null ? size++ : free);
      places.put(constant, place);
      fresh.add(constant);
    }

    place.lastStep = step;
    return place.index;
  }

  /** Gives up what was not needed for the longest time; null if this step needs all. */
  private @Nullable Integer giveUpOne() {
    Iterator<Place> eldest = places.values().iterator();
    Place place = eldest.next();
    if (place.lastStep == step) {
      return null;
    }

    eldest.remove();
    return place.index;
  }

  /** What is to be sent with this step, in the order of {@link #place} having asked for it. */
  List<T> fresh() {
    return fresh;
  }

  /** Places there are. */
  int size() {
    return size;
  }

  /** Sends all again: a step failed that may have had something to send. */
  void forget() {
    places.clear();
    size = 0;
  }
}
