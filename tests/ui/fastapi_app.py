"""The dashboard within a FastAPI application, for uvicorn."""

import os

from fastapi import FastAPI
from panel.io.fastapi import add_application

from dam_inventory import DamInventoryApp, Runtime, Settings
from dam_inventory.server.health import Health

app = FastAPI()
runtime = Runtime(Settings(database_url=os.environ["DAMS"]))
health = Health(lambda: runtime)


@app.get("/health")
async def report() -> dict[str, object]:
    return (await health.report()).as_json()


@add_application("/dams", app=app, title="Dams")
def dams() -> DamInventoryApp:
    return DamInventoryApp(runtime)
