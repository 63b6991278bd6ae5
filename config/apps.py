from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"
    label = "wiring"

    def ready(self):
        from config import checks, query_cache  # noqa: F401  registers the checks

        query_cache.mend()
