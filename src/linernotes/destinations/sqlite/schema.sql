-- The published catalogue: our words, one integer key per entity, its UUID once.
--
-- Every row but those of `redirect` names its origin: `record_id` is the source's own id of the record that the row
-- came from, `load_id` leads to the load that brought it and so to the source; in `enriched_value`, who said so and in
-- which answer. A reference that leads nowhere in this
-- file keeps the source's id (`*_record_id`) and name, and its key is NULL. Foreign keys are declared here because
-- SQLite cannot add them later; they are checked once, after the load. Whoever deletes a row with foreign keys on loses
-- what belongs to it (CASCADE), and what only mentions it keeps id and name (SET NULL).
--
-- What two sources have is one row, with the key and UUID of the record that leads; `other_record` has the other one,
-- `decision` the fields in which they differ, `redirect` the UUIDs that lead to it. A list, such as the tracks of a
-- release, comes from one of them; aliases, addresses and identifiers from both. `enriched_value` has what counts in
-- fields that web services were asked for, or that a person set.
--
-- A Discogs entity has its Discogs id as key, one of MusicBrainz its row id + 67108864, so keys stay the same from one
-- generation to the next. A track's key is made of its address: release_id * 1048576 + track_number * 256 +
-- sub_track_number; a recording has the key of its track, or its MusicBrainz row id + 4611686018427387904.
--
-- Measured on 1.4M rows (207k tracks): child tables without a rowid make the file 5% smaller; pages of 4, 8 and 16 KiB
-- differ by 1%; a UUID as text instead of 16 bytes costs 7% with its index, and can be read.

CREATE TABLE publication (
    id TEXT PRIMARY KEY,
    snapshot_id INTEGER NOT NULL,
    scope TEXT NOT NULL,
    created_at TEXT NOT NULL,
    shape TEXT NOT NULL,
    counts TEXT NOT NULL,
    is_repaired INTEGER NOT NULL DEFAULT 0,
    licence TEXT NOT NULL
);

CREATE TABLE load (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE,
    source TEXT NOT NULL
);

CREATE TABLE artist (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL,
    name TEXT,
    display_name TEXT,
    sort_name TEXT,
    homonym_number INTEGER,
    disambiguation TEXT,
    type TEXT,
    gender TEXT,
    begin_year INTEGER,
    end_year INTEGER,
    real_name TEXT,
    profile TEXT,
    data_quality TEXT,
    record_id INTEGER NOT NULL,
    load_id INTEGER NOT NULL REFERENCES load (id)
);

CREATE TABLE artist_alias (
    artist_id INTEGER NOT NULL REFERENCES artist (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    position INTEGER NOT NULL,
    name TEXT,
    alias_id INTEGER REFERENCES artist (id) ON DELETE SET NULL,
    alias_record_id INTEGER,
    type TEXT,
    locale TEXT,
    record_id INTEGER NOT NULL,
    load_id INTEGER NOT NULL REFERENCES load (id),
    PRIMARY KEY (artist_id, kind, position)
) WITHOUT ROWID;

CREATE TABLE membership (
    group_id INTEGER NOT NULL REFERENCES artist (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    member_id INTEGER REFERENCES artist (id) ON DELETE SET NULL,
    member_record_id INTEGER,
    member_name TEXT,
    begin_year INTEGER,
    end_year INTEGER,
    record_id INTEGER NOT NULL,
    load_id INTEGER NOT NULL REFERENCES load (id),
    PRIMARY KEY (group_id, position)
) WITHOUT ROWID;

CREATE TABLE label (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL,
    name TEXT,
    disambiguation TEXT,
    type TEXT,
    contact_info TEXT,
    profile TEXT,
    data_quality TEXT,
    parent_label_id INTEGER REFERENCES label (id) ON DELETE SET NULL,
    parent_label_record_id INTEGER,
    parent_label_name TEXT,
    record_id INTEGER NOT NULL,
    load_id INTEGER NOT NULL REFERENCES load (id)
);

CREATE TABLE release_group (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL,
    title TEXT,
    disambiguation TEXT,
    type TEXT,
    year INTEGER,
    notes TEXT,
    data_quality TEXT,
    main_release_id INTEGER REFERENCES release (id) ON DELETE SET NULL,
    main_release_record_id INTEGER,
    record_id INTEGER NOT NULL,
    load_id INTEGER NOT NULL REFERENCES load (id)
);

CREATE TABLE release (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL,
    title TEXT,
    disambiguation TEXT,
    status TEXT,
    packaging TEXT,
    language_code TEXT,
    script_code TEXT,
    country TEXT,
    released TEXT,
    released_year INTEGER,
    released_month INTEGER,
    released_day INTEGER,
    notes TEXT,
    data_quality TEXT,
    release_group_id INTEGER REFERENCES release_group (id) ON DELETE SET NULL,
    release_group_record_id INTEGER,
    is_main_release INTEGER,
    record_id INTEGER NOT NULL,
    load_id INTEGER NOT NULL REFERENCES load (id)
);

CREATE TABLE medium (
    release_id INTEGER NOT NULL REFERENCES release (id) ON DELETE CASCADE,
    medium_number INTEGER NOT NULL,
    format TEXT,
    quantity INTEGER,
    quantity_raw TEXT,
    text TEXT,
    track_count INTEGER,
    record_id INTEGER NOT NULL,
    load_id INTEGER NOT NULL REFERENCES load (id),
    PRIMARY KEY (release_id, medium_number)
) WITHOUT ROWID;

CREATE TABLE medium_description (
    release_id INTEGER NOT NULL,
    medium_number INTEGER NOT NULL,
    position INTEGER NOT NULL,
    description TEXT,
    record_id INTEGER NOT NULL,
    load_id INTEGER NOT NULL REFERENCES load (id),
    PRIMARY KEY (release_id, medium_number, position),
    FOREIGN KEY (release_id, medium_number) REFERENCES medium (release_id, medium_number) ON DELETE CASCADE
) WITHOUT ROWID;

CREATE TABLE recording (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL,
    title TEXT,
    duration_ms INTEGER,
    record_id INTEGER NOT NULL,
    load_id INTEGER NOT NULL REFERENCES load (id)
);

CREATE TABLE track (
    id INTEGER PRIMARY KEY,
    release_id INTEGER NOT NULL REFERENCES release (id) ON DELETE CASCADE,
    track_number INTEGER NOT NULL,
    sub_track_number INTEGER NOT NULL,
    medium_number INTEGER,
    kind TEXT NOT NULL,
    position TEXT,
    title TEXT,
    duration TEXT,
    duration_ms INTEGER,
    recording_id INTEGER REFERENCES recording (id) ON DELETE SET NULL,
    record_id INTEGER NOT NULL,
    load_id INTEGER NOT NULL REFERENCES load (id)
);

CREATE TABLE artist_credit (
    release_group_id INTEGER REFERENCES release_group (id) ON DELETE CASCADE,
    release_id INTEGER REFERENCES release (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    artist_id INTEGER REFERENCES artist (id) ON DELETE SET NULL,
    artist_record_id INTEGER,
    artist_name TEXT,
    credited_name TEXT,
    join_phrase TEXT,
    record_id INTEGER NOT NULL,
    load_id INTEGER NOT NULL REFERENCES load (id),
    CHECK ((release_group_id IS NULL) <> (release_id IS NULL))
);

CREATE TABLE track_artist_credit (
    track_id INTEGER NOT NULL REFERENCES track (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    artist_id INTEGER REFERENCES artist (id) ON DELETE SET NULL,
    artist_record_id INTEGER,
    artist_name TEXT,
    credited_name TEXT,
    join_phrase TEXT,
    record_id INTEGER NOT NULL,
    load_id INTEGER NOT NULL REFERENCES load (id),
    PRIMARY KEY (track_id, position)
) WITHOUT ROWID;

CREATE TABLE release_credit (
    release_id INTEGER NOT NULL REFERENCES release (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    artist_id INTEGER REFERENCES artist (id) ON DELETE SET NULL,
    artist_record_id INTEGER,
    artist_name TEXT,
    credited_name TEXT,
    role TEXT,
    tracks TEXT,
    record_id INTEGER NOT NULL,
    load_id INTEGER NOT NULL REFERENCES load (id),
    PRIMARY KEY (release_id, position)
) WITHOUT ROWID;

CREATE TABLE track_credit (
    track_id INTEGER NOT NULL REFERENCES track (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    artist_id INTEGER REFERENCES artist (id) ON DELETE SET NULL,
    artist_record_id INTEGER,
    artist_name TEXT,
    credited_name TEXT,
    role TEXT,
    record_id INTEGER NOT NULL,
    load_id INTEGER NOT NULL REFERENCES load (id),
    PRIMARY KEY (track_id, position)
) WITHOUT ROWID;

CREATE TABLE release_label (
    release_id INTEGER NOT NULL REFERENCES release (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    label_id INTEGER REFERENCES label (id) ON DELETE SET NULL,
    label_record_id INTEGER,
    label_name TEXT,
    catalogue_number TEXT,
    record_id INTEGER NOT NULL,
    load_id INTEGER NOT NULL REFERENCES load (id),
    PRIMARY KEY (release_id, position)
) WITHOUT ROWID;

CREATE TABLE release_series (
    release_id INTEGER NOT NULL REFERENCES release (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    series_id INTEGER REFERENCES label (id) ON DELETE SET NULL,
    series_record_id INTEGER,
    series_name TEXT,
    catalogue_number TEXT,
    record_id INTEGER NOT NULL,
    load_id INTEGER NOT NULL REFERENCES load (id),
    PRIMARY KEY (release_id, position)
) WITHOUT ROWID;

CREATE TABLE release_company (
    release_id INTEGER NOT NULL REFERENCES release (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    company_id INTEGER REFERENCES label (id) ON DELETE SET NULL,
    company_record_id INTEGER,
    company_name TEXT,
    catalogue_number TEXT,
    role_id TEXT,
    role TEXT,
    record_id INTEGER NOT NULL,
    load_id INTEGER NOT NULL REFERENCES load (id),
    PRIMARY KEY (release_id, position)
) WITHOUT ROWID;

CREATE TABLE genre (
    release_group_id INTEGER REFERENCES release_group (id) ON DELETE CASCADE,
    release_id INTEGER REFERENCES release (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    genre TEXT,
    record_id INTEGER NOT NULL,
    load_id INTEGER NOT NULL REFERENCES load (id),
    CHECK ((release_group_id IS NULL) <> (release_id IS NULL))
);

CREATE TABLE style (
    release_group_id INTEGER REFERENCES release_group (id) ON DELETE CASCADE,
    release_id INTEGER REFERENCES release (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    style TEXT,
    record_id INTEGER NOT NULL,
    load_id INTEGER NOT NULL REFERENCES load (id),
    CHECK ((release_group_id IS NULL) <> (release_id IS NULL))
);

CREATE TABLE identifier (
    release_id INTEGER NOT NULL REFERENCES release (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    type TEXT,
    value TEXT,
    value_key TEXT,
    description TEXT,
    record_id INTEGER NOT NULL,
    load_id INTEGER NOT NULL REFERENCES load (id),
    PRIMARY KEY (release_id, position)
) WITHOUT ROWID;

CREATE TABLE video (
    release_group_id INTEGER REFERENCES release_group (id) ON DELETE CASCADE,
    release_id INTEGER REFERENCES release (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    url TEXT,
    title TEXT,
    description TEXT,
    duration_ms INTEGER,
    is_embeddable INTEGER,
    record_id INTEGER NOT NULL,
    load_id INTEGER NOT NULL REFERENCES load (id),
    CHECK ((release_group_id IS NULL) <> (release_id IS NULL))
);

CREATE TABLE image (
    artist_id INTEGER REFERENCES artist (id) ON DELETE CASCADE,
    label_id INTEGER REFERENCES label (id) ON DELETE CASCADE,
    release_group_id INTEGER REFERENCES release_group (id) ON DELETE CASCADE,
    release_id INTEGER REFERENCES release (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    type TEXT,
    url TEXT,
    width INTEGER,
    height INTEGER,
    record_id INTEGER NOT NULL,
    load_id INTEGER NOT NULL REFERENCES load (id),
    CHECK ((artist_id IS NULL) + (label_id IS NULL) + (release_group_id IS NULL) + (release_id IS NULL) = 3)
);

CREATE TABLE url (
    artist_id INTEGER REFERENCES artist (id) ON DELETE CASCADE,
    label_id INTEGER REFERENCES label (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    type TEXT,
    url TEXT,
    record_id INTEGER NOT NULL,
    load_id INTEGER NOT NULL REFERENCES load (id),
    CHECK ((artist_id IS NULL) <> (label_id IS NULL))
);

CREATE TABLE other_record (
    artist_id INTEGER REFERENCES artist (id) ON DELETE CASCADE,
    label_id INTEGER REFERENCES label (id) ON DELETE CASCADE,
    release_group_id INTEGER REFERENCES release_group (id) ON DELETE CASCADE,
    release_id INTEGER REFERENCES release (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    data_quality TEXT,
    record_id INTEGER NOT NULL,
    load_id INTEGER NOT NULL REFERENCES load (id),
    CHECK ((artist_id IS NULL) + (label_id IS NULL) + (release_group_id IS NULL) + (release_id IS NULL) = 3)
);

CREATE TABLE decision (
    artist_id INTEGER REFERENCES artist (id) ON DELETE CASCADE,
    label_id INTEGER REFERENCES label (id) ON DELETE CASCADE,
    release_group_id INTEGER REFERENCES release_group (id) ON DELETE CASCADE,
    release_id INTEGER REFERENCES release (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    field TEXT NOT NULL,
    value TEXT NOT NULL,
    record_id INTEGER NOT NULL,
    load_id INTEGER NOT NULL REFERENCES load (id),
    other_value TEXT,
    other_record_id INTEGER NOT NULL,
    other_load_id INTEGER NOT NULL REFERENCES load (id),
    CHECK ((artist_id IS NULL) + (label_id IS NULL) + (release_group_id IS NULL) + (release_id IS NULL) = 3)
);

CREATE TABLE enriched_value (
    artist_id INTEGER REFERENCES artist (id) ON DELETE CASCADE,
    release_group_id INTEGER REFERENCES release_group (id) ON DELETE CASCADE,
    release_id INTEGER REFERENCES release (id) ON DELETE CASCADE,
    recording_id INTEGER REFERENCES recording (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    field TEXT NOT NULL,
    value TEXT NOT NULL,
    provider TEXT NOT NULL,
    confidence REAL NOT NULL,
    is_contested INTEGER NOT NULL,
    observed_at TEXT,
    answer_id TEXT,
    CHECK ((artist_id IS NULL) + (release_group_id IS NULL) + (release_id IS NULL) + (recording_id IS NULL) = 3)
);

CREATE TABLE redirect (
    uuid TEXT PRIMARY KEY,
    reason TEXT NOT NULL,
    artist_id INTEGER REFERENCES artist (id) ON DELETE CASCADE,
    label_id INTEGER REFERENCES label (id) ON DELETE CASCADE,
    release_group_id INTEGER REFERENCES release_group (id) ON DELETE CASCADE,
    release_id INTEGER REFERENCES release (id) ON DELETE CASCADE,
    recording_id INTEGER REFERENCES recording (id) ON DELETE CASCADE,
    CHECK (
        (artist_id IS NULL) + (label_id IS NULL) + (release_group_id IS NULL) + (release_id IS NULL)
        + (recording_id IS NULL) = 4
    )
) WITHOUT ROWID;
