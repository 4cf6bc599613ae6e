-- Which labels a release came out on, with catalogue numbers.
SELECT
    scope.id AS release_id,
    s.position,
    label.id AS label_id,
    number_of(s.label_record_id) AS label_record_id,
    s.label_name,
    s.catalogue_number,
    number_of(s.record_id) AS record_id,
    published_load.id AS load_id
FROM lake.silver.release_label AS s
INNER JOIN scope_release_label AS scope ON record_key(s.source, s.record_id) = scope.record
INNER JOIN published_load ON s.load_id = published_load.uuid
LEFT JOIN scope_label AS label ON record_key(s.source, s.label_record_id) = label.record
ORDER BY 1, 2
