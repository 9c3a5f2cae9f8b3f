#!/usr/bin/env bash
# Tells Spark which GPUs this machine has: the file of spark.{worker,driver,executor}.resource.gpu.discoveryScript.
# Prints {"name": "gpu", "addresses": ["0", "1"]}; fails where nvidia-smi does.
set -euo pipefail

indices="$(nvidia-smi --query-gpu=index --format=csv,noheader)"
printf '{"name": "gpu", "addresses": ['
separator=""
while read -r index; do
  [ -n "$index" ] || continue
  printf '%s"%s"' "$separator" "$index"
  separator=", "
done <<<"$indices"
printf ']}\n'
