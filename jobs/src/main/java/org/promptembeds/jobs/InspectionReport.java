package org.promptembeds.jobs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.promptembeds.model.ModelDirectory;
import org.promptembeds.model.quantization.WeightFormat;
import org.promptembeds.model.spec.BlockOutline;
import org.promptembeds.model.spec.DecoderOutline.Layers;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.tensor.DType;
import org.promptembeds.torch.AdapterInspection;
import org.promptembeds.torch.ModelFit;
import org.promptembeds.torch.ModelInspection;
import org.promptembeds.torch.ModelSize;

/**
 * What {@code inspect} prints of a model.
 *
 * @param path of its directory
 * @param problems why it is not supported
 * @param spec null if the configuration is refused
 * @param inspection null if the configuration is refused
 * @param adapters that were asked about
 */
record InspectionReport(
    Path path,
    List<String> problems,
    @Nullable DecoderSpec spec,
    @Nullable ModelInspection inspection,
    List<AdapterInspection> adapters) {
  /** Positions that the memory of keys and values is told for. */
  private static final int POSITIONS = 1000;

  private static final List<String> UNITS = List.of("B", "KiB", "MiB", "GiB", "TiB");

  private static final List<WeightFormat> FORMATS =
      List.of(WeightFormat.INT8, WeightFormat.FP8, WeightFormat.INT4);

  private static final ObjectMapper JSON = new ObjectMapper();

  static InspectionReport refused(Path path, List<String> problems) {
    return new InspectionReport(path, problems, null, null, List.of());
  }

  static InspectionReport of(
      ModelDirectory model, ModelInspection inspection, List<AdapterInspection> adapters) {
    List<String> problems = new ArrayList<>(inspection.problems());
    for (AdapterInspection adapter : adapters) {
      adapter
          .problems()
          .forEach(
              problem -> problems.add("adapter %s: %s".formatted(adapter.directory(), problem)));
    }

    return new InspectionReport(model.path(), problems, model.spec(), inspection, adapters);
  }

  boolean isSupported() {
    return problems.isEmpty();
  }

  /** Lines for people. */
  String text() {
    StringBuilder text = new StringBuilder();
    if (spec != null && inspection != null) {
      append(text, spec, inspection);
    } else {
      text.append(path).append('\n');
    }

    for (AdapterInspection adapter : adapters) {
      line(text, "adapter", adapter.directory() + ": " + described(adapter));
    }

    line(text, "supported", isSupported() ? "yes" : "no");
    problems.forEach(problem -> text.append("  - ").append(problem).append('\n'));
    return text.toString();
  }

  private static void append(StringBuilder text, DecoderSpec spec, ModelInspection inspection) {
    ModelSize size = inspection.size();
    DType dtype = inspection.dtype();
    text.append(
        String.format(
            Locale.ROOT,
            "%s: %d layers, width %,d, vocabulary %,d, context %,d\n",
            spec.modelType(),
            spec.layers().size(),
            spec.hiddenSize(),
            spec.vocabSize(),
            spec.maxPositions()));
    for (Layers layers : inspection.outline().layers()) {
      String blocks =
          layers.blocks().stream()
              .map(InspectionReport::described)
              .collect(Collectors.joining(" + "));
      text.append("  %d × %s\n".formatted(layers.count(), blocks));
    }

    line(text, "besides", joined(inspection.outline().traits(), "nothing"));
    line(text, "embeddings", embeddings(spec, inspection));
    line(text, "weights", weights(size, dtype, inspection.hasWeights()));
    if (!inspection.stored().isEmpty()) {
      line(text, "stored", joined(inspection.stored(), "") + "; see docs/quantisation.md");
    }

    line(text, "quantized", quantized(spec, dtype));
    String state =
        size.sequenceBytes() == 0
            ? ""
            : "; state %s a sequence".formatted(bytes(size.sequenceBytes()));
    line(
        text,
        "kept",
        "%s per 1,000 positions%s; prefixes are %s"
            .formatted(
                bytes(size.positionBytes(dtype, POSITIONS)),
                state,
                inspection.sharesPrefixes() ? "shared" : "not shared"));
    line(
        text,
        "device",
        "%s, %s".formatted(inspection.memory().device(), bytes(inspection.memory().bytes())));
    line(text, "suggestion", suggestion(inspection.fit()));
  }

  private static String described(BlockOutline block) {
    String sizes =
        block.sizes().entrySet().stream()
            .map(entry -> entry.getKey() + " " + entry.getValue())
            .collect(Collectors.joining(", "));
    String traits = String.join(", ", block.traits());
    return block.kind() + " (" + sizes + (traits.isEmpty() ? "" : "; " + traits) + ")";
  }

  private static String described(AdapterInspection adapter) {
    if (!adapter.problems().isEmpty()) {
      return "not supported";
    }

    Set<Integer> ranks = new TreeSet<>(adapter.ranks().values());
    Set<String> names = new TreeSet<>();
    adapter.ranks().keySet().forEach(module -> names.add(module.replaceAll(".*\\.", "")));
    return "rank %s, modules %s, %d in all, %s"
        .formatted(
            ranks.stream().map(String::valueOf).collect(Collectors.joining(", ")),
            String.join(", ", names),
            adapter.ranks().size(),
            bytes(adapter.bytes()));
  }

  private static String embeddings(DecoderSpec spec, ModelInspection inspection) {
    List<String> lookup = inspection.outline().lookup();
    return "width %,d, %s%s"
        .formatted(
            spec.embedding().width(),
            joined(inspection.outline().inputs(), "taken as they are"),
            lookup.isEmpty()
                ? ""
                : "; tokens' rows are "
                    + joined(lookup, "")
                    + ", which embeddings must be already");
  }

  private static String weights(ModelSize size, DType dtype, boolean there) {
    String active =
        size.activeParameters() == size.parameters()
            ? ""
            : String.format(Locale.ROOT, ", %,d of them for a token", size.activeParameters());
    return String.format(
        Locale.ROOT,
        "%,d parameters%s, %s in %s%s",
        size.parameters(),
        active,
        bytes(size.weightBytes(dtype)),
        dtype.name().toLowerCase(Locale.ROOT),
        there ? "" : "; none are there");
  }

  private static String quantized(DecoderSpec spec, DType dtype) {
    return FORMATS.stream()
        .map(
            format ->
                "%s in %s".formatted(bytes(ModelSize.weightBytes(spec, dtype, format)), format))
        .collect(Collectors.joining(", "));
  }

  private static String suggestion(@Nullable ModelFit fit) {
    return fit == null
        ? "none: the weights and one sequence do not fit this device"
        : String.format(
            Locale.ROOT,
            "--max-sequences %d --max-step-tokens %d, room for %,d positions",
            fit.maxSequences(),
            fit.maxStepTokens(),
            fit.positions());
  }

  private static String joined(List<String> words, String none) {
    return words.isEmpty() ? none : String.join(", ", words);
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append("%-11s %s\n".formatted(name, value));
  }

  private static String bytes(long bytes) {
    double value = bytes;
    int unit = 0;
    for (; value >= 1024 && unit < 4; unit++) {
      value /= 1024;
    }

    return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", value, UNITS.get(unit));
  }

  /** An object for programs. */
  String json() {
    Map<String, @Nullable Object> report = new LinkedHashMap<>();
    report.put("path", path.toString());
    report.put("supported", isSupported());
    report.put("problems", problems);
    if (spec != null && inspection != null) {
      put(report, spec, inspection);
      report.put("adapters", adapters.stream().map(InspectionReport::object).toList());
    }

    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(report) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, Object> object(AdapterInspection adapter) {
    return Map.of(
        "path", adapter.directory().toString(),
        "ranks", adapter.ranks(),
        "bytes", adapter.bytes(),
        "problems", adapter.problems());
  }

  private static void put(
      Map<String, @Nullable Object> report, DecoderSpec spec, ModelInspection inspection) {
    ModelSize size = inspection.size();
    report.put("model_type", spec.modelType());
    report.put("layers", spec.layers().size());
    report.put("hidden_size", spec.hiddenSize());
    report.put("embedding_width", spec.embedding().width());
    report.put("vocab_size", spec.vocabSize());
    report.put("max_positions", spec.maxPositions());
    report.put("layer_kinds", inspection.outline().layers());
    report.put("traits", inspection.outline().traits());
    report.put("inputs", inspection.outline().inputs());
    report.put("lookup", inspection.outline().lookup());
    report.put("has_weights", inspection.hasWeights());
    report.put("parameters", size.parameters());
    report.put("active_parameters", size.activeParameters());
    report.put("dtype", inspection.dtype().name().toLowerCase(Locale.ROOT));
    report.put("weight_bytes", size.weightBytes(inspection.dtype()));
    report.put("stored", inspection.stored());
    for (WeightFormat format : FORMATS) {
      report.put("weight_bytes_" + format, ModelSize.weightBytes(spec, inspection.dtype(), format));
    }

    report.put("kv_bytes_per_1000_positions", size.positionBytes(inspection.dtype(), POSITIONS));
    report.put("state_bytes_per_sequence", size.sequenceBytes());
    report.put("shares_prefixes", inspection.sharesPrefixes());
    report.put("device", inspection.memory().device());
    report.put("device_bytes", inspection.memory().bytes());
    ModelFit fit = inspection.fit();
    report.put("fits", fit != null);
    if (fit != null) {
      report.put("max_sequences", fit.maxSequences());
      report.put("max_step_tokens", fit.maxStepTokens());
      report.put("positions", fit.positions());
    }
  }
}
