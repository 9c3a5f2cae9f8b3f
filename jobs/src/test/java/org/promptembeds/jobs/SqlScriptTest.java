package org.promptembeds.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqlScriptTest {
  @Test
  void partsAtSemicolons() {
    assertThat(SqlScript.statements("select 1;\n select 2 ;; "))
        .containsExactly("select 1", "select 2");
  }

  @Test
  void leavesQuotedSemicolonsAlone() {
    assertThat(SqlScript.statements("select 'a;b', \"c;\\\";d\", `e;f`; select 'it''s;'"))
        .containsExactly("select 'a;b', \"c;\\\";d\", `e;f`", "select 'it''s;'");
  }

  @Test
  void dropsCommentsBetweenStatementsAndKeepsHints() {
    assertThat(
            SqlScript.statements(
                "-- a;b\nselect /* c;d */ 1; -- none;\n /* none; */; select /*+ COALESCE(1) */ 2 -- end"))
        .containsExactly("select /* c;d */ 1", "select /*+ COALESCE(1) */ 2");
  }

  @Test
  void commentsNest() {
    assertThat(SqlScript.statements("select 1 /* a /* b; */ c; */ AS d; select 2"))
        .containsExactly("select 1 /* a /* b; */ c; */ AS d", "select 2");
  }

  @Test
  void rawStringsHaveNoEscapes() {
    assertThat(SqlScript.statements("select r'\\'; select R\"\\\"; select '\\';' ; select 4"))
        .containsExactly("select r'\\'", "select R\"\\\"", "select '\\';'", "select 4");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "BEGIN SELECT 1; SELECT 2; END",
        "begin select 1; begin select case when true then 1 end; end; end",
        "BEGIN IF 1 = 1 THEN SELECT 1; END IF; WHILE false DO SELECT 2; END WHILE; END",
        "BEGIN CASE WHEN true THEN SELECT 1; END CASE; REPEAT SELECT 1; UNTIL true END REPEAT; END",
        "BEGIN l: LOOP LEAVE l; END LOOP l; FOR SELECT 1 AS a DO SELECT a; END FOR; END",
        "outer: BEGIN DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN SELECT ';'; END; END outer"
      })
  void aScriptIsOneStatement(String script) {
    assertThat(SqlScript.statements("select 0; " + script + "; select begin from t; select 3"))
        .containsExactly("select 0", script, "select begin from t", "select 3");
  }

  @Test
  void positionsAreThoseOfCharactersOutsideOfTheBasicPlane() {
    assertThat(SqlScript.statements("select '\uD83D\uDE00;' ; select 'ß;\uD83D\uDE00'"))
        .containsExactly("select '\uD83D\uDE00;'", "select 'ß;\uD83D\uDE00'");
  }

  @Test
  void takesAnUnfinishedQuoteAsItIs() {
    assertThat(SqlScript.statements("select 'open; ")).containsExactly("select 'open;");
    assertThat(SqlScript.statements("select `open; x")).containsExactly("select `open; x");
  }

  @Test
  void hasNoStatementsWhereThereAreNone() {
    assertThat(SqlScript.statements(" -- nothing\n;; /* at all */ ")).isEmpty();
  }
}
