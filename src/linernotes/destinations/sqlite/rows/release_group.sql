-- Every release group in scope.
SELECT
    scope.id,
    s.release_group_id AS uuid,
    s.title,
    s.disambiguation,
    s.type,
    s.year,
    s.notes,
    s.data_quality,
    main_release.id AS main_release_id,
    number_of(s.main_release_record_id) AS main_release_record_id,
    number_of(s.record_id) AS record_id,
    published_load.id AS load_id
FROM lake.silver.release_group AS s
INNER JOIN scope_release_group AS scope ON record_key(s.source, s.record_id) = scope.id
INNER JOIN published_load ON s.load_id = published_load.uuid
LEFT JOIN scope_release AS main_release ON record_key(s.source, s.main_release_record_id) = main_release.id
ORDER BY 1
