-- Recordings credited to the artists.
SELECT r.id
FROM recording AS r
INNER JOIN artist_credit_name AS n ON r.artist_credit = n.artist_credit
INNER JOIN chosen_artist AS c ON n.artist = c.id
