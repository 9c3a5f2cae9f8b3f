package org.promptembeds.torch;

import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.promptembeds.engine.KvRegion;
import org.promptembeds.engine.PendingStep;
import org.promptembeds.engine.SequenceChunk;
import org.promptembeds.engine.StepPlan;
import org.promptembeds.engine.TokenSampling;
import org.promptembeds.model.spec.DecoderSpec;
import org.promptembeds.model.spec.Gated;
import org.promptembeds.model.spec.Grouped;
import org.promptembeds.model.spec.MixerSpec;
import org.promptembeds.model.spec.Plain;
import org.promptembeds.tensor.Tensor;
import org.promptembeds.torch.cuda.CapturedGraph;
import org.promptembeds.torch.cuda.GraphStream;

/**
 * Steps of single tokens, captured as CUDA graphs and replayed, so that the host does not launch
 * each kernel anew. Tokens are the most likely ones or drawn, of logits as they are.
 *
 * <p>There is a graph for each of a few numbers of rows, with and without draws; what is missing to
 * it is filled up with rows that write into the slot past the arena's. A graph is captured when its
 * number of rows is met again. What kernels of a graph leave for each other lies in memory that
 * PyTorch keeps for the stream of the graphs; a pin in each of its segments keeps it there. Where a
 * step needs more memory than that, or capturing fails, steps of so many rows run as others do.
 *
 * <p>Confined to one thread at a time.
 */
final class StepGraphs implements AutoCloseable {
  private static final System.Logger LOGGER = System.getLogger(StepGraphs.class.getName());
  private static final int MOST_ROWS = 1024;
  private static final int SEEN_BEFORE_CAPTURE = 2;
  private static final int SMALL_PIECES = 32;

  /** What products keep for each stream, and room for fragments. */
  private static final long WORKSPACE_BYTES = 96L << 20;

  private final DecoderModule module;

  /** The step under way keeps one of them, while the next is packed into the other. */
  private final GraphBuffers[] buffers;

  private final Tensor noPrompt;
  private final KvRegion scratch;
  private final int device;
  private final long reservedBytes;
  private final Map<Shape, Integer> seen = new HashMap<>();
  private final Map<Shape, Optional<CapturedGraph>> graphs = new HashMap<>();
  private final Set<Integer> inputs = new HashSet<>();
  private @Nullable GraphStream stream;
  private boolean closed;
  private long replays;
  private int submissions;

  /** What a graph is captured for. */
  private record Shape(int rows, boolean draws) {}

  private StepGraphs(
      DecoderModule module,
      GraphBuffers[] buffers,
      DecoderSpec spec,
      Placement placement,
      KvSize size) {
    this.module = module;
    this.buffers = buffers;
    this.noPrompt = Tensor.ofFloats(new float[0], 0, spec.embedding().width());
    this.scratch = new KvRegion(size.slots(), 1);
    this.device = placement.cudaDevice();
    this.reservedBytes = reservedBytes(spec, Math.min(size.sequences(), MOST_ROWS));
  }

  /** Graphs for a model, if all of its blocks can be captured. */
  static @Nullable StepGraphs of(
      DecoderModule module,
      Supplier<StepPacker> packers,
      DecoderSpec spec,
      Placement placement,
      KvSize size) {
    if (!placement.isOwn() || !canCapture(spec)) {
      return null;
    }

    int device = placement.cudaDevice();
    GraphBuffers[] buffers = {
      new GraphBuffers(packers.get(), device), new GraphBuffers(packers.get(), device)
    };
    return new StepGraphs(module, buffers, spec, placement, size);
  }

  private static boolean canCapture(DecoderSpec spec) {
    return !spec.isRecurrent()
        && !StepPacker.dependsOnLength(spec)
        && spec.mixers().allMatch(StepGraphs::canCapture)
        && spec.layers().stream()
            .flatMap(layer -> layer.residuals().stream())
            .flatMap(residual -> residual.branches().stream())
            .allMatch(
                branch ->
                    branch.block() instanceof MixerSpec
                        || branch.block() instanceof Gated
                        || branch.block() instanceof Plain);
  }

  private static boolean canCapture(MixerSpec mixer) {
    return mixer instanceof Grouped grouped && OwnKernels.attends(grouped);
  }

  /** Logits, and what is widest of a layer, for so many rows. */
  private static long reservedBytes(DecoderSpec spec, int rows) {
    long widest =
        spec.layers().stream()
            .flatMap(layer -> layer.residuals().stream())
            .flatMap(residual -> residual.branches().stream())
            .mapToLong(
                branch ->
                    branch.block() instanceof Gated gated
                        ? 3L * gated.size()
                        : branch.block() instanceof Plain plain
                            ? 2L * plain.size()
                            : branch.block() instanceof Grouped grouped
                                ? 2L * grouped.projectedHeads() * grouped.headDim()
                                : 0)
            .max()
            .orElse(0);
    boolean wide = spec.head().softCap() != 0 || spec.head().scale() != 1;
    long perRow = (wide ? 16L : 4L) * spec.vocabSize() + 4 * (widest + 4L * spec.hiddenSize());
    return WORKSPACE_BYTES + rows * perRow;
  }

  /** Steps that were a graph's so far. */
  long replays() {
    return replays;
  }

  /** Whether a step is of the kind that graphs compute. */
  static boolean takes(StepPlan plan) {
    return rows(plan) > 0;
  }

  /**
   * Submits a step, if there is a graph for it; it is to be awaited before the next but one is
   * submitted.
   *
   * @param previous the step submitted before, if one was
   */
  Optional<PendingStep> submit(StepPlan plan, @Nullable StepPlan previous) {
    int rows = closed ? 0 : rows(plan);
    if (rows == 0) {
      return Optional.empty();
    }

    GraphBuffers used = buffers[submissions++ % buffers.length];
    used.awaitDevice();
    Shape shape = new Shape(rows, plan.chunks().stream().anyMatch(StepGraphs::isDrawn));
    StepInput input = used.packer().packAll(padded(plan, rows), previous);
    ByteBuffer drawn = draws(used, plan, shape);
    CapturedGraph graph = graph(shape, input, drawn).orElse(null);
    GraphStream ours = stream;
    if (graph == null || ours == null) {
      return Optional.empty();
    }

    ours.run(() -> module.fillGraph(rows, input, drawn));
    graph.launch();
    ours.run(
        () -> {
          module.takeGraphTokens(rows, used.tokens(rows));
          used.submitted();
        });
    replays++;
    int count = plan.chunks().size();
    return Optional.of(() -> used.await(count));
  }

  /** The input of a step that no graph serves. */
  StepInput pack(StepPlan plan, @Nullable StepPlan previous) {
    GraphBuffers used = buffers[submissions++ % buffers.length];
    used.awaitDevice();
    return used.packer().pack(plan, previous);
  }

  /** Waits for all that was submitted. */
  void awaitDevice() {
    for (GraphBuffers each : buffers) {
      each.awaitDevice();
    }
  }

  /** Rows of the graph that serves the plan; 0 if none does. */
  private static int rows(StepPlan plan) {
    int count = plan.chunks().size();
    if (count > MOST_ROWS
        || !plan.moves().isEmpty()
        || !plan.chunks().stream().allMatch(StepGraphs::isPlain)) {
      return 0;
    }

    int unit = count <= 8 ? 1 : count <= 64 ? 16 : count <= 256 ? 32 : 64;
    return count <= 8
        ? Integer.highestOneBit(Math.max(1, 2 * count - 1))
        : (count + unit - 1) / unit * unit;
  }

  private static boolean isPlain(SequenceChunk chunk) {
    return chunk.length() == 1
        && chunk.promptPositions() == 0
        && chunk.adapter() == null
        && chunk.sampling() != null
        && chunk.sampling().isPlain();
  }

  private static boolean isDrawn(SequenceChunk chunk) {
    return chunk.sampling() != null && chunk.sampling().temperature() > 0;
  }

  /** How each row is drawn, as {@link StepField#SAMPLING} has it; empty if none is. */
  private static ByteBuffer draws(GraphBuffers used, StepPlan plan, Shape shape) {
    ByteBuffer packed = used.draws(shape.draws() ? shape.rows() : 0);
    for (int row = 0; shape.draws() && row < shape.rows(); row++) {
      TokenSampling sampling =
          row < plan.chunks().size() ? plan.chunks().get(row).sampling() : TokenSampling.GREEDY;
      SampledRows.putDraw(packed, sampling == null ? TokenSampling.GREEDY : sampling);
    }

    return packed.flip();
  }

  /**
   * The plan with as many rows as the graph has, and inputs of one size however tokens are chosen.
   */
  private StepPlan padded(StepPlan plan, int rows) {
    List<SequenceChunk> chunks = new ArrayList<>(rows);
    plan.chunks().forEach(chunk -> chunks.add(chunk.with(TokenSampling.GREEDY)));
    while (chunks.size() < rows) {
      chunks.add(new SequenceChunk(noPrompt, new int[1], 0, 1, scratch, TokenSampling.GREEDY));
    }

    return new StepPlan(List.of(), chunks);
  }

  private Optional<CapturedGraph> graph(Shape shape, StepInput input, ByteBuffer drawn) {
    Optional<CapturedGraph> graph = graphs.get(shape);
    if (graph != null) {
      return graph;
    }

    if (seen.merge(shape, 1, Integer::sum) <= SEEN_BEFORE_CAPTURE) {
      return Optional.empty();
    }

    try {
      graph = capture(shape, input, drawn);
    } catch (RuntimeException e) {
      LOGGER.log(Level.WARNING, "steps run without CUDA graphs: " + e.getMessage());
      drop();
      return Optional.empty();
    }

    graphs.put(shape, graph);
    return graph;
  }

  private Optional<CapturedGraph> capture(Shape shape, StepInput input, ByteBuffer drawn) {
    if (stream == null) {
      stream = GraphStream.onDevice(device);
      stream.run(() -> module.reserveForGraphs(SMALL_PIECES, reservedBytes));
    }

    GraphStream used = stream;
    used.synchronize();
    int rows = shape.rows();
    if (inputs.add(rows)) {
      module.makeGraphInputs(rows, input);
    }

    used.run(() -> module.fillGraph(rows, input, drawn));
    used.run(() -> module.runGraphStep(rows, input, shape.draws())); // sets up what is set up once
    used.synchronize();
    module.releaseUnusedMemory();
    long free = used.freeBytes();
    used.run(() -> module.runGraphStep(rows, input, shape.draws()));
    used.synchronize();
    if (used.freeBytes() < free) { // a segment without a pin was made
      LOGGER.log(
          Level.INFO,
          "steps of {0} rows run without a CUDA graph: they need more than {1} bytes",
          rows,
          reservedBytes);
      return Optional.empty();
    }

    CapturedGraph graph = used.capture(() -> module.runGraphStep(rows, input, shape.draws()));
    LOGGER.log(
        Level.DEBUG, "a CUDA graph for steps of {0} rows has {1} nodes", rows, graph.nodes());
    return Optional.of(graph);
  }

  /** Gives up graphs and their memory, and makes no more. */
  void drop() {
    closed = true;
    if (stream != null) {
      stream.synchronize();
      graphs.values().forEach(graph -> graph.ifPresent(CapturedGraph::close));
      graphs.clear();
      module.dropGraphs();
      stream.close();
      stream = null;
    }
  }

  @Override
  public void close() {
    drop();
    for (GraphBuffers each : buffers) {
      each.close();
    }
  }
}
