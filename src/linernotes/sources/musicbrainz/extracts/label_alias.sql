-- Other names of labels: spellings, translations, search hints.
SELECT
    a.label AS record_id,
    a.id AS alias_id,
    a.name,
    a.sort_name,
    t.name AS type,
    a.locale,
    a.primary_for_locale,
    a.begin_date_year,
    a.begin_date_month,
    a.begin_date_day,
    a.end_date_year,
    a.end_date_month,
    a.end_date_day,
    a.ended
FROM label_alias AS a
LEFT JOIN label_alias_type AS t ON a.type = t.id
