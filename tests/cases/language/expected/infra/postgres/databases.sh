# Generated from services.yml by `make generate-from-spec`. Do not edit.
# Makes what is missing: a user and a database for each service, in which nobody else has a say. Run with `sh`; may be
# run again at any time. Passwords are files; where there are none, the server asks for none.
# shellcheck shell=sh
set -eu

secret() {
    if [ -f "/run/secrets/$1" ]; then cat "/run/secrets/$1"; fi
}

PGPASSWORD="$(secret POSTGRES_PASSWORD)"
export PGPASSWORD
for service in ledger shop watcher; do
    SERVICE="$service" PASSWORD="$(secret "${service}_DATABASE_PASSWORD")" \
        psql --no-psqlrc --quiet --tuples-only --set=ON_ERROR_STOP=1 --dbname=postgres <<'SQL'
\getenv service SERVICE
\getenv password PASSWORD
SELECT format('CREATE ROLE %I LOGIN', :'service')
    WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'service') \gexec
SELECT format('ALTER ROLE %I PASSWORD %L', :'service', :'password') WHERE :'password' <> '' \gexec
SELECT format('CREATE DATABASE %I OWNER %I', :'service', :'service')
    WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'service') \gexec
SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', :'service') \gexec
SQL
    echo "$service: its database is there"
done
