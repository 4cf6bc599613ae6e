-- Every release group in scope.
SELECT
    s.id,
    s.release_group_id AS uuid,
    s.title,
    s.disambiguation,
    s.type,
    CASE WHEN d.is_dated THEN part_of_date(d.dated.year) ELSE s.year END AS year,
    s.notes,
    s.data_quality,
    main_release.id AS main_release_id,
    number_of(s.main_release_record_id) AS main_release_record_id,
    number_of(s.record_id) AS record_id,
    published_load.id AS load_id
FROM entity_release_group AS s
INNER JOIN published_load ON s.load_id = published_load.uuid
LEFT JOIN column_decided AS d ON s.release_group_id = d.entity_id
LEFT JOIN scope_release AS main_release ON s.main_release_record = main_release.record
ORDER BY 1
