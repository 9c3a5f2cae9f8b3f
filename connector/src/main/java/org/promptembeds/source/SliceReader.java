package org.promptembeds.source;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.jspecify.annotations.Nullable;
import org.promptembeds.tensor.TensorFormatException;

/**
 * Reads one file slice into batches bounded in bytes, and does with what is malformed as the mode
 * says. A batch lies inside one block, and its rows follow each other there, so that columns which
 * are passed through are ranges of the block's.
 */
final class SliceReader implements Closeable {
  private static final int MAX_BATCH_ROWS = 4096;

  private final FileSlice slice;
  private final ReadSettings settings;
  private final Configuration configuration;
  private @Nullable GuardedFile file;
  private @Nullable TensorCursor cursor;
  private boolean inBlock;
  private int row;
  private boolean ended;

  SliceReader(FileSlice slice, ReadSettings settings, Configuration configuration) {
    this.slice = slice;
    this.settings = settings;
    this.configuration = configuration;
  }

  /** The next rows, at least one and at most {@code maxRows}; null at the end. */
  @Nullable ColumnarBatch next(int maxRows) throws IOException {
    if (ended) {
      return null;
    }

    try {
      return checkedRows(maxRows);
    } catch (ChangedFileException e) {
      ended = true;
      return changedFile(e);
    } catch (TensorFormatException | EOFException e) {
      ended = true;
      return malformedFile(e);
    }
  }

  /** Rows, or an error of a file that is known to be the one that was planned for. */
  private @Nullable ColumnarBatch checkedRows(int maxRows) throws IOException {
    GuardedFile opened = file;
    if (opened == null) {
      opened = GuardedFile.open(slice, configuration);
      file = opened;
    }

    try {
      ColumnarBatch rows = nextRows(openedCursor(opened), maxRows);
      if (rows == null) {
        opened.check();
      }

      return rows;
    } catch (TensorFormatException | EOFException e) {
      opened.check();
      throw e;
    }
  }

  private TensorCursor openedCursor(GuardedFile opened) throws IOException {
    TensorCursor rows = cursor;
    if (rows == null) {
      rows = Cursors.open(slice, opened.source(), settings);
      cursor = rows;
    }

    return rows;
  }

  private @Nullable ColumnarBatch nextRows(TensorCursor opened, int maxRows) throws IOException {
    while (inBlock || opened.nextBlock()) {
      row = inBlock ? row : 0;
      inBlock = true;
      RowBatch rows = collect(opened, Math.min(maxRows, MAX_BATCH_ROWS));
      if (rows.size() > 0) {
        int first = row - rows.size();
        return rows.toColumnarBatch(
            settings, slice.path(), (field, count) -> opened.column(field, first, count));
      }

      inBlock = row < opened.rowCount();
    }

    ended = true;
    return null;
  }

  /** Rows from {@link #row} on that follow each other; none if those there are skipped. */
  private RowBatch collect(TensorCursor opened, int maxRows) throws IOException {
    RowBatch rows = new RowBatch();
    long bytes = 0;
    while (row < opened.rowCount() && rows.size() < maxRows) {
      long rowBytes = opened.byteCount(row);
      if (rows.size() > 0 && bytes + rowBytes > settings.batchBytes()) {
        break;
      }

      TensorRow next = settings.acceptsName(opened.name(row)) ? readRow(opened) : null;
      if (next == null && rows.size() > 0) {
        break; // the next batch begins by skipping this row
      }

      row++;
      if (next != null) {
        rows.add(next);
        bytes += rowBytes;
      }
    }

    return rows;
  }

  /** The row, or what becomes of a malformed one: null if it is left out. */
  private @Nullable TensorRow readRow(TensorCursor opened) throws IOException {
    try {
      return opened.row(row);
    } catch (TensorFormatException e) {
      return switch (settings.mode()) {
        case FAILFAST -> throw failure(e);
        case PERMISSIVE -> TensorRow.malformed(opened.name(row), reason(e));
        case DROPMALFORMED -> null;
      };
    }
  }

  /**
   * What becomes of a file that cannot be read further. All slices of a file meet a bad header, and
   * the first one reports it.
   */
  private @Nullable ColumnarBatch malformedFile(Exception e) throws IOException {
    boolean reported = cursor != null || slice.start() == 0;
    return switch (settings.mode()) {
      case FAILFAST -> throw failure(e);
      case PERMISSIVE -> reported ? malformedRow(null, e) : null;
      case DROPMALFORMED -> null;
    };
  }

  /**
   * What becomes of a file that is another one by now. Rows of it may be missing, so it is never
   * passed over in silence: only a query that sees the reason goes on.
   */
  private ColumnarBatch changedFile(ChangedFileException e) {
    boolean isSeen =
        settings.mode() == ParseMode.PERMISSIVE
            && settings.wants(settings.errorColumn())
            && settings.nameFilters().isEmpty();
    if (!isSeen) {
      throw e;
    }

    return malformedRow(
        slice.start() == 0
            ? null
            : "%s, bytes %d to %d".formatted(slice.path(), slice.start(), slice.end()),
        e);
  }

  private ColumnarBatch malformedRow(@Nullable String name, Exception e) {
    RowBatch rows = new RowBatch();
    rows.add(TensorRow.malformed(name, reason(e)));
    return rows.toColumnarBatch(
        settings, slice.path(), (field, count) -> NullColumn.of(field.dataType(), count));
  }

  private IOException failure(Exception e) {
    return new IOException(
        "malformed input: %s. Option mode PERMISSIVE turns it into a row with the reason in column %s, DROPMALFORMED leaves it out"
            .formatted(reason(e), settings.errorColumn()),
        e);
  }

  private String reason(Exception e) {
    String message = String.valueOf(e.getMessage());
    return message.contains(slice.path()) ? message : slice.path() + ": " + message;
  }

  @Override
  public void close() throws IOException {
    TensorCursor rows = cursor;
    if (rows != null) {
      rows.close();
    } else if (file != null) {
      file.close();
    }
  }
}
