CREATE TABLE city (id integer PRIMARY KEY, name text NOT NULL, pop bigint DEFAULT 0 CHECK (pop >= 0), area numeric(10,2));
CREATE TABLE person (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name varchar(40), city integer REFERENCES city ON DELETE CASCADE, born date, tags text[], extra jsonb, seen timestamptz DEFAULT now(), UNIQUE (name, city));
CREATE INDEX person_born ON person (born DESC) INCLUDE (name);
CREATE INDEX person_lower ON person (lower(name)) WHERE city IS NOT NULL;
CREATE VIEW big AS SELECT id, name FROM city WHERE pop > 100;
CREATE MATERIALIZED VIEW huge AS SELECT id, name FROM city WHERE pop > 100000;
CREATE SEQUENCE counter START 5 INCREMENT 2;
CREATE SCHEMA other;
CREATE TABLE other.city (a integer);
COMMENT ON TABLE city IS 'where people live';
COMMENT ON COLUMN city.pop IS 'heads';
CREATE ROLE reader NOLOGIN;
CREATE ROLE alice LOGIN PASSWORD 'secret' CONNECTION LIMIT 3 IN ROLE reader;
GRANT SELECT ON city TO reader;
GRANT UPDATE (name) ON city TO alice;
\d
\d city
\d+ city
\d+ person
\d+ big
\d+ huge
\d counter
\d city_pkey
\d nothing
\d o*.*
\dt
\dt other.*
\dt *.city
\di
\dv
\dm
\ds
\dn
\dn+
\du
\du+
\l
\df
\dp city
\dT
\dx
\dconfig search_path
\sv big
\z city
\dS pg_namespace
\encoding
