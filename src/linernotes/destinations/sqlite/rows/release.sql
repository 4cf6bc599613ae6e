-- Every release in scope.
SELECT
    s.id,
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
FROM entity_release AS s
INNER JOIN published_load ON s.load_id = published_load.uuid
LEFT JOIN scope_release_group AS release_group ON s.release_group_record = release_group.record
ORDER BY 1
