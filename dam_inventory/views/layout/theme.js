// Follow the system until the person chooses a theme, which the browser then remembers.
const THEME = "dam_inventory.theme"
const {data: look} = view.model.document?.roots().find((root) => root.data?.attributes && "dark_theme" in root.data.attributes) ?? {}
if (look && data.is_served) {
  const system = matchMedia("(prefers-color-scheme: dark)")
  let chosen = null
  try { chosen = localStorage.getItem(THEME) } catch { /* as above */ }
  let applied
  const apply = (isDark) => { look.dark_theme = applied = isDark }
  // Page follows only what changes after it is drawn.
  requestAnimationFrame(() => apply(chosen ? chosen === "dark" : system.matches))
  system.onchange = () => { if (!chosen) { apply(system.matches) } }
  look.properties.dark_theme.change.connect(() => {
    if (look.dark_theme === applied) { return }
    applied = look.dark_theme
    chosen = applied ? "dark" : "light"
    try { localStorage.setItem(THEME, chosen) } catch { /* as above */ }
  })
}
