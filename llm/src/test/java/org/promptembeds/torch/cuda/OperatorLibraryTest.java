package org.promptembeds.torch.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.Pointer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.promptembeds.torch.ScriptModule;

/** Operators in Java under TorchScript, on the CPU. */
class OperatorLibraryTest {
  @BeforeAll
  static void bind() {
    ScriptModule.startPyTorch();
    TorchC.bind(MappedLibraries.now().find("libtorch_cpu.so").orElseThrow().toString());
  }

  @Test
  void takesEveryKindOfArgument() {
    List<String> seen = new ArrayList<>();
    String namespace =
        register(
            "fill(Tensor(a!) x, Tensor? y, Tensor? z, int a, float b, bool c, bool d) -> ()",
            arguments -> {
              TensorArgument x = arguments.tensor(0).require(TensorArgument.FLOAT32, 2, -1);
              seen.add(
                  "%b %b %d %s %b %b stride %d"
                      .formatted(
                          arguments.has(1),
                          arguments.has(2),
                          arguments.number(3),
                          arguments.real(4),
                          arguments.flag(5),
                          arguments.flag(6),
                          x.rowStride()));
              float y = new Pointer(arguments.tensor(1).contiguous()).getFloat(0);
              Pointer data = new Pointer(x.address());
              for (int row = 0; row < 2; row++) {
                for (int column = 0; column < 3; column++) {
                  data.setFloat(4 * (row * x.rowStride() + column), y + 10 * row + column);
                }
              }
            });
    try (ScriptModule module =
        ScriptModule.of(
            """
            class Script(Module):
                __parameters__ = []
                __buffers__ = []
                training : bool

                def forward(self, n: int) -> Tensor:
                    x = torch.zeros([2, 5])
                    y : Optional[Tensor] = torch.full([1], 0.5)
                    z : Optional[Tensor] = None
                    ops.%s.fill(x.narrow(1, 1, 3), y, z, n, 2.25, n > 0, n > 100)
                    return x.double().flatten()
            """
                .formatted(namespace))) {
      assertThat(module.run("forward", -7))
          .containsExactly(0, 0.5, 1.5, 2.5, 0, 0, 10.5, 11.5, 12.5, 0);
      module.run("forward", 7);
    }

    assertThat(seen)
        .containsExactly(
            "true false -7 2.25 false false stride 5", "true false 7 2.25 true false stride 5");
  }

  @Test
  void exceptionIsThrownAgainAndStopsTheOthers() {
    List<Long> calls = new ArrayList<>();
    String namespace =
        register(
            "step(Tensor(a!) x, int n) -> ()",
            arguments -> {
              calls.add(arguments.number(1));
              if (arguments.number(1) == 2) {
                arguments.tensor(0).require(TensorArgument.INT64, 4);
              }
            });
    try (ScriptModule module =
        ScriptModule.of(
            """
            class Script(Module):
                __parameters__ = []
                __buffers__ = []
                training : bool

                def forward(self, first: int) -> Tensor:
                    x = torch.zeros([3])
                    for i in range(3):
                        ops.%s.step(x, first + i)

                    return x.double()
            """
                .formatted(namespace))) {
      module.run("forward", 1);
      assertThatThrownBy(OperatorFailure::rethrow)
          .isInstanceOf(CudaException.class)
          .hasMessage(
              "an operator failed: argument 0 of step must have type 4 and sizes [4],"
                  + " but has type 6 and sizes [3]");
      assertThat(calls).containsExactly(1L, 2L);

      module.run("forward", 3);
      OperatorFailure.rethrow();
      assertThat(calls).containsExactly(1L, 2L, 3L, 4L, 5L);
    }
  }

  @Test
  void gapsAndMissingTensorsAreRefused() {
    String namespace =
        register(
            "look(Tensor(a!) x, Tensor? y) -> ()",
            arguments -> {
              if (arguments.has(1)) {
                arguments.tensor(0).contiguous();
              } else {
                arguments.tensor(1);
              }
            });
    try (ScriptModule module =
        ScriptModule.of(
            """
            class Script(Module):
                __parameters__ = []
                __buffers__ = []
                training : bool

                def forward(self, with_y: int) -> Tensor:
                    x = torch.zeros([2, 4])
                    y : Optional[Tensor] = None
                    if with_y > 0:
                        y = x

                    ops.%s.look(x.narrow(1, 0, 3), y)
                    return x.double()
            """
                .formatted(namespace))) {
      module.run("forward", 1);
      assertThatThrownBy(OperatorFailure::rethrow)
          .hasMessageEndingWith("argument 0 of look has gaps: sizes [2, 3], strides [4, 1]");
      module.run("forward", 0);
      assertThatThrownBy(OperatorFailure::rethrow)
          .hasMessageEndingWith("argument 1 of look is no tensor");
    }
  }

  @Test
  void kernelsAreDefinedWithoutAGpu() {
    String namespace = OperatorLibrary.register("CUDA", CudaRuntime.operators());
    try (ScriptModule module = ScriptModule.withState(KernelCheck.text(namespace))) {
      assertThat(module).isNotNull();
    }
  }

  private static String register(String schema, Consumer<OperatorArguments> body) {
    return OperatorLibrary.register("CPU", List.of(new Scripted(schema, body)));
  }

  private record Scripted(String text, Consumer<OperatorArguments> body) implements Operator {
    @Override
    public OperatorSchema schema() {
      return OperatorSchema.parse(text);
    }

    @Override
    public void run(OperatorArguments arguments) {
      body.accept(arguments);
    }
  }
}
