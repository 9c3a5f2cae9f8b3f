package org.promptembeds.grammar.text;

/** A class of characters in brackets, such as {@code [a-z_]}. */
final class RegexClass {
  private final RegexScanner in;
  private int last; // the code point of the item before, or -1 if it was a class

  RegexClass(RegexScanner in) {
    this.in = in;
  }

  /** The class that begins behind its bracket, up to behind the closing one. */
  CodePoints read() {
    boolean negated = in.skip("^");
    CodePoints set = new CodePoints();
    while (!in.skip("]")) {
      CodePoints item = item();
      int first = last;
      set.add(item);
      if (first < 0 || !in.sees("-") || in.sees("-]")) {
        continue;
      }

      in.skip("-");
      CodePoints end = item();
      if (last < 0) {
        set.add('-', '-').add(end);
      } else if (last < first) {
        throw in.malformed("a range whose end comes before its start");
      } else {
        set.add(first, last);
      }
    }

    return negated ? set.complement() : set;
  }

  private CodePoints item() {
    if (!in.sees("\\")) {
      last = in.next();
      return CodePoints.range(last, last);
    }

    CodePoints set = in.escape(true);
    last = set.single();
    return set;
  }
}
