const places = data.choices && JSON.parse(data.choices)
const {x_range, y_range, inner_width: width, inner_height: height} = figure() ?? {}
list.hidden = !places || !width
if (list.hidden) { return }
const {label, x, y, dams, more} = places
list.ariaLabel = label
const button = (text, act) => {
  const made = document.createElement("button")
  made.type = "button"
  made.textContent = text
  made.onclick = act
  return made
}
const head = document.createElement("header")
const close = button("✕", () => { data.choices = ""; region.focus() })
close.ariaLabel = "Close"
head.append(label, close)
const rest = document.createElement("header")
rest.textContent = more
rest.hidden = more === ""
list.replaceChildren(head, ...dams.map(([id, text]) => button(text, () => { data.chosen = 0; data.chosen = id })), rest)
// Beside the place, but within the map.
const right = (x - x_range.start) / (x_range.end - x_range.start) * width
const down = (y_range.end - y) / (y_range.end - y_range.start) * height
list.style.left = `${Math.max(8, Math.min(right + 12, width - list.offsetWidth - 8))}px`
list.style.top = `${Math.max(8, Math.min(down - 20, height - list.offsetHeight - 8))}px`
list.querySelectorAll("button")[1]?.focus()
