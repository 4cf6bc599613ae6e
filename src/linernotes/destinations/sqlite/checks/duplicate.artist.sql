-- Keys of artists that carry the id of an earlier one.
SELECT later.id AS key, 'id ' || later.uuid || ' of ' || later.id AS example
FROM artist AS later
INNER JOIN artist AS earlier ON later.uuid = earlier.uuid AND later.id > earlier.id
