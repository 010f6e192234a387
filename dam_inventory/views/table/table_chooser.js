if (!data.choices) { return }
const make = (tag, properties) => Object.assign(document.createElement(tag), properties)
// The list is drawn again after each change; the same control keeps the focus.
const groups = JSON.parse(data.choices)
const fields = new Map(groups.flatMap(([, some]) => some.map(([name, label, has]) => [name, {label, has}])))
// What was chosen last; the answer may still be on the way.
const columns = state.arranged ?? JSON.parse(data.content).columns
const held = view.shadow_el.activeElement?.dataset?.control
const top = options.scrollTop
const names = columns.map(({name}) => name)
const words = wanted.value.trim().toLowerCase().split(/\s+/)
const isWanted = (label) => words.every((word) => label.toLowerCase().includes(word))

const line = (name, label, place, hasValues) => {
  const row = make("li")
  const text = make("label")
  const box = make("input", {type: "checkbox", checked: place >= 0, disabled: place === 0})
  box.dataset.control = `check ${name}`
  box.onchange = () => state.arrange(
    box.checked ? [...columns, {name}] : columns.filter((one) => one.name !== name))
  text.append(box, " ", label)
  if (!hasValues) { text.append(" ", make("span", {className: "unit", textContent: "no values"})) }
  row.append(text)
  return row
}
const mover = (index, by, symbol, what, label) => {
  const to = index + by
  const button = make("button", {
    type: "button", textContent: symbol, ariaLabel: `Move ${label} ${what}`,
    disabled: to < 1 || to >= columns.length,
  })
  button.dataset.control = `${what} ${columns[index].name}`
  button.onclick = () => {
    const moved = [...columns]
    moved.splice(to, 0, ...moved.splice(index, 1))
    state.arrange(moved)
  }
  return button
}
const list = (title, rows) => {
  const items = make("ul")
  items.append(...rows)
  items.ariaLabel = title
  return rows.length ? [make("h3", {textContent: title}), items] : []
}
const shown = columns.flatMap(({name}, index) => {
  const {label, has} = fields.get(name)
  if (!isWanted(label)) { return [] }
  const row = line(name, label, index, has)
  if (index > 0) { row.append(mover(index, -1, "↑", "up", label), mover(index, 1, "↓", "down", label)) }
  return [row]
})
options.replaceChildren(
  ...list("Shown", shown),
  ...groups.flatMap(([group, some]) => list(group, some
    .filter(([name, label]) => !names.includes(name) && isWanted(label))
    .map(([name, label, has]) => line(name, label, -1, has)))),
)
if (!options.children.length) { options.append(make("p", {className: "none", textContent: "No column has this name."})) }
options.scrollTop = top
if (held) {
  const again = options.querySelector(`[data-control="${held}"]`)
  const [what, name] = held.split(" ")
  const other = options.querySelector(`[data-control="${what === "up" ? "down" : "up"} ${name}"]`)
  ;(again?.disabled === false ? again : other ?? again ?? wanted).focus({preventScroll: true})
}
