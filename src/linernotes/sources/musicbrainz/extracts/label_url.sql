-- Web addresses of labels, with what they are.
SELECT
    l.entity0 AS record_id,
    l.id AS relation_id,
    t.name AS type,
    u.gid AS url_gid,
    u.url,
    k.ended
FROM l_label_url AS l
INNER JOIN link AS k ON l.link = k.id
INNER JOIN link_type AS t ON k.link_type = t.id
INNER JOIN url AS u ON l.entity1 = u.id
