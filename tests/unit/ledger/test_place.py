import traceback

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linernotes.errors import WrongUsageError
from linernotes.ledger.place import Place, find_place


def place(url: str) -> Place:
    return find_place(url, wait_seconds=30, code_version="1.2.3")


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("sqlite:////home/me/ledger.db", "/home/me/ledger.db"),
        ("postgresql://me@host/db", "postgresql://me@host/db"),
        ("postgres://me:s3cret@host:5433/db", "postgresql://me:***@host:5433/db"),
        ("postgresql+psycopg://me:s3cret@host/db?sslmode=require", "postgresql://me:***@host/db"),
        ("postgresql://me@/db?host=/run/pg&password=s3cret", "postgresql://me@/db?host=%2Frun%2Fpg"),
    ],
)
def test_a_place_is_shown_without_what_is_secret(url: str, shown: str) -> None:
    assert str(place(url)) == shown
    assert "s3cret" not in f"{place(url)!r} {place(url)}"


@pytest.mark.parametrize(
    "url",
    [
        "nonsense",
        "",
        "sqlite://",
        "sqlite:///:memory:",
        "mysql://me:s3cret@host/db",
        "postgresql://me:s3c:ret@host:port/x",
    ],
)
def test_what_is_no_address_of_a_ledger_is_wrong_usage_and_tells_no_secret(url: str) -> None:
    with pytest.raises(WrongUsageError, match=r"sqlite:////path/to/ledger\.db or postgresql://") as refusal:
        place(url)
    assert "s3c" not in "".join(traceback.format_exception(refusal.value)).split("ledger/place.py")[-1]


@given(st.text(st.characters(codec="utf-8", exclude_characters="*"), min_size=3))
def test_a_password_does_not_survive_in_foreign_text(password: str) -> None:
    with_password = Place(
        url=place("postgresql://me@host/db").url.set(password=password), wait_seconds=1, code_version="1"
    )
    url = with_password.url.render_as_string(hide_password=False)
    assert password not in with_password.without_secrets(f"failed: {password}")
    assert url.rpartition("@")[0].rpartition(":")[2] not in with_password.without_secrets(f"failed: {url}")
