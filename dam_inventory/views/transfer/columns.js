const CONTROLS = "select, input, button"
const labelled = (text, control) => {
  const label = make("label", text)
  label.append(control)
  return label
}
const field = (row, groups) => {
  const select = make("select")
  select.append(option("", "Other fact", row.field === ""))
  for (const [group, fields] of groups) {
    const part = document.createElement("optgroup")
    part.label = group
    part.append(...fields.map(([name, text]) => option(name, text, name === row.field)))
    select.append(part)
  }
  select.onchange = () => state.ask("take", row.heading, select.value)
  return labelled("Taken for", select)
}
const unit = (row) => {
  if (row.is_open) { return labelled("Unit", system(row)) }
  const select = make("select")
  if (!row.units.includes(row.unit)) { select.append(option("", "Choose …", true)) }
  select.append(...row.units.map((one) => option(one, one, one === row.unit)))
  select.onchange = () => state.ask("unit", row.heading, select.value)
  return labelled("Unit", select)
}
// Degrees, or any reference system by its code.
const system = (row) => {
  const input = make("input")
  input.value = row.unit
  input.placeholder = "degrees or EPSG:26912"
  const list = make("datalist")
  list.id = `systems-${data.id}-${row.heading}`
  list.append(...row.units.map((one) => option(one, one)))
  input.setAttribute("list", list.id)
  input.onchange = () => state.ask("unit", row.heading, input.value.trim())
  const both = make("span")
  both.append(input, list)
  return both
}
const mark = (row) => {
  const select = make("select")
  if (row.mark === "") { select.append(option("", "Choose …", true)) }
  select.append(option(".", "Point", row.mark === "."), option(",", "Comma", row.mark === ","))
  select.onchange = () => state.ask("mark", row.heading, select.value)
  return labelled("Decimal mark", select)
}
const item = (row, groups) => {
  const made = make("li")
  made.dataset.heading = row.heading
  const head = make("div", "", "what")
  head.append(make("b", row.heading), " ", make("span", row.samples.join(" · ") || "no values", "samples"))
  const controls = make("div", "", "controls")
  controls.append(field(row, groups))
  if (row.units.length > 1) { controls.append(unit(row)) }
  if (row.mark !== null) { controls.append(mark(row)) }
  for (const control of controls.querySelectorAll("select, input")) {
    control.ariaLabel = `${row.heading}: ${control.closest("label").firstChild.textContent}`
  }
  if (row.is_yes) {
    const yes = make("button", "Yes")
    yes.ariaLabel = `${row.heading}: Yes`
    yes.onclick = () => state.ask("yes", row.heading)
    controls.append(yes)
  }
  made.append(head)
  if (row.question) { made.append(make("p", row.question, "question")) }
  made.append(controls)
  return made
}
const place = () => {
  const here = view.shadow_el.activeElement
  const row = here?.closest("li")
  return row && [row.dataset.heading, [...row.querySelectorAll(CONTROLS)].indexOf(here)]
}
state.columns = ({rows: list, groups, more: text, unanswered: left}) => {
  const key = JSON.stringify(list)
  more.hidden = text === ""
  more.textContent = text
  unanswered.hidden = left === 0
  if (rows.dataset.key === key) { return }
  rows.dataset.key = key
  const at = place()
  rows.replaceChildren(...list.map((row) => item(row, groups)))
  const again = at && [...rows.children].find(({dataset}) => dataset.heading === at[0])
  const controls = again?.querySelectorAll(CONTROLS)
  controls?.[Math.min(at[1], controls.length - 1)]?.focus()
}
more.onclick = () => {
  state.ask("all columns", true)
  heading.focus()
}
another.onclick = leave.onclick = again.onclick = () => state.ask("leave")
look.onclick = () => state.ask("look")
back.onclick = () => state.ask("back")
cancel.onclick = () => state.ask("cancel")
undo.onclick = () => state.ask("undo")
