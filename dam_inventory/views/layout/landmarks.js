// Names for the parts of Material's page that have none, and links past its bar.
const inside = (root, selector) => root?.querySelector(selector) ??
  [...root?.querySelectorAll("*") ?? []].map((one) => one.shadowRoot && inside(one.shadowRoot, selector)).find(Boolean)
const part = (name, selector) => inside(page()?.shadowRoot?.querySelector(name)?.shadowRoot, selector)
const material = () => page()?.getRootNode()

const changes = new MutationObserver(() => nameParts())
const nameParts = () => {
  if (!page()) { changes.disconnect(); return }
  const root = material()
  root.querySelector(".MuiLinearProgress-root")?.setAttribute("aria-label", "Waiting for the server")
  const theme = root.querySelector("button[aria-label='Toggle theme'], button[aria-label='Dark theme']")
  Object.assign(theme ?? {}, {ariaLabel: "Dark theme", ariaPressed: String(Boolean(look?.dark_theme))})
  const nav = root.querySelector("nav")
  if (nav) {
    const isOpen = nav.querySelector(".sidebar")?.checkVisibility({visibilityProperty: true})
    Object.assign(nav, isOpen ? {role: null, ariaLabel: "Layers and inventory"} : {role: "none", ariaLabel: null})
  }
  for (const [name, label] of [[".table", "Table"], [".charts", "Charts"], [".sheet", "Hydrograph"], [".compare", "Compare"]]) {
    Object.assign(page().shadowRoot.querySelector(name) ?? {}, {role: "tabpanel", ariaLabel: label})
  }
}

const HIDDEN = "position: fixed; left: 8px; top: -64px; z-index: 2000;"
const SEEN = `${HIDDEN} top: 8px; outline: 2px solid #1e88e5; outline-offset: 2px;`
const LOOK = "padding: 8px 16px; border: 1px solid; border-radius: 4px; font: 14px sans-serif;" +
  "background: Canvas; color: CanvasText; color-scheme: light dark; cursor: pointer;"
const skips = {
  "To the map": () => part(".map", "[role=region]")?.focus(),
  "To results": () => {
    data.tab = "table"
    state.raise()
    part(".table", "[role=region]")?.focus()
  },
}
const addSkips = () => {
  const nav = document.createElement("nav")
  nav.ariaLabel = "Skip"
  nav.append(...Object.entries(skips).map(([label, act]) => {
    const link = document.createElement("button")
    link.type = "button"
    link.textContent = label
    link.onfocus = () => { link.style.cssText = SEEN + LOOK }
    link.onblur = () => { link.style.cssText = HIDDEN + LOOK }
    link.onclick = act
    link.onblur()
    return link
  }))
  // A page that reconnects is drawn anew.
  document.querySelector("body > nav[aria-label=Skip]")?.remove()
  document.body.prepend(nav)
}

const noteTabbing = (isTabbing) => page()?.toggleAttribute("data-tabbing", isTabbing)

const name = () => {
  if (!material()?.querySelector?.("main, .main")) { requestAnimationFrame(name); return }
  nameParts()
  // Material draws its drawer and its bar again whenever they change.
  changes.observe(material(), {childList: true, subtree: true})
  look?.properties.sidebar_open?.change.connect(() => setTimeout(nameParts, 300))
  // Other keys open cards, which then lie above everything again.
  page().addEventListener("keydown", ({key}) => noteTabbing(key === "Tab" || key.startsWith("Arrow")), true)
  page().addEventListener("pointerdown", () => noteTabbing(false), true)
  // A map too low for a list gets the height of the panel, until the list is closed.
  let before = null
  page().addEventListener("needroom", ({detail: isNeeded}) => {
    const share = isNeeded ? 0 : before
    before = isNeeded ? state.share : null
    if (share !== null) { state.set(share) }
  })
  if (data.is_served) { addSkips() }
}
name()
