package org.promptembeds.engine;

/** The device had too little memory for a step; nothing of the step took effect. */
public final class DeviceMemoryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public DeviceMemoryException(String message, Throwable cause) {
    super(message, cause);
  }
}
