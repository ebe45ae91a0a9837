\set VERBOSITY verbose
CREATE TABLE item (id integer PRIMARY KEY, name text, price numeric(8,2), sold boolean DEFAULT false, at timestamp);
INSERT INTO item VALUES (1, 'pear', 1.50, true, '2024-02-29 12:00'), (2, 'plum', NULL, NULL, NULL), (3, 'Käse €', -0.05, false, '1969-07-20 20:17:40.5');
SELECT * FROM item ORDER BY id;
\pset null '(null)'
\x
SELECT * FROM item WHERE id = 2;
\x
\set VERBOSITY default
SELECT id, nam FROM item;
SELECT 1 +
  FROM item;
SELECT 1/0;
INSERT INTO item VALUES (1, 'again');
INSERT INTO item (id) VALUES ('x');
SELECT 1 AS one \; SELECT 2 AS two;
BEGIN;
UPDATE item SET price = 2 WHERE id = 1;
SELECT * FROM nowhere;
SELECT 1;
COMMIT;
SELECT price FROM item WHERE id = 1;
BEGIN;
DELETE FROM item;
SAVEPOINT s;
SELECT 1/0;
ROLLBACK TO s;
SELECT count(*) FROM item;
ROLLBACK;
COMMIT;
SELECT count(*) FROM item;
\copy item (id, name) FROM STDIN
10	tab\tbed
11	\N
\.
COPY item (id, name, price) FROM STDIN WITH (FORMAT csv);
12,"com,ma",3.25
\.
COPY item (id, name) FROM STDIN;
13	fine
fourteen	not
\.
COPY (SELECT id, name, price FROM item ORDER BY id) TO STDOUT;
\copy (SELECT id, name FROM item WHERE id > 9 ORDER BY id) TO STDOUT WITH (FORMAT csv, HEADER)
\set who plum
SELECT id FROM item WHERE name = :'who';
SELECT id, name FROM item WHERE id < 3 ORDER BY id \gset first_
SELECT id AS last_id FROM item ORDER BY id DESC LIMIT 1 \gset
\echo :last_id
SELECT format('DROP TABLE %s', 'item') \gexec
SELECT 1 AS a, 'x'::text AS b, now() AS c \gdesc
LISTEN news;
NOTIFY news, 'hello';
SHOW server_version_num;
SET statement_timeout = '2s';
SHOW statement_timeout;
\timing off
DO $$ BEGIN END $$;
SELECT generate_series(1, 3) AS g;
