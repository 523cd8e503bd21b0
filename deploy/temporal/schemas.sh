#!/bin/sh
# Makes Temporal's two databases in PostgreSQL, or brings them up to this version of Temporal.
#
# Run before each start of Temporal, by docker-compose.yml and by deploy/local. Takes SQL_HOST, SQL_PORT,
# SQL_USER and SQL_PASSWORD.
set -eu

# brings_up DATABASE SCHEMA: makes a database unless it is there, and applies what it lacks
brings_up() {
    for command in \
        "create-database" \
        "setup-schema --version 0.0" \
        "update-schema --schema-name postgresql/v12/$2"; do
        # The words of a command are meant to be apart.
        # shellcheck disable=SC2086
        temporal-sql-tool --plugin postgres12 --database "$1" $command
    done
}

brings_up temporal temporal
brings_up temporal_visibility visibility
