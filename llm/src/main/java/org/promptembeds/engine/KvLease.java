package org.promptembeds.engine;

/** A region of the KV arena on loan to one sequence; the arena may place it elsewhere. */
final class KvLease {
  private KvRegion region;
  private int used;

  KvLease(KvRegion region) {
    this.region = region;
  }

  KvRegion region() {
    return region;
  }

  int start() {
    return region.start();
  }

  int capacity() {
    return region.capacity();
  }

  int end() {
    return region.end();
  }

  /** Slots, from the first, that hold keys and values: what a move has to copy. */
  int used() {
    return used;
  }

  void use(int slots) {
    if (slots < 0 || slots > region.capacity()) {
      throw new IllegalArgumentException("cannot use " + slots + " slots of " + region);
    }

    used = slots;
  }

  void place(KvRegion newRegion) {
    region = newRegion;
  }

  @Override
  public String toString() {
    return "KvLease[" + region + ", used=" + used + "]";
  }
}
