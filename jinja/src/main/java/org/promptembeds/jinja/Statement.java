package org.promptembeds.jinja;

import java.util.List;

/** A node of the tree that writes to the output or changes the frame. */
interface Statement {
  /** What the loop around a statement does after it. */
  enum Signal {
    NEXT,
    CONTINUE,
    BREAK
  }

  Signal render(Frame frame);

  /** Statements one after another; stops at the first that leaves or continues the loop. */
  record Body(List<Statement> statements) implements Statement {
    @Override
    public Signal render(Frame frame) {
      for (Statement statement : statements) {
        Signal signal = statement.render(frame);

        if (signal != Signal.NEXT) {
          return signal;
        }
      }

      return Signal.NEXT;
    }
  }

  /** A statement of the template's text, which gives failures inside it their line. */
  record Placed(Statement statement, int line) implements Statement {
    @Override
    public Signal render(Frame frame) {
      try {
        frame.budget().step();
        return statement.render(frame);
      } catch (JinjaException e) {
        throw e.at(line);
      }
    }
  }
}
