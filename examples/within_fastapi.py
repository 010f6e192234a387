"""A page of a FastAPI application, under /water, with the health that its open pages ask for.

    pip install bokeh-fastapi fastapi uvicorn
    python examples/within_fastapi.py

and open http://localhost:5006/water/dams.
"""

import uvicorn
from fastapi import FastAPI
from panel.io.fastapi import add_application

from dam_inventory import DamInventoryApp, Runtime, Settings
from dam_inventory.server.health import Health

app = FastAPI()
runtime = Runtime(Settings(database_url="sqlite:///dam_inventory.db"))
health = Health(lambda: runtime)


@app.get("/water/health")
async def report() -> dict[str, object]:
    return (await health.report()).as_json()


@add_application("/water/dams", app=app, title="Dam Inventory")
def dams() -> DamInventoryApp:
    return DamInventoryApp(runtime)


if __name__ == "__main__":
    uvicorn.run(app, port=5006, log_level="warning")
