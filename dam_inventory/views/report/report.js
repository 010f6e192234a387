// The dashboard's theme, which the browser remembers; see `layout/theme.js`.
const system = matchMedia("(prefers-color-scheme: dark)")
const dress = () => {
  let chosen = null
  try { chosen = localStorage.getItem("dam_inventory.theme") } catch { /* The browser may not allow it. */ }
  const isDark = chosen ? chosen === "dark" : system.matches
  root.classList.toggle("dark", isDark)
  document.documentElement.style.background = isDark ? "#121212" : ""
}
system.onchange = dress
dress()
paper.onclick = () => window.print()
const here = new URL(window.location.href)
const there = new URL(here)
const dam = here.searchParams.get("report")
there.searchParams.delete("report")
if (/^\d+$/.test(dam)) { there.searchParams.set("selected", dam) }
back.href = there.href
const turned = new URL(here)
turned.searchParams.set("units", data.units === "us" ? "metric" : "us")
other.href = turned.href
other.textContent = data.units === "us" ? "Metric units" : "US units"
self.content()
self.notice()
