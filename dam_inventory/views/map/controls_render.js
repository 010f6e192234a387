const box = view.parent.el
plus.onclick = () => move(0, 0, 1 / 2)
minus.onclick = () => move(0, 0, 2)
home.onclick = goHome
whole.onclick = () => { document.fullscreenElement ? document.exitFullscreen() : box.requestFullscreen() }
// Only changes are sent: reset it, so that the same can be asked for again.
const ask = (what) => { data.wanted = ""; data.wanted = what }
all.onclick = () => ask("all")
found.onclick = () => ask("results")
const close = () => {
  const opener = state.isView ? lister : region
  data.choices = ""
  opener.focus()
}
shut.onclick = close
lister.onclick = () => { lister.ariaExpanded === "true" ? close() : ask("list") }
const keys = {
  ArrowLeft: () => move(-0.125, 0, 1), ArrowRight: () => move(0.125, 0, 1),
  ArrowUp: () => move(0, 0.125, 1), ArrowDown: () => move(0, -0.125, 1),
  "+": () => move(0, 0, 1 / 2), "=": () => move(0, 0, 1 / 2), "-": () => move(0, 0, 2), Home: goHome,
}
// On the box, because the map has the focus, too, after a click.
box.onkeydown = (event) => {
  if (event.key === "Escape" && !list.hidden) {
    close()
    event.stopPropagation()
    return
  }
  const isElsewhere = event.composedPath().some((one) => one === key || one === list)
  const act = keys[event.key]
  if (isElsewhere || act === undefined || event.ctrlKey || event.metaKey || event.altKey) { return }
  event.preventDefault()
  act()
}
// The map has one place in the tab order: the region, which has a name.
quiet(figure())
region.setAttribute("aria-describedby", description.id)
key.open = window.innerWidth >= 600 && window.innerHeight >= 500
self.about()
self.legend()
self.remark()
self.missing()
self.elsewhere()
self.choices()
self.offers()
self.dark()
