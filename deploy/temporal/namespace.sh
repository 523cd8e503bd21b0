#!/bin/sh
# Makes the namespace that the workflows run in, unless it is there. Takes TEMPORAL_ADDRESS,
# TEMPORAL_NAMESPACE, and RETENTION: how long runs that are over are kept.
set -eu

temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" > /dev/null 2>&1 \
    || temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention "$RETENTION"
