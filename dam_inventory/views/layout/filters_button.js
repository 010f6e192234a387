const KEY = "dam_inventory.filters"
const WIDE = 1280
let page = null

const set = (isOpen) => {
  page.dataset.rail = isOpen ? "open" : "closed"
  button.setAttribute("aria-expanded", `${isOpen}`)
  data.is_open = isOpen
}
const choose = (isOpen) => {
  set(isOpen)
  try { localStorage.setItem(KEY, isOpen ? "open" : "closed") } catch { /* It may not be allowed. */ }
}
const kept = () => { try { return localStorage.getItem(KEY) } catch { return null } }
button.onclick = () => choose(button.getAttribute("aria-expanded") === "false")
const begin = () => {
  page = button.getRootNode().host?.getRootNode().host?.getRootNode().host
  const rail = page?.shadowRoot?.querySelector(".rail")
  if (!rail) { requestAnimationFrame(begin); return }
  rail.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || page.clientWidth >= WIDE) { return }
    choose(false)
    button.focus()
    event.stopPropagation()
  })
  let isWide = null
  // Where there is no longer room for the filters beside the rest, they would cover it.
  const sizes = new ResizeObserver(() => {
    if (!page.isConnected) { sizes.disconnect(); return }
    if (page.clientWidth === 0 || isWide === page.clientWidth >= WIDE) { return }
    isWide = page.clientWidth >= WIDE
    set(isWide && kept() !== "closed")
  })
  sizes.observe(page)
}
begin()
