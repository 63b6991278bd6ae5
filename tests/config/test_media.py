"""What was uploaded is handed out as pictures and nothing else."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

pytestmark = pytest.mark.django_db  # the page that says what is not found

DIGEST = "a" * 40


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    (tmp_path / "secret.png").write_bytes(b"outside")
    return tmp_path


def put(name, content=b"content"):
    return default_storage.save(name, ContentFile(content))


def test_a_picture_may_be_kept_for_ever(client):
    put(f"pictures/{DIGEST}-480.webp", b"RIFF")
    answer = client.get(f"/media/pictures/{DIGEST}-480.webp")
    assert answer.content == b"RIFF"
    assert answer.headers["Content-Type"] == "image/webp"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert not answer.cookies
    assert "Cookie" not in answer.headers.get("Vary", "")


def test_a_name_that_does_not_tell_its_content_is_asked_for_again(client):
    put("provider/logo.svg")
    assert "immutable" not in client.get("/media/provider/logo.svg").headers["Cache-Control"]


def test_a_script_in_an_svg_runs_nowhere(client):
    put("provider/logo.svg", b"<svg><script>alert(1)</script></svg>")
    policy = client.get("/media/provider/logo.svg").headers["Content-Security-Policy"]
    assert "sandbox" in policy
    assert "default-src 'none'" in policy
    assert "script" not in policy


@pytest.mark.parametrize("name", ["page.html", "run.js", "look.css", "data.xml", "noending"])
def test_nothing_but_pictures_is_handed_out(client, name):
    put(f"provider/{name}")
    assert client.get(f"/media/provider/{name}").status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/media/",
        "/media/pictures",
        "/media/pictures/",
        "/media/pictures/missing.webp",
        "/media/../secret.png",
        "/media/pictures/../../secret.png",
        "/media/%2e%2e/secret.png",
        "/media/pictures/..%2f..%2fsecret.png",
        "/media/pictures/%2e%2e%2f%2e%2e%2fsecret.png",
        "/media/pictures/..\\..\\secret.png",
        "/media//etc/passwd.png",
        "/media/pictures/folder.png",
        "/media/pictures/.hidden.png",
        "/media/pictures/a%00.png",
    ],
)
def test_no_way_leads_out_of_the_folder_or_to_a_list_of_it(client, folder, address):
    put("pictures/here.webp")
    put("pictures/.hidden.png")
    (folder / "media" / "pictures" / "folder.png").mkdir()
    answer = client.get(address)
    assert answer.status_code == 404
    assert b"outside" not in answer.content
    assert b"here.webp" not in answer.content


def test_nothing_can_be_sent_there(client):
    put("pictures/here.webp")
    assert client.post("/media/pictures/here.webp").status_code == 405


def test_a_head_has_no_body(client):
    put("pictures/here.webp", b"RIFF")
    answer = client.head("/media/pictures/here.webp")
    assert (answer.content, answer.headers["Content-Length"]) == (b"", "4")
