-- What a person is told of a release group, and a row for each mention of one.
CREATE OR REPLACE TEMP VIEW record AS
SELECT
    source,
    record_id,
    source_id,
    release_group_id AS entity_id,
    title AS name,
    concat_ws(', ', year::VARCHAR, disambiguation) AS detail
FROM lake.silver.release_group;

CREATE OR REPLACE TEMP VIEW mention AS
SELECT
    source,
    release_group_record_id AS record_id
FROM lake.silver.release;
