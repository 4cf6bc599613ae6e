-- The area that was named, and whatever is or was part of it.
SELECT a.id
FROM area AS a
WHERE
    lower(a.name) = lower(:area)
    OR CAST(a.gid AS varchar) = lower(:area)
    OR a.id IN (SELECT c.area FROM iso_3166_1 AS c WHERE c.code = upper(:area))
    OR a.id IN (SELECT c.area FROM iso_3166_2 AS c WHERE c.code = upper(:area))
UNION
SELECT l.entity1 AS id
FROM chosen_area AS p
INNER JOIN l_area_area AS l ON p.id = l.entity0
INNER JOIN link AS k ON l.link = k.id
INNER JOIN link_type AS t ON k.link_type = t.id
WHERE CAST(t.gid AS varchar) = 'de7cc874-8b1b-3a05-8272-f3834c968fb7'
