package org.promptembeds.jobs;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.CodePointCharStream;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.misc.Interval;
import org.apache.spark.sql.catalyst.parser.SqlBaseLexer;
import org.apache.spark.sql.catalyst.parser.UpperCaseCharStream;

/**
 * SQL text with several statements, parted at the semicolons that Spark's own lexer finds outside
 * of strings, comments and {@code BEGIN … END}.
 *
 * <p>Spark's splitter of its shell, {@code StringUtils.splitSemiColonWithIndex}, is not used: it
 * takes the backslash of a raw string for an escape, and parts the statements of a script that is
 * followed by others.
 */
final class SqlScript {
  /** What {@code END} is followed by where it ends something else than a block. */
  private static final Set<String> CONTROL = Set.of("IF", "WHILE", "LOOP", "REPEAT", "FOR");

  private final CodePointCharStream text;
  private final List<Token> tokens;
  private final List<String> statements = new ArrayList<>();

  private int start = -1; // of the statement, in code points; -1 before its first token
  private int end = -1; // of its last token
  private boolean isScript;
  private int depth; // of BEGIN and CASE in a script

  private SqlScript(String sql) {
    text = CharStreams.fromString(sql);
    SqlBaseLexer lexer = new SqlBaseLexer(new UpperCaseCharStream(text));
    lexer.removeErrorListeners(); // the parser reports them, with the statement they are in
    CommonTokenStream stream = new CommonTokenStream(lexer);
    stream.fill();
    tokens =
        stream.getTokens().stream()
            .filter(token -> token.getChannel() == Token.DEFAULT_CHANNEL)
            .toList();
  }

  /** The statements in {@code text}, without what has only blanks and comments. */
  static List<String> statements(String text) {
    SqlScript script = new SqlScript(text);
    for (int i = 0; i < script.tokens.size(); i++) {
      script.add(i);
    }

    return List.copyOf(script.statements);
  }

  private void add(int index) {
    Token token = tokens.get(index);
    boolean isSeparator = depth == 0 && is(index, ";") && token.getStartIndex() > end;
    if (isSeparator || token.getType() == Token.EOF) {
      close();
      return;
    }

    if (start < 0) {
      start = token.getStartIndex();
      isScript = is(index, "BEGIN") || (is(index + 1, ":") && is(index + 2, "BEGIN"));
    }

    end = isUnfinishedQuote(token) ? text.size() - 1 : Math.max(end, token.getStopIndex());
    depth += isScript ? nesting(index) : 0;
  }

  private void close() {
    if (start >= 0) {
      statements.add(text.getText(Interval.of(start, end)).strip());
    }

    start = -1;
    end = -1;
    depth = 0;
  }

  /** How much deeper a script is after a token: {@code CASE … END} nests as blocks do. */
  private int nesting(int index) {
    boolean afterEnd = index > 0 && is(index - 1, "END");
    if (is(index, "BEGIN") || (is(index, "CASE") && !afterEnd)) {
      return 1;
    }

    return is(index, "END") && !CONTROL.contains(word(index + 1)) ? -1 : 0;
  }

  private boolean is(int index, String word) {
    return word(index).equals(word);
  }

  private String word(int index) {
    if (index >= tokens.size()) {
      return "";
    }

    String word = tokens.get(index).getText();
    return word == null ? "" : word.toUpperCase(Locale.ROOT);
  }

  /** The lexer knows no token of a quote that is not closed, but Spark's message will show it. */
  private static boolean isUnfinishedQuote(Token token) {
    String quote = token.getText();
    return quote.equals("'") || quote.equals("\"") || quote.equals("`");
  }
}
