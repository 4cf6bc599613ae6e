-- Silver of two invented sources. What is the same has the same record_id in both, which no model looks at. Names are
-- made of words whose ranks follow a power law over a vocabulary that grows with the square root of the artists.
CREATE SCHEMA lake.silver;

CREATE MACRO chance(seed, number) AS hash(seed, number) / 18446744073709551616.0;
CREATE MACRO syllable(number) AS
    substr('bdfgklmnprstvwzh', 1 + (number % 16)::BIGINT, 1) || substr('aeiou', 1 + ((number // 16) % 5)::BIGINT, 1);
CREATE MACRO word(rank) AS
    syllable(hash(rank, 1)) || syllable(hash(rank, 2)) || CASE WHEN rank > 40 THEN syllable(hash(rank, 3)) ELSE '' END
    || CASE WHEN rank > 2000 THEN syllable(hash(rank, 4)) ELSE '' END;
CREATE MACRO drawn(seed, number) AS
    word((pow(chance(seed, number), 3) * 60 * sqrt(getvariable('artists')::DOUBLE))::BIGINT);
CREATE MACRO misspelled(text, number) AS
    substr(text, 1, 3 + (number % 3)::BIGINT) || substr(text, 5 + (number % 3)::BIGINT);

-- Four artists in five are in both sources; Discogs has three more for each. Every tenth is spelled otherwise there.
CREATE TEMP TABLE person AS
SELECT
    number,
    drawn('first', number) || ' ' || drawn('second', number)
    || CASE WHEN number % 3 = 0 THEN ' ' || drawn('third', number) ELSE '' END AS name
FROM range(getvariable('artists') * 4) AS t (number);

CREATE TABLE lake.silver.artist AS
SELECT 'musicbrainz' AS source, number::VARCHAR AS record_id, name AS name_key, NULL::VARCHAR AS gone_month
FROM person
WHERE number < getvariable('artists')
UNION ALL
SELECT
    'discogs' AS source,
    number::VARCHAR AS record_id,
    CASE WHEN number % 10 = 3 THEN misspelled(name, number) ELSE name END AS name_key,
    NULL::VARCHAR AS gone_month
FROM person
WHERE number >= getvariable('artists') OR number % 5 <> 0;

CREATE TABLE lake.silver.artist_alias AS
SELECT 'discogs' AS source, number::VARCHAR AS record_id, 'name_variation' AS kind, name AS name_key
FROM person
WHERE number % 20 = 3;

CREATE TABLE lake.silver.label AS
SELECT
    source,
    number::VARCHAR AS record_id,
    drawn('label', number) || ' ' || drawn('label name', number) AS name_key,
    NULL::VARCHAR AS gone_month
FROM range(getvariable('artists') // 4) AS t (number), (VALUES ('musicbrainz'), ('discogs')) AS s (source)
WHERE source = 'discogs' OR number % 3 = 0;

-- A group and a half for each artist, two releases each; a third of the releases is in one source only.
CREATE TABLE lake.silver.release_group AS
SELECT
    source,
    number::VARCHAR AS record_id,
    drawn('title', number) || ' ' || drawn('more', number) || CASE WHEN number % 9 = 4 THEN ' ' || source ELSE '' END
        AS title_key,
    1960 + (number % 60) AS year,
    NULL::VARCHAR AS gone_month
FROM range(getvariable('artists') * 6) AS t (number), (VALUES ('musicbrainz'), ('discogs')) AS s (source)
WHERE source = 'discogs' OR (number % (getvariable('artists') * 4) < getvariable('artists') AND number % 7 < 5);

CREATE TABLE lake.silver.release AS
SELECT
    g.source,
    (g.record_id::BIGINT * 2 + copy)::VARCHAR AS record_id,
    g.title_key,
    g.year + copy AS released_year,
    g.record_id AS release_group_record_id,
    NULL::VARCHAR AS gone_month
FROM lake.silver.release_group AS g, range(2) AS c (copy)
WHERE (g.record_id::BIGINT * 2 + copy) % 3 < CASE g.source WHEN 'discogs' THEN 3 ELSE 2 END;

CREATE TABLE lake.silver.artist_credit AS
SELECT
    source,
    'release_group' AS entity_type,
    record_id,
    1 AS position,
    (record_id::BIGINT % (getvariable('artists') * 4))::VARCHAR AS artist_record_id
FROM lake.silver.release_group
UNION ALL
SELECT
    source,
    'release' AS entity_type,
    record_id,
    1 AS position,
    (release_group_record_id::BIGINT % (getvariable('artists') * 4))::VARCHAR AS artist_record_id
FROM lake.silver.release;

CREATE TABLE lake.silver.release_label AS
SELECT
    source,
    record_id,
    (record_id::BIGINT % (getvariable('artists') // 4))::VARCHAR AS label_record_id,
    'CAT' || (record_id::BIGINT // 7) AS catalogue_key
FROM lake.silver.release;

CREATE TABLE lake.silver.source_identifier AS
SELECT source, 'release' AS entity_type, record_id, 'Barcode' AS type, lpad(record_id, 13, '4') AS value_key
FROM lake.silver.release
WHERE record_id::BIGINT % 2 = 0;

CREATE TABLE lake.silver.medium AS
SELECT source, record_id, CASE WHEN record_id::BIGINT % 2 = 0 THEN 'CD' ELSE 'Vinyl' END AS format
FROM lake.silver.release;

CREATE TABLE lake.silver.url AS
SELECT
    'musicbrainz' AS source,
    'artist' AS entity_type,
    '0' AS record_id,
    'official homepage' AS type,
    'https://example.org' AS url
WHERE FALSE;

CREATE TABLE lake.silver.record_link AS
SELECT
    entity_type,
    'musicbrainz' AS source,
    number::VARCHAR AS record_id,
    'discogs' AS other_source,
    number::VARCHAR AS other_record_id,
    FALSE AS is_ended
FROM
    range(getvariable('artists')) AS t (number),
    (VALUES ('artist'), ('label'), ('release_group'), ('release')) AS e (entity_type)
WHERE number % 4 = 1;

CREATE TABLE lake.silver.judgement AS
SELECT
    'artist' AS entity_type,
    '0' AS record_id,
    '0' AS other_record_id,
    'same' AS answer
WHERE FALSE;
