"""Calls of SQL functions with options by name."""

import json
from typing import Any, List, Mapping, Union

from pyspark.sql import Column
from pyspark.sql import functions as F

ColumnOrName = Union[Column, str]
"""An input: a column, or the name of one."""

StrOption = Union[str, Column, None]
IntOption = Union[int, Column, None]
FloatOption = Union[float, int, Column, None]
BoolOption = Union[bool, Column, None]
AnyOption = Any
"""Options: constants, or columns with a value for each row; ``None`` leaves them out."""


def call(function: str, inputs: List[ColumnOrName], options: Mapping[str, Any]) -> Column:
    """The column that a SQL function makes of its inputs and the options that are given."""
    columns = [F.col(value) if isinstance(value, str) else value for value in inputs]
    fields = [literal(value).alias(name) for name, value in options.items() if value is not None]
    return F.call_function(function, *columns, *([F.struct(*fields)] if fields else []))


def literal(value: Any) -> Column:
    """A constant as a column: dictionaries and nested lists as JSON, flat lists as arrays."""
    if isinstance(value, Column):
        return value
    if isinstance(value, dict):
        return F.lit(json.dumps(value))
    if isinstance(value, (list, tuple)):
        if any(isinstance(element, (dict, list, tuple)) for element in value):
            return F.lit(json.dumps(value))
        return F.array(*[literal(element) for element in value])
    return F.lit(value)
