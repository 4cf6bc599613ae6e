from linernotes.sources.discogs.checksums import parse_checksums

A, B = "a" * 64, "b" * 64


def test_lines_with_and_without_a_star_are_read() -> None:
    text = f"{A} *discogs_20180101_labels.xml.gz\r\n{B}  discogs_20180101_artists.xml.gz\n"
    assert parse_checksums(text) == {"discogs_20180101_labels.xml.gz": A, "discogs_20180101_artists.xml.gz": B}


def test_a_path_before_the_name_is_dropped() -> None:
    assert parse_checksums(f"{A}  ./dumps/discogs_20150708_labels.xml.gz") == {"discogs_20150708_labels.xml.gz": A}


def test_upper_case_digits_compare_as_lower_case() -> None:
    assert parse_checksums(f"{A.upper()} *x") == {"x": A}


def test_a_name_with_two_different_hashes_has_none() -> None:
    assert parse_checksums(f"{A} x\n{B} x\n{A} y") == {"y": A}


def test_anything_else_is_left_out() -> None:
    assert parse_checksums(f"<html>\n{A}\n{A[:-1]} x\n{A} x y\n\n# {A} x") == {}
