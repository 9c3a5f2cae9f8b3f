package org.promptembeds.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.promptembeds.torch.cuda.KernelChoice;
import org.promptembeds.torch.cuda.KernelVariant;

/**
 * Tokens that our kernel draws beside those of {@code sampling.py}, of logits that are not equal.
 */
@Tag("gpu")
class SampleGpuTest {
  private static final String TEXT =
      """
      class Script(Module):
          __parameters__ = []
          __buffers__ = []
          training : bool

          def logits(self, B: int, V: int, dtype: int, spread: float) -> Tensor:
              device = torch.device("cuda:0")
              if dtype == 6:
                  return torch.randn([B, V], device=device) * spread

              # Neighbours of the type, from some number below 1 on, in another order in each row.
              first = 15872 if dtype == 15 else 13312
              numbers = torch.arange(first, first + V, dtype=2, device=device).view_copy(dtype)
              return numbers[torch.rand([B, V], device=device).argsort(1)]

          def differing(self, B: int, V: int, dtype: int, spread: float) -> Tensor:
              "Rows whose token is another."
              device = torch.device("cuda:0")
              logits = self.logits(B, V, dtype, spread)
              kinds = torch.randint(0, 8, [B, 3])
              top_k = torch.tensor([0, 0, 0, 1, 2, 50, 1000, 5000], dtype=7)[kinds[:, 0]]
              top_p = torch.tensor([1.0, 1.0, 0.05, 0.5, 0.9, 0.95, 0.99, 0.9999], dtype=7)[kinds[:, 1]]
              min_p = torch.tensor([0.0, 0.0, 0.0, 0.0, 0.0, 0.001, 0.05, 0.5], dtype=7)[kinds[:, 2]]
              temperature = 0.3 + torch.rand([B], dtype=7)
              params = torch.stack([temperature, top_k, top_p, min_p, torch.rand([B], dtype=7)], 1)
              expected = __torch__.sampling.draw(logits.float(), params)
              tokens = __torch__.kernels.draw(logits, params)
              return (tokens != expected).sum().double()[None].cpu()

          def greedy(self, B: int, V: int, dtype: int) -> Tensor:
              "Rows of temperature 0, and of no finite logit, whose token is wrong."
              logits = self.logits(B, V, dtype, 3.0)
              logits[0, 0] = nan
              logits[1].fill_(-inf)
              params = torch.zeros([B, 5], dtype=7)
              params[:, 2] = 1.0
              params[1, 0] = 1.0
              tokens = __torch__.kernels.draw(logits, params)
              expected = __torch__.kernels.most_likely(logits)
              return (tokens != expected).sum().double()[None].cpu()
      """;

  private static ScriptModule module;

  @BeforeAll
  static void load() {
    ScriptModule.startPyTorch();
    List<KernelVariant> variants =
        List.of(new KernelVariant(true, 64, 1, false), new KernelVariant(false, 64, 1, false));
    KernelChoice.Own own = (KernelChoice.Own) KernelChoice.load(0, variants);
    ScriptObject object = ScriptObject.of("Script").with("training", false);
    Map<String, String> sources = ScriptSources.of(object, TEXT, own.namespace());
    module = ScriptModule.of(sources);
  }

  @AfterAll
  static void close() {
    module.close();
  }

  /** A weight on the edge of what is kept may fall on either side. */
  @ParameterizedTest
  @CsvSource({
    "3000, 5000, 6, 1",
    "3000, 5000, 6, 6",
    "256, 128256, 6, 2",
    "256, 151936, 6, 12",
    "1000, 1, 6, 1",
    "2000, 700, 15, 0",
    "2000, 3000, 5, 0",
    "500, 37, 15, 0"
  })
  void tokensAreThoseOfPyTorchsOperators(int rows, int vocabulary, int dtype, double spread) {
    double differing = module.run("differing", rows, vocabulary, dtype, spread)[0];
    assertThat(differing).as("of %d rows", rows).isLessThanOrEqualTo(1);
  }

  @Test
  void temperatureZeroTakesTheMostLikely() {
    for (int dtype : new int[] {5, 6, 15}) {
      assertThat(module.run("greedy", 64, 900, dtype)[0]).as("type %d", dtype).isZero();
    }
  }
}
