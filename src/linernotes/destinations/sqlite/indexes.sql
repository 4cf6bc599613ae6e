-- Made after the load: every grain that is no primary key, every reference, every name.
--
-- `load_id` has none: it leads to a handful of rows and nobody looks for a load's rows by it; an index would cost 11
-- bytes per row. References that are mostly empty have an index over the filled ones only.

CREATE UNIQUE INDEX artist_uuid ON artist (uuid);
CREATE INDEX artist_name ON artist (name);
CREATE INDEX artist_display_name ON artist (display_name);
CREATE INDEX artist_alias_name ON artist_alias (name);
CREATE INDEX artist_alias_alias_id ON artist_alias (alias_id) WHERE alias_id IS NOT NULL;
CREATE INDEX membership_member_id ON membership (member_id) WHERE member_id IS NOT NULL;

CREATE UNIQUE INDEX label_uuid ON label (uuid);
CREATE INDEX label_name ON label (name);
CREATE INDEX label_parent_label_id ON label (parent_label_id) WHERE parent_label_id IS NOT NULL;

CREATE UNIQUE INDEX release_group_uuid ON release_group (uuid);
CREATE INDEX release_group_title ON release_group (title);
CREATE INDEX release_group_main_release_id ON release_group (main_release_id) WHERE main_release_id IS NOT NULL;

CREATE UNIQUE INDEX release_uuid ON release (uuid);
CREATE INDEX release_title ON release (title);
CREATE INDEX release_release_group_id ON release (release_group_id) WHERE release_group_id IS NOT NULL;

CREATE UNIQUE INDEX recording_uuid ON recording (uuid);
CREATE INDEX recording_title ON recording (title);
CREATE UNIQUE INDEX track_release_id ON track (release_id, track_number, sub_track_number);
CREATE INDEX track_title ON track (title);
CREATE INDEX track_recording_id ON track (recording_id) WHERE recording_id IS NOT NULL;

CREATE UNIQUE INDEX artist_credit_release_id ON artist_credit (release_id, position) WHERE release_id IS NOT NULL;
CREATE UNIQUE INDEX artist_credit_release_group_id
ON artist_credit (release_group_id, position) WHERE release_group_id IS NOT NULL;
CREATE INDEX artist_credit_artist_id ON artist_credit (artist_id) WHERE artist_id IS NOT NULL;
CREATE INDEX track_artist_credit_artist_id ON track_artist_credit (artist_id) WHERE artist_id IS NOT NULL;
CREATE INDEX release_credit_artist_id ON release_credit (artist_id) WHERE artist_id IS NOT NULL;
CREATE INDEX track_credit_artist_id ON track_credit (artist_id) WHERE artist_id IS NOT NULL;

CREATE INDEX release_label_label_id ON release_label (label_id) WHERE label_id IS NOT NULL;
CREATE INDEX release_label_catalogue_number ON release_label (catalogue_number);
CREATE INDEX release_series_series_id ON release_series (series_id) WHERE series_id IS NOT NULL;
CREATE INDEX release_company_company_id ON release_company (company_id) WHERE company_id IS NOT NULL;

CREATE UNIQUE INDEX genre_release_id ON genre (release_id, position) WHERE release_id IS NOT NULL;
CREATE UNIQUE INDEX genre_release_group_id ON genre (release_group_id, position) WHERE release_group_id IS NOT NULL;
CREATE INDEX genre_genre ON genre (genre);
CREATE UNIQUE INDEX style_release_id ON style (release_id, position) WHERE release_id IS NOT NULL;
CREATE UNIQUE INDEX style_release_group_id ON style (release_group_id, position) WHERE release_group_id IS NOT NULL;
CREATE INDEX style_style ON style (style);
CREATE INDEX identifier_value_key ON identifier (value_key) WHERE value_key IS NOT NULL;

CREATE UNIQUE INDEX video_release_id ON video (release_id, position) WHERE release_id IS NOT NULL;
CREATE UNIQUE INDEX video_release_group_id ON video (release_group_id, position) WHERE release_group_id IS NOT NULL;
CREATE UNIQUE INDEX image_artist_id ON image (artist_id, position) WHERE artist_id IS NOT NULL;
CREATE UNIQUE INDEX image_label_id ON image (label_id, position) WHERE label_id IS NOT NULL;
CREATE UNIQUE INDEX image_release_group_id ON image (release_group_id, position) WHERE release_group_id IS NOT NULL;
CREATE UNIQUE INDEX image_release_id ON image (release_id, position) WHERE release_id IS NOT NULL;
CREATE UNIQUE INDEX url_artist_id ON url (artist_id, position) WHERE artist_id IS NOT NULL;
CREATE UNIQUE INDEX url_label_id ON url (label_id, position) WHERE label_id IS NOT NULL;

CREATE UNIQUE INDEX other_record_artist_id ON other_record (artist_id, position) WHERE artist_id IS NOT NULL;
CREATE UNIQUE INDEX other_record_label_id ON other_record (label_id, position) WHERE label_id IS NOT NULL;
CREATE UNIQUE INDEX other_record_release_group_id
ON other_record (release_group_id, position) WHERE release_group_id IS NOT NULL;
CREATE UNIQUE INDEX other_record_release_id ON other_record (release_id, position) WHERE release_id IS NOT NULL;

CREATE UNIQUE INDEX decision_artist_id ON decision (artist_id, position) WHERE artist_id IS NOT NULL;
CREATE UNIQUE INDEX decision_label_id ON decision (label_id, position) WHERE label_id IS NOT NULL;
CREATE UNIQUE INDEX decision_release_group_id
ON decision (release_group_id, position) WHERE release_group_id IS NOT NULL;
CREATE UNIQUE INDEX decision_release_id ON decision (release_id, position) WHERE release_id IS NOT NULL;

CREATE UNIQUE INDEX enriched_value_artist_id ON enriched_value (artist_id, position) WHERE artist_id IS NOT NULL;
CREATE UNIQUE INDEX enriched_value_release_group_id
ON enriched_value (release_group_id, position) WHERE release_group_id IS NOT NULL;
CREATE UNIQUE INDEX enriched_value_release_id ON enriched_value (release_id, position) WHERE release_id IS NOT NULL;
CREATE UNIQUE INDEX enriched_value_recording_id
ON enriched_value (recording_id, position) WHERE recording_id IS NOT NULL;
CREATE INDEX enriched_value_value ON enriched_value (field, value);

CREATE INDEX redirect_artist_id ON redirect (artist_id) WHERE artist_id IS NOT NULL;
CREATE INDEX redirect_label_id ON redirect (label_id) WHERE label_id IS NOT NULL;
CREATE INDEX redirect_release_group_id ON redirect (release_group_id) WHERE release_group_id IS NOT NULL;
CREATE INDEX redirect_release_id ON redirect (release_id) WHERE release_id IS NOT NULL;
CREATE INDEX redirect_recording_id ON redirect (recording_id) WHERE recording_id IS NOT NULL;
