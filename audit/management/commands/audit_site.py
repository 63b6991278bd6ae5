import json
import time
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from audit.crawl import Silent
from audit.inspection import inspect
from audit.registry import CHECKS, choose
from audit.report import figures, for_programs, in_words, lines, summary


class Command(BaseCommand):
    help = (
        "Walks the running site and names what is wrong with its pages. Ends with 0 where nothing "
        "is, 1 where something is, 2 where it could not look: the site does not answer, or the "
        "command was not understood."
    )
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("address", nargs="?", default=settings.SITE_URL, help="(%(default)s)")
        parser.add_argument("--list", action="store_true", help="tell the checks, and do nothing")
        parser.add_argument("--only", nargs="+", default=[], metavar="CHECK", help="these checks")
        parser.add_argument("--skip", nargs="+", default=[], metavar="CHECK", help="all but these")
        parser.add_argument("--json", type=Path, metavar="FILE", help="write all of it there too")
        parser.add_argument(
            "--pages", type=int, default=5_000, metavar="N", help="ask at most so often (5000)"
        )
        parser.add_argument(
            "--each", type=int, default=0, metavar="N", help="of a kind of page; 0: all of them (0)"
        )
        parser.add_argument(
            "--sample",
            type=int,
            default=20,
            metavar="N",
            help="of a kind of form, state of a filter or file; 0: all of them (20)",
        )
        parser.add_argument(
            "--threads", type=int, default=4, metavar="N", help="ask so many at once (4)"
        )
        parser.add_argument(
            "--weight", type=float, default=40, metavar="KB", help="of the heaviest page (40)"
        )

    def handle(self, *args, address, only, skip, **options):
        try:
            wanted = choose(only, skip)
        except KeyError as unknown:
            said = f"There is no check {unknown}: --list tells them."
            raise CommandError(said, returncode=2) from None
        if options["list"]:
            for check in wanted:
                self.stdout.write(f"{check.name:18}{check.explanation}")
            return
        if urlsplit(address).scheme not in ("http", "https"):
            said = f"{address} is no address: it begins with http:// or https://"
            raise CommandError(said, returncode=2)
        started = time.monotonic()
        try:
            site, faults = inspect(
                address,
                wanted,
                heaviest=options["weight"] * 1000,
                most=options["pages"],
                each=options["each"],
                sample=options["sample"],
                threads=options["threads"],
                report=self.moving_line,
            )
        except Silent as silent:
            raise CommandError(f"{address} does not answer: {silent}", returncode=2) from None
        self.tell(site, faults, time.monotonic() - started, options)

    def tell(self, site, faults, seconds, options):
        numbers = figures(site, seconds)
        if options["json"]:
            told = for_programs(site, faults, numbers)
            options["json"].write_text(json.dumps(told, ensure_ascii=False, indent=1))
        explanations = {check.name: check.explanation for check in CHECKS.values()}
        for is_heading, line in lines(faults, explanations, all_of_them=options["verbosity"] > 1):
            self.stdout.write(line, self.style.ERROR if is_heading else None)
        if site.is_closed:
            self.stdout.write(
                "Closed to robots as a whole; judged as if it were open to what its sitemaps list."
            )
        self.stdout.write(in_words(numbers))
        if faults:
            raise CommandError(summary(faults))
        self.stdout.write(self.style.SUCCESS("No faults."))

    def moving_line(self, site):
        if self.stdout.isatty():
            self.stdout.write(f"\r  {len(site.answers):,} answers", ending="\r")
            self.stdout.flush()
