"""Staff give a course a picture; pages show it in the size they need."""

import re
import zlib
from io import BytesIO

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from PIL import Image, ImageCms

from catalog import pictures
from catalog.models import Course, CoursePicture, Generation
from catalog.templatetags.pictures import picture_of
from tests.factories import make_course, make_generation

ORANGE, BLUE = (230, 120, 20), (20, 60, 200)


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def a_picture(width=900, height=600, kind="JPEG", colour=ORANGE, **options):
    written = BytesIO()
    Image.new("RGB", (width, height), colour).save(written, kind, **options)
    return written.getvalue()


def uploaded(content, name="bilde.jpg"):
    return SimpleUploadedFile(name, content)


def opened(content):
    image = Image.open(BytesIO(content))
    image.load()
    return image


def kept(folder):
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def make_picture(course, content=None, **given):
    values = {"alternative": "En orange vegg"} | given
    picture = CoursePicture(course=course, **values)
    pictures.keep(picture, pictures.made_of(uploaded(content or a_picture())))
    return picture


# --- What is made of an upload ------------------------------------------------------------------


def widths_of(width, height):
    return list(pictures.made_of(uploaded(a_picture(width, height))).files)


@pytest.mark.parametrize(
    ("size", "widths"),
    [
        ((2400, 1600), [320, 480, 800, 1200, 1600]),
        ((1000, 667), [320, 480, 800, 1000]),
        ((850, 567), [320, 480, 800]),  # 850 beside 800 is not worth a file
        ((3000, 640), [320, 480, 800, 960]),  # a wide one has the height of its middle
        ((700, 2000), [320, 480, 700]),
    ],
)
def test_it_is_made_in_a_few_widths_and_none_is_larger_than_what_was_uploaded(size, widths):
    assert widths_of(*size) == widths


def test_every_size_is_webp_three_by_two():
    for width, content in pictures.made_of(uploaded(a_picture(1600, 1600))).files.items():
        image = opened(content)
        assert image.format == "WEBP"
        assert image.size == (width, round(width * 2 / 3))


def test_a_picture_taken_on_its_side_stands_upright():
    """Orange above blue; the camera was held so that orange lies to the left in the file."""
    lying = Image.new("RGB", (800, 600), BLUE)
    lying.paste(ORANGE, (0, 0, 400, 600))
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned a quarter to the right
    written = BytesIO()
    lying.save(written, "JPEG", exif=exif)
    image = opened(pictures.made_of(uploaded(written.getvalue())).files[480])
    above, below = image.getpixel((240, 5)), image.getpixel((240, 315))
    assert above[0] > 180 > above[2]
    assert below[2] > 180 > below[0]


def test_where_and_with_what_it_was_taken_is_removed():
    exif = Image.Exif()
    exif[0x010F] = "Kameramerke"
    exif.get_ifd(0x8825)[2] = (59.0, 54.0, 44.0)  # the latitude
    screen = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    content = a_picture(
        kind="WEBP", exif=exif, icc_profile=screen, xmp=b"<x:xmpmeta>taken at home</x:xmpmeta>"
    )
    assert {"exif", "xmp", "icc_profile"} <= set(opened(content).info)
    for made in pictures.made_of(uploaded(content)).files.values():
        assert not {"exif", "xmp", "icc_profile"} & set(opened(made).info)
        assert b"Kameramerke" not in made
        assert b"taken at home" not in made


def test_a_transparent_picture_stands_on_white():
    written = BytesIO()
    Image.new("RGBA", (900, 600), (0, 0, 0, 0)).save(written, "PNG")
    image = opened(pictures.made_of(uploaded(written.getvalue())).files[480])
    assert image.mode == "RGB"
    assert min(image.getpixel((100, 100))) > 250


@pytest.mark.parametrize("mode", ["L", "P", "CMYK", "LA", "1"])
def test_any_kind_of_colours_will_do(mode):
    written = BytesIO()
    kind = "JPEG" if mode == "CMYK" else "PNG"
    Image.new("RGB", (900, 600), ORANGE).convert(mode).save(written, kind)
    assert opened(pictures.made_of(uploaded(written.getvalue())).files[800]).mode == "RGB"


def test_two_pictures_in_one_file_as_some_telephones_write_them_are_taken_for_the_first():
    first, second = Image.new("RGB", (900, 600), ORANGE), Image.new("RGB", (900, 600), BLUE)
    written = BytesIO()
    first.save(written, "MPO", save_all=True, append_images=[second])
    image = opened(pictures.made_of(uploaded(written.getvalue())).files[480])
    assert image.getpixel((10, 10))[0] > 180


# --- What is refused, in a sentence -------------------------------------------------------------


def moving(kind):
    frames = [Image.new("RGB", (900, 600), colour) for colour in (ORANGE, BLUE)]
    written = BytesIO()
    frames[0].save(written, kind, save_all=True, append_images=frames[1:])
    return written.getvalue()


def claiming(width, height):
    """A PNG of a few bytes that says it is that large."""
    content = bytearray(a_picture(4, 4, "PNG"))
    content[16:24] = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    content[29:33] = zlib.crc32(content[12:29]).to_bytes(4, "big")
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (lambda: b"", "unreadable"),
        (lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>", "unreadable"),
        (lambda: b"%PDF-1.7 not a picture", "unreadable"),
        (lambda: a_picture(kind="GIF"), "unreadable"),
        (lambda: a_picture(kind="TIFF"), "unreadable"),
        (lambda: a_picture()[:2000], "broken"),
        (lambda: a_picture(kind="PNG")[:900], "broken"),
        (lambda: moving("WEBP"), "moving"),
        (lambda: moving("PNG"), "moving"),
        (lambda: a_picture(479, 400), "too_few_pixels"),
        (lambda: a_picture(2000, 300), "too_few_pixels"),
        (lambda: claiming(8000, 7000), "too_many_pixels"),
        (lambda: claiming(60_000, 60_000), "too_many_pixels"),
    ],
)
def test_what_is_no_picture_for_a_page_is_refused(content, code):
    with pytest.raises(ValidationError) as refused:
        pictures.made_of(uploaded(content()))
    assert refused.value.code == code
    assert str(refused.value.messages[0]).endswith(".")


def test_a_file_of_too_many_bytes_is_refused():
    upload = uploaded(a_picture())
    upload.size = pictures.MAX_BYTES + 1
    with pytest.raises(ValidationError, match="20 MB"):
        pictures.made_of(upload)


# --- Keeping ------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_files_are_named_by_what_they_hold(folder):
    picture = make_picture(make_course())
    assert kept(folder) == [f"{picture.digest}-{width}.webp" for width in (320, 480, 800)]
    assert re.fullmatch("[0-9a-f]{40}", picture.digest)
    assert (picture.width, picture.height) == (800, 533)


@pytest.mark.django_db(transaction=True)
def test_another_picture_takes_the_place_of_the_files_of_the_first(folder):
    picture = make_picture(make_course())
    first = kept(folder)
    pictures.keep(picture, pictures.made_of(uploaded(a_picture(colour=BLUE))))
    assert len(kept(folder)) == 3
    assert not set(first) & set(kept(folder))


@pytest.mark.django_db(transaction=True)
def test_the_same_picture_again_keeps_its_files(folder):
    picture = make_picture(make_course())
    first = kept(folder)
    pictures.keep(picture, pictures.made_of(uploaded(a_picture())))
    assert kept(folder) == first


@pytest.mark.django_db(transaction=True)
def test_files_that_two_courses_share_go_with_the_last_of_them(folder):
    one, other = make_picture(make_course()), make_picture(make_course())
    pictures.drop(one)
    assert len(kept(folder)) == 3
    pictures.drop(other)
    assert kept(folder) == []


# --- In the admin -------------------------------------------------------------------------------


COUNTS = ("TOTAL", "INITIAL")


def address(course):
    return reverse("admin:catalog_course_change", args=[course.pk])


def typed(picture=None, **given):
    """What the page of a course sends; its copied parts are only looked at."""
    looked_at = (f"{part}-{count}_FORMS" for part in ("products", "texts") for count in COUNTS)
    values = {
        **dict.fromkeys(looked_at, "0"),
        "picture-TOTAL_FORMS": "1",
        "picture-INITIAL_FORMS": "1" if picture else "0",
        "picture-0-id": picture.pk if picture else "",
        "picture-0-course": picture.course.pk if picture else "",
        "picture-0-alternative": "En vegg",
    }
    return values | {f"picture-0-{name}": value for name, value in given.items()}


@pytest.mark.django_db
def test_staff_give_a_course_a_picture_and_the_copied_row_stays(admin_client, folder):
    course = make_course("Sveising")
    sent = admin_client.post(address(course), typed(upload=uploaded(a_picture()), title="Nytt"))
    assert sent.status_code == 302
    assert course.picture.alternative == "En vegg"
    assert len(kept(folder)) == 3
    assert Course.objects.get().title == "Sveising"
    page = admin_client.get(address(course)).content.decode()
    assert course.picture.image.url in page


@pytest.mark.django_db
def test_pages_hear_of_a_new_picture(admin_client):
    make_generation(number=7)
    admin_client.post(address(make_course()), typed(upload=uploaded(a_picture())))
    assert Generation.objects.get().number == 8


@pytest.mark.django_db(transaction=True)
def test_staff_replace_and_take_away_a_picture(admin_client, folder):
    course = make_course()
    picture = make_picture(course)
    change = typed(picture, upload=uploaded(a_picture(colour=BLUE)))
    assert admin_client.post(address(course), change).status_code == 302
    assert CoursePicture.objects.get().digest != picture.digest
    assert len(kept(folder)) == 3
    assert admin_client.post(address(course), typed(picture, DELETE="on")).status_code == 302
    assert not CoursePicture.objects.exists()
    assert kept(folder) == []


@pytest.mark.django_db
def test_new_words_alone_leave_the_picture(admin_client, folder):
    picture = make_picture(make_course())
    before = kept(folder)
    admin_client.post(address(picture.course), typed(picture, alternative="Noe annet"))
    now = CoursePicture.objects.get()
    assert (now.alternative, now.digest) == ("Noe annet", picture.digest)
    assert kept(folder) == before


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"upload": None}, "Feltet er påkrevet"),
        ({"alternative": ""}, "Feltet er påkrevet"),
        ({"upload": b"noe helt annet"}, "ikke et bilde i JPEG"),
    ],
)
def test_what_is_missing_or_wrong_is_said_beside_the_field(admin_client, folder, given, said):
    values = {"upload": a_picture()} | given
    values["upload"] = uploaded(values["upload"]) if values["upload"] else ""
    page = admin_client.post(address(make_course()), typed(**values))
    assert page.status_code == 200
    assert said in page.content.decode()
    assert kept(folder) == []


@pytest.mark.django_db
def test_who_may_only_look_uploads_nothing(django_user_model, client, folder):
    user = django_user_model.objects.create_user("ser", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    client.force_login(user)
    assert (
        client.post(address(make_course()), typed(upload=uploaded(a_picture()))).status_code == 403
    )
    assert kept(folder) == []


# --- On pages -----------------------------------------------------------------------------------


@pytest.fixture
def shown(client):
    def render(course, size="card", language="nb"):
        with translation.override(language):
            course = Course.objects.with_picture().get(pk=course.pk)
            return render_to_string("catalog/_picture.html", {"course": course, "size": size})

    return render


@pytest.mark.django_db
def test_a_page_has_every_size_to_choose_from_and_knows_its_shape_before(shown):
    picture = make_picture(make_course(), a_picture(1200, 800))
    html = shown(picture.course)
    base = f"/media/pictures/{picture.digest}"
    sizes = ", ".join(f"{base}-{width}.webp {width}w" for width in (320, 480, 800, 1200))
    assert f'srcset="{sizes}"' in html
    assert 'width="1200" height="800" alt="En orange vegg" lang="nb" loading="lazy"' in html
    assert 'decoding="async"' in html
    assert "sizes=" in html


@pytest.mark.django_db
def test_the_picture_at_the_head_of_a_page_is_not_waited_for(shown):
    html = shown(make_picture(make_course()).course, "page")
    assert 'loading="lazy"' not in html


@pytest.mark.django_db
def test_the_words_are_those_of_the_language_where_there_are_any(shown):
    course = make_picture(make_course(), alternative_en="An orange wall").course
    assert 'alt="An orange wall" lang="en"' in shown(course, language="en")
    assert 'alt="En orange vegg" lang="nb"' in shown(course)
    course = make_picture(make_course()).course
    assert 'alt="En orange vegg" lang="nb"' in shown(course, language="en")


@pytest.mark.django_db
def test_a_lost_file_leaves_the_cover(shown):
    picture = make_picture(make_course())
    default_storage.delete(picture.image.name)
    html = shown(picture.course)
    assert "<img" not in html
    assert 'class="cover' in html


@pytest.mark.django_db
def test_pictures_of_a_list_cost_no_query_each(django_assert_num_queries, shown):
    for _ in range(3):
        make_picture(make_course())
        make_course()
    with django_assert_num_queries(2):
        found = [picture_of(course) for course in Course.objects.with_picture()]
    assert len([picture for picture in found if picture]) == 3


# --- From a file --------------------------------------------------------------------------------


@pytest.fixture
def on_disk(tmp_path_factory):
    path = tmp_path_factory.mktemp("pictures") / "bilde.jpg"
    path.write_bytes(a_picture())
    return path


@pytest.mark.django_db(transaction=True)
def test_a_command_gives_a_course_a_picture_and_pages_hear_of_it(folder, on_disk):
    make_generation(number=7)
    course = make_course(remote_id=42)
    call_command("give_picture", 42, on_disk, "En vegg")
    call_command("give_picture", 42, on_disk, "En orange vegg", english="An orange wall")
    course.refresh_from_db()
    assert (course.picture.alternative, course.picture.alternative_en) == (
        "En orange vegg",
        "An orange wall",
    )
    assert len(kept(folder)) == 3
    assert Generation.objects.get().number == 9


@pytest.mark.django_db
def test_the_command_says_what_is_wrong(on_disk):
    with pytest.raises(CommandError, match="no course 42"):
        call_command("give_picture", 42, on_disk, "En vegg")
    make_course(remote_id=42)
    with pytest.raises(CommandError, match="No such file"):
        call_command("give_picture", 42, on_disk.with_name("annet.jpg"), "En vegg")
    on_disk.write_bytes(b"noe annet")
    with pytest.raises(CommandError, match="ikke et bilde"):
        call_command("give_picture", 42, on_disk, "En vegg")
