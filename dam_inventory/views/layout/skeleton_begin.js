// As theme.js, filters_button.js and dock_render.js keep it.
{
  const {dataset, style} = document.getElementById("skeleton")
  const kept = (key) => { try { return localStorage.getItem(`dam_inventory.${key}`) } catch { return null } }
  const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"
  dataset.theme = kept("theme") ?? system
  dataset.filters = kept("filters") ?? "open"
  const panel = kept("panel")
  if (panel !== null) { style.setProperty("--dock", Number(panel) || 0) }
  // A screen reader announces what changes.
  setTimeout(() => { document.getElementById("skeleton-note").textContent ||= "Loading …" }, 100)
}
