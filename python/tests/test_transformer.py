"""The ML transformer against the functions, on the example model. Run by ``python/check.sh``."""

import os
import tempfile
import unittest

import prompt_embeds as pe
from adapter import write_adapter
from prompt_embeds.ml import EmbedsTextGenerator
from pyspark.ml import Pipeline, PipelineModel
from pyspark.sql import SparkSession
from pyspark.sql.types import StructType

MODEL = os.environ["PROMPT_EMBEDS_MODEL"]
QUESTION = "Please tell me about the capital of France."


class TransformerTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        spark = SparkSession.builder.config("spark.promptembeds.model", MODEL).getOrCreate()
        cls.questions = spark.sql(f"VALUES ('{QUESTION}'), ('Hello') AS t(question)")

    def answers(self, stage):
        return [row["answer"] for row in stage.transform(self.questions).collect()]

    def of_function(self, **options):
        column = pe.generate_text("question", **options)
        return [row[0] for row in self.questions.select(column).collect()]

    def test_it_answers_as_the_function_does(self) -> None:
        stage = EmbedsTextGenerator(
            promptCol="question", outputCol="answer", maxTokens=12, temperature=0.8, seed=2**40,
            stop=["."], stopTokenIds=[5], logitBias={"7": -100}, ignoreEos=True,
        )
        self.assertEqual(
            self.answers(stage),
            self.of_function(
                max_tokens=12, temperature=0.8, seed=2**40, stop=["."], stop_token_ids=[5],
                logit_bias={"7": -100}, ignore_eos=True,
            ),
        )

    def test_embeddings_give_what_their_text_gives(self) -> None:
        stage = EmbedsTextGenerator(inputCol="embeds", outputCol="answer", maxTokens=8)
        embedded = self.questions.select(pe.embed_prompt("question").alias("embeds"))
        answers = [row["answer"] for row in stage.transform(embedded).collect()]
        self.assertEqual(answers, self.of_function(max_tokens=8))

    def test_setters_and_getters(self) -> None:
        stage = EmbedsTextGenerator()
        self.assertEqual((stage.getOutputMode(), stage.getN()), ("text", 1))
        same = stage.setPromptCol("question").setMaxTokens(5).setVariables({"style": "brief"})
        self.assertIs(same, stage)
        self.assertEqual((stage.getMaxTokens(), stage.getVariables()), (5, '{"style": "brief"}'))
        with self.assertRaises(TypeError):
            stage.setMaxTokens("many")
        with self.assertRaises(TypeError):
            EmbedsTextGenerator(max_tokens=5)
        self.assertIn("maxTokens: Most tokens to generate", stage.explainParams())

    def test_parameters_are_those_of_java_and_their_defaults(self) -> None:
        stage = EmbedsTextGenerator()
        java = {param.name(): param for param in stage._java_obj.params()}
        self.assertEqual(set(java), {param.name for param in stage.params})
        with_default = {name for name, param in java.items() if stage._java_obj.hasDefault(param)}
        self.assertEqual(with_default, {p.name for p in stage.params if stage.hasDefault(p)})

    def test_schema_adapter_and_several_outputs(self) -> None:
        schema = StructType().add("city", "string").add("people", "integer")
        stage = EmbedsTextGenerator(
            promptCol="question", outputCol="answer", maxTokens=60, schema=schema
        )
        self.assertEqual(stage.transform(self.questions).schema["answer"].dataType, schema)
        self.assertEqual(self.answers(stage)[0].__fields__, ["city", "people"])
        with tempfile.TemporaryDirectory() as adapter:
            write_adapter(adapter)
            stage = EmbedsTextGenerator(promptCol="question", outputCol="answer", maxTokens=12)
            plain = self.answers(stage)
            self.assertNotEqual(self.answers(stage.copy({stage.lora: adapter})), plain)
            self.assertEqual(self.answers(stage), plain)
        several = self.answers(stage.setN(2).setTemperature(1.0).setSeed(3))
        self.assertEqual([len(texts) for texts in several], [2, 2])

    def test_stages_and_pipelines_are_saved_and_loaded(self) -> None:
        stage = EmbedsTextGenerator(
            promptCol="question", outputCol="answer", maxTokens=9, stopTokenIds=[5, 6], stop=["!"]
        )
        with tempfile.TemporaryDirectory() as folder:
            stage.save(folder + "/stage")
            loaded = EmbedsTextGenerator.load(folder + "/stage")
            self.assertEqual(loaded.uid, stage.uid)
            self.assertEqual((loaded.getStopTokenIds(), loaded.getStop()), ([5, 6], ["!"]))
            self.assertEqual(self.answers(loaded), self.answers(stage))
            Pipeline(stages=[stage]).fit(self.questions).write().overwrite().save(folder + "/model")
            model = PipelineModel.load(folder + "/model")
            self.assertIsInstance(model.stages[0], EmbedsTextGenerator)
            self.assertEqual(self.answers(model), self.answers(stage))
            Pipeline(stages=[stage]).save(folder + "/pipeline")
            pipeline = Pipeline.load(folder + "/pipeline")
            self.assertEqual(pipeline.getStages()[0].getMaxTokens(), 9)

    def test_all_that_is_wrong_is_told_at_once(self) -> None:
        stage = EmbedsTextGenerator(inputCol="embeds", outputCol="question", temperature=-1.0)
        with self.assertRaisesRegex(Exception, "(?s)'embeds' is not among.*exists already.*temper"):
            stage.transform(self.questions)
