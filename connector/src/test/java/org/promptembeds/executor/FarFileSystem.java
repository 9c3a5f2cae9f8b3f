package org.promptembeds.executor;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileChecksum;
import org.apache.hadoop.fs.MD5MD5CRC32CastagnoliFileChecksum;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.io.MD5Hash;
import org.jspecify.annotations.Nullable;

/** Local files under the scheme {@code far}, that records what is opened. */
public final class FarFileSystem extends RawLocalFileSystem {
  /** Names of the files opened, in order. */
  static final List<String> OPENED = new CopyOnWriteArrayList<>();

  /** Names of the files whose checksum is another each time. */
  static final Set<String> CHANGING = ConcurrentHashMap.newKeySet();

  private int looks;

  static Configuration configuration() {
    Configuration configuration = new Configuration(false);
    configuration.set("fs.far.impl", FarFileSystem.class.getName());
    return configuration;
  }

  @Override
  public URI getUri() {
    return URI.create("far:///");
  }

  @Override
  public String getScheme() {
    return "far";
  }

  @Override
  public FSDataInputStream open(Path file, int bufferSize) throws IOException {
    OPENED.add(file.getName());
    return super.open(file, bufferSize);
  }

  @Override
  public @Nullable FileChecksum getFileChecksum(Path file) {
    return CHANGING.contains(file.getName())
        ? new MD5MD5CRC32CastagnoliFileChecksum(512, ++looks, MD5Hash.digest(new byte[] {1}))
        : null;
  }
}
