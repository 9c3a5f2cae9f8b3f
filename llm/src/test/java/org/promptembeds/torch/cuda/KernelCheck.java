package org.promptembeds.torch.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.promptembeds.torch.ScriptModule;

/** The methods of {@code kernel_check.py} on GPU 0, with kernels loaded for one variant. */
final class KernelCheck implements AutoCloseable {
  private final ScriptModule module;
  private final KernelVariant variant;

  KernelCheck(KernelVariant variant) {
    this.variant = variant;
    ScriptModule.startPyTorch();
    KernelChoice choice = KernelChoice.load(0, List.of(variant));
    if (!(choice instanceof KernelChoice.Own own)) {
      throw new IllegalStateException("no kernels: " + choice);
    }

    this.module = ScriptModule.withState(text(own.namespace()));
  }

  /** The class of kernel_check.py, whose other methods are in further files. */
  static String text(String namespace) {
    return Stream.of("kernel_check.py", "prompt_check.py", "product_check.py", "token_check.py")
        .map(KernelCheck::resource)
        .collect(Collectors.joining("\n"))
        .replace("NAMESPACE", namespace);
  }

  private static String resource(String name) {
    try (InputStream in = KernelCheck.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  KernelVariant variant() {
    return variant;
  }

  /** Calls a method whose first parameters are the types of activations and of fp8 output. */
  void setUp(String method, boolean float8, Number... arguments) {
    Number[] all = new Number[arguments.length + 2];
    all[0] = variant.dtype();
    all[1] = float8 ? 1 : 0;
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    run(method, all);
  }

  double[] run(String method, Number... arguments) {
    double[] result = module.run(method, arguments);
    OperatorFailure.rethrow();
    return result;
  }

  @Override
  public void close() {
    module.close();
  }
}
