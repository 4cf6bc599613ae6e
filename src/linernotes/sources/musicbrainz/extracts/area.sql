-- Areas: countries, their parts, cities.
SELECT
    a.id AS record_id,
    a.gid,
    a.name,
    t.name AS type,
    a.comment,
    a.begin_date_year,
    a.begin_date_month,
    a.begin_date_day,
    a.end_date_year,
    a.end_date_month,
    a.end_date_day,
    a.ended
FROM area AS a
LEFT JOIN area_type AS t ON a.type = t.id
