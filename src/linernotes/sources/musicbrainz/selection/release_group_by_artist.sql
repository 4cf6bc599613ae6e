-- Release groups credited to the artists.
SELECT g.id
FROM release_group AS g
INNER JOIN artist_credit_name AS n ON g.artist_credit = n.artist_credit
INNER JOIN chosen_artist AS c ON n.artist = c.id
