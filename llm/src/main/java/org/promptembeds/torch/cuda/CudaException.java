package org.promptembeds.torch.cuda;

/** What the driver, the compiler or libtorch refused, and in what words. */
public final class CudaException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CudaException(String message) {
    super(message);
  }

  CudaException(String message, Throwable cause) {
    super(message, cause);
  }
}
