package org.promptembeds.sql.values;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.promptembeds.generation.InvalidRequestException;
import org.promptembeds.tensor.Tensor;
import org.promptembeds.tensor.TorchFormat;

/**
 * Random values of random types: each is a tensor or a row at fault. The system property {@code
 * fuzz.iterations} makes a longer run, {@code fuzz.seed} another one.
 */
class EmbedsReaderFuzzTest {
  private static final int ITERATIONS = Integer.getInteger("fuzz.iterations", 20_000);
  private static final int LONGEST_MESSAGE = 1_000;
  private static final double[] ODD = {
    0, -0.0, 1, Double.NaN, Double.NEGATIVE_INFINITY, Double.MAX_VALUE, Double.MIN_VALUE, 1e300
  };

  private final Random random = new Random(Long.getLong("fuzz.seed", 20261124));

  @Test
  void everyValueIsATensorOrARowAtFault() {
    int tensors = 0;
    for (int i = 0; i < ITERATIONS; i++) {
      DataType type = type(3);
      EmbedsReader reader = EmbedsReader.of(type).orElse(null);
      if (reader != null) {
        tensors += isTensor(reader, type) ? 1 : 0;
      }
    }

    assertThat(tensors).isBetween(ITERATIONS / 50, ITERATIONS * 9 / 10);
  }

  private boolean isTensor(EmbedsReader reader, DataType type) {
    Object value = value(type);
    OptionalInt hiddenSize =
        random.nextInt(4) == 0 ? OptionalInt.empty() : OptionalInt.of(1 + random.nextInt(4));
    try {
      Tensor tensor = reader.read(new GenericInternalRow(new Object[] {value}), 0, hiddenSize);
      assertThat(tensor.rank()).isEqualTo(2);
      assertThat(tensor.dtype().isFloat()).isTrue();
      return true;
    } catch (InvalidRequestException e) {
      assertThat(e.getMessage()).isNotBlank().hasSizeLessThan(LONGEST_MESSAGE);
      return false;
    } catch (RuntimeException | Error e) {
      throw new AssertionError("%s of %s is no row at fault".formatted(value, type), e);
    }
  }

  private DataType type(int depth) {
    return switch (random.nextInt(depth == 0 ? 6 : 12)) {
      case 0 -> DataTypes.BinaryType;
      case 1 -> DataTypes.StringType;
      case 2 -> DataTypes.DoubleType;
      case 3 -> DataTypes.createDecimalType(1 + random.nextInt(38), 0);
      case 4 -> DataTypes.FloatType;
      case 5 -> DataTypes.LongType;
      default -> DataTypes.createArrayType(type(depth - 1));
    };
  }

  private Object value(DataType type) {
    double number = random.nextInt(8) == 0 ? ODD[random.nextInt(ODD.length)] : random.nextInt(9);
    if (type instanceof ArrayType array) {
      return array(array.elementType());
    } else if (type instanceof BinaryType) {
      return bytes();
    } else if (type instanceof StringType) {
      String text = Base64.getEncoder().encodeToString(bytes());
      return UTF8String.fromString(
          text.substring(0, Math.max(0, text.length() - random.nextInt(2))));
    } else if (type instanceof DoubleType) {
      return number;
    } else if (type instanceof FloatType) {
      return (float) number;
    } else if (type instanceof DecimalType decimal) {
      return Decimal.apply(random.nextInt(9), decimal.precision(), decimal.scale());
    }

    return (long) number;
  }

  private Object array(DataType elements) {
    int count = random.nextInt(6) == 0 ? random.nextInt(9) : 4;
    if (elements instanceof FloatType && random.nextBoolean()) {
      float[] floats = new float[count];
      for (int i = 0; i < count; i++) {
        floats[i] = (float) value(elements);
      }

      return UnsafeArrayData.fromPrimitiveArray(floats);
    }

    List<@Nullable Object> values = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      values.add(random.nextInt(30) == 0 ? null : value(elements));
    }

    return new GenericArrayData(values.toArray());
  }

  /** A tensor as torch.save writes it, whole, damaged or cut, or anything. */
  private byte[] bytes() {
    byte[] bytes = TorchFormat.write(Tensor.ofFloats(new float[] {1, 2, 3, 4}, 2, 2));
    return switch (random.nextInt(4)) {
      case 0 -> bytes;
      case 1 -> {
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        yield bytes;
      }
      case 2 -> Arrays.copyOf(bytes, random.nextInt(bytes.length));
      default -> {
        byte[] noise = new byte[random.nextInt(40)];
        random.nextBytes(noise);
        yield noise;
      }
    };
  }
}
