-- Everything that its source still has.

CREATE TEMP TABLE scope_release AS
SELECT record, id FROM entity_record WHERE entity_type = 'release';

CREATE TEMP TABLE scope_release_group AS
SELECT record, id FROM entity_record WHERE entity_type = 'release_group';

CREATE TEMP TABLE scope_artist AS
SELECT record, id FROM entity_record WHERE entity_type = 'artist';

CREATE TEMP TABLE scope_label AS
SELECT record, id FROM entity_record WHERE entity_type = 'label';
