from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as StockUserAdmin
from django.utils.translation import gettext_lazy as _

from cxalign.accounts.models import User


@admin.register(User)
class UserAdmin(StockUserAdmin):
    fieldsets = (*(StockUserAdmin.fieldsets or ()), (_("Preferences"), {"fields": ("language",)}))
    list_display = ("username", "email", "is_active", "is_staff", "last_login")
