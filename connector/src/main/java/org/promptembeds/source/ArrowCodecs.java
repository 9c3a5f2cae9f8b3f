package org.promptembeds.source;

import java.util.function.Supplier;
import org.apache.arrow.compression.CommonsCompressionFactory;
import org.apache.arrow.vector.compression.CompressionCodec;
import org.apache.arrow.vector.compression.CompressionUtil;
import org.apache.arrow.vector.compression.NoCompressionCodec;
import org.apache.arrow.vector.ipc.message.ArrowBodyCompression;
import org.jspecify.annotations.Nullable;

/** Decompression of Arrow buffers, in a module that not every Spark has. */
final class ArrowCodecs {
  private ArrowCodecs() {}

  /**
   * What makes the codec of {@code compression}; without it, one that copies nothing.
   *
   * @throws MissingCodecException naming {@code file} and the codec if the module is not there
   */
  static CompressionCodec.Factory factory(@Nullable ArrowBodyCompression compression, String file) {
    return compression == null
        ? NoCompressionCodec.Factory.INSTANCE
        : load(() -> CommonsCompressionFactory.INSTANCE, type(compression), file);
  }

  /** The codec of {@code compression}, as {@link #factory} makes it. */
  static CompressionCodec codec(@Nullable ArrowBodyCompression compression, String file) {
    return compression == null
        ? NoCompressionCodec.INSTANCE
        : factory(compression, file).createCodec(type(compression));
  }

  static CompressionCodec.Factory load(
      Supplier<CompressionCodec.Factory> factory, CompressionUtil.CodecType type, String file) {
    try {
      return factory.get();
    } catch (NoClassDefFoundError e) {
      throw new MissingCodecException(file, type.name(), e);
    }
  }

  private static CompressionUtil.CodecType type(ArrowBodyCompression compression) {
    return CompressionUtil.CodecType.fromCompressionType(compression.getCodec());
  }
}
