-- Full text over the names of artists, labels, releases and tracks:
--     SELECT name, entity_type, entity_id FROM search WHERE search MATCH 'stockhol*' ORDER BY rank LIMIT 20
--
-- The text stands once, in its own table; the index reads it through a view. An entry's number is the entity's key
-- shifted, with a digit for the type, so that tracks keep their own key; the expression indexes lead back. Measured on
-- 272k names: contentless 15.2 MB but answers no names, this way 17.1 MB, with a copy of the names 29.9 MB. A prefix
-- index would add 13 MB, and `sto*` takes 2.4 ms with and without one.

CREATE INDEX artist_search_id ON artist (id * 1048576 + 1);
CREATE INDEX label_search_id ON label (id * 1048576 + 2);
CREATE INDEX release_search_id ON release (id * 1048576);

CREATE VIEW search_entry (id, name, entity_type, entity_id) AS
SELECT id, title, 'track' AS entity_type, id AS entity_id FROM track
UNION ALL
SELECT id * 1048576 + 1, name, 'artist', id FROM artist
UNION ALL
SELECT id * 1048576 + 2, name, 'label', id FROM label
UNION ALL
SELECT id * 1048576, title, 'release', id FROM release;

CREATE VIRTUAL TABLE search USING fts5 (
    name,
    entity_type UNINDEXED,
    entity_id UNINDEXED,
    content = 'search_entry',
    content_rowid = 'id',
    tokenize = 'unicode61 remove_diacritics 2'
);

INSERT INTO search (search) VALUES ('rebuild');
