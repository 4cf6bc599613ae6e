-- The areas that an area is part of; it can have been part of several, one after the other.
SELECT
    l.entity1 AS record_id,
    l.id AS relation_id,
    l.entity0 AS parent_id,
    k.begin_date_year,
    k.begin_date_month,
    k.begin_date_day,
    k.end_date_year,
    k.end_date_month,
    k.end_date_day,
    k.ended
FROM l_area_area AS l
INNER JOIN link AS k ON l.link = k.id
INNER JOIN link_type AS t ON k.link_type = t.id
WHERE t.gid = 'de7cc874-8b1b-3a05-8272-f3834c968fb7'
