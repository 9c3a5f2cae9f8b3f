"""The stage of Spark ML pipelines that adds generated text. Needs NumPy, as ``pyspark.ml`` does."""

from prompt_embeds.ml.generator import EmbedsTextGenerator

__all__ = ["EmbedsTextGenerator"]
