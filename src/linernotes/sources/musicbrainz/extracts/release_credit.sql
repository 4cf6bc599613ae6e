-- What artists did for releases, with instruments and voices.
WITH named AS (
    SELECT
        j.link,
        string_agg(n.name, ', ' ORDER BY n.id) AS attributes
    FROM link_attribute AS j
    INNER JOIN link_attribute_type AS n ON j.attribute_type = n.id
    GROUP BY j.link
)

SELECT
    l.entity1 AS record_id,
    l.id AS relation_id,
    t.name AS type,
    l.entity0 AS artist_id,
    m.name AS artist_name,
    l.entity0_credit AS credited_name,
    l.link_order,
    a.attributes
FROM l_artist_release AS l
INNER JOIN link AS k ON l.link = k.id
INNER JOIN link_type AS t ON k.link_type = t.id
LEFT JOIN artist AS m ON l.entity0 = m.id
LEFT JOIN named AS a ON k.id = a.link
