-- Artists: people, groups, orchestras, characters.
SELECT
    a.id AS record_id,
    a.gid,
    a.name,
    a.sort_name,
    t.name AS type,
    g.name AS gender,
    a.area AS area_id,
    a.begin_area AS begin_area_id,
    a.end_area AS end_area_id,
    a.comment,
    a.begin_date_year,
    a.begin_date_month,
    a.begin_date_day,
    a.end_date_year,
    a.end_date_month,
    a.end_date_day,
    a.ended
FROM artist AS a
LEFT JOIN artist_type AS t ON a.type = t.id
LEFT JOIN gender AS g ON a.gender = g.id
