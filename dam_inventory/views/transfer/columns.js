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
  const select = make("select")
  const isKnown = row.units.includes(row.unit) && !row.question
  if (!isKnown) { select.append(option("", "Choose …", true)) }
  select.append(...row.units.map((one) => option(one, one, isKnown && one === row.unit)))
  select.onchange = () => state.ask("unit", row.heading, select.value)
  return labelled("Unit", select)
}
const item = (row, groups) => {
  const made = make("li")
  made.dataset.heading = row.heading
  const head = make("div", "", "what")
  head.append(make("b", row.heading), make("span", row.samples.join(" · ") || "no values", "samples"))
  const controls = make("div", "", "controls")
  controls.append(field(row, groups))
  if (row.units.length > 1) { controls.append(unit(row)) }
  for (const select of controls.querySelectorAll("select")) {
    select.ariaLabel = `${row.heading}: ${select.parentElement.firstChild.textContent}`
  }
  made.append(head)
  if (row.question) { made.append(make("p", row.question, "question")) }
  made.append(controls)
  return made
}
const place = () => {
  const here = view.shadow_el.activeElement
  const row = here?.closest("li")
  return row && [row.dataset.heading, [...row.querySelectorAll("select")].indexOf(here)]
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
  const selects = again?.querySelectorAll("select")
  selects?.[Math.min(at[1], selects.length - 1)]?.focus()
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
