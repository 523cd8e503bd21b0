#!/bin/sh
# Makes the database of what workflows remember, beside Temporal's, with a user of its own.
#
# PostgreSQL's image runs it once, when its volume is empty; deploy/local runs it as well. Takes
# POSTGRES_USER, who may make databases, and POSTGRES_PASSWORD, which both users get.
set -eu

psql --quiet --no-psqlrc --set ON_ERROR_STOP=1 --set password="$POSTGRES_PASSWORD" \
    --username "$POSTGRES_USER" --dbname postgres << 'SQL'
CREATE ROLE workflows LOGIN PASSWORD :'password';
CREATE DATABASE workflows OWNER workflows;
SQL
