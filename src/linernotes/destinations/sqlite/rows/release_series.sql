-- Which series a release belongs to; the source keeps series among its labels.
SELECT
    scope.id AS release_id,
    s.position,
    series.id AS series_id,
    number_of(s.series_record_id) AS series_record_id,
    s.series_name,
    s.catalogue_number,
    number_of(s.record_id) AS record_id,
    published_load.id AS load_id
FROM lake.silver.release_series AS s
INNER JOIN scope_release AS scope ON record_key(s.source, s.record_id) = scope.record
INNER JOIN published_load ON s.load_id = published_load.uuid
LEFT JOIN scope_label AS series ON record_key(s.source, s.series_record_id) = series.record
ORDER BY 1, 2
