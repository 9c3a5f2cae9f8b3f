package org.promptembeds.jobs.doctor;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The machine and the JVM, as far as models depend on them.
 *
 * @param os operating system, as Java calls it
 * @param arch processor architecture, likewise
 * @param java major version of Java
 * @param processors that this JVM may use
 * @param instructions of the processor, of those that matter, as Linux calls them
 * @param memoryBytes of the machine or of this container
 * @param heapBytes most that the heap of this JVM grows to
 * @param cache folder that PyTorch is unpacked to
 * @param cacheFreeBytes free on its disk; negative if that cannot be known
 */
public record Host(
    String os,
    String arch,
    int java,
    int processors,
    Set<String> instructions,
    long memoryBytes,
    long heapBytes,
    Path cache,
    long cacheFreeBytes) {
  private static final long GIBI = 1L << 30;

  /** What PyTorch takes of the cache when it is unpacked. */
  private static final long CACHE_BYTES = GIBI / 2;

  private static final List<String> INSTRUCTIONS =
      List.of("avx2", "avx512f", "avx512_vnni", "avx512_bf16", "amx_bf16", "fma");

  public Host {
    instructions = Set.copyOf(instructions);
  }

  /** This machine. */
  public static Host here() {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    Path cache = cacheFolder();
    return new Host(
        System.getProperty("os.name"),
        System.getProperty("os.arch"),
        Runtime.version().feature(),
        Runtime.getRuntime().availableProcessors(),
        flags(),
        system.getTotalMemorySize(),
        Runtime.getRuntime().maxMemory(),
        cache,
        freeBytes(cache));
  }

  private static Path cacheFolder() {
    String named = System.getenv("DJL_CACHE_DIR");
    return named != null ? Path.of(named) : Path.of(System.getProperty("user.home"), ".djl.ai");
  }

  private static Set<String> flags() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      Set<String> flags = new TreeSet<>();
      lines
          .filter(line -> line.startsWith("flags"))
          .findFirst()
          .ifPresent(line -> flags.addAll(List.of(line.split("\\s+", -1))));
      flags.retainAll(INSTRUCTIONS);
      return flags;
    } catch (IOException e) {
      return Set.of();
    }
  }

  private static long freeBytes(Path folder) {
    for (Path path = folder.toAbsolutePath(); path != null; path = path.getParent()) {
      if (Files.exists(path)) {
        try {
          return Files.isWritable(path) ? Files.getFileStore(path).getUsableSpace() : 0;
        } catch (IOException e) {
          return -1;
        }
      }
    }

    return -1;
  }

  List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    findings.add(platform());
    findings.add(
        java >= 17
            ? Finding.ok("Java", "" + java)
            : Finding.problem("Java", "" + java, "install a JDK of at least 17, set JAVA_HOME"));
    findings.add(processor());
    findings.add(memory());
    findings.add(disk());
    return findings;
  }

  private Finding platform() {
    String found = os + " " + arch;
    return os.equals("Linux") && arch.matches("amd64|x86_64")
        ? Finding.ok("platform", found)
        : Finding.problem(
            "platform", found, "the bundle carries PyTorch for Linux on x86-64: run it there");
  }

  private Finding processor() {
    String found =
        "%d processors, %s"
            .formatted(
                processors,
                instructions.isEmpty()
                    ? "no vector instructions known"
                    : String.join(" ", new TreeSet<>(instructions)));
    return instructions.contains("avx2")
        ? Finding.ok("processor", found)
        : Finding.note(
            "processor", found, "models on a CPU are slow without avx2: another machine, or a GPU");
  }

  private Finding memory() {
    String found =
        String.format(
            Locale.ROOT,
            "%.1f GiB, heap up to %.1f GiB",
            (double) memoryBytes / GIBI,
            (double) heapBytes / GIBI);
    return heapBytes > memoryBytes / 2
        ? Finding.note(
            "memory",
            found,
            "weights and KV cache lie outside of the heap: lower PROMPT_EMBEDS_MEMORY")
        : Finding.ok("memory", found);
  }

  private Finding disk() {
    String found =
        cacheFreeBytes < 0
            ? cache + ", unknown room"
            : String.format(
                Locale.ROOT, "%s, %.1f GiB free", cache, (double) cacheFreeBytes / GIBI);
    return cacheFreeBytes < 0 || cacheFreeBytes > CACHE_BYTES
        ? Finding.ok("cache", found)
        : Finding.problem(
            "cache", found, "export DJL_CACHE_DIR=/a/folder/with/500/MB/that/can/be/written");
  }
}
