package org.promptembeds.examples;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.promptembeds.tensor.SafetensorsFile;
import org.promptembeds.tensor.TensorFile;

/**
 * A tiny vision tower: a picture of 24 by 24 pixels becomes sixteen prompt embeddings, one for each
 * patch of 6 by 6. It computes what {@code tiny_tower.py}, with which it was trained, computes; its
 * arrays are row-major.
 *
 * @param patch (channels, pixels of a patch × 3)
 * @param position (patches, channels), added to the patches
 * @param project (hidden size, channels)
 */
record VisionTower(Linear patch, float[] position, List<Block> blocks, Linear project)
    implements Serializable {
  private static final int SIZE = 24; // pixels in either direction
  private static final int PATCH = 6;
  private static final int PATCHES = (SIZE / PATCH) * (SIZE / PATCH);
  private static final int BLOCKS = 2;

  /** Reads the weights from a safetensors file. */
  static VisionTower open(Path path) throws IOException {
    try (TensorFile file = SafetensorsFile.open(path)) {
      List<Block> blocks = new ArrayList<>();
      for (int i = 0; i < BLOCKS; i++) {
        blocks.add(Block.read(file, "blocks." + i));
      }

      return new VisionTower(
          Linear.read(file, "patch"),
          Linear.floats(file, "position"),
          blocks,
          Linear.read(file, "project"));
    }
  }

  /**
   * The prompt embeddings of an encoded picture, such as a PNG file's bytes: (patches, hidden
   * size).
   */
  float[] see(byte[] picture) throws IOException {
    float[] x = patch.apply(patches(picture)); // (patches, channels)
    add(x, position);
    for (Block block : blocks) {
      block.mix(x);
    }

    return project.apply(norm(x, x.length / PATCHES));
  }

  /** The pixels from -0.5 to 0.5, patch by patch: (patches, pixels of a patch × 3). */
  private static float[] patches(byte[] picture) throws IOException {
    // From memory: ImageIO would otherwise write a temporary file for each picture.
    BufferedImage image =
        ImageIO.read(new MemoryCacheImageInputStream(new ByteArrayInputStream(picture)));
    if (image == null || image.getWidth() != SIZE || image.getHeight() != SIZE) {
      throw new IOException(
          "the tower sees pictures of %d by %d pixels, got %s"
              .formatted(SIZE, SIZE, image == null ? "what is no picture" : size(image)));
    }

    float[] x = new float[SIZE * SIZE * 3];
    int i = 0;
    for (int number = 0; number < PATCHES; number++) {
      int top = number / (SIZE / PATCH) * PATCH;
      int left = number % (SIZE / PATCH) * PATCH;
      for (int pixel = 0; pixel < PATCH * PATCH; pixel++) {
        int colour = image.getRGB(left + pixel % PATCH, top + pixel / PATCH);
        for (int shift = 16; shift >= 0; shift -= 8) { // red, green, blue
          x[i++] = (colour >> shift & 0xff) / 255f - 0.5f;
        }
      }
    }

    return x;
  }

  private static String size(BufferedImage image) {
    return image.getWidth() + " by " + image.getHeight();
  }

  /** Each row of (rows, size) divided by the root of its mean square. */
  private static float[] norm(float[] x, int size) {
    float[] y = new float[x.length];
    for (int row = 0; row < x.length; row += size) {
      float squares = 0;
      for (int i = row; i < row + size; i++) {
        squares += x[i] * x[i];
      }

      float factor = (float) (1 / Math.sqrt(squares / size + 1e-5));
      for (int i = row; i < row + size; i++) {
        y[i] = x[i] * factor;
      }
    }

    return y;
  }

  private static float[] transpose(float[] x, int rows) {
    int columns = x.length / rows;
    float[] y = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i % columns * rows + i / columns] = x[i];
    }

    return y;
  }

  private static void add(float[] x, float[] other) {
    for (int i = 0; i < x.length; i++) {
      x[i] += other[i];
    }
  }

  /** Mixes the patches, channel by channel, and then the channels, patch by patch. */
  record Block(Mlp patches, Mlp channels) implements Serializable {
    static Block read(TensorFile file, String name) throws IOException {
      return new Block(Mlp.read(file, name + ".patches"), Mlp.read(file, name + ".channels"));
    }

    /** Adds what the block sees to {@code x}, (patches, channels). */
    void mix(float[] x) {
      int size = x.length / PATCHES;
      add(x, transpose(patches.apply(transpose(norm(x, size), PATCHES)), size));
      add(x, channels.apply(norm(x, size)));
    }
  }

  /** Two linear layers with a rectifier between them. */
  record Mlp(Linear up, Linear down) implements Serializable {
    static Mlp read(TensorFile file, String name) throws IOException {
      return new Mlp(Linear.read(file, name + "_up"), Linear.read(file, name + "_down"));
    }

    float[] apply(float[] x) {
      float[] hidden = up.apply(x);
      for (int i = 0; i < hidden.length; i++) {
        hidden[i] = Math.max(0, hidden[i]);
      }

      return down.apply(hidden);
    }
  }
}
