-- One row per artist of MusicBrainz and artist of Discogs that are the same, or may be: what people judged, what
-- they linked, and what the score of the rest says. Grain: source, record_id, other_source, other_record_id.
{{
    config(
        incremental_strategy="whole",
        unique_key=["source", "record_id", "other_source", "other_record_id"],
        tags=["match", "weighed"]
    )
}}
{{ settled("artist") }}
