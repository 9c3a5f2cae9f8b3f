package org.promptembeds.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.promptembeds.generation.BackendException;
import org.promptembeds.model.quantization.WeightFormat;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.tensor.DType;
import org.promptembeds.torch.cuda.DefinedOperators;
import org.promptembeds.torch.cuda.KernelChoice;

class OwnKernelsTest {
  private static String namespace = "";

  @BeforeAll
  static void define() {
    namespace = DefinedOperators.namespace();
  }

  @ParameterizedTest
  @MethodSource("org.promptembeds.torch.OwnShapes#all")
  void textWithOurOperatorsCompilesWithoutAGpu(OwnShapes shape) {
    Placement placement = new Placement("cuda:0", DType.BFLOAT16, true, false, namespace, false);
    ScriptObject decoder = DecoderObjects.of(shape.spec(), placement);
    Map<String, String> sources =
        ScriptSources.of(decoder, TorchScriptArchive.resource("decoder.py"), namespace);

    assertThat(sources).containsKeys("__torch__.attend_own", "__torch__.kernels");
    assertThat(sources.containsKey("__torch__.grouped_own"))
        .isEqualTo(!shape.name().equals("clip"));
    assertThat(sources.get("__torch__.kernels")).contains("ops." + namespace + ".normalise(");
    DecoderModule.load(shape.spec(), placement).close();
    DecoderModule.load(shape.spec(), placement.withFloat8Keys(true)).close();
    Placement hopper = placement.withOperators(new KernelChoice.Own(namespace, true));
    DecoderModule.load(shape.spec(), hopper).close();
    DecoderModule.load(shape.spec(), hopper.withFloat8Keys(true)).close();
  }

  @Test
  void keysOfPromptsAreNotCopiedForOurKernels() {
    DecoderSpec spec = OwnShapes.all().findFirst().orElseThrow().spec();
    Placement placement =
        new Placement("cuda:0", DType.BFLOAT16, true, false, namespace, false).withFloat8Keys(true);
    Placement hopper = placement.withOperators(new KernelChoice.Own(namespace, true));

    assertThat(DecoderObjects.of(spec, placement).attributes()).containsEntry("packs", true);
    assertThat(DecoderObjects.of(spec, hopper).attributes())
        .containsEntry("packs", false)
        .containsEntry("flash", true);
    assertThat(ScriptSources.of(DecoderObjects.of(spec, hopper), "", namespace))
        .doesNotContainKeys("__torch__.attend_flash", "__torch__.attend_packed");
  }

  @ParameterizedTest
  @MethodSource("org.promptembeds.torch.OwnShapes#all")
  void stepsBeforeFloat8ProductsQuantise(OwnShapes shape) {
    Map<String, WeightFormat> formats =
        DecoderSlots.of(shape.spec()).stream()
            .filter(slot -> slot.layer() >= 0 && slot.shape().length == 2)
            .filter(slot -> slot.suffix().equals(".weight"))
            .collect(
                Collectors.toMap(
                    slot -> WeightSlot.path(slot.layer(), slot.role()),
                    slot -> new WeightFormat.Fp8()));
    Placement placement =
        new Placement("cuda:0", DType.BFLOAT16, true, false, namespace, false)
            .withFormats(new WeightFormats(formats, false));
    ScriptObject decoder = DecoderObjects.of(shape.spec(), placement);
    Map<String, String> sources = ScriptSources.of(decoder, "", namespace);

    assertThat(sources)
        .containsKeys("__torch__.linear_fp8", "__torch__.residual_fp8", "__torch__.block_fp8");
    assertThat(sources.containsKey("__torch__.linear_normed"))
        .as("a block that is PyTorch's but for its norm")
        .isEqualTo(shape.name().equals("clip"));
    DecoderModule.load(shape.spec(), placement).close();
  }

  /** Its heads are not those that kernels are compiled for. */
  @Test
  void differentialAttentionIsLeftToPyTorch() {
    assertThat(sources("diffllama"))
        .containsKey("__torch__.differential")
        .doesNotContainKey("__torch__.attend_own");
  }

  /** PyTorch's builds of it refuse linear biases. */
  @Test
  void linearBiasesAreLeftToTheReference() {
    assertThat(sources("mpt"))
        .containsKey("__torch__.attend")
        .doesNotContainKeys("__torch__.attend_own", "__torch__.attend_flash");
  }

  private static Map<String, String> sources(String golden) {
    DecoderSpec spec = GoldenModel.of(golden).directory().spec();
    Placement placement = new Placement("cuda:0", DType.BFLOAT16, true, false, namespace, false);
    return ScriptSources.of(DecoderObjects.of(spec, placement), "", namespace);
  }

  @Test
  void cpuRunsPyTorchsKernels() {
    DecoderSpec spec = OwnShapes.all().findFirst().orElseThrow().spec();
    Placement cpu = new Placement("cpu", DType.BFLOAT16, false, false, "", false);

    assertThat(OwnKernels.choose(cpu, spec, "auto")).isEqualTo(cpu);
    assertThat(OwnKernels.choose(cpu, spec, "stock")).isEqualTo(cpu);
    assertThatThrownBy(() -> OwnKernels.choose(cpu, spec, "own"))
        .isInstanceOf(BackendException.class)
        .hasMessage(
            "kernels own was asked for, but cannot be had: the model is on the cpu; use kernels"
                + " auto or stock");
  }

  @Test
  void float32RunsPyTorchsKernels() {
    DecoderSpec spec = OwnShapes.all().findFirst().orElseThrow().spec();
    Placement wide = new Placement("cuda:0", DType.FLOAT32, false, false, "", false);

    assertThat(OwnKernels.choose(wide, spec, "auto")).isEqualTo(wide);
    assertThatThrownBy(() -> OwnKernels.choose(wide, spec, "own"))
        .hasMessageContaining("the model computes in float32");
  }
}
