import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0005_cancelling_rules"), ("booking", "0004_settling")]

    operations = [
        migrations.AlterModelOptions(
            name="booking",
            options={
                "ordering": ["-created_at", "-pk"],
                "permissions": [("export_booking", "Can export bookings")],
                "verbose_name": "booking",
                "verbose_name_plural": "bookings",
            },
        ),
        migrations.AddField(
            model_name="booking",
            name="privacy",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="catalog.terms",
                verbose_name="privacy notice as shown",
            ),
        ),
        migrations.AddField(
            model_name="booking",
            name="withdrawal",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="catalog.terms",
                verbose_name="right of withdrawal as shown",
            ),
        ),
        migrations.AddField(
            model_name="followup",
            name="seen_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="seen by staff"),
        ),
        migrations.AlterField(
            model_name="followup",
            name="booking",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="follow_ups",
                to="booking.booking",
                verbose_name="booking",
            ),
        ),
        migrations.AlterField(
            model_name="followup",
            name="participant",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="follow_ups",
                to="booking.participant",
                verbose_name="participant",
            ),
        ),
        migrations.AlterField(
            model_name="followup",
            name="state",
            field=models.CharField(
                choices=[
                    ("due", "to be sent"),
                    ("sending", "being sent"),
                    ("done", "done"),
                    ("refused", "refused"),
                    ("uncertain", "uncertain"),
                    ("given_up", "given up"),
                ],
                db_index=True,
                default="due",
                max_length=10,
                verbose_name="state",
            ),
        ),
    ]
