"""Writes the Arrow files of ArrowReadTest with pyarrow (any version from 15 on), to src/test/resources/arrow."""

from pathlib import Path

import numpy as np
import pyarrow as pa

TARGET = Path(__file__).parent.parent / "resources" / "arrow"
FLAT = [[1.0, 2.0, 3.0, 4.0], [5.0, 6.0], None]
NESTED = [[[1.0, 2.0], [3.0, 4.0]], [[5.0, 6.0]], None]
NAMES = pa.array(["a", "b", "c"])


def write(file_name, table, chunk_rows=None, stream=False, compression=None):
    options = pa.ipc.IpcWriteOptions(compression=compression)
    new = pa.ipc.new_stream if stream else pa.ipc.new_file
    with new(str(TARGET / file_name), table.schema, options=options) as writer:
        writer.write_table(table, max_chunksize=chunk_rows)


def shaped(embeds):
    """Embeddings with a shape a row, and columns to pass through."""
    return pa.table(
        {
            "id": pa.array([10, 20, 30], pa.int64()),
            "name": NAMES,
            "embeds": embeds,
            "seq_len": pa.array([2, 1, None], pa.int64()),
            "hidden_size": pa.array([2, 2, None], pa.int32()),
            "question": pa.array(["why?", None, "how?"]),
        }
    )


TARGET.mkdir(parents=True, exist_ok=True)
write("list.arrow", shaped(pa.array(FLAT, pa.list_(pa.float32()))), chunk_rows=2)
write("list-stream.arrows", shaped(pa.array(FLAT, pa.list_(pa.float32()))), chunk_rows=1, stream=True)
write("list-double.ipc", shaped(pa.array(FLAT, pa.list_(pa.float64()))))
write("large-list-lz4.feather", shaped(pa.array(FLAT, pa.large_list(pa.float32()))), chunk_rows=2, compression="lz4")
write("nested.arrow", shaped(pa.array(NESTED, pa.list_(pa.list_(pa.float32())))), stream=True)
write("nested-zstd.arrow", shaped(pa.array(NESTED, pa.list_(pa.list_(pa.float32())))), compression="zstd")
half = pa.array([None if v is None else np.array(v, np.float16) for v in FLAT], pa.list_(pa.float16()))
write("half.arrow", shaped(half))
write("nested-fixed.arrow", shaped(pa.array(NESTED, pa.list_(pa.list_(pa.float32(), 2)))))
sliced = shaped(pa.array(NESTED + NESTED, pa.list_(pa.list_(pa.float32()))).slice(3))
write("nested-sliced.arrow", sliced)

fixed = pa.array(np.arange(1, 9, dtype=np.float16)).cast(pa.float16())
fixed = pa.FixedSizeListArray.from_arrays(fixed, 4)
write("fixed-half.arrow", pa.table({"embeds": fixed}).replace_schema_metadata({"hidden_size": "2"}))
fixed = pa.FixedSizeListArray.from_arrays(pa.array(np.arange(1, 9, dtype=np.float32)), 4)
write("fixed-float.arrow", pa.table({"embeds": fixed}))
malformed = pa.table(
    {
        "name": pa.array(["good", "ragged", "null vector", "null element", "fine"]),
        "embeds": pa.array(
            [[[1.0, 2.0]], [[1.0], [2.0, 3.0]], [[1.0], None], [[1.0, None]], [[3.0, 4.0]]],
            pa.list_(pa.list_(pa.float32())),
        ),
        "id": pa.array([1, 2, 3, 4, 5]),
    }
)
write("malformed.arrow", malformed)

tags = pa.array(["a"]).dictionary_encode()
flat = pa.array([[1.0, 2.0]], pa.list_(pa.float32()))
write("dictionary.arrow", pa.table({"id": pa.array([7]), "tag": tags, "embeds": flat}))
