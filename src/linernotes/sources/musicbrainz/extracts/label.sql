-- Labels: imprints, and the companies behind them.
SELECT
    a.id AS record_id,
    a.gid,
    a.name,
    t.name AS type,
    a.label_code,
    a.area AS area_id,
    a.comment,
    a.begin_date_year,
    a.begin_date_month,
    a.begin_date_day,
    a.end_date_year,
    a.end_date_month,
    a.end_date_day,
    a.ended
FROM label AS a
LEFT JOIN label_type AS t ON a.type = t.id
