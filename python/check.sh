#!/usr/bin/env bash
# Tests the Python package on the launcher's Spark, with PySpark and Py4J from Spark's sources:
#
#   python/check.sh SPARK_SOURCES     a checkout of apache/spark, of which python/ is used
#
# Without an argument nothing is tested, which is not an error. PYTHON names the interpreter.
set -euo pipefail
home="$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)"
sources="${1:-${SPARK_SOURCES:-}}"
if [ -z "$sources" ]; then
  echo "python/check.sh: skipped, no folder with Spark's sources is given"
  exit 0
fi

py4j=("$sources"/python/lib/py4j-*-src.zip)
if [ ! -f "${py4j[0]}" ]; then
  echo "python/check.sh: no sources of PySpark and Py4J at '$sources': give a checkout of apache/spark" >&2
  exit 2
fi

launcher="$home/jobs/target/launcher"
bundle=("$home"/bundle/target/spark-prompt-embeds-bundle_*.jar)
PROMPT_EMBEDS_BUILD_ONLY=1 "$home/jobs/bin/prompt-embeds"
mkdir -p "$launcher/spark-home/jars"
export SPARK_HOME="$launcher/spark-home" SPARK_SCALA_VERSION=2.13
export PYSPARK_PYTHON="${PYTHON:-python3}" PROMPT_EMBEDS_MODEL="$home/examples/models/tiny-chat"
export PYTHONPATH="$home/python:$home/python/tests:$sources/python:${py4j[0]}"
exec java "@$launcher/jvm.options" -Xmx2g "-Dlog4j2.configurationFile=$home/jobs/conf/log4j2.properties" \
  -cp "$(cat "$launcher/spark.classpath")" org.apache.spark.deploy.SparkSubmit \
  --master 'local[2]' --conf spark.ui.enabled=false --jars "${bundle[0]}" "$home/python/tests/run.py"
