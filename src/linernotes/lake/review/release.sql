-- What a person is told of a release, and a row for each mention of one.
CREATE OR REPLACE TEMP VIEW record AS
SELECT
    r.source,
    r.record_id,
    r.source_id,
    r.release_id AS entity_id,
    r.title AS name,
    concat_ws(
        ', ',
        s.artist_credit,
        r.released,
        r.country,
        s.label_name,
        s.catalogue_number,
        s.format,
        r.disambiguation
    ) AS detail
FROM lake.silver.release AS r
LEFT JOIN lake.gold.release_source_summary AS s ON r.source = s.source AND r.record_id = s.record_id;

CREATE OR REPLACE TEMP VIEW mention AS
SELECT
    source,
    record_id
FROM lake.silver.track;
