"""What the peers do, each by its name: tasks.py TASK SOURCE TARGET [--warm] [--digest].

Prints one JSON object: the seconds that the work took, without the start of Python and its imports, and with --digest
what the values are. --warm does the work once before it is timed.
"""

import gzip
import json
import sys
import time
import zlib


def names_of(source):
    opened = gzip.open(source, "rt") if source.endswith(".gz") else open(source)
    with opened as file:
        file.readline()
        file.readline()
        return file.readline().rstrip("\n").split("\t")


def polars_schema(source):
    import polars

    return {name: polars.String if i < 2 else polars.Float64 for i, name in enumerate(names_of(source))}


def polars_scan(source):
    import polars

    return polars.scan_csv(source, separator="\t", skip_rows=2, schema=polars_schema(source), quote_char=None)


def polars_read(source, _):
    import polars

    schema = polars_schema(source)
    return lambda: polars.read_csv(source, separator="\t", skip_rows=2, schema=schema, quote_char=None)


def polars_sum(source, _):
    """No table is kept: only the sums of the columns."""
    import polars

    scan = polars_scan(source).select(polars.col(polars.Float64).sum())
    return lambda: scan.collect(engine="streaming")


def polars_parquet(source, target):
    scan = polars_scan(source)
    return lambda: scan.sink_parquet(target, compression="zstd", compression_level=3)


def polars_ipc(source, target):
    scan = polars_scan(source)
    return lambda: scan.sink_ipc(target, compression="uncompressed")


def duckdb_query(source):
    columns = {name: "VARCHAR" if i < 2 else "DOUBLE" for i, name in enumerate(names_of(source))}
    return (f"SELECT * FROM read_csv('{source}', delim='\\t', header=false, skip=3, quote='', escape='', "
            f"auto_detect=false, max_line_size=16000000, columns={columns})")


def duckdb_parquet(source, target):
    import duckdb

    query = duckdb_query(source)
    return lambda: duckdb.connect().execute(
        f"COPY ({query}) TO '{target}' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 3)")


def duckdb_read(source, _):
    import duckdb

    query = duckdb_query(source)
    return lambda: duckdb.connect().execute(query).to_arrow_table()


def pyarrow_options(source, block_size):
    import pyarrow
    from pyarrow import csv

    types = {name: pyarrow.string() if i < 2 else pyarrow.float64() for i, name in enumerate(names_of(source))}
    return {
        "read_options": csv.ReadOptions(skip_rows=2, block_size=block_size),
        "parse_options": csv.ParseOptions(delimiter="\t", quote_char=False),
        "convert_options": csv.ConvertOptions(column_types=types),
    }


def pyarrow_read(source, _):
    from pyarrow import csv

    options = pyarrow_options(source, 16 << 20)
    return lambda: csv.read_csv(source, **options)


def pyarrow_stream(source, open_writer):
    from pyarrow import csv

    options = pyarrow_options(source, 16 << 20)

    def work():
        reader = csv.open_csv(source, **options)
        with open_writer(reader.schema) as writer:
            for batch in reader:
                writer.write_batch(batch)

    return work


def pyarrow_parquet(source, target):
    from pyarrow import parquet

    return pyarrow_stream(
        source, lambda schema: parquet.ParquetWriter(target, schema, compression="zstd", compression_level=3))


def pyarrow_ipc(source, target):
    from pyarrow import ipc

    return pyarrow_stream(source, lambda schema: ipc.new_file(target, schema))


def pandas_read(source, _):
    import pandas

    types = {name: str if i < 2 else float for i, name in enumerate(names_of(source))}
    return lambda: pandas.read_csv(source, sep="\t", skiprows=2, dtype=types, engine="c", quoting=3,
                                   float_precision="round_trip")


def cmappy_read(source, _):
    from cmapPy.pandasGEXpress.parse import parse

    return lambda: parse(source)


def frictionless_validate(source, schema):
    from frictionless import Dialect, Resource, Schema, formats, system

    system.trusted = True  # takes a path that is absolute
    dialect = Dialect(controls=[formats.CsvControl(delimiter="\t")])
    resource = Resource(path=source, schema=Schema.from_descriptor(schema), dialect=dialect)
    return resource.validate


def columns_of(result):
    """The columns of a result: those of numbers and those of texts, each as what numpy or Python makes of it."""
    import numpy
    import pyarrow

    if hasattr(result, "data_df"):
        result = result.data_df
        return [result[name].to_numpy(dtype=numpy.float64) for name in result.columns], []
    if hasattr(result, "to_arrow"):
        result = result.to_arrow()
    elif hasattr(result, "read_all"):
        result = result.read_all()
    elif not isinstance(result, pyarrow.Table):
        result = pyarrow.Table.from_pandas(result)
    numbers, texts = [], []
    for column in result.columns:
        if pyarrow.types.is_floating(column.type):
            numbers.append(column.to_numpy())
        else:
            texts.append(column.cast(pyarrow.string()).to_pylist())
    return numbers, texts


def digest(result):
    """One number of all values with their places, which any changed, lost or moved value changes; and one of texts."""
    import numpy

    numbers, texts = columns_of(result)
    total, rows = 0, numpy.arange(1, len(numbers[0]) + 1, dtype=numpy.uint64)
    for place, column in enumerate(numbers, 1):
        column = numpy.where(numpy.isnan(column), numpy.nan, column)
        total += place * int((column.view(numpy.uint64) * rows).sum())
    text = zlib.crc32("\n".join(cell for column in texts for cell in column).encode())
    return {"columns": len(numbers), "rows": len(rows), "values": total % (1 << 64), "texts": text if texts else None}


def read_back(source, kind):
    """What a file holds that was written."""
    from pyarrow import ipc, parquet

    if kind == "arrow":
        return ipc.open_file(source).read_all
    return lambda: parquet.read_table(source)


TASKS = {task.__name__: task for task in (
    polars_read, polars_sum, polars_parquet, polars_ipc, duckdb_read, duckdb_parquet, pyarrow_read, pyarrow_parquet,
    pyarrow_ipc, pandas_read, cmappy_read, frictionless_validate, read_back)}


def main():
    task, source, target = sys.argv[1:4]
    work = TASKS[task](source, target)
    if "--warm" in sys.argv:
        work()
    start = time.perf_counter()
    result = work()
    told = {"seconds": time.perf_counter() - start}
    if task == "frictionless_validate":
        errors = {}
        for kind, in result.flatten(["type"]):
            errors[kind] = errors.get(kind, 0) + 1
        told["errors"] = errors
    if "--digest" in sys.argv:
        told["digest"] = digest(result)
    print(json.dumps(told))


if __name__ == "__main__":
    main()
