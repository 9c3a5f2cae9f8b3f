package org.promptembeds.grammar;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.lucene.util.automaton.Automaton;
import org.promptembeds.generation.StructuredOutput;
import org.promptembeds.grammar.automaton.ByteDfa;
import org.promptembeds.grammar.automaton.GrammarException;
import org.promptembeds.grammar.automaton.Pushdown;
import org.promptembeds.grammar.automaton.Syntax;
import org.promptembeds.grammar.schema.SchemaCompiler;
import org.promptembeds.grammar.schema.Spacing;
import org.promptembeds.grammar.text.GbnfParser;
import org.promptembeds.grammar.text.TextSets;

/** The grammars of structured outputs; those used last are remembered. Safe for many threads. */
public final class OutputGrammars {
  private static final int REMEMBERED = 256;
  private static final Map<StructuredOutput, Pushdown> KNOWN =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<StructuredOutput, Pushdown> eldest) {
          return size() > REMEMBERED;
        }
      };

  private OutputGrammars() {}

  /**
   * The grammar of an output.
   *
   * @throws GrammarException if it is malformed, has what is not supported, or if nothing fulfils
   *     it
   */
  public static Pushdown of(StructuredOutput output) {
    synchronized (KNOWN) {
      Pushdown known = KNOWN.get(output);
      if (known != null) {
        return known;
      }
    }

    Pushdown made = make(output);
    synchronized (KNOWN) {
      KNOWN.put(output, made);
    }

    return made;
  }

  /** A grammar that is not remembered. */
  static Pushdown make(StructuredOutput output) {
    Spacing spacing = output.fixedSpacing() ? Spacing.FIXED : Spacing.FLEXIBLE;
    String text = output.texts().isEmpty() ? "" : output.texts().get(0);
    return switch (output.kind()) {
      case CHOICE -> leaf(TextSets.texts(output.texts()));
      case REGEX -> leaf(TextSets.matching(text));
      case JSON_OBJECT -> SchemaCompiler.compile("{\"type\": \"object\"}", spacing);
      case JSON_SCHEMA -> SchemaCompiler.compile(text, spacing);
      case GRAMMAR -> Pushdown.of(GbnfParser.parse(text, ""), GbnfParser.ROOT);
      case STRUCTURAL_TAG -> Pushdown.of(StructuralTags.parse(text, spacing, "root"), "root");
    };
  }

  private static Pushdown leaf(Automaton texts) {
    return Pushdown.of(
        TextSets.isEmpty(texts) ? Syntax.NOTHING : new Syntax.Leaf(ByteDfa.ofText(texts)));
  }
}
