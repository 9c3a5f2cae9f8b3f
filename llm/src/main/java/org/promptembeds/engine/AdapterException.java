package org.promptembeds.engine;

import org.promptembeds.generation.Adapter;

/** An adapter that cannot be put on the device: the step that needs it did nothing. */
public final class AdapterException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Adapter adapter;

  public AdapterException(Adapter adapter, RuntimeException cause) {
    super("lora '%s': %s".formatted(adapter.name(), cause.getMessage()), cause);
    this.adapter = adapter;
  }

  /** The adapter, whose rows cannot be generated for. */
  public Adapter adapter() {
    return adapter;
  }
}
