from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"
    label = "wiring"

    def ready(self):
        from config import checks, languages, query_cache  # noqa: F401  registers the checks

        languages.mend()
        query_cache.mend()
