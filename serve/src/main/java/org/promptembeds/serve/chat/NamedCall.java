package org.promptembeds.serve.chat;

import java.util.List;

/** A call that is a name, marks and a JSON object: {@code name[CALL_ID]…[ARGS]{…}}. */
final class NamedCall implements CallBody {
  /** Longer ones are text. */
  private static final int LONGEST_HEAD = 256;

  private final List<String> nameEnds;
  private final StringBuilder head = new StringBuilder();
  private final StringBuilder arguments = new StringBuilder();
  private final JsonValueScan scan = new JsonValueScan();
  private String name = "";
  private boolean begun;
  private boolean failed;
  private boolean ended;

  /**
   * A call of which nothing has been taken.
   *
   * @param nameEnds what may follow the name
   */
  NamedCall(List<String> nameEnds) {
    this.nameEnds = nameEnds;
  }

  @Override
  public void take(char c) {
    if (ended || failed) {
      return;
    }

    if (begun) {
      arguments.append(c);
      ended = scan.endsWith(c);
      return;
    }

    head.append(c);
    if (c == '{') {
      begin();
    } else if (c == '\n' || head.length() > LONGEST_HEAD) {
      failed = true;
    }
  }

  private void begin() {
    int end =
        nameEnds.stream()
            .mapToInt(head::indexOf)
            .filter(at -> at >= 0)
            .min()
            .orElse(head.length() - 1);
    name = head.substring(0, end).strip();
    failed = name.isEmpty() || name.chars().anyMatch(Character::isWhitespace);
    begun = !failed;
    if (begun) {
      arguments.append('{');
      scan.endsWith('{');
    }
  }

  @Override
  public boolean isCall() {
    return begun;
  }

  @Override
  public boolean hasFailed() {
    return failed;
  }

  @Override
  public boolean hasEnded() {
    return ended;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String moreArguments() {
    String more = arguments.toString();
    arguments.setLength(0);
    return more;
  }
}
