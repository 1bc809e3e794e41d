"""The admin's frame: sections in order of work."""

from django.contrib import admin


class AdminSite(admin.AdminSite):
    site_header = "cxalign"
    site_title = "cxalign"
