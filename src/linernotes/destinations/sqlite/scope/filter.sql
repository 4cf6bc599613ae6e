-- The records of the releases one of whose records answers to every field of a filter; an empty list, or NULL, asks for
-- nothing.
WITH answering AS (
    SELECT record_key(r.source, r.record_id) AS record
    FROM lake.silver.release AS r
    WHERE
        r.gone_month IS NULL
        AND (len($countries) = 0 OR list_contains($countries, lower(r.country)))
        AND ($first_year IS NULL OR r.released_year >= $first_year)
        AND ($last_year IS NULL OR r.released_year <= $last_year)
        AND (
            len($genres) = 0
            OR (r.source, r.record_id) IN (
                SELECT (g.source, g.record_id)
                FROM lake.silver.genre AS g
                WHERE g.entity_type = 'release' AND list_contains($genres, lower(g.genre))
            )
        )
        AND (
            len($styles) = 0
            OR (r.source, r.record_id) IN (
                SELECT (s.source, s.record_id)
                FROM lake.silver.style AS s
                WHERE s.entity_type = 'release' AND list_contains($styles, lower(s.style))
            )
        )
        AND (
            len($labels) = 0
            OR (r.source, r.record_id) IN (
                SELECT (l.source, l.record_id)
                FROM lake.silver.release_label AS l
                WHERE list_contains($labels, lower(l.label_name))
            )
        )
        AND (
            len($artists) = 0
            OR (r.source, r.record_id) IN (
                SELECT (c.source, c.record_id)
                FROM lake.silver.artist_credit AS c
                WHERE c.entity_type = 'release' AND list_contains($artists, lower(c.artist_name))
            )
            OR (r.source, r.record_id) IN (
                SELECT (c.source, c.record_id)
                FROM lake.silver.track_artist_credit AS c
                WHERE list_contains($artists, lower(c.artist_name))
            )
        )
)

SELECT e.record, e.id
FROM entity_record AS e
WHERE
    e.entity_type = 'release'
    AND e.id IN (
        SELECT n.id
        FROM entity_record AS n
        INNER JOIN answering AS a ON n.record = a.record
        WHERE n.entity_type = 'release'
    )
