"""What stands between the parameters of Python and those of the Java transformer."""

import json
from typing import Any, Mapping, Sequence, Union

from pyspark.ml.util import JavaMLReader
from pyspark.sql.types import DataType

JAVA_CLASS = "org.promptembeds.ml.EmbedsTextGenerator"

Text = Union[str, Mapping[str, Any], Sequence[Any], DataType]
"""A text, or what is written as JSON: a dictionary, a list, a type of Spark."""


def to_text(value: Text) -> str:
    """A text as it is, anything else as its JSON."""
    if isinstance(value, str):
        return value
    if isinstance(value, DataType):
        return value.json()
    if isinstance(value, (dict, list, tuple)):
        return json.dumps(value)
    raise TypeError(f"a text, a dictionary, a list or a type is needed, not {value!r}")


class GeneratorReader(JavaMLReader):
    """Reads what the Java transformer wrote, whose package is not called as the module is."""

    @classmethod
    def _java_loader_class(cls, clazz: type) -> str:
        return JAVA_CLASS
