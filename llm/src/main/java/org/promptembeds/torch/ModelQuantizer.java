package org.promptembeds.torch;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.promptembeds.generation.BackendException;
import org.promptembeds.model.Checkpoint;
import org.promptembeds.model.ModelDirectory;
import org.promptembeds.model.quantization.CompressedTensors;
import org.promptembeds.model.quantization.FloatMatrix;
import org.promptembeds.model.quantization.WeightFormat;
import org.promptembeds.model.quantization.WeightFormat.Int4;
import org.promptembeds.model.weights.Weight;
import org.promptembeds.tensor.SafetensorsWriter;
import org.promptembeds.torch.SlotSources.Source;

/** Writes a model directory anew with the weights of its linear layers quantised. */
public final class ModelQuantizer {
  /** What came of it. */
  public record Result(int quantized, int left) {}

  private static final Pattern WEIGHT_FILES =
      Pattern.compile(".*\\.(safetensors|bin|pt|pth|gguf|onnx)|.*\\.index\\.json|config\\.json");

  private static final String WEIGHT = ".weight";
  private static final String WEIGHTS_FILE = "model.safetensors";
  private static final int PIECE_BYTES = 64 << 20;
  private static final List<Integer> GROUP_SIZES = List.of(128, 64, 32);

  private final ModelDirectory model;
  private final Checkpoint checkpoint;
  private final CompressedTensors layout;
  private final Map<String, Source> linears;

  private ModelQuantizer(ModelDirectory model, Checkpoint checkpoint, WeightFormat format) {
    this.model = model;
    this.checkpoint = checkpoint;
    this.linears = linears(WeightPlan.of(model, checkpoint));
    this.layout = new CompressedTensors(fitting(format));
  }

  /**
   * Writes the directory, one matrix in memory at a time.
   *
   * @param format {@code int8}, {@code int4} or {@code fp8}
   * @param output a folder that is not there yet, or empty
   * @throws BackendException if the model is quantised already, or cannot be read
   */
  public static Result write(ModelDirectory model, String format, Path output) throws IOException {
    try (Checkpoint checkpoint = model.checkpoint()) {
      if (!checkpoint.quantization().method().isEmpty()) {
        throw new BackendException(
            "%s is quantised already (%s): take the model that it was made of"
                .formatted(model.path(), checkpoint.quantization().method()));
      }

      Files.createDirectories(output);
      return new ModelQuantizer(model, checkpoint, WeightFormat.of(format)).write(output);
    }
  }

  /** Matrices that are linear layers of their own, by the names of their tensors. */
  private static Map<String, Source> linears(WeightPlan plan) {
    Map<String, Source> linears = new LinkedHashMap<>();
    plan.sources()
        .forEach(
            (slot, sources) -> {
              if (slot.linear() && slot.layer() >= 0) {
                sources.stream()
                    .filter(source -> source.shape().length == 2)
                    .filter(source -> !source.transform().transposed())
                    .filter(source -> source.name().endsWith(WEIGHT))
                    .forEach(source -> linears.put(source.name(), source));
              }
            });
    return linears;
  }

  /** Half bytes in groups that most matrices divide into, and of those sizes the largest. */
  private WeightFormat fitting(WeightFormat format) {
    if (!(format instanceof Int4)) {
      return format;
    }

    return new Int4(
        GROUP_SIZES.stream().max(Comparator.comparingLong(this::divided)).orElseThrow());
  }

  private long divided(int groupSize) {
    return linears.values().stream().filter(each -> each.shape()[1] % groupSize == 0).count();
  }

  private Result write(Path output) throws IOException {
    List<String> left = new ArrayList<>();
    int quantized = 0;
    Path file = output.resolve(WEIGHTS_FILE);
    try (SafetensorsWriter writer = SafetensorsWriter.create(file, Map.of("format", "pt"))) {
      for (String name : checkpoint.weights().names()) {
        Weight weight = checkpoint.weights().find(name);
        long[] shape = weight.shape();
        if (linears.containsKey(name) && layout.takes(shape[0], shape[1])) {
          layout.write(writer, module(name), new FloatMatrix(weight, false), shape);
          quantized++;
          continue;
        }

        int itemBytes = weight.byteCount() == 0 ? 1 : itemBytes(weight);
        writer.add(name, weight.typeName(), itemBytes, shape, pieces(weight));
        if (shape.length == 2 && name.endsWith(WEIGHT)) {
          left.add(module(name));
        }
      }

      writer.commit();
    }

    copyOthers(output);
    writeConfig(output, left);
    return new Result(quantized, left.size());
  }

  private static int itemBytes(Weight weight) {
    long elements = LongStream.of(weight.shape()).reduce(1, Math::multiplyExact);
    return (int) (weight.byteCount() / elements);
  }

  private static String module(String name) {
    return name.substring(0, name.length() - WEIGHT.length());
  }

  private static Iterator<ByteBuffer> pieces(Weight weight) {
    long bytes = weight.byteCount();
    return LongStream.iterate(0, start -> start < bytes, start -> start + PIECE_BYTES)
        .mapToObj(start -> weight.map(start, (int) Math.min(PIECE_BYTES, bytes - start)))
        .iterator();
  }

  private void copyOthers(Path output) throws IOException {
    try (Stream<Path> files = Files.list(model.path())) {
      for (Path each : files.toList()) {
        String name = String.valueOf(each.getFileName());
        if (Files.isRegularFile(each) && !WEIGHT_FILES.matcher(name).matches()) {
          Files.copy(each, output.resolve(name));
        }
      }
    }
  }

  private void writeConfig(Path output, List<String> left) throws IOException {
    ObjectMapper json = new ObjectMapper();
    ObjectNode config = (ObjectNode) json.readTree(model.path().resolve("config.json").toFile());
    config.set("quantization_config", json.valueToTree(layout.config(left)));
    json.writerWithDefaultPrettyPrinter()
        .writeValue(output.resolve("config.json").toFile(), config);
  }
}
