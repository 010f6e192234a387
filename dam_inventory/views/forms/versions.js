const rows = JSON.parse(data.content)
const choices = Object.fromEntries(rows.map(({field, chosen}) => [field, chosen]))
const make = (tag, properties) => Object.assign(document.createElement(tag), properties)
const written = ({text, word}) => make("span", {className: text === "" ? "word" : "", textContent: text || word})
const offered = (field, label, name, version, chosen) => {
  const cell = make("td")
  const line = make("label")
  const box = make("input", {type: "radio", name: field, checked: chosen === name})
  box.ariaLabel = `${label}: ${name === "mine" ? "yours" : "theirs"}, ${version.text || version.word}`
  box.addEventListener("change", () => { choices[field] = name; data.chosen = JSON.stringify(choices) })
  line.append(box, written(version))
  cell.append(line)
  return cell
}
for (const old of [...table.tBodies]) { old.remove() }
table.append(...rows.map(({field, label, before, theirs, mine, chosen}) => {
  const group = make("tbody")
  group.insertRow().append(make("th", {scope: "rowgroup", colSpan: 3, textContent: label}))
  const line = group.insertRow()
  line.insertCell().append(written(before))
  line.append(
    offered(field, label, "theirs", theirs, chosen), offered(field, label, "mine", mine, chosen),
  )
  return group
}))
// The table is filled before it is shown.
let frames = 120
const enter = () => {
  if (heading.checkVisibility()) { heading.focus({preventScroll: true}); return }
  frames -= 1
  if (frames > 0) { requestAnimationFrame(enter) }
}
if (rows.length > 0) { enter() }
