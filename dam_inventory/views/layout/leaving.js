// Back closes what was opened last, and leaves the page when nothing is left. The browser's history
// has an entry for each such layer; the state of an entry names those that were open.
const layers = {
  card: {isOpen: () => data.cards > 0, close: () => { data.closed += 1 }},
  upper: {isOpen: () => data.cards > 1, close: () => { data.closed += 1 }},
  tab: {isOpen: () => data.tab !== "table", close: () => { data.tab = "table" }},
  drawer: {isOpen: () => Boolean(look?.sidebar_open), close: () => { look.sidebar_open = false }},
  filters: {
    isOpen: () => root().hasAttribute("data-over"),
    close: () => root().dispatchEvent(new CustomEvent("foldfilters")),
  },
  list: {isOpen: () => listed?.hidden === false, close: () => press(listed.querySelector("[aria-label=Close]"))},
  panel: {
    isOpen: () => root().clientWidth < 768 && state.share === 1 && !handle.onpointermove,
    close: () => keep(stops().findLast((stop) => stop < 1)),
  },
}
let listed = null
const open = () => Object.keys(layers).filter((one) => layers[one].isOpen())
const noted = () => history.state?.layers ?? []
let before = []
let opened = []
let isReturning = false
// The entries become as many as the layers. What was closed otherwise leaves its entry.
const settle = () => {
  if (isReturning) { return }
  const spare = noted().length - opened.length
  if (spare > 0) {
    isReturning = true
    history.go(-spare)
    return
  }
  for (let number = noted().length + 1; number <= opened.length; number += 1) {
    history.pushState({...history.state, layers: opened.slice(0, number)}, "")
  }
  // One may have made way for another.
  if (`${noted()}` !== `${opened}`) { history.replaceState({...history.state, layers: [...opened]}, "") }
}
const follow = () => {
  if (!bar.isConnected) { return }
  const now = open()
  opened = opened.filter((one) => now.includes(one)).concat(now.filter((one) => !before.includes(one)))
  before = now
  settle()
}
const onPopped = () => {
  // The address of an entry is as old as the entry.
  const {href} = window.damInventory ?? {}
  if (href && href !== window.location.href) { history.replaceState(history.state, "", href) }
  if (isReturning) {
    isReturning = false
    settle()
    return
  }
  const closing = opened.splice(noted().length)
  for (const one of closing.toReversed()) { layers[one].close() }
  settle()
}

// The server knows of hidden forms, the page of what was typed while it had no connection.
const onLeave = (event) => {
  const app = window.damInventory
  if (app?.isReloading || !(data.unsaved || app?.isChanged())) { return }
  event.preventDefault()
  event.returnValue = true
}

// The title would load the page anew: it shows the whole map instead. Other keys and buttons still
// open a link in a new tab.
const onTitle = (event) => {
  const link = event.composedPath().find((one) => one.matches?.(".header a"))
  if (!link?.querySelector(".title") || event.ctrlKey || event.metaKey || event.shiftKey) { return }
  event.preventDefault()
  press(first(".tools [aria-label=Home]", root()))
}
const watchLayers = () => {
  // The dams in view, or at one place, over the map.
  listed = root() && inside(root()).find((one) => one.matches?.(".list[role=dialog]"))
  if (!listed) { requestAnimationFrame(watchLayers); return }
  const {signal} = ending
  root().getRootNode().addEventListener("click", onTitle, {signal})
  if (!data.is_served) { return }
  window.addEventListener("beforeunload", onLeave, {signal})
  // Frames share the history of the page around them.
  if (window.top !== window) { return }
  before = open()
  // After a reload, those that were opened before it.
  opened = noted().filter((one) => before.includes(one))
  const changes = new MutationObserver(follow)
  changes.observe(root(), {attributeFilter: ["data-tab", "data-cards", "data-over", "style"]})
  changes.observe(listed, {attributeFilter: ["hidden"]})
  look?.properties.sidebar_open?.change.connect(follow)
  window.addEventListener("popstate", onPopped, {signal})
  settle()
}
watchLayers()
