"""A customer's own templates and static files, from folders outside the repository."""

import subprocess
import sys

import pytest

from tests.environment import bare
from tests.test_settings import ROOT, SECRETS

ASK = """
import django
django.setup()
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.template.loader import render_to_string
call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=["admin"])
print(render_to_string("404.html"))
print(finders.find("css/site.css"))
print(finders.find("css/own.css"))
"""


@pytest.fixture
def own(tmp_path):
    """write(path, text) a file of the customer's; `said()` is what the site then says."""

    class Own:
        def write(self, path, text):
            file = tmp_path / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
            return file

        def said(self):
            given = SECRETS | bare(
                PYTHONPATH=str(ROOT),
                DATA_DIR=str(tmp_path / "data"),
                STATIC_ROOT=str(tmp_path / "collected"),
                DJANGO_SETTINGS_MODULE="config.settings",
                TEMPLATE_DIRS=str(tmp_path / "templates"),
                STATIC_DIRS=str(tmp_path / "static"),
            )
            command = [sys.executable, "-c", ASK]
            answer = subprocess.run(
                command, env=given, cwd=tmp_path, capture_output=True, text=True
            )
            assert answer.returncode == 0, answer.stderr
            return answer.stdout

    return Own()


def test_an_include_a_block_and_a_static_file_of_the_customers_win_over_ours(own):
    own.write("templates/includes/_wordmark.html", "<b>Havskolens own mark</b>")
    own.write(
        "templates/base.html",
        '{% extends "base.html" %}{% load static %}{% block own_head %}'
        '<link rel="stylesheet" href="{% static "css/own.css" %}">{% endblock %}',
    )
    styles = own.write("static/css/site.css", ":root { --accent: #fff }")
    own.write("static/css/own.css", "@layer tokens { :root { --round: 0 } }")
    said = own.said()
    assert "<b>Havskolens own mark</b>" in said
    assert 'class="wordmark"' not in said
    assert "css/own" in said, "our base is extended by one of the same name"
    assert 'class="skip-link"' in said, "and the rest of ours stays"
    assert str(styles) in said
    assert str(styles.with_name("own.css")) in said
