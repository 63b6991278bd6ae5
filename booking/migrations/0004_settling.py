from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("booking", "0003_after_the_booking")]

    operations = [
        migrations.CreateModel(
            name="Queue",
            fields=[],
            options={
                "verbose_name": "queue",
                "verbose_name_plural": "queue: what waits for you",
                "proxy": True,
                "default_permissions": (),
                "indexes": [],
                "constraints": [],
            },
            bases=("booking.booking",),
        ),
        migrations.AddField(
            model_name="booking",
            name="told_booking_id",
            field=models.BigIntegerField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="booking",
            name="told_order_id",
            field=models.BigIntegerField(blank=True, editable=False, null=True),
        ),
        migrations.AlterField(
            model_name="bookingevent",
            name="what",
            field=models.CharField(
                choices=[
                    ("received", "received"),
                    ("put_off", "put off"),
                    ("held", "kept for staff"),
                    ("refused_here", "refused before sending"),
                    ("claimed", "sending begun"),
                    ("ended", "answered"),
                    ("abandoned", "the sender was lost"),
                    ("released", "sent by staff"),
                    ("totals_seen", "difference of totals seen"),
                    ("refusal_seen", "refusal seen by staff"),
                    ("looked_up", "looked up in Frontcore"),
                    ("found", "found in Frontcore"),
                    ("send_again", "sent again by staff"),
                    ("written_off", "settled as not booked"),
                    ("cancel_asked", "cancellation asked for"),
                    ("cancel_claimed", "cancellation begun"),
                    ("cancel_ended", "cancellation answered"),
                    ("cancel_put_off", "cancellation put off"),
                    ("cancel_abandoned", "the sender of the cancellation was lost"),
                    ("cancel_settled", "cancellation settled by staff"),
                    ("change_asked", "change asked for"),
                    ("change_settled", "change settled"),
                    ("mail_sent", "mail sent"),
                    ("mail_failed", "mail not sent"),
                    ("mail_again", "mail sent again by staff"),
                    ("link_shown", "link shown to staff"),
                    ("followed_up", "sent along after the booking"),
                    ("anonymised", "anonymised"),
                ],
                max_length=20,
                verbose_name="what",
            ),
        ),
    ]
