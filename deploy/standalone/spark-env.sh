#!/usr/bin/env bash
# Sourced by Spark's scripts on each worker, with SPARK_CONF_DIR=deploy/standalone: what the worker has to give away.
export SPARK_WORKER_CORES=8
export SPARK_WORKER_MEMORY=32g
gpus="$(cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)/gpu-discovery.sh"
export SPARK_WORKER_OPTS="-Dspark.worker.resource.gpu.amount=2 -Dspark.worker.resource.gpu.discoveryScript=$gpus"
