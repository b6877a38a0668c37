#!/usr/bin/env python3
"""Opens what `odmkit convert` wrote with pyarrow, polars and duckdb, and compares what they read.

    pip install pyarrow polars duckdb
    python docs/open_in_python.py target/trial-parquet/*.parquet

Each file is opened without any option. The three readers must agree on the number of rows, on the column names, on the
number of nulls in every column, and on the values of the first and the last row. Arrow IPC files (`.arrow`) are
opened with pyarrow and polars; duckdb reads them through pyarrow.
"""

import json
import math
import sys
from pathlib import Path

import duckdb
import polars
import pyarrow
import pyarrow.feather
import pyarrow.parquet


def with_pyarrow(path: Path) -> pyarrow.Table:
    if path.suffix == ".parquet":
        return pyarrow.parquet.read_table(path)
    return pyarrow.feather.read_table(path)


def with_polars(path: Path) -> polars.DataFrame:
    if path.suffix == ".parquet":
        return polars.read_parquet(path)
    return polars.read_ipc(path)


def with_duckdb(path: Path) -> pyarrow.Table:
    if path.suffix == ".parquet":
        source = f"read_parquet('{str(path).replace(chr(39), chr(39) * 2)}')"
        return duckdb.sql(f"SELECT * FROM {source}").to_arrow_table()
    return duckdb.from_arrow(with_pyarrow(path)).to_arrow_table()


def same(left, right) -> bool:
    """Equality in which a list equals the tuple of another reader and NaN equals NaN."""
    if isinstance(left, (list, tuple)) and isinstance(right, (list, tuple)):
        return len(left) == len(right) and all(same(a, b) for a, b in zip(left, right))
    if isinstance(left, float) and isinstance(right, float) and math.isnan(left) and math.isnan(right):
        return True
    return left == right


def facts(table: pyarrow.Table) -> dict:
    rows = table.num_rows
    edges = sorted({0, rows - 1} & set(range(rows)))
    return {
        "rows": rows,
        "columns": table.column_names,
        "nulls": [column.null_count for column in table.columns],
        "edges": [[column[row].as_py() for column in table.columns] for row in edges],
    }


def compare(path: Path) -> list[str]:
    arrow = with_pyarrow(path)
    expected = facts(arrow)
    problems = []
    for name, table in (("polars", with_polars(path).to_arrow()), ("duckdb", with_duckdb(path))):
        found = facts(table)
        problems += [f"{name} disagrees on {key}" for key in expected if not same(expected[key], found[key])]

    metadata = {key.decode(): value.decode() for key, value in (arrow.schema.metadata or {}).items()}
    samples = json.loads(metadata.get("odmkit.samples", "[]"))
    print(f"{path}: {expected['rows']} rows, {len(expected['columns'])} columns, {sum(expected['nulls'])} nulls, "
          f"layout {metadata.get('odmkit.layout', '-')}, {len(samples)} samples, "
          f"{'; '.join(problems) or 'pyarrow, polars and duckdb agree'}")
    return problems


def main() -> int:
    if len(sys.argv) < 2:
        print(__doc__)
        return 2
    problems = [problem for argument in sys.argv[1:] for problem in compare(Path(argument))]
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
