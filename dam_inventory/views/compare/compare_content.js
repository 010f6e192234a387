const {dams, groups, summary: text, hint, selected} = JSON.parse(data.content)
const make = (tag, properties, ...children) => {
  const element = Object.assign(document.createElement(tag), properties)
  element.append(...children)
  return element
}
const held = view.shadow_el.activeElement
const place = held?.dataset.place
const column = held?.closest("th")?.cellIndex

if (summary.textContent !== text) { summary.textContent = text }
choice.hidden = dams.length < 2
clear.hidden = grid.hidden = dams.length === 0
none.textContent = hint
grid.style.setProperty("--dams", dams.length)
const isOnly = only.checked && dams.length > 1
grid.className = isOnly ? "only" : ""

const headOf = ({id, name, place}) => {
  const cell = make("th", {scope: "col", ariaLabel: name}, make("div", {className: "head"},
    make("button", {type: "button", className: "name", textContent: name, title: "Select on the map"}),
    make("button", {type: "button", className: "remove", textContent: "✕", ariaLabel: `Remove ${name} from the comparison`}),
  ), make("span", {className: "place", textContent: place}))
  for (const button of cell.querySelectorAll("button")) {
    button.dataset.dam = id
    button.dataset.place = `${button.className} ${id}`
  }
  if (id === selected) { cell.ariaCurrent = "true" }
  return cell
}
const cellOf = (text, kind) => {
  const cell = make("td", {className: kind})
  if (text === "") { cell.append(make("span", {className: "unknown", textContent: "unknown"})) }
  else if (kind === "link") { cell.append(make("a", {href: text, target: "_blank", rel: "noopener noreferrer", textContent: text})) }
  else { cell.textContent = text }
  if (kind === "hazard" && text !== "") { cell.dataset.letter = text[0] }
  return cell
}
const rowOf = ({label, hint, kind, texts, differs}) => {
  const heading = make("th", {scope: "row", title: hint})
  if (differs) {
    heading.append(make("span", {className: "mark", ariaHidden: "true", title: "These differ", textContent: "≠"}))
  }
  heading.append(label)
  if (differs) { heading.append(make("span", {className: "hidden", textContent: " (different)"})) }
  return make("tr", {className: differs ? "differs" : "same"}, heading, ...texts.map((one) => cellOf(one, kind)))
}
const groupOf = ([group, rows]) => make("tbody", {className: rows.some(({differs}) => differs) ? "" : "same"},
  make("tr", {}, make("th", {scope: "rowgroup", colSpan: dams.length + 1}, make("span", {textContent: group}))),
  ...rows.map(rowOf))

head.replaceChildren(...(dams.length ? [make("tr", {}, make("td"), ...dams.map(headOf))] : []))
for (const body of [...grid.tBodies]) { body.remove() }
grid.append(...groups.map(groupOf))

if (place && !held.isConnected) {
  const cells = head.rows[0]?.cells
  const same = head.querySelector(`[data-place="${place}"]`)
  const next = cells?.[Math.min(column, cells.length - 1)].querySelector(".remove")
  ;(same ?? next ?? box).focus({preventScroll: true})
}
state.sent = (state.sent ?? []).filter(([number]) => number > JSON.parse(data.content).done)
window.damInventory?.set?.("compare", dams.map(({id}) => id).join())
