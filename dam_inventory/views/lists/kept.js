// Without a login, the browser keeps the work lists. Other windows of it follow.
const KEPT = "dam_inventory.lists"
const keptLists = () => { try { return localStorage.getItem(KEPT) ?? "" } catch { return "" } }
if (data.keeps_lists) {
  // What is set while this is drawn does not reach the server.
  if (keptLists()) { requestAnimationFrame(() => { data.lists = keptLists() }) }
  window.damInventoryLists?.abort()
  window.damInventoryLists = new AbortController()
  const {signal} = window.damInventoryLists
  window.addEventListener("storage", ({key}) => { if (key === KEPT) { data.lists = keptLists() } }, {signal})
}
