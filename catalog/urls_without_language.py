"""The catalogue's addresses that are the same in every language."""

from django.urls import path

from catalog import views

urlpatterns = [
    path("embed.js", views.embed_script, name="embed_script"),
    path("sitemap.xml", views.sitemap_index, name="sitemap_index"),
    path("sitemap-<slug:language>-<int:number>.xml", views.sitemap, name="sitemap"),
    path("sitemap-<slug:language>.xml", views.sitemap, name="sitemap"),
]
