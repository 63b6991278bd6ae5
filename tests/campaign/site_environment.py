"""The environment of a site of the campaign. No Django in here: it is read before there is one."""

from tests.environment import bare


def environment(folder, simulator):
    """What a process of such a site has in its environment."""
    return bare(
        LANG="C.UTF-8",
        DJANGO_SETTINGS_MODULE="config.settings",
        DATA_DIR=str(folder),
        STATIC_ROOT=str(folder),
        SECRET_KEY="only-for-the-campaign-" + "x" * 40,
        SITE_URL="http://testserver",
        ALLOWED_HOSTS="testserver,127.0.0.1",
        HTTPS="false",
        DEBUG="false",
        DEMO="false",
        DATABASE_URL="",
        REDIS_URL="",
        EMAIL_HOST="",
        ADMINS="staff@fjordskolen.example",
        FRONTCORE_URL=simulator.url,
        FRONTCORE_API_KEY=simulator.key,
        FRONTCORE_RATE="0",
        CACHALOT_ENABLED="false",  # has tests of its own, and here only costs time
        LOG_LEVEL="CRITICAL",
        MIN_FILL_S="0",
    )
