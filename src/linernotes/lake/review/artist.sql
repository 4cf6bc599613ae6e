-- What a person is told of an artist, and a row for each mention of one.
CREATE OR REPLACE TEMP VIEW record AS
SELECT
    source,
    record_id,
    source_id,
    artist_id AS entity_id,
    display_name AS name,
    concat_ws(
        ', ',
        type,
        begin_year::VARCHAR,
        disambiguation,
        real_name,
        CASE WHEN homonym_number IS NOT NULL THEN 'number ' || homonym_number END,
        left(profile, 80)
    ) AS detail
FROM lake.silver.artist;

CREATE OR REPLACE TEMP VIEW mention AS
SELECT
    source,
    artist_record_id AS record_id
FROM lake.silver.artist_credit
UNION ALL
SELECT
    source,
    artist_record_id AS record_id
FROM lake.silver.release_credit;
