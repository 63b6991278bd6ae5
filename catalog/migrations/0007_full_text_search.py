"""The full text index of SQLite over the search documents. Triggers keep it, so that it is right
whoever writes them; a later migration that makes the table of the documents anew has to make the
triggers anew as well. Other databases bring their own search (docs/decisions/0021-search.md)."""

from django.db import migrations, models

ROW = "title, names, text"
DROP_OLD = f"""
    INSERT INTO catalog_search(catalog_search, rowid, {ROW})
    VALUES ('delete', old.course_id, old.title, old.names, old.text);
"""
ADD_NEW = f"""
    INSERT INTO catalog_search(rowid, {ROW})
    VALUES (new.course_id, new.title, new.names, new.text);
"""
TRIGGERS = {
    "catalog_search_inserted": f"AFTER INSERT ON catalog_searchdocument BEGIN {ADD_NEW} END",
    "catalog_search_deleted": f"AFTER DELETE ON catalog_searchdocument BEGIN {DROP_OLD} END",
    "catalog_search_updated": (
        f"AFTER UPDATE ON catalog_searchdocument BEGIN {DROP_OLD} {ADD_NEW} END"
    ),
}
# Words come folded and cut already: every letter beyond ASCII is part of a word.
INDEX = f"""
    CREATE VIRTUAL TABLE catalog_search USING fts5(
        {ROW}, content='catalog_searchdocument', content_rowid='course_id',
        tokenize='ascii', prefix='1 2 3 4 5 6'
    )
"""


def make(apps, schema_editor):
    if schema_editor.connection.vendor != "sqlite":
        return
    schema_editor.execute(INDEX)
    schema_editor.execute(
        "CREATE VIRTUAL TABLE catalog_search_words USING fts5vocab(catalog_search, 'col')"
    )
    for name, what in TRIGGERS.items():
        schema_editor.execute(f"CREATE TRIGGER {name} {what}")
    schema_editor.execute("INSERT INTO catalog_search(catalog_search) VALUES ('rebuild')")


def drop(apps, schema_editor):
    if schema_editor.connection.vendor != "sqlite":
        return
    for name in TRIGGERS:
        schema_editor.execute(f"DROP TRIGGER {name}")
    schema_editor.execute("DROP TABLE catalog_search_words")
    schema_editor.execute("DROP TABLE catalog_search")


class Migration(migrations.Migration):
    dependencies = [("catalog", "0006_finding_courses")]

    operations = [
        migrations.AddField(
            "searchdocument", "made_of", models.CharField(max_length=200, default="")
        ),
        migrations.RunPython(make, drop),
    ]
