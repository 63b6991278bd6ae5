from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0011_told_by_feeds")]

    operations = [
        migrations.AddField(
            model_name="provider",
            name="embedding_sites",
            field=models.TextField(
                blank=True,
                help_text="One host a line, such as www.example.no; *.example.no is all below that domain, and a line with * alone every site. Empty: nobody may, and your lists are links there.",
                verbose_name="sites that may embed",
            ),
        ),
    ]
