package org.promptembeds.source;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.arrow.vector.compression.CompressionUtil.CodecType;
import org.junit.jupiter.api.Test;

/** What is said where Spark lacks Arrow's decompression. */
class ArrowCodecsTest {
  @Test
  void aMissingModuleIsNamedWithTheCodec() {
    assertThatThrownBy(
            () ->
                ArrowCodecs.load(
                    () -> {
                      throw new NoClassDefFoundError("org/apache/arrow/compression/Factory");
                    },
                    CodecType.ZSTD,
                    "part-0.arrow"))
        .isInstanceOf(MissingCodecException.class)
        .hasMessageStartingWith(
            "part-0.arrow is compressed with ZSTD, which needs arrow-compression")
        .hasCauseInstanceOf(NoClassDefFoundError.class);
  }
}
