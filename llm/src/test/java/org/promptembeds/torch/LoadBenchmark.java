package org.promptembeds.torch;

import static org.promptembeds.generation.setting.DeviceSettings.DEVICE;
import static org.promptembeds.generation.setting.DeviceSettings.DTYPE;
import static org.promptembeds.generation.setting.DeviceSettings.KV_CACHE_BYTES;
import static org.promptembeds.generation.setting.WeightSettings.QUANTIZATION;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.promptembeds.generation.setting.ModelSettings;
import org.promptembeds.model.Checkpoint;
import org.promptembeds.model.ModelDirectory;
import org.promptembeds.model.weights.Weight;
import org.promptembeds.tensor.DType;
import org.promptembeds.torch.cuda.PageLock;

/**
 * How long weights take from the page cache to a GPU, beside the rates at which the machine copies
 * locked memory to it and reads files.
 *
 * <p>Run with a class path alone: {@code LoadBenchmark DIRECTORY [layers] [device]}, by default
 * {@code 32 cuda:0}; a checkpoint of an 8B shape is written to the directory if there is none.
 * System properties {@code threads} (a list) and {@code pieces} (MiB, a list) set the widths;
 * {@code quantization} is as for {@link ModelSettings}; {@code startOnly} leaves all but starts
 * out.
 */
public final class LoadBenchmark {
  private static final int BLOCK = 64 << 20;

  private final ModelDirectory model;
  private final String device;
  private final long bytes;

  private LoadBenchmark(ModelDirectory model, String device, long bytes) {
    this.model = model;
    this.device = device;
    this.bytes = bytes;
  }

  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[0]);
    int layers = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 32;
    String device = arguments.length > 2 ? arguments[2] : "cuda:0";
    if (!Files.exists(directory.resolve("config.json"))) {
      long start = System.nanoTime();
      long written = new LlamaCheckpoint(layers).write(directory);
      report("written", written, start);
    }

    ModelDirectory model = ModelDirectory.open(directory);
    long bytes;
    try (Checkpoint checkpoint = model.checkpoint()) {
      bytes =
          checkpoint.weights().names().stream()
              .mapToLong(name -> checkpoint.weights().find(name).byteCount())
              .sum();
    }

    LoadBenchmark benchmark = new LoadBenchmark(model, device, bytes);
    benchmark.start("first start of a runner, PyTorch and kernels included");
    if (Boolean.getBoolean("startOnly")) {
      benchmark.start("another start of a runner");
      return;
    }

    if (device.startsWith("cuda")) {
      benchmark.ceiling();
    }

    benchmark.load("mapped", weights -> new MappedPieces());
    for (String threads : System.getProperty("threads", "4,8,16").split(",", -1)) {
      benchmark.read(Integer.parseInt(threads));
      for (String mebibytes : System.getProperty("pieces", "4,8,16").split(",", -1)) {
        ReadAhead.Width width =
            new ReadAhead.Width(Integer.parseInt(threads), Integer.parseInt(mebibytes) << 20);
        if (device.startsWith("cuda")) {
          benchmark.load(
              "%s threads, pieces of %s MiB".formatted(threads, mebibytes),
              weights -> ReadAhead.forDevice(benchmark.placement().cudaDevice(), weights, width));
        }
      }
    }

    benchmark.start("another start of a runner");
  }

  private Placement placement() {
    try (DeviceProbe probe = DeviceProbe.open()) {
      return OwnKernels.choose(
          Placement.of(probe, device, DType.BFLOAT16, model.spec()), model.spec(), "auto");
    }
  }

  private void start(String what) {
    long start = System.nanoTime();
    ModelSettings settings =
        ModelSettings.builder()
            .set(DEVICE, device)
            .set(DTYPE, "bfloat16")
            .set(QUANTIZATION, System.getProperty("quantization", "auto"))
            .set(KV_CACHE_BYTES, 1L << 30)
            .build();
    try (TorchRunner runner = TorchRunner.load(model, settings)) {
      report(what + ", " + runner.description(), bytes, start);
    }
  }

  /** The rate of copies from locked memory, through the calls that a load makes. */
  private void ceiling() {
    Placement placement = placement();
    DecoderModule module = DecoderModule.load(model.spec(), placement);
    PageLock pageLock = PageLock.onDevice(placement.cudaDevice());
    try (StagingBuffer memory = new StagingBuffer(pageLock)) {
      module.allocate("target", DType.UINT8, BLOCK);
      for (int repetition = 0; repetition < 2; repetition++) {
        long start = System.nanoTime();
        for (int i = 0; i < 64; i++) {
          module.fill("target", 0, memory.take(BLOCK), DType.UINT8);
        }

        module.watch("target", 0, 1);
        module.watched();
        report("copies of locked memory", 64L * BLOCK, start);
      }
    } finally {
      module.close();
    }
  }

  private void load(String what, Function<List<Weight>, WeightPieces> pieces) {
    Placement placement = placement();
    DecoderModule module = DecoderModule.load(model.spec(), placement);
    try (Checkpoint checkpoint = model.checkpoint()) {
      WeightPlan plan = WeightPlan.of(model, checkpoint);
      long start = System.nanoTime();
      Timed[] timed = new Timed[1];
      new WeightLoader(
              plan,
              module,
              placement,
              weights -> timed[0] = new Timed(pieces.apply(weights), start))
          .load(model.path(), checkpoint, false);
      report("loaded, " + what + timed[0].spent(), bytes, start);
    } finally {
      module.close();
    }
  }

  /** The rate at which threads read the files into memory of their own, and copy mapped files. */
  private void read(int threads) throws Exception {
    for (boolean mapped : new boolean[] {false, true}) {
      ExecutorService pool = Executors.newFixedThreadPool(threads);
      try (Checkpoint checkpoint = model.checkpoint()) {
        List<Weight> weights =
            checkpoint.weights().names().stream()
                .map(name -> checkpoint.weights().find(name))
                .toList();
        AtomicInteger next = new AtomicInteger();
        long start = System.nanoTime();
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
          running.add(pool.submit(() -> readAll(weights, next, mapped)));
        }

        for (Future<?> each : running) {
          each.get();
        }

        report("%s by %d threads".formatted(mapped ? "mapped" : "read", threads), bytes, start);
      } finally {
        pool.shutdown();
      }
    }
  }

  private static void readAll(List<Weight> weights, AtomicInteger next, boolean mapped) {
    ByteBuffer memory = ByteBuffer.allocateDirect(8 << 20);
    for (int i = next.getAndIncrement(); i < weights.size(); i = next.getAndIncrement()) {
      Weight weight = weights.get(i);
      for (long done = 0; done < weight.byteCount(); done += memory.capacity()) {
        int length = (int) Math.min(memory.capacity(), weight.byteCount() - done);
        memory.clear().limit(length);
        if (mapped) {
          memory.put(weight.map(done, length));
        } else {
          weight.read(done, memory);
        }
      }
    }
  }

  /** Pieces, and where the time goes. */
  private static final class Timed implements WeightPieces {
    private final WeightPieces pieces;
    private final long opening;
    private long waiting;
    private long closing;

    Timed(WeightPieces pieces, long startNanos) {
      this.pieces = pieces;
      this.opening = System.nanoTime() - startNanos;
    }

    String spent() {
      return ": %.0f ms to begin, %.0f waiting for pieces, %.0f to end"
          .formatted(opening / 1e6, waiting / 1e6, closing / 1e6);
    }

    @Override
    public int pieceBytes() {
      return pieces.pieceBytes();
    }

    @Override
    public ByteBuffer next(Weight weight, long byteOffset, int length) {
      long start = System.nanoTime();
      ByteBuffer piece = pieces.next(weight, byteOffset, length);
      waiting += System.nanoTime() - start;
      return piece;
    }

    @Override
    public void done() {
      pieces.done();
    }

    @Override
    public void close() {
      long start = System.nanoTime();
      pieces.close();
      closing = System.nanoTime() - start;
    }
  }

  private static void report(String what, long bytes, long startNanos) {
    double seconds = (System.nanoTime() - startNanos) / 1e9;
    System.out.printf(
        "%.3f s, %.1f GB at %.1f GB/s: %s%n", seconds, bytes / 1e9, bytes / seconds / 1e9, what);
  }
}
