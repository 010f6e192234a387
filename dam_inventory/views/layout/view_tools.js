const UNITS = "dam_inventory.units"
// A browser may deny its storage.
state.remembered = () => { try { return localStorage.getItem(UNITS) } catch { return null } }
state.remember = (name) => { try { localStorage.setItem(UNITS, name) } catch { /* as above */ } }
coloring.onchange = () => { data.color_by = coloring.value }
share.onclick = async () => {
  window.damInventory?.note?.()
  try {
    await copy(window.damInventory?.href ?? window.location.href)
    told.textContent = "Link copied."
  } catch { told.textContent = "Copy the address of this page to share it." }
  clearTimeout(state.telling)
  state.telling = setTimeout(() => { told.textContent = "" }, 4000)
}
system.onchange = () => { data.units = system.value }
self.show()
// A link says in which units its numbers are; other pages have those that the person chose last.
const remembered = state.remembered()
if (remembered !== null && !new URLSearchParams(window.location.search).has("units")) {
  // What is set while this is drawn does not reach the server.
  requestAnimationFrame(() => { if ([...system.options].some(({value}) => value === remembered)) { data.units = remembered } })
}
