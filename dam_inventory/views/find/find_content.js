const {text, number, options = [], taken, said = "", nothing = ""} = JSON.parse(data.content)
if (number === undefined) { return }
state.number = number
// Names are text, never markup.
const written = (parts) => parts.map(([part, isMarked]) => {
  if (!isMarked) { return document.createTextNode(part) }
  const mark = document.createElement("mark")
  mark.textContent = part
  return mark
})
const line = (kind, parts) => {
  const span = document.createElement("span")
  span.className = kind
  span.append(...written(parts))
  return span
}
state.active = -1
input.removeAttribute("aria-activedescendant")
list.replaceChildren(...options.map(({name, note}, i) => {
  const option = document.createElement("li")
  option.id = `${list.id}-${i}`
  option.setAttribute("role", "option")
  option.setAttribute("aria-selected", "false")
  option.append(line("name", name), line("note", note))
  return option
}))
list.hidden = options.length === 0
none.textContent = nothing
none.hidden = nothing === ""
// Whoever has typed on since keeps what is typed.
const isTaken = taken !== null && input.value === state.chosenFor
if (isTaken) {
  input.value = taken
  clear.hidden = false
  key.hidden = true
}
const isFocused = view.shadow_el.activeElement === input
if (isFocused && isTaken) {
  // On a phone, the box covers the map.
  if (getComputedStyle(field).position === "fixed") { opener.focus() } else { input.select() }
}
state.show(isFocused && taken === null && (options.length > 0 || nothing !== ""))
live.textContent = said
