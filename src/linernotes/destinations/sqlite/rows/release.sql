-- Every release in scope.
SELECT
    scope.id,
    s.release_id AS uuid,
    s.title,
    s.disambiguation,
    s.status,
    s.packaging,
    s.language_code,
    s.script_code,
    s.country,
    s.released,
    s.released_year,
    s.released_month,
    s.released_day,
    s.notes,
    s.data_quality,
    release_group.id AS release_group_id,
    number_of(s.release_group_record_id) AS release_group_record_id,
    CAST(s.is_main_release AS INTEGER) AS is_main_release,
    number_of(s.record_id) AS record_id,
    published_load.id AS load_id
FROM lake.silver.release AS s
INNER JOIN scope_release AS scope ON record_key(s.source, s.record_id) = scope.id
INNER JOIN published_load ON s.load_id = published_load.uuid
LEFT JOIN scope_release_group AS release_group ON record_key(s.source, s.release_group_record_id) = release_group.id
ORDER BY 1
