const KEY = "dam_inventory.filters"
const WIDE = 1280
let page = null

const isWide = () => page.clientWidth >= WIDE
const tell = () => {
  const isOpen = isWide() ? page.dataset.rail === "open" : page.hasAttribute("data-over")
  button.setAttribute("aria-expanded", `${isOpen}`)
  data.is_open = isOpen
}
const choose = (isOpen) => {
  if (isWide()) {
    page.dataset.rail = isOpen ? "open" : "closed"
    try { localStorage.setItem(KEY, page.dataset.rail) } catch { /* It may not be allowed. */ }
  } else { page.toggleAttribute("data-over", isOpen) }
  tell()
}
button.onclick = () => choose(button.getAttribute("aria-expanded") === "false")
const begin = () => {
  page = button.getRootNode().host?.getRootNode().host?.getRootNode().host
  const rail = page?.shadowRoot?.querySelector(".rail")
  if (!rail) { requestAnimationFrame(begin); return }
  rail.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || isWide()) { return }
    choose(false)
    button.focus()
    event.stopPropagation()
  })
  page.addEventListener("foldfilters", () => choose(false))
  let kept = null
  try { kept = localStorage.getItem(KEY) } catch { /* as above */ }
  page.dataset.rail = kept === "closed" ? "closed" : "open"
  tell()
  // The style sheet shows and hides the filters when the page gets another width: done here, after
  // the map has begun to follow, a second size in the same moment would not reach it.
  let wasWide = isWide()
  const sizes = new ResizeObserver(() => {
    if (!page.isConnected) { sizes.disconnect(); return }
    if (page.clientWidth === 0 || isWide() === wasWide) { return }
    wasWide = isWide()
    page.removeAttribute("data-over")
    tell()
  })
  sizes.observe(page)
}
begin()
