package org.promptembeds.model.spec;

/** How far rows of a span, such as an image's, see one another both ways; as scripts number it. */
public enum SpanSight {
  /** Not at all: rows see what came before alone. */
  NONE,
  /** What comes later as a whole, what came before as far as the window reaches. */
  IN_WINDOW,
  /** As a whole, whatever the window. */
  WHOLE
}
