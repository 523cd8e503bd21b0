#!/bin/sh
# Makes the namespace that the workflows run in, unless it is there. Takes TEMPORAL_ADDRESS,
# TEMPORAL_NAMESPACE, and RETENTION: how long runs that are over are kept.
set -eu

temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" > /dev/null 2>&1 \
    || temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention "$RETENTION"

# Temporal's services learn of it some seconds later, and until then refuse who wants to work in it.
tries=60
until temporal workflow list --namespace "$TEMPORAL_NAMESPACE" --limit 1 > /dev/null; do
    tries=$((tries - 1))
    [ $tries -gt 0 ] || exit 1
    sleep 1
done
