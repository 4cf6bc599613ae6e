-- Barcodes, matrix numbers, MBIDs and other identifiers of a release.
SELECT
    scope.id AS release_id,
    s.position,
    s.type,
    s.value,
    s.value_key,
    s.description,
    number_of(s.record_id) AS record_id,
    published_load.id AS load_id
FROM lake.silver.source_identifier AS s
INNER JOIN scope_release AS scope
    ON record_key(s.source, CASE WHEN s.entity_type = 'release' THEN s.record_id END) = scope.id
INNER JOIN published_load ON s.load_id = published_load.uuid
ORDER BY 1, 2
