const boxes = {allfields: ["all fields"], overwrite: ["overwrite"], weak: ["weak"], bringback: ["bring back"]}
const elements = {allfields, overwrite, weak, bringback}
for (const [id, action] of Object.entries(boxes)) {
  elements[id].onchange = () => state.ask(...action, elements[id].checked)
}
add.onchange = update.onchange = () => state.ask("update", update.checked)
go.onclick = () => state.ask("import", go.textContent)
const box = ([name, text, count, isChosen]) => {
  const label = make("label")
  const input = make("input")
  input.type = "checkbox"
  input.value = name
  input.checked = isChosen
  input.onchange = () => state.ask("field", name, input.checked)
  label.append(input, ` ${text} (${number(count)})`)
  return label
}
state.choose = (chosen) => {
  add.checked = !chosen.update
  update.checked = chosen.update
  update.disabled = !chosen.can_update
  updating.hidden = !chosen.update
  allfields.checked = chosen.all_fields
  overwrite.checked = chosen.overwrite
  weak.checked = chosen.weak
  bringback.checked = chosen.bring_back
  hasweak.hidden = !chosen.has_weak
  hasremoved.hidden = !chosen.has_removed
  fields.hidden = chosen.all_fields
  const known = [...fields.querySelectorAll("input")]
  if (known.map(({value}) => value).join() === chosen.fields.map(([name]) => name).join()) {
    known.forEach((input, index) => { input.checked = chosen.fields[index][3] })
  } else { fields.replaceChildren(...chosen.fields.map(box)) }
  go.textContent = chosen.button || (chosen.is_counted ? "Nothing to import" : "Import")
  go.disabled = chosen.button === ""
}
