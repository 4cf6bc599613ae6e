-- Barcodes, matrix numbers, MBIDs and other identifiers of a release.
SELECT
    scope.id AS release_id,
    s.position + coalesce(continued.position, 0) AS position,
    s.type,
    s.value,
    s.value_key,
    s.description,
    number_of(s.record_id) AS record_id,
    published_load.id AS load_id
FROM lake.silver.source_identifier AS s
INNER JOIN scope_release AS scope
    ON record_key(s.source, CASE WHEN s.entity_type = 'release' THEN s.record_id END) = scope.record
INNER JOIN published_load ON s.load_id = published_load.uuid
ANTI JOIN repeated
    ON
        repeated.list = 'release.identifiers' AND scope.record = repeated.record
        AND s.position = repeated.position
LEFT JOIN continued ON continued.list = 'release.identifiers' AND scope.record = continued.record
ORDER BY 1, 2
