"""The environment: strict, complete and documented."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.environment import bare

ROOT = Path(__file__).resolve().parent.parent
SECRETS = {"SECRET_KEY": "x" * 60, "FRONTCORE_API_KEY": "a-key"}


def variables_read():
    source = "".join(
        (ROOT / "config" / f"{name}.py").read_text() for name in ("settings", "gunicorn")
    )
    reader = r"(?:env\.\w+|required|number|one_of|address|networks|readers|mail_addresses"
    reader += "|several|folders)"
    return set(re.findall(reader + r"""\(\s*"([A-Z_0-9]+)\"""", source))


def start(tmp_path, *command, **environment):
    """Run a management command with exactly these variables and no `.env`."""
    clean = bare(DATA_DIR=str(tmp_path), PYTHONPATH=str(ROOT))
    return subprocess.run(
        [sys.executable, ROOT / "manage.py", *(command or ("check",))],
        env=clean | {"DJANGO_SETTINGS_MODULE": "config.settings"} | environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize("missing", sorted(SECRETS))
def test_production_does_not_start_without_its_secrets(tmp_path, missing):
    given = {name: value for name, value in SECRETS.items() if name != missing}
    answer = start(tmp_path, **given)
    assert answer.returncode != 0
    assert f"Set {missing}" in answer.stderr


def test_production_starts_with_the_two_secrets_alone(tmp_path):
    assert start(tmp_path, **SECRETS).returncode == 0


def test_the_demo_needs_no_secret(tmp_path):
    assert start(tmp_path, DEMO="true").returncode == 0
    secret = tmp_path / "secret-key"
    assert len(secret.read_text()) > 50
    assert secret.stat().st_mode & 0o077 == 0, "readable by its owner only"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HTTPS", "perhaps"),
        ("WORKERS", "many"),
        ("FRONTCORE_RATE", "fast"),
        ("DEMO", "2"),
        ("SEATS_SHOWN", "all"),
    ],
)
def test_an_unknown_word_stops_the_start_and_names_the_variable(tmp_path, name, value):
    answer = start(tmp_path, **SECRETS, **{name: value})
    assert answer.returncode != 0
    assert name in answer.stderr


def test_blanks_after_commas_are_no_part_of_a_name(tmp_path):
    mine = [tmp_path / "one", tmp_path / "two"]
    for folder in mine:
        folder.mkdir()
    given = {"ALLOWED_HOSTS": "a.no, b.no,", "TEMPLATE_DIRS": ", ".join(map(str, mine))}
    code = "from django.conf import settings as s; print(s.ALLOWED_HOSTS, *s.TEMPLATES[0]['DIRS'])"
    told = start(tmp_path, "shell", "-v", "0", "-c", code, **SECRETS, **given).stdout
    assert told.startswith(f"['a.no', 'b.no'] {mine[0]} {mine[1]} ")


def test_media_named_as_nothing_lie_in_the_data_folder(tmp_path):
    code = "from django.conf import settings as s; print(s.MEDIA_ROOT)"
    told = start(tmp_path, "shell", "-v", "0", "-c", code, **SECRETS, MEDIA_DIR="").stdout
    assert told.strip() == str(tmp_path / "media")


@pytest.mark.parametrize("document", [".env.example", "README.md"])
def test_every_variable_is_documented(document):
    text = (ROOT / document).read_text()
    missing = sorted(name for name in variables_read() if not re.search(rf"\b{name}\b", text))
    assert not missing


def test_the_example_names_no_variable_that_nobody_reads():
    named = set(re.findall(r"^#? ?([A-Z][A-Z_0-9]+)=", (ROOT / ".env.example").read_text(), re.M))
    assert named <= variables_read()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "foo://x"),
        ("DATA_DIR", "/proc/nope"),
        ("FRONTCORE_URL", "nonsense"),
        ("SITE_URL", "example.no"),
        ("BRAKE_SHARE", "7"),
        ("DELTA_EVERY_MIN", "0"),
        ("FRONTCORE_RATE", "-1"),
        ("ADMINS", "desk"),
        ("TRUSTED_PROXIES", "my proxy"),
        ("TEMPLATE_DIRS", "/srv/no-such-folder"),
        ("STATIC_DIRS", "/srv/no-such-folder"),
        ("LOCALE_DIRS", "/srv/no-such-folder"),
    ],
)
def test_a_value_without_sense_is_a_sentence_that_names_the_variable(tmp_path, name, value):
    clean = bare(DATA_DIR=str(tmp_path)) | SECRETS | {name: value}
    answer = subprocess.run(
        [sys.executable, "manage.py", "check"], cwd=ROOT, env=clean, capture_output=True, text=True
    )
    assert answer.returncode != 0
    assert f"Set {name}" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_proxy_that_is_not_named_is_a_warning(tmp_path):
    behind = SECRETS | {"BEHIND_PROXY": "true"}
    assert "config.W001" in start(tmp_path, **behind).stderr
    assert "config.W001" not in start(tmp_path, **behind, TRUSTED_PROXIES="10.0.0.0/8").stderr


def test_a_folder_of_uploads_that_cannot_be_is_an_error(tmp_path):
    (tmp_path / "file").touch()
    assert "config.E004" in start(tmp_path, **SECRETS, MEDIA_DIR=f"{tmp_path}/file/media").stderr
    assert "config.E004" not in start(tmp_path, **SECRETS, MEDIA_DIR=f"{tmp_path}/new/media").stderr


def test_one_worker_is_too_few(tmp_path):
    answer = start(tmp_path, **SECRETS, WORKERS="1")
    assert answer.returncode != 0
    assert "Set WORKERS to 2 or more" in answer.stderr


def test_a_cache_of_one_process_is_an_error(tmp_path):
    code = (
        "from config.settings import *\n"
        "CACHES = {'default': {'BACKEND': 'django.core.cache.backends.locmem.LocMemCache'}}\n"
    )
    (tmp_path / "wrong_settings.py").write_text(code)
    answer = start(
        tmp_path,
        **SECRETS,
        DJANGO_SETTINGS_MODULE="wrong_settings",
        PYTHONPATH=f"{ROOT}:{tmp_path}",
    )
    assert "config.E001" in answer.stderr


def test_a_catalogue_that_is_not_compiled_is_an_error(tmp_path):
    folder = tmp_path / "locale" / "nb" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text('msgid ""\nmsgstr ""\n')
    (tmp_path / "wrong_settings.py").write_text(
        f"from config.settings import *\nLOCALE_PATHS = [{str(tmp_path / 'locale')!r}]\n"
    )
    answer = start(
        tmp_path,
        **SECRETS,
        DJANGO_SETTINGS_MODULE="wrong_settings",
        PYTHONPATH=f"{ROOT}:{tmp_path}",
    )
    assert "config.E002" in answer.stderr
