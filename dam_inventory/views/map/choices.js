const content = data.choices && JSON.parse(data.choices)
const {x_range, y_range, inner_width: width, inner_height: height} = laidOut() ?? {}
const wasOpen = !list.hidden && state.isView
state.isView = Boolean(content?.is_view)
list.hidden = !content || !width
lister.ariaExpanded = `${!list.hidden && state.isView}`
list.classList.toggle("view", state.isView)
const isOpen = !list.hidden && state.isView
if (isOpen !== wasOpen && (wasOpen || region.clientHeight < 200)) {
  region.dispatchEvent(new CustomEvent("needroom", {bubbles: true, composed: true, detail: isOpen}))
}
if (list.hidden) { return }
const {label, x, y} = content
list.ariaLabel = label
heading.textContent = label
more.textContent = content.more
more.hidden = content.more === ""
const focused = [...dams.children].find((one) => one === view.shadow_el.activeElement)?.value
dams.replaceChildren(...content.dams.map(([id, text]) => {
  const button = document.createElement("button")
  button.type = "button"
  button.textContent = text
  button.value = id
  button.onclick = () => { data.chosen = 0; data.chosen = id }
  return button
}))
const again = [...dams.children].find((one) => one.value === focused)
if (state.isView) {
  list.style.left = list.style.top = ""
  // What had the focus may have left the view.
  if (!wasOpen) { (dams.firstElementChild ?? shut).focus() } else if (focused) { (again ?? shut).focus() }
  return
}
// Beside the place, but within the map.
const right = (x - x_range.start) / (x_range.end - x_range.start) * width
const down = (y_range.end - y) / (y_range.end - y_range.start) * height
list.style.left = `${Math.max(8, Math.min(right + 12, width - list.offsetWidth - 8))}px`
list.style.top = `${Math.max(8, Math.min(down - 20, height - list.offsetHeight - 8))}px`
dams.firstElementChild?.focus()
