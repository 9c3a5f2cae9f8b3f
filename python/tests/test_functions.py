"""The functions against those of SQL, on the example model. Run by ``python/check.sh``."""

import base64
import io
import json
import os
import tempfile
import unittest

import prompt_embeds as pe
from adapter import write_adapter
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

MODEL = os.environ["PROMPT_EMBEDS_MODEL"]
QUESTION = "Please tell me about the capital of France."


class FunctionsTest(unittest.TestCase):
    spark: SparkSession

    @classmethod
    def setUpClass(cls) -> None:
        cls.spark = SparkSession.builder.config("spark.promptembeds.model", MODEL).getOrCreate()

    def value(self, column):
        return self.spark.range(1).select(column).head()[0]

    def sql(self, expression: str):
        return self.value(F.expr(expression))

    def test_a_schema_gives_typed_columns(self) -> None:
        answer = self.value(
            pe.generate_text(F.lit(QUESTION), schema="city STRING, people INT", max_tokens=60)
        )
        self.assertEqual(set(answer.asDict()), {"city", "people"})
        as_json = {"type": "object", "properties": {"yes": {"type": "boolean"}}, "required": ["yes"]}
        text = self.value(pe.generate_text(F.lit("The"), json_schema=as_json, max_tokens=40))
        self.assertIsInstance(json.loads(text)["yes"], bool)

    def test_several_outputs_are_an_array(self) -> None:
        answers = self.value(
            pe.generate_text(F.lit(QUESTION), n=2, temperature=1.0, seed=3, max_tokens=8)
        )
        self.assertEqual(len(answers), 2)
        self.assertEqual(
            answers,
            self.sql(
                f"generate_text('{QUESTION}', n => 2, temperature => 1.0D, seed => 3, max_tokens => 8)"
            ),
        )

    def test_an_adapter_changes_its_rows(self) -> None:
        with tempfile.TemporaryDirectory() as adapter:
            write_adapter(adapter)
            of = F.when(F.col("id") == 1, F.lit(adapter))
            rows = self.spark.range(2).orderBy("id").select(
                pe.generate_text_detail(F.lit(QUESTION), lora=of, max_tokens=12).alias("g"),
                pe.generate_text(F.lit(QUESTION), max_tokens=12).alias("plain"),
            ).collect()
        self.assertEqual([row["g"]["error"] for row in rows], [None, None])
        self.assertEqual(rows[0]["g"]["text"], rows[0]["plain"])
        self.assertNotEqual(rows[1]["g"]["text"], rows[1]["plain"])

    def test_a_chat_is_answered_as_in_sql(self) -> None:
        chat = F.expr(f"array(named_struct('role', 'user', 'content', '{QUESTION}'))")
        answer = self.value(pe.generate_text(chat, max_tokens=24))
        self.assertIn("Paris", answer)
        self.assertEqual(answer, self.value(pe.generate_from_embeds(pe.embed_chat(chat), max_tokens=24)))
        detail = self.value(pe.generate_text_detail(chat, max_tokens=24, logprobs=0))
        self.assertEqual((detail["text"], detail["error"]), (answer, None))

    def test_options_are_constants_columns_lists_and_dictionaries(self) -> None:
        column = pe.generate_text(
            F.lit("The"), model=MODEL, max_tokens=F.col("id").cast("int") + 3, stop=["."], seed=1,
            temperature=0.5, logit_bias={"5": -100}, ignore_eos=True,
        )
        self.assertEqual(
            self.value(column),
            self.sql(
                "generate_text('The', max_tokens => 3, stop => array('.'), seed => 1,"
                " temperature => 0.5, logit_bias => map(5, -100), ignore_eos => true)"
            ),
        )

    def test_tokens_and_embeddings(self) -> None:
        ids = pe.token_ids(F.lit(QUESTION))
        self.assertEqual(self.value(pe.detokenize(ids)), QUESTION)
        self.assertEqual(self.value(pe.embed_tokens(ids)), self.sql(f"embed_prompt('{QUESTION}')"))
        both = self.value(pe.concat_embeds(F.lit("Hello"), F.lit(" there"), model=MODEL))
        self.assertEqual(both, self.sql("concat_embeds('Hello', ' there')"))
        tensor = self.value(pe.to_torch(pe.embed_prompt(F.lit("Hello")), dtype="bfloat16"))
        text = self.value(pe.to_base64_tensor(pe.embed_prompt(F.lit("Hello")), dtype="bfloat16"))
        self.assertEqual(base64.b64decode(text), bytes(tensor))
        try:
            import torch
        except ImportError:
            return
        loaded = torch.load(io.BytesIO(bytes(tensor)), weights_only=True)
        self.assertEqual((loaded.dtype, loaded.dim()), (torch.bfloat16, 2))

    def test_rows_at_fault(self) -> None:
        self.assertIsNone(self.value(pe.try_generate_text(F.lit(""))))
        with self.assertRaisesRegex(Exception, "unknown argument|temperature must be"):
            self.value(pe.generate_text(F.lit("x"), temperature=-1))

