"""Settings from the file and the environment; secrets in files, and in no message."""

import stat
from dataclasses import replace
from pathlib import Path

import pytest
from serving import settle
from world import World

from ledger.errors import StorageError, UsageError
from ledger.settings import FILE, MAX_SECRET, read_settings, secret_from, write_settings
from ledger.store.engine import make_engine, without_password
from ledger.store.schema import check_revision

SECRET = "geheim-2026"


def test_a_variable_comes_before_the_file_that_another_names(tmp_path: Path):
    path = tmp_path / "secret"
    path.write_text(f"{SECRET}\n")
    assert secret_from("X", {}) is None
    assert secret_from("X", {"X": ""}) is None
    assert secret_from("X", {"X_FILE": str(path)}) == SECRET
    assert secret_from("X", {"X": "said", "X_FILE": str(path)}) == "said"


@pytest.mark.parametrize(
    "raw",
    [b"", b"\n", f"{SECRET}\nmore\n".encode(), b"x" * (MAX_SECRET + 1), SECRET.encode() + b"\xff"],
    ids=["nothing", "an empty line", "two lines", "too much", "no text"],
)
def test_a_file_that_holds_no_line_is_refused_and_not_quoted(tmp_path: Path, raw: bytes):
    path = tmp_path / "secret"
    path.write_bytes(raw)
    with pytest.raises(UsageError, match="one line of UTF-8 is expected") as refused:
        secret_from("X", {"X_FILE": str(path)})
    assert SECRET not in str(refused.value)


def test_a_file_that_is_not_there_is_told(tmp_path: Path):
    with pytest.raises(StorageError, match="No such file"):
        secret_from("X", {"X_FILE": str(tmp_path / "nowhere")})


def test_the_database_may_stand_in_a_file_and_the_settings_are_their_owner_s(
    world: World, tmp_path: Path
):
    folder, path = settle(world), tmp_path / "db"
    path.write_text("postgresql://pinyuan_api@/ledger\n")
    assert read_settings(folder, {}).db == world.url
    assert read_settings(folder, {"PINYUAN_DB_FILE": str(path)}).db == path.read_text().strip()
    assert stat.S_IMODE((folder / FILE).stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://ledger:{SECRET}@127.0.0.1:1/x",
        f"postgresql://ledger@127.0.0.1:1/x?password={SECRET}",
    ],
)
def test_a_database_s_password_is_in_no_message(url: str):
    engine = make_engine(url)
    with pytest.raises(StorageError) as refused:
        check_revision(engine)
    assert SECRET not in f"{refused.value}{refused.value.__cause__}{engine}{engine.url}"
    assert "127.0.0.1" in str(refused.value)
    assert engine.url.password == SECRET
    assert without_password(url) == "postgresql://ledger@127.0.0.1:1/x"


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://u:{SECRET}@host:port/x",
        f"postgresql:// :{SECRET}",
        f"oracle://u:{SECRET}@h/x",
    ],
)
def test_a_url_that_is_none_is_not_quoted(url: str):
    with pytest.raises(UsageError) as refused:
        make_engine(url)
    assert SECRET not in str(refused.value)


FIELDS = "exactly the text fields"
NO_URL = "is no http or https URL"
NO_PLACE = "neither an http or https URL nor a directory"


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ("witness = [5]\n{0}", FIELDS),
        ('witness = ["vkeyurl"]\n{0}', FIELDS),
        ("published = [[1]]\n{0}", FIELDS),
        ('{0}[[witness]]\nvkey = "w+1+x"\nurl = "http://["\n', NO_URL),
        ('{0}[[witness]]\nvkey = "w+1+x"\nurl = "http://h:x"\n', NO_URL),
        ('{0}[[published]]\nat = "http://["\n', NO_PLACE),
        ('{0}[[published]]\nat = "http://h:x"\n', NO_PLACE),
        ('{0}[[published]]\nat = "http:h"\n', NO_PLACE),
    ],
)
def test_what_is_no_setting_is_told(world: World, more: str, why: str):
    folder = settle(world)
    path = folder / FILE
    path.write_text(more.format(path.read_text()))
    with pytest.raises(UsageError, match=why):
        read_settings(folder)


@pytest.mark.parametrize("name", ['a\nb = "c"', "tab\there", "\x7f\x1b[31m", 'quoted"\\', "木"])
def test_whatever_a_directory_is_called_settings_are_read_back(world: World, name: str):
    folder = settle(world, published=(f"/{name}",))
    assert read_settings(folder).published == (f"/{name}",)
    settings = replace(read_settings(folder), mirror=f"/{name}")
    write_settings(settings, settings.db)
    assert read_settings(folder).mirror == f"/{name}"


def test_a_database_in_memory_is_refused_however_it_is_written():
    for url in ("sqlite://", "sqlite:///:memory:", "sqlite:///file:x?mode=memory&uri=true"):
        with pytest.raises(UsageError, match="memory"):
            make_engine(url)
