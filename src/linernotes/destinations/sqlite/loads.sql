-- The loads whose values are in silver, numbered by age: a UUIDv7 sorts by its time.
CREATE TEMP TABLE published_load AS
SELECT
    row_number() OVER (ORDER BY load_id, source) AS id,
    load_id AS uuid,
    source
FROM (
    SELECT load_id, source FROM lake.silver.artist
    UNION
    SELECT load_id, source FROM lake.silver.artist_alias
    UNION
    SELECT load_id, source FROM lake.silver.membership
    UNION
    SELECT load_id, source FROM lake.silver.label
    UNION
    SELECT load_id, source FROM lake.silver.release_group
    UNION
    SELECT load_id, source FROM lake.silver.release
    UNION
    SELECT load_id, source FROM lake.silver.medium
    UNION
    SELECT load_id, source FROM lake.silver.medium_description
    UNION
    SELECT load_id, source FROM lake.silver.track
    UNION
    SELECT load_id, source FROM lake.silver.artist_credit
    UNION
    SELECT load_id, source FROM lake.silver.track_artist_credit
    UNION
    SELECT load_id, source FROM lake.silver.release_credit
    UNION
    SELECT load_id, source FROM lake.silver.track_credit
    UNION
    SELECT load_id, source FROM lake.silver.release_label
    UNION
    SELECT load_id, source FROM lake.silver.release_series
    UNION
    SELECT load_id, source FROM lake.silver.release_company
    UNION
    SELECT load_id, source FROM lake.silver.genre
    UNION
    SELECT load_id, source FROM lake.silver.style
    UNION
    SELECT load_id, source FROM lake.silver.source_identifier
    UNION
    SELECT load_id, source FROM lake.silver.video
    UNION
    SELECT load_id, source FROM lake.silver.image
    UNION
    SELECT load_id, source FROM lake.silver.url
);
