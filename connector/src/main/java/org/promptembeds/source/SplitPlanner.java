package org.promptembeds.source;

import java.util.ArrayList;
import java.util.List;
import org.promptembeds.source.FileListing.ListedFile;

/** Divides files among partitions, in order: large ones are split, small ones share a partition. */
final class SplitPlanner {
  /** What opening a file costs, as bytes that could be read in that time. */
  private static final long OPEN_COST_BYTES = 1 << 20;

  /** So many small files may always share a partition, however little it holds. */
  private static final long MIN_FILES_PER_SPLIT = 64;

  private final long splitBytes;
  private final long openCostBytes;
  private final List<PromptEmbedsInputPartition> partitions = new ArrayList<>();
  private List<FileSlice> slices = new ArrayList<>();
  private List<String> hosts = List.of();
  private long bytes;

  private SplitPlanner(long splitBytes) {
    this.splitBytes = Math.max(1, splitBytes);
    this.openCostBytes = Math.min(OPEN_COST_BYTES, splitBytes / MIN_FILES_PER_SPLIT);
  }

  static List<PromptEmbedsInputPartition> plan(List<ListedFile> files, long splitBytes) {
    SplitPlanner planner = new SplitPlanner(splitBytes);
    for (ListedFile file : files) {
      planner.add(file);
    }

    planner.finishPartition();
    return planner.partitions;
  }

  private void add(ListedFile file) {
    long size = file.byteCount();
    long pieces = file.format().isSplittable() ? (size + splitBytes - 1) / splitBytes : 1;
    pieces = Math.max(1, pieces);
    for (long piece = 0; piece < pieces; piece++) {
      long start = size / pieces * piece;
      long end = piece == pieces - 1 ? size : size / pieces * (piece + 1);
      add(new FileSlice(file.path(), file.format(), start, end, file.version()), file.hosts());
    }
  }

  private void add(FileSlice slice, List<String> sliceHosts) {
    long cost = slice.byteCount() + openCostBytes;
    if (!slices.isEmpty() && bytes + cost > splitBytes) {
      finishPartition();
    }

    if (slices.isEmpty()) {
      hosts = sliceHosts;
    }

    slices.add(slice);
    bytes += cost;
  }

  private void finishPartition() {
    if (!slices.isEmpty()) {
      partitions.add(new PromptEmbedsInputPartition(slices, hosts));
      slices = new ArrayList<>();
      bytes = 0;
    }
  }
}
