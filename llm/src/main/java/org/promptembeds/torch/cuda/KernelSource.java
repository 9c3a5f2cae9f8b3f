package org.promptembeds.torch.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The text of the kernels, a resource beside this class. */
final class KernelSource {
  private KernelSource() {}

  static String text() {
    try (InputStream in = KernelSource.class.getResourceAsStream("kernels.cu")) {
      if (in == null) {
        throw new IllegalStateException("resource kernels.cu is missing from the jar");
      }

      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
