"""The stage under the name of its Java class, by which PySpark looks for it in saved pipelines."""

from prompt_embeds.ml import EmbedsTextGenerator

__all__ = ["EmbedsTextGenerator"]
