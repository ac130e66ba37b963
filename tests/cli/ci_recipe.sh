#!/usr/bin/env bash
# Fails on a wrong gradient, then on a risk gap that is not proven to be at most 1e-6.
set -euo pipefail

gdcli check --file homework.txt --format junit > gradients.xml
gdcli descend data.csv --target y --steps 10000 --max-gap 1e-6 --format ndjson > run.ndjson
