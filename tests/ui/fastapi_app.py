"""The dashboard within a FastAPI application, for uvicorn."""

import os

from fastapi import FastAPI
from panel.io.fastapi import add_application

from dam_inventory import DamInventoryApp, Runtime, Settings

app = FastAPI()
runtime = Runtime(Settings(database_url=os.environ["DAMS"]))


@add_application("/dams", app=app, title="Dams")
def dams() -> DamInventoryApp:
    return DamInventoryApp(runtime)
