-- How ids of the sources become keys of the catalogue. Each source has a range of its own; the keys of Discogs are its
-- ids. Together they stay below 2^27, which track_key needs.

CREATE TEMP MACRO number_of(record_id) AS TRY_CAST(record_id AS BIGINT);

CREATE TEMP MACRO record_key(source, record_id) AS
number_of(record_id) + CASE source WHEN 'discogs' THEN 0 WHEN 'musicbrainz' THEN 67108864 END;

-- A recording that is a record of its own; others have the key of their track.
CREATE TEMP MACRO recording_key(record_id) AS 4611686018427387904 + number_of(record_id);

-- The address of a track in one number. Addresses too large for the first form, such as an index track with more than
-- 255 sub-tracks, take the second, which is negative and so never meets the first.
CREATE TEMP MACRO track_key(release_id, track_number, sub_track_number) AS
CASE
    WHEN track_number < 4096 AND sub_track_number < 256
        THEN release_id * 1048576 + track_number * 256 + sub_track_number
    ELSE -(release_id * 68719476736 + track_number * 262144 + sub_track_number)
END;

-- Whether the licence that the scope wants allows a value. What a person set is theirs.
CREATE TEMP MACRO may_be_published(provider, field) AS
NOT getvariable('is_cc0')
OR provider = 'person'
OR list_contains(getvariable('free_fields')::VARCHAR[], provider || '.' || field);
