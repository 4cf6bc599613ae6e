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
    CASE WHEN d.is_placed THEN d.country ELSE coalesce(s.country, d.country) END AS country,
    CASE WHEN d.is_dated THEN d.released ELSE s.released END AS released,
    CASE WHEN d.is_dated THEN part_of_date(d.dated.year) ELSE s.released_year END AS released_year,
    CASE WHEN d.is_dated THEN part_of_date(d.dated.month) ELSE s.released_month END AS released_month,
    CASE WHEN d.is_dated THEN part_of_date(d.dated.day) ELSE s.released_day END AS released_day,
    s.notes,
    s.data_quality,
    release_group.id AS release_group_id,
    number_of(s.release_group_record_id) AS release_group_record_id,
    CAST(s.is_main_release AS INTEGER) AS is_main_release,
    number_of(s.record_id) AS record_id,
    published_load.id AS load_id
FROM entity_release AS s
INNER JOIN published_load ON s.load_id = published_load.uuid
LEFT JOIN column_decided AS d ON s.release_id = d.entity_id
LEFT JOIN scope_release_group AS release_group ON s.release_group_record = release_group.record
ORDER BY 1
