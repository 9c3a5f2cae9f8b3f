package org.promptembeds.engine;

/** The device had too little memory for a step, and may have enough for a smaller one. */
public final class DeviceMemoryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public DeviceMemoryException(String message, Throwable cause) {
    super(message, cause);
  }
}
