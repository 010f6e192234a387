const openMenu = (isOpen) => {
  menu.hidden = !isOpen
  paper.ariaExpanded = String(isOpen)
  if (!isOpen) { return }
  window.damInventory?.note?.()
  const there = new URL(window.location.href)
  const isInView = there.searchParams.has("in_view")
  for (const name of ["selected", "tab", "page", "rows", "columns", "compare", "color", "basemap", "view"]) { there.searchParams.delete(name) }
  if (isInView) { there.searchParams.set("view", window.damInventory.view(true)) }
  there.searchParams.set("report", "list")
  report.href = there.href
}
state.print = () => {
  openMenu(false)
  if (window.damInventory?.isAway) { window.print(); return }
  told.textContent = "Preparing the page for the printer …"
  clearTimeout(state.telling)
  state.telling = setTimeout(() => { told.textContent = "" }, 20_000)
  data.printing += 1
}
paper.hidden = !data.is_served
paper.onclick = () => openMenu(menu.hidden)
print.onclick = () => { paper.focus(); state.print() }
report.onclick = () => openMenu(false)
// The click also reaches the server.
out.addEventListener("click", () => { paper.focus(); openMenu(false) })
tools.onkeydown = (event) => {
  if (event.key !== "Escape" || menu.hidden) { return }
  event.stopPropagation()
  openMenu(false)
  paper.focus()
}
tools.onfocusout = ({relatedTarget}) => { if (!tools.contains(relatedTarget)) { openMenu(false) } }
