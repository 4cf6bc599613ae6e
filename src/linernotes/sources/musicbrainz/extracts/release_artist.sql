-- The artists that releases are credited to, in order.
SELECT
    e.id AS record_id,
    n.position,
    n.artist AS artist_id,
    n.name,
    n.join_phrase
FROM release AS e
INNER JOIN artist_credit_name AS n ON e.artist_credit = n.artist_credit
