"""Routes of account pages: logging in and out, one's own account, and what 安全管理员 does to others'."""

from django.urls import path
from django.views.i18n import set_language

from shouhu.web.views import account, account_secure

urlpatterns = [
    path("login/", account.log_in, name="account-login"),
    path("login/code/", account.code, name="account-code"),
    path("logout/", account.log_out, name="account-logout"),
    path("language/", set_language, name="set_language"),
    path("account/", account.home, name="account-home"),
    path("account/password/", account.password, name="account-password"),
    path("account/second-factor/", account.second_factor, name="account-second-factor"),
    path("account/post/", account.switch, name="account-switch"),
    path("account/<int:pk>/<slug:verb>/", account_secure.secure, name="account-secure"),
]
