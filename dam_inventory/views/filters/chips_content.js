const {done, summary: text, chips, offer, address} = JSON.parse(data.content)
if (summary.textContent !== text) { summary.textContent = text }
const keyOf = (name, value) => JSON.stringify([name, value])
const focused = view.shadow_el.activeElement?.closest("li")
const before = [...list.children]
const known = new Map(before.map((item) => [item.dataset.key, item]))
const made = (name, value) => {
  const item = document.createElement("li")
  item.dataset.key = keyOf(name, value)
  const label = document.createElement("span")
  const button = document.createElement("button")
  button.type = "button"
  button.textContent = "✕"
  button.dataset.name = name
  if (value !== null) { button.dataset.value = value }
  item.append(label, button)
  return item
}
const items = chips.map(([name, value, words]) => {
  const item = known.get(keyOf(name, value)) ?? made(name, value)
  item.firstChild.textContent = words
  item.lastChild.ariaLabel = `Remove filter ${words}`
  return item
})
// Elements that stay are not moved, so that they keep the focus.
for (const item of before) { if (!items.includes(item)) { item.remove() } }
items.forEach((item, index) => {
  if (list.children[index] !== item) { list.insertBefore(item, list.children[index] ?? null) }
})
if (focused && !focused.isConnected) {
  const next = items[Math.min(before.indexOf(focused), items.length - 1)]
  const goal = next?.lastChild ?? summary
  goal.focus()
}
if (view.shadow_el.activeElement === keep && offer === "") { summary.focus() }
keep.hidden = offer === ""
keep.textContent = keep.title = offer
all.hidden = items.length === 0
for (const [name, values] of Object.entries(address)) { window.damInventory?.set(name, values) }
state.sent = (state.sent ?? []).filter(([number]) => number > done)
