-- The artists of tracks that are not credited as their release is, in order.
SELECT
    m.release AS record_id,
    m.position AS medium_position,
    t.position AS track_position,
    n.position,
    n.artist AS artist_id,
    n.name,
    n.join_phrase
FROM track AS t
INNER JOIN medium AS m ON t.medium = m.id
INNER JOIN release AS r ON m.release = r.id
INNER JOIN artist_credit_name AS n ON t.artist_credit = n.artist_credit
WHERE t.artist_credit <> r.artist_credit
