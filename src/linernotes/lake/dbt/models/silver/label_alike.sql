-- One row per label of MusicBrainz whose name is not at Discogs, and label of Discogs whose name is like it.
-- Grain: source, record_id, other_source, other_record_id.
{{
    config(
        incremental_strategy="whole",
        unique_key=["source", "record_id", "other_source", "other_record_id"],
        tags=["match"],
        meta={"row_weight": 2}
    )
}}
{{ alike_pairs("label") }}
