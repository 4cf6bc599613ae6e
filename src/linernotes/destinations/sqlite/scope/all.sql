-- Everything that its source still has.

CREATE TEMP TABLE scope_release AS
SELECT record_key(source, record_id) AS id FROM lake.silver.release WHERE gone_month IS NULL;

CREATE TEMP TABLE scope_release_group AS
SELECT record_key(source, record_id) AS id FROM lake.silver.release_group WHERE gone_month IS NULL;

CREATE TEMP TABLE scope_artist AS
SELECT record_key(source, record_id) AS id FROM lake.silver.artist WHERE gone_month IS NULL;

CREATE TEMP TABLE scope_label AS
SELECT record_key(source, record_id) AS id FROM lake.silver.label WHERE gone_month IS NULL;
