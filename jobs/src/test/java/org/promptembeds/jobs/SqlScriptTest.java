package org.promptembeds.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

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
  void dropsCommentsAndKeepsHints() {
    assertThat(
            SqlScript.statements("-- a;b\nselect /* c;d */ 1; select /*+ COALESCE(1) */ 2 -- end"))
        .containsExactly("select   1", "select /*+ COALESCE(1) */ 2");
  }

  @Test
  void takesAnUnfinishedQuoteAsItIs() {
    assertThat(SqlScript.statements("select 'open; ")).containsExactly("select 'open;");
  }
}
