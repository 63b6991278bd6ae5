from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0007_full_text_search")]

    operations = [
        migrations.AddField(
            model_name="provider",
            name="logo_height",
            field=models.PositiveIntegerField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="provider",
            name="logo_is_light",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name="provider",
            name="logo_width",
            field=models.PositiveIntegerField(blank=True, editable=False, null=True),
        ),
        migrations.AlterField(
            model_name="provider",
            name="logo",
            field=models.FileField(
                blank=True,
                help_text=(
                    "SVG, PNG, WebP or JPEG, at most 1 MB. A light logo without a ground of its own"
                    " suits the dark header best; a dark one gets a white plate."
                ),
                upload_to="provider/",
                verbose_name="logo",
            ),
        ),
    ]
