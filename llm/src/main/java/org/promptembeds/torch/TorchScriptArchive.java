package org.promptembeds.torch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A TorchScript module in the format that {@code torch.jit.load} reads: a zip of stored entries
 * holding the source text and the pickled attributes. It holds no weight; weights are added to the
 * loaded module by calling its methods.
 *
 * <p>The layout is that of PyTorch's {@code torch/csrc/jit/docs/serialization.md}.
 */
final class TorchScriptArchive {
  /** Version of the operators; the importer rewrites the operators of older ones. */
  private static final String VERSION = "10\n";

  private static final byte[] EMPTY_TUPLE = {(byte) 0x80, 2, ')', '.'};

  private TorchScriptArchive() {}

  /**
   * Packs an object and what it holds.
   *
   * @param root of a class derived from {@code Module}
   * @param sources TorchScript source text by qualified name, {@code __torch__} or below
   */
  static byte[] pack(ScriptObject root, Map<String, String> sources) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.setMethod(ZipOutputStream.STORED);
      store(zip, "data.pkl", ModulePickle.write(root));
      for (Map.Entry<String, String> source : sources.entrySet()) {
        String path = "code/" + source.getKey().replace('.', '/') + ".py";
        store(zip, path, source.getValue().getBytes(StandardCharsets.UTF_8));
      }

      store(zip, "data/" + ModulePickle.STORAGE, new byte[Float.BYTES]);
      store(zip, "constants.pkl", EMPTY_TUPLE);
      store(zip, "version", VERSION.getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }

    return bytes.toByteArray();
  }

  private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(content);
    ZipEntry entry = new ZipEntry("module/" + name);
    entry.setTime(0);
    entry.setSize(content.length);
    entry.setCrc(crc.getValue());
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }

  /** Text of a resource beside this class. */
  static String resource(String name) {
    try (InputStream in = TorchScriptArchive.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("resource " + name + " is missing from the jar");
      }

      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
