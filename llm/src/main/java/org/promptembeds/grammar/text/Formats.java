package org.promptembeds.grammar.text;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.lucene.util.automaton.Automaton;

/** The formats of strings that JSON Schema names, as sets of texts. */
public final class Formats {
  private static final Map<String, String> REGEXES = regexes();
  private static final Map<String, Automaton> MADE = new ConcurrentHashMap<>();

  private Formats() {}

  /** The formats that are known. */
  public static Set<String> names() {
    return REGEXES.keySet();
  }

  /**
   * The texts of a format.
   *
   * @throws IllegalArgumentException if it is unknown
   */
  public static Automaton named(String name) {
    String regex = REGEXES.get(name);
    if (regex == null) {
      throw new IllegalArgumentException("no format is called " + name);
    }

    return MADE.computeIfAbsent(name, missing -> make(name, regex));
  }

  private static Automaton make(String name, String regex) {
    Automaton texts = TextSets.matching(regex);
    return name.equals("hostname")
        ? TextSets.intersection(texts, TextSets.ofLength(1, 253))
        : texts;
  }

  private static Map<String, String> regexes() {
    String thirty = "(0[1-9]|[12]\\d|30)";
    String leap = "(\\d\\d(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)";
    String date =
        "(\\d{4}-((0[13578]|1[02])-(0[1-9]|[12]\\d|3[01])|(0[469]|11)-%s|02-(0[1-9]|1\\d|2[0-8]))|%s-02-29)"
            .formatted(thirty, leap);
    String hour = "([01]\\d|2[0-3])";
    String time =
        "(%1$s:[0-5]\\d:[0-5]\\d(\\.\\d+)?([zZ]|[+-]%1$s:[0-5]\\d)|23:59:60(\\.\\d+)?([zZ]|[+-]00:00))"
            .formatted(hour);
    String clock = "T(\\d+H(\\d+M(\\d+S)?)?|\\d+M(\\d+S)?|\\d+S)";
    String days = "\\d+D";
    String months = "\\d+M(%s)?".formatted(days);
    String duration =
        "P((%1$s|%2$s|\\d+Y(%2$s)?)(%3$s)?|%3$s|\\d+W)".formatted(days, months, clock);
    String host = hostname();
    String ipv4 =
        "((25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)\\.){3}(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
    String ipv6 = ipv6(ipv4);
    String atext = "[a-zA-Z0-9!#$%&'*+/=?^_`{|}~-]+";
    String email =
        "("
            + atext
            + "(\\."
            + atext
            + ")*|\"([ !#-\\[\\]-~]|\\\\[ -~])+\")@("
            + host
            + "|\\["
            + ipv4
            + "\\]|\\[IPv6:"
            + ipv6
            + "\\])";
    Map<String, String> regexes = new TreeMap<>();
    regexes.put("date", date);
    regexes.put("time", time);
    regexes.put("date-time", date + "[tT]" + time);
    regexes.put("duration", duration);
    regexes.put("email", email);
    regexes.put("hostname", host);
    regexes.put("ipv4", ipv4);
    regexes.put("ipv6", ipv6);
    regexes.put("uuid", "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
    regexes.put("uri", uri(ipv6));
    return regexes;
  }

  /** Labels of up to 63 characters, none with hyphens third and fourth: those are encoded. */
  private static String hostname() {
    String edge = "[a-zA-Z0-9]";
    String inner = "[a-zA-Z0-9-]";
    String end = "(%s{0,58}%s)?".formatted(inner, edge);
    String label =
        "(%1$s|%1$s%2$s{0,1}%1$s|%1$s%2$s%1$s%2$s{0,59}%1$s|%1$s%2$s-%1$s%3$s)"
            .formatted(edge, inner, end);
    return label + "(\\." + label + ")*";
  }

  private static String ipv6(String ipv4) {
    String h = "[0-9a-fA-F]{1,4}";
    String last = "(%s:%s|%s)".formatted(h, h, ipv4);
    StringBuilder regex = new StringBuilder("((%s:){6}%s|::(%s:){5}%s".formatted(h, last, h, last));
    for (int before = 1; before <= 5; before++) {
      String head = "(%s(:%s){0,%d})?".formatted(h, h, before - 1);
      regex.append("|%s::(%s:){%d}%s".formatted(head, h, 5 - before, last));
    }

    regex.append("|(%s(:%s){0,5})?::%s".formatted(h, h, h));
    return regex.append("|(%s(:%s){0,6})?::)".formatted(h, h)).toString();
  }

  private static String uri(String ipv6) {
    String escape = "%[0-9a-fA-F]{2}";
    String plain = "[a-zA-Z0-9._~!$&'()*+,;=-]";
    String pchar = "([a-zA-Z0-9._~!$&'()*+,;=:@-]|" + escape + ")";
    String authority =
        "((%1$s|:|%2$s)*@)?(\\[(%3$s|v[0-9a-fA-F]+\\.(%1$s|:)+)\\]|(%1$s|%2$s)*)(:\\d*)?"
            .formatted(plain, escape, ipv6);
    String path =
        "(//%1$s(/%2$s*)*|/(%2$s+(/%2$s*)*)?|%2$s+(/%2$s*)*|)".formatted(authority, pchar);
    String tail = "(%1$s|[/?])*".formatted(pchar);
    return "[a-zA-Z][a-zA-Z0-9+.-]*:" + path + "(\\?" + tail + ")?(#" + tail + ")?";
  }
}
