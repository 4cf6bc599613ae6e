-- Entities with their names, by the records that they have: entity_type, entity_id, source, record_id, name, name_key.
CREATE OR REPLACE TEMP VIEW record AS
SELECT 'artist' AS entity_type, artist_id AS own_id, source, record_id, display_name AS name, disambiguation AS detail
FROM lake.silver.artist
UNION ALL
SELECT 'label' AS entity_type, label_id AS own_id, source, record_id, name, disambiguation AS detail
FROM lake.silver.label
UNION ALL
SELECT
    'release_group' AS entity_type,
    release_group_id AS own_id,
    source,
    record_id,
    title AS name,
    year::VARCHAR AS detail
FROM lake.silver.release_group
UNION ALL
SELECT
    'release' AS entity_type,
    release_id AS own_id,
    source,
    record_id,
    title AS name,
    concat_ws(', ', released, country) AS detail
FROM lake.silver.release
UNION ALL
SELECT
    'recording' AS entity_type,
    recording_id AS own_id,
    source,
    CASE
        WHEN track_number > 0 THEN record_id || '/' || track_number || '/' || sub_track_number
        ELSE record_id
    END AS record_id,
    title AS name,
    (duration_ms // 60000) || ':' || lpad((duration_ms // 1000 % 60)::VARCHAR, 2, '0') AS detail
FROM lake.silver.recording
UNION ALL
SELECT 'area' AS entity_type, area_id AS own_id, source, record_id, name, type AS detail
FROM lake.silver.area;

CREATE OR REPLACE TEMP VIEW entity AS
SELECT
    r.entity_type,
    coalesce(t.to_id, r.own_id) AS entity_id,
    r.source,
    r.record_id,
    r.name,
    r.detail,
    t.to_id IS NULL AS is_leading
FROM record AS r
LEFT JOIN lake.silver.entity_redirect AS t ON r.entity_type = t.entity_type AND r.own_id = t.from_id
