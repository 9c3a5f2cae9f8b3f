package org.promptembeds.jinja;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.promptembeds.jinja.Token.Kind;

/**
 * Cuts a template into tokens, with {@code trim_blocks} and {@code lstrip_blocks} on.
 *
 * <p>Whitespace rules: {@code -} inside a delimiter strips all white space on that side, {@code +}
 * keeps it; otherwise the first line break after a block or comment is dropped, and so is the
 * indentation of a block or comment that starts its line. The last line break of the template is
 * dropped.
 */
final class Lexer {
  private static final int FLAGS = Pattern.DOTALL | Pattern.UNICODE_CHARACTER_CLASS;
  private static final Pattern LINE_BREAK = Pattern.compile("\r\n|\r");
  private static final Pattern TAG_BEGIN =
      Pattern.compile(
          "(?<raw>\\{%(?<rawsign>[-+]?)\\s*raw\\s*(?:-%\\}\\s*|%\\}))"
              + "|(?<begin>\\{[%{#])(?<sign>[-+]?)",
          FLAGS);
  private static final Pattern RAW_END =
      Pattern.compile("\\{%(?<sign>[-+]?)\\s*endraw\\s*(?:\\+%\\}|-%\\}\\s*|%\\}\n?)", FLAGS);
  private static final Pattern COMMENT_END = Pattern.compile("\\+#\\}|-#\\}\\s*|#\\}\n?", FLAGS);
  private static final Pattern BLOCK_END = Pattern.compile("\\+%\\}|-%\\}\\s*|%\\}\n?", FLAGS);
  private static final Pattern VARIABLE_END = Pattern.compile("-\\}\\}\\s*|\\}\\}", FLAGS);
  private static final Pattern SPACE = Pattern.compile("\\s+", FLAGS);
  private static final Pattern FLOAT =
      Pattern.compile(
          "(?<!\\.)%1$s(?:(?:\\.%1$s)?[eE][+-]?%1$s|\\.%1$s)".formatted("[0-9]++(?:_[0-9]++)*+"));
  private static final Pattern INTEGER =
      Pattern.compile(
          "0[bB](?:_?[01])++|0[oO](?:_?[0-7])++|0[xX](?:_?[0-9a-fA-F])++"
              + "|[1-9](?:_?[0-9])*+|0(?:_?0)*+");
  private static final Pattern NAME = Pattern.compile("\\w+", FLAGS);
  private static final Pattern OPERATOR =
      Pattern.compile("//|\\*\\*|==|!=|>=|<=|[-+/*%~\\[\\](){}><=.:|,;]");

  private final String source;
  private final Matcher matcher;
  private final List<Token> tokens = new ArrayList<>();
  private int position;
  private int line = 1;
  private int countedTo;
  private boolean lineStarting = true;

  private Lexer(String source) {
    String text = LINE_BREAK.matcher(source).replaceAll("\n");
    this.source = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    this.matcher = TAG_BEGIN.matcher(this.source).useTransparentBounds(true);
  }

  static List<Token> tokens(String source) {
    Lexer lexer = new Lexer(source);
    lexer.readRoot();
    return List.copyOf(lexer.tokens);
  }

  private void readRoot() {
    while (find(TAG_BEGIN)) {
      String raw = matcher.group("raw");
      boolean variable = "{{".equals(matcher.group("begin"));
      String sign = raw != null ? matcher.group("rawsign") : matcher.group("sign");
      addData(position, matcher.start(), sign, variable);
      String begin = raw != null ? "raw" : matcher.group("begin");
      moveTo(matcher.end());

      switch (begin) {
        case "raw" -> readRaw();
        case "{#" -> readComment();
        case "{%" -> readTag(Kind.BLOCK_BEGIN, Kind.BLOCK_END, BLOCK_END);
        default -> readTag(Kind.VARIABLE_BEGIN, Kind.VARIABLE_END, VARIABLE_END);
      }
    }

    addToken(Kind.DATA, source.substring(position), position);
    addToken(Kind.END, "", source.length());
  }

  private void addData(int from, int to, String sign, boolean variable) {
    String text = source.substring(from, to);

    if (sign.equals("-")) {
      text = PythonText.stripRight(text);
    } else if (!sign.equals("+") && !variable) {
      int lineStart = text.lastIndexOf('\n') + 1;

      if ((lineStart > 0 || lineStarting)
          && PythonText.stripRight(text.substring(lineStart)).isEmpty()) {
        text = text.substring(0, lineStart);
      }
    }

    addToken(Kind.DATA, text, from);
  }

  private void readRaw() {
    if (!find(RAW_END)) {
      throw failure("missing {% endraw %}");
    }

    addData(position, matcher.start(), matcher.group("sign"), false);
    moveTo(matcher.end());
  }

  private void readComment() {
    if (!find(COMMENT_END)) {
      throw failure("missing end of comment '#}'");
    }

    moveTo(matcher.end());
  }

  private void readTag(Kind begin, Kind end, Pattern endPattern) {
    addToken(begin, "", position);
    Deque<String> open = new ArrayDeque<>();

    while (true) {
      int start = position;

      if (open.isEmpty() && match(endPattern)) {
        addToken(end, "", start);
        moveTo(matcher.end());
        return;
      }

      if (match(SPACE)) {
        moveTo(matcher.end());
      } else if (match(FLOAT)) {
        take(Kind.FLOAT);
      } else if (match(INTEGER)) {
        take(Kind.INTEGER);
      } else if (match(NAME)) {
        checkIdentifier(matcher.group());
        take(Kind.NAME);
      } else if (match(StringLiteral.PATTERN)) {
        readString(matcher.group());
      } else if (match(OPERATOR)) {
        balance(open, matcher.group());
        take(Kind.OPERATOR);
      } else if (position >= source.length()) {
        throw failure("the template ends inside a tag");
      } else {
        throw failure("unexpected character '" + source.substring(position, next()) + "'");
      }
    }
  }

  private void readString(String literal) {
    try {
      addToken(Kind.STRING, StringLiteral.unescape(literal), position);
    } catch (JinjaException e) {
      throw e.at(lineAt(position));
    }

    moveTo(position + literal.length());
  }

  private int next() {
    return source.offsetByCodePoints(position, 1);
  }

  private void balance(Deque<String> open, String operator) {
    switch (operator) {
      case "{" -> open.push("}");
      case "(" -> open.push(")");
      case "[" -> open.push("]");
      case "}", ")", "]" -> {
        String expected = open.poll();

        if (!operator.equals(expected)) {
          throw failure(
              "unexpected '%s'%s"
                  .formatted(operator, expected == null ? "" : ", expected '" + expected + "'"));
        }
      }
      default -> {}
    }
  }

  private void checkIdentifier(String name) {
    if (Character.isDigit(name.codePointAt(0))) {
      throw failure("'" + name + "' is not a name");
    }
  }

  private boolean find(Pattern pattern) {
    return matcher.usePattern(pattern).region(position, source.length()).find();
  }

  private boolean match(Pattern pattern) {
    return matcher.usePattern(pattern).region(position, source.length()).lookingAt();
  }

  private void take(Kind kind) {
    addToken(kind, matcher.group(), position);
    moveTo(matcher.end());
  }

  private void addToken(Kind kind, String text, int start) {
    if (kind != Kind.DATA || !text.isEmpty()) {
      tokens.add(new Token(kind, text, lineAt(start)));
    }
  }

  private void moveTo(int end) {
    lineStarting = end > 0 && source.charAt(end - 1) == '\n';
    position = end;
  }

  private int lineAt(int offset) {
    for (; countedTo < offset; countedTo++) {
      if (source.charAt(countedTo) == '\n') {
        line++;
      }
    }

    return line;
  }

  private JinjaException failure(String reason) {
    return new JinjaException(reason, lineAt(position));
  }
}
