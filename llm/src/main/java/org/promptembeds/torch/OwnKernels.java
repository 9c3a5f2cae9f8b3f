package org.promptembeds.torch;

import java.lang.System.Logger.Level;
import java.util.List;
import java.util.stream.Stream;
import org.promptembeds.generation.BackendException;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.Grouped;
import org.promptembeds.model.spec.HeadNormSpec;
import org.promptembeds.model.spec.MixerSpec;
import org.promptembeds.model.spec.NormSpec;
import org.promptembeds.model.spec.Positions.Alibi;
import org.promptembeds.model.spec.Positions.Rotary;
import org.promptembeds.model.spec.QueryScaling;
import org.promptembeds.tensor.DType;
import org.promptembeds.torch.cuda.KernelChoice;
import org.promptembeds.torch.cuda.KernelVariant;

/** Decides whether a model runs kernels of our own, and which of its blocks they compute. */
final class OwnKernels {
  private static final System.Logger LOGGER = System.getLogger(OwnKernels.class.getName());

  /** What is compiled for a model without a block that our attention computes. */
  private static final int ANY_HEAD_DIM = 64;

  private OwnKernels() {}

  /**
   * The placement with our kernels, if they can be had and are wanted.
   *
   * @param wanted {@code auto}, {@code stock} or {@code own}
   * @throws BackendException if they are insisted on and cannot be had
   */
  static Placement choose(Placement placement, DecoderSpec spec, String wanted) {
    if (wanted.equals("stock")) {
      return placement;
    }

    KernelChoice choice = load(placement, spec);
    if (choice instanceof KernelChoice.Own own) {
      LOGGER.log(Level.INFO, "{0} runs CUDA kernels of its own", spec.modelType());
      return placement.withOperators(own);
    }

    String reason = ((KernelChoice.Stock) choice).reason();
    if (wanted.equals("own")) {
      throw new BackendException(
          "kernels own was asked for, but cannot be had: %s; use kernels auto or stock"
              .formatted(reason));
    }

    Level level = placement.isCuda() ? Level.WARNING : Level.DEBUG;
    LOGGER.log(level, "{0} runs PyTorch''s kernels: {1}", spec.modelType(), reason);
    return placement;
  }

  private static KernelChoice load(Placement placement, DecoderSpec spec) {
    if (!placement.isCuda()) {
      return new KernelChoice.Stock("the model is on the " + placement.device());
    }

    if (placement.dtype() == DType.FLOAT32) {
      return new KernelChoice.Stock("the model computes in float32");
    }

    int device = Integer.parseInt(placement.device().substring("cuda:".length()));
    return KernelChoice.load(device, variants(placement, spec));
  }

  private static List<KernelVariant> variants(Placement placement, DecoderSpec spec) {
    boolean bfloat16 = placement.dtype() == DType.BFLOAT16;
    Stream<KernelVariant> ofMixers =
        spec.mixers()
            .flatMap(OwnKernels::attended)
            .map(
                g ->
                    new KernelVariant(
                        bfloat16, g.headDim(), g.heads() / g.kvHeads(), placement.float8Keys()));
    return Stream.concat(ofMixers, Stream.of(new KernelVariant(bfloat16, ANY_HEAD_DIM, 1, false)))
        .distinct()
        .toList();
  }

  private static Stream<Grouped> attended(MixerSpec mixer) {
    return mixer instanceof Grouped grouped && attends(grouped)
        ? Stream.of(grouped)
        : Stream.empty();
  }

  /** Whether our kernel attends to the keys of this block. */
  static boolean attends(Grouped grouped) {
    return grouped.chunk() == 0
        && !(grouped.positions() instanceof Alibi)
        && KernelVariant.refusal(grouped.headDim(), grouped.heads() / grouped.kvHeads()).isEmpty();
  }

  /** Whether our kernel takes queries, keys and values of this block from product to arena. */
  static boolean places(Grouped grouped) {
    HeadNormSpec headNorm = grouped.headNorm();
    NormSpec norm = headNorm.norm();
    boolean normed =
        norm.kind() == NormSpec.Kind.RMS
            && norm.weight()
            && !norm.bias()
            && !headNorm.afterRotation()
            && headNorm.scope() != HeadNormSpec.Scope.PROJECTION;
    return attends(grouped)
        && (norm.isNone() || normed)
        && grouped.positions() instanceof Rotary
        && grouped.sharedWith() == Grouped.OWN
        && grouped.valueNorm().isNone()
        && grouped.outputNorm().isNone()
        && !grouped.keysAreValues()
        && !grouped.gated()
        && grouped.clip() == 0
        && grouped.queryScaling().equals(QueryScaling.NONE);
  }
}
