const BELL = "M12 3a6 6 0 0 0-6 6v4l-2 4h16l-2-4V9a6 6 0 0 0-6-6zM10 20a2 2 0 0 0 4 0"
const make = (tag, kind, parent) => {
  const element = document.createElement(tag)
  if (kind) { element.className = kind }
  if (tag === "button") { element.type = "button" }
  parent?.append(element)
  return element
}
const bell = () => {
  const [svg, path] = ["svg", "path"].map((tag) => document.createElementNS("http://www.w3.org/2000/svg", tag))
  svg.setAttribute("viewBox", "0 0 24 24")
  svg.setAttribute("aria-hidden", "true")
  path.setAttribute("d", BELL)
  svg.append(path)
  return svg
}
// What a click on a button of a row does, by its class.
const uses = {
  choose: (item) => state.ask("choose", item.row.name),
  bell: (item) => state.ask("watch", item.row.name, !item.row.is_watched),
  more: (item, button) => {
    const menu = item.querySelector(".menu")
    menu.hidden = !menu.hidden
    button.ariaExpanded = `${!menu.hidden}`
  },
  link: async (item) => {
    const url = new URL(window.damInventory?.href ?? window.location.href)
    url.hash = ""
    url.search = `${item.row.query}&list=${encodeURIComponent(item.row.name)}`
    try {
      await copy(url.href)
      state.say("Link copied.")
    } catch { state.say(`The link is ${url.href}`) }
  },
  rename: (item) => state.open(item),
  remove: (item) => {
    state.removed = item.row
    state.ask("remove", item.row.name)
    state.say(`"${item.row.name}" has been removed.`, true)
    undo.focus()
  },
}
state.row = () => {
  const item = make("li")
  const choose = make("button", "choose", item)
  make("span", "name", choose)
  make("span", "count", choose)
  make("button", "bell", item).append(bell())
  make("button", "more", item).textContent = "⋯"
  const menu = make("div", "menu", item)
  menu.hidden = true
  for (const [kind, text] of [["link", "Copy link"], ["rename", "Rename"], ["remove", "Remove"]]) {
    make("button", kind, menu).textContent = text
  }
  item.onclick = ({target}) => {
    const button = target.closest("button")
    if (button?.className in uses) { uses[button.className](item, button) }
  }
  return item
}
