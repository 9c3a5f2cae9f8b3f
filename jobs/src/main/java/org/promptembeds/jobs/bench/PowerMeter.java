package org.promptembeds.jobs.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Follows what a GPU draws and holds, as {@code nvidia-smi} tells it, for as long as it is open.
 * Where there is no such program, nothing is known.
 */
public final class PowerMeter implements MemoryMeter, AutoCloseable {
  private static final double MEBIBYTE = 1 << 20;

  private final Process process;
  private final Thread reader;
  private double watts; // guarded by this
  private long count; // guarded by this
  private volatile long memoryBytes;

  private PowerMeter(Process process) {
    this.process = process;
    this.reader = new Thread(this::read, "bench-power");
    reader.setDaemon(true);
    reader.start();
  }

  /**
   * Begins to look at a device five times a second.
   *
   * @param device as PyTorch names it
   * @return null where the program is missing, or the device is no GPU
   */
  public static @Nullable PowerMeter open(String device) {
    if (!device.startsWith("cuda")) {
      return null;
    }

    String index = device.contains(":") ? device.substring(device.indexOf(':') + 1) : "0";
    try {
      return new PowerMeter(
          new ProcessBuilder(
                  "nvidia-smi",
                  "-i",
                  index,
                  "--query-gpu=power.draw,memory.used",
                  "--format=csv,noheader,nounits",
                  "-lms",
                  "200")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start());
    } catch (IOException e) {
      return null;
    }
  }

  private void read() {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        take(line.split("\\s*,\\s*", 2));
      }
    } catch (IOException e) {
      // the process has ended: what was read so far is what there is
    }
  }

  private synchronized void take(String[] values) {
    try {
      watts += Double.parseDouble(values[0].strip());
      count++;
      memoryBytes = (long) (Double.parseDouble(values[1].strip()) * MEBIBYTE);
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      // "[N/A]": the device does not tell
    }
  }

  /** Mean power so far, in watts. */
  public synchronized OptionalDouble meanWatts() {
    return count == 0 ? OptionalDouble.empty() : OptionalDouble.of(watts / count);
  }

  @Override
  public long bytes() {
    return memoryBytes;
  }

  @Override
  public void close() {
    process.destroy();
  }
}
