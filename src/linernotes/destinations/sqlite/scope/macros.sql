-- How ids of the source become keys of the catalogue.

CREATE TEMP MACRO number_of(record_id) AS TRY_CAST(record_id AS BIGINT);

-- The address of a track in one number. Addresses too large for the first form, such as an index track with more than
-- 255 sub-tracks, take the second, which is negative and so never meets the first.
CREATE TEMP MACRO track_key(release_id, track_number, sub_track_number) AS
CASE
    WHEN track_number < 4096 AND sub_track_number < 256
        THEN release_id * 1048576 + track_number * 256 + sub_track_number
    ELSE -(release_id * 68719476736 + track_number * 262144 + sub_track_number)
END;
