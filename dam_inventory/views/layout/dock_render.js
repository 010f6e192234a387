// The height is the browser's own matter: the server need not know it.
// On a narrow page a higher map would not show more land; on a low one there is no room for both.
const isLow = () => window.innerHeight < 320
const stops = () => isLow() ? [0, 1] : [0, window.innerWidth < 768 ? 0.45 : 0.34, 1]
const KEY = "dam_inventory.panel"

const page = state.page = () => bar.getRootNode().host?.getRootNode().host
state.set = (share) => {
  state.share = Math.min(Math.max(share, 0), 1)
  page()?.style.setProperty("--dock", `${state.share}`)
  page()?.toggleAttribute("data-folded", state.share === 0)
  larger.disabled = state.share === 1
  smaller.disabled = state.share === 0
  handle.setAttribute("aria-valuenow", Math.round(100 * state.share))
}
const keep = (share) => {
  state.set(share)
  try { localStorage.setItem(KEY, state.share) } catch { /* The browser may not allow it. */ }
}
state.raise = () => {
  const [, open] = stops()
  if (state.share < open) { keep(open) }
}
larger.onclick = () => keep(stops().find((stop) => stop > state.share) ?? 1)
smaller.onclick = () => keep(stops().findLast((stop) => stop < state.share) ?? 0)
handle.onkeydown = (event) => {
  const steps = {ArrowUp: 0.05, ArrowDown: -0.05, PageUp: 0.25, PageDown: -0.25, Home: -1, End: 1}
  if (!(event.key in steps)) { return }
  event.preventDefault()
  keep(state.share + steps[event.key])
}
handle.onpointerdown = (event) => {
  handle.setPointerCapture(event.pointerId)
  handle.onpointermove = ({clientY}) => {
    const {bottom, height} = page().getBoundingClientRect()
    state.set((bottom - bar.offsetHeight - clientY) / (height - bar.offsetHeight))
  }
}
handle.onlostpointercapture = () => {
  handle.onpointermove = null
  keep(state.share)
}
for (const tab of tabs.children) {
  tab.onclick = () => {
    data.tab = tab.value
    state.raise()
  }
}
tabs.onkeydown = (event) => {
  if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") { return }
  const all = [...tabs.children]
  const shown = all.findIndex((tab) => tab.tabIndex === 0)
  const other = all.at((shown + (event.key === "ArrowLeft" ? -1 : 1)) % all.length)
  other.focus()
  other.click()
}

let kept = isLow() && data.tab === "table" ? 0 : stops()[1]
try { kept = Number(localStorage.getItem(KEY) ?? kept) || 0 } catch { /* as above */ }
// A toast may stay for long where many add dams: it leaves the bar, the map's tools and the card in reach.
const TOOLS = 48
const place_toast = (card, map) => {
  const isPhone = window.innerWidth < 768
  const [least, height] = isPhone ? [56, 48] : [64, 152]
  const over = card.getBoundingClientRect()
  const {top, bottom} = map.getBoundingClientRect()
  const end = isPhone && over.width ? Math.min(bottom, over.top) : bottom
  const room = Math.max(least, Math.min(top + TOOLS, end - height))
  const {style} = document.documentElement
  style.setProperty("--card-beside", `${over.width}px`)
  // Over the bar of the page where a form fills a phone.
  style.setProperty("--toast-top", isPhone && over.width && over.top < least + height ? "4px" : `${room}px`)
}
// Bokeh forgets a plot whose container is told first that it has another size.
const drawn = new ResizeObserver(() => view.parent.compute_layout())
const begin = () => {
  const card = page()?.shadowRoot.querySelector(".side")
  if (!card) { requestAnimationFrame(begin); return }
  state.set(kept)
  self.tab()
  self.compared()
  const map = page().shadowRoot.querySelector(".map")
  const beside = new ResizeObserver(() => place_toast(card, map))
  for (const pane of [card, map]) { beside.observe(pane) }
  for (const pane of page().shadowRoot.querySelectorAll(".map, .sheet, .compare")) { drawn.observe(pane) }
}
begin()
