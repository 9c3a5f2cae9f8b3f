package org.promptembeds.torch;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.promptembeds.model.quantization.StoredMatrix;
import org.promptembeds.model.quantization.WeightFormat;
import org.promptembeds.model.quantization.WeightFormat.Floats;
import org.promptembeds.model.quantization.WeightFormat.Fp8;
import org.promptembeds.model.quantization.WeightFormat.Int4;
import org.promptembeds.model.quantization.WeightFormat.Int8;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.tensor.DType;
import org.promptembeds.torch.SlotSources.Source;

/**
 * Chooses the format of every weight, by what is stored, what is wanted and what the device
 * multiplies with. What it does not is kept as floating-point numbers, with one warning.
 */
final class FormatChoice {
  private static final Logger LOGGER = System.getLogger(FormatChoice.class.getName());

  /** Rows, or columns, that products on a GPU take together. */
  private static final int FP8_MULTIPLE = 16;

  /** Elements of all weights from which they are packed. */
  private static final long LARGE_WEIGHTS = 50_000_000L;

  private static final int INT4_COLUMNS = 128;
  private static final int INT4_CPU_ROWS = 64;

  private final String wanted;
  private final Placement placement;
  private final boolean float8;
  private final Map<String, WeightFormat> chosen = new LinkedHashMap<>();
  private final Set<String> expanded = new TreeSet<>();
  private double storedBytes;
  private double expandedBytes;

  private FormatChoice(DeviceProbe probe, String wanted, Placement placement) {
    this.wanted = wanted;
    this.placement = placement;
    this.float8 = placement.isCuda() && probe.multipliesFloat8(placement.device());
  }

  /**
   * The formats for a model.
   *
   * @param wanted {@code auto} for what is stored, {@code none} for floating-point numbers, or the
   *     name of a format
   */
  static WeightFormats choose(
      DeviceProbe probe, WeightPlan plan, String wanted, Placement placement) {
    FormatChoice choice = new FormatChoice(probe, wanted, placement);
    plan.sources().forEach(choice::add);
    choice.warn();
    return new WeightFormats(choice.chosen, packs(plan, placement));
  }

  /** Whether float products are oneDNN's, whose first one of a shape takes milliseconds. */
  private static boolean packs(WeightPlan plan, Placement placement) {
    boolean multiplies =
        placement.dtype() == DType.FLOAT32
            || (placement.dtype() == DType.BFLOAT16 && CpuFeatures.hasBfloat16());
    long elements = plan.sources().keySet().stream().mapToLong(WeightSlot::elements).sum();
    return !placement.isCuda() && multiplies && elements >= LARGE_WEIGHTS;
  }

  /**
   * The plan with what a tied head needs: codes of its own, as the table of embeddings has none.
   *
   * @param wanted as for {@link #choose}
   */
  static WeightPlan extended(
      WeightPlan plan, DecoderSpec spec, String wanted, Placement placement) {
    boolean quantized = wanted.equals("int8") || wanted.equals("int4");
    return quantized && spec.head().tied() && !placement.isCuda() ? plan.withHead(spec) : plan;
  }

  private static boolean isHead(WeightSlot slot) {
    return slot.role().equals(DecoderSlots.HEAD);
  }

  /** On a CPU bytes, whatever the layers have; on a GPU it is a small part of the work. */
  private WeightFormat headFormat() {
    return placement.isCuda() || wanted.equals("fp8") ? WeightFormat.FLOATS : WeightFormat.INT8;
  }

  private void add(WeightSlot slot, List<Source> sources) {
    if (!slot.linear()) {
      return;
    }

    WeightFormat stored = stored(sources);
    WeightFormat best =
        switch (wanted) {
          case "auto" -> stored;
          case "none" -> WeightFormat.FLOATS;
          default -> isHead(slot) ? headFormat() : fitting(WeightFormat.of(wanted), stored, slot);
        };
    if (runs(best, slot)) {
      if (!best.equals(WeightFormat.FLOATS)) {
        chosen.put(WeightSlot.path(slot.layer(), slot.role()), best);
      }
    } else {
      best = WeightFormat.FLOATS;
    }

    boolean quantized = sources.stream().anyMatch(source -> source.matrix() != null);
    if (best.equals(WeightFormat.FLOATS)
        && !wanted.equals("none")
        && (quantized || !(wanted.equals("auto") || isHead(slot)))) {
      sources.stream()
          .map(Source::matrix)
          .filter(Objects::nonNull)
          .forEach(matrix -> expanded.add(matrix.stored()));
      WeightFormat small = stored.equals(WeightFormat.FLOATS) ? WeightFormat.INT4 : stored;
      int floatBytes = placement.dtype().bytes();
      storedBytes += small.bytes(slot.rows(), slot.rowElements(), floatBytes);
      expandedBytes += best.bytes(slot.rows(), slot.rowElements(), floatBytes);
    }
  }

  /** What keeps all tensors of a weight; floats if they differ. */
  private static WeightFormat stored(List<Source> sources) {
    Set<WeightFormat> formats = new HashSet<>();
    for (Source source : sources) {
      StoredMatrix matrix = source.matrix();
      formats.add(matrix == null ? WeightFormat.FLOATS : matrix.format());
    }

    return formats.size() == 1 ? formats.iterator().next() : WeightFormat.FLOATS;
  }

  /** Half bytes keep the groups that are stored, and have smaller ones where rows ask for it. */
  private static WeightFormat fitting(WeightFormat format, WeightFormat stored, WeightSlot slot) {
    if (!(format instanceof Int4 int4)) {
      return format;
    }

    if (stored instanceof Int4) {
      return stored;
    }

    int group = int4.groupSize();
    while (group > 32 && slot.rowElements() % group != 0) {
      group /= 2;
    }

    return new Int4(group);
  }

  private boolean runs(WeightFormat format, WeightSlot slot) {
    long rows = slot.shape()[slot.shape().length - 2];
    long columns = slot.rowElements();
    if (format instanceof Int4 int4) {
      boolean whole = columns % int4.groupSize() == 0;
      return placement.isCuda()
          ? whole
              && placement.dtype() == DType.BFLOAT16
              && columns % INT4_COLUMNS == 0
              && rows % Byte.SIZE == 0
          : whole && rows % INT4_CPU_ROWS == 0;
    } else if (format instanceof Fp8) {
      return float8 && rows % FP8_MULTIPLE == 0 && columns % FP8_MULTIPLE == 0;
    }

    return format instanceof Int8 || format instanceof Floats;
  }

  private void warn() {
    if (expandedBytes == 0) {
      return;
    }

    LOGGER.log(
        Level.WARNING,
        "weights in {0} are kept in {1} on {2}, which does not multiply with them as they are: {3} MiB in the place of {4}",
        expanded.isEmpty() ? wanted : String.join(", ", expanded),
        placement.dtype().name().toLowerCase(Locale.ROOT),
        placement.device(),
        Math.round(expandedBytes / (1 << 20)),
        Math.round(storedBytes / (1 << 20)));
  }
}
