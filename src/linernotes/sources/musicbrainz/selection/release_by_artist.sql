-- Releases credited to the artists, also where their release group is credited to others.
SELECT r.id
FROM release AS r
INNER JOIN artist_credit_name AS n ON r.artist_credit = n.artist_credit
INNER JOIN chosen_artist AS c ON n.artist = c.id
