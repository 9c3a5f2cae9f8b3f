package org.promptembeds.torch;

import org.promptembeds.model.spec.BlockSpec;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.Differential;
import org.promptembeds.model.spec.Experts;
import org.promptembeds.model.spec.Grouped;
import org.promptembeds.model.spec.MixerSpec;
import org.promptembeds.model.spec.Positions.Alibi;
import org.promptembeds.tensor.DType;
import org.promptembeds.torch.cuda.KernelChoice;

/**
 * Where a model runs and in what precision.
 *
 * @param device as PyTorch names it: {@code cpu} or {@code cuda:N}
 * @param dtype of weights, activations and KV cache
 * @param flash whether attention is CUDA's flash attention where that can compute it
 * @param groupedProducts whether PyTorch multiplies with many experts' weights in one launch
 * @param operators namespace of the operators of our own; empty for PyTorch's alone
 * @param ownPrompts whether one of them computes attention of prompts
 * @param float8Keys whether attention keeps keys and values in e4m3
 * @param formats of the weights
 * @param adapted whether adapters may change linear layers
 */
record Placement(
    String device,
    DType dtype,
    boolean flash,
    boolean groupedProducts,
    String operators,
    boolean ownPrompts,
    boolean float8Keys,
    WeightFormats formats,
    boolean adapted) {
  private static final int ROW_ELEMENTS = 8;
  private static final String GROUPED_PRODUCT = "torch._grouped_mm(x, x, x)";
  private static final int FLASH_MAX_HEAD_DIM = 256;
  private static final int FLASH_HEAD_DIM_MULTIPLE = 8;

  /** With weights in {@code dtype}, prompts attended to by PyTorch's operators. */
  Placement(
      String device,
      DType dtype,
      boolean flash,
      boolean groupedProducts,
      String operators,
      boolean float8Keys) {
    this(
        device,
        dtype,
        flash,
        groupedProducts,
        operators,
        false,
        float8Keys,
        WeightFormats.FLOATS,
        false);
  }

  /** Takes flash attention wherever it can compute a block of this model. */
  static Placement of(DeviceProbe probe, String device, DType dtype, DecoderSpec spec) {
    boolean flash =
        device.startsWith("cuda")
            && dtype != DType.FLOAT32
            && spec.mixers()
                .anyMatch(mixer -> mixer instanceof Grouped grouped && flashTakes(grouped));
    boolean grouped =
        device.startsWith("cuda")
            && dtype == DType.BFLOAT16
            && spec.blocks().allMatch(block -> isAligned(block, spec.hiddenSize()))
            && probe.hasOperator(GROUPED_PRODUCT);
    return new Placement(device, dtype, flash, grouped, "", false);
  }

  /** The same with operators of our own. */
  Placement withOperators(KernelChoice.Own own) {
    return new Placement(
        device,
        dtype,
        flash,
        groupedProducts,
        own.namespace(),
        own.prompts(),
        float8Keys,
        formats,
        adapted);
  }

  /** The same with keys and values in e4m3, or in the model's type. */
  Placement withFloat8Keys(boolean value) {
    return new Placement(
        device, dtype, flash, groupedProducts, operators, ownPrompts, value, formats, adapted);
  }

  /** Whether a block keeps e4m3; what is compressed already stays in the model's type. */
  private boolean keepsFloat8(MixerSpec mixer) {
    return float8Keys && (mixer instanceof Grouped || mixer instanceof Differential);
  }

  /** The type in which a block keeps something per position; e4m3 lies there as bytes. */
  DType arenaType(MixerSpec mixer) {
    return keepsFloat8(mixer) ? DType.UINT8 : dtype;
  }

  /** Bytes of a block's slot. */
  long slotBytes(MixerSpec mixer) {
    return mixer.state().slotElements() * arenaType(mixer).bytes();
  }

  /** The same with weights in other formats. */
  Placement withFormats(WeightFormats newFormats) {
    return new Placement(
        device,
        dtype,
        flash,
        groupedProducts,
        operators,
        ownPrompts,
        float8Keys,
        newFormats,
        adapted);
  }

  /** The same with linear layers that adapters may change, or without. */
  Placement withAdapters(boolean value) {
    return new Placement(
        device, dtype, flash, groupedProducts, operators, ownPrompts, float8Keys, formats, value);
  }

  /** Whether operators of our own are there. */
  boolean isOwn() {
    return !operators.isEmpty();
  }

  /** Whether rows of experts' weights begin where grouped products ask for: at 16 bytes. */
  private static boolean isAligned(BlockSpec block, int hiddenSize) {
    return !(block instanceof Experts experts)
        || (experts.size() % ROW_ELEMENTS == 0
            && experts.input().width(hiddenSize) % ROW_ELEMENTS == 0);
  }

  /** Whether PyTorch's flash kernel can compute a block, in half precision. */
  static boolean flashTakes(Grouped grouped) {
    return grouped.headDim() <= FLASH_MAX_HEAD_DIM
        && grouped.headDim() % FLASH_HEAD_DIM_MULTIPLE == 0
        && grouped.softCap() == 0
        && grouped.chunk() == 0
        && !(grouped.positions() instanceof Alibi)
        && !grouped.sinks();
  }

  /** Number of the GPU, as PyTorch counts; the model must be on one. */
  int cudaDevice() {
    return Integer.parseInt(device.substring("cuda:".length()));
  }

  boolean isCuda() {
    return device.startsWith("cuda");
  }
}
