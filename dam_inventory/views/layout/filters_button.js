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
  let kept = null
  try { kept = localStorage.getItem(KEY) } catch { /* as above */ }
  set(page.clientWidth >= WIDE && kept !== "closed")
}
begin()
