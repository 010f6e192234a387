"""A small Django site, whose page has the dashboard in a frame of the same origin.

nginx puts both under one address: see `beside_django.conf`.
"""

from django.conf import settings
from django.core.management import execute_from_command_line
from django.http import HttpRequest, HttpResponse
from django.urls import path

PAGE = """<!DOCTYPE html><html lang="en"><title>Our rivers</title><h1>Our rivers</h1>
<iframe src="/dams/dashboard" title="Dams" width="100%" height="900"></iframe>"""


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(PAGE)


urlpatterns = [path("", page)]

if __name__ == "__main__":
    settings.configure(ALLOWED_HOSTS=["localhost"], ROOT_URLCONF="__main__", SECRET_KEY="example")
    execute_from_command_line(["django", "runserver", "--noreload", "localhost:8000"])
