const tab = ([name, text, count], shown) => {
  const button = make("button", `${text} `)
  button.dataset.name = name
  button.ariaPressed = `${name === shown}`
  button.append(make("b", number(count)))
  button.onclick = () => state.ask("list", name)
  return button
}
const entry = (one) => {
  const item = make("li")
  item.append(make("span", `Row ${number(one.row)}`, "row"), " ", make("b", one.name || ""))
  if (one.cell) { item.append(make("div", `${one.cell[0]}: ${one.cell[1]}`)) }
  for (const text of [one.evidence, one.reason]) { if (text) { item.append(make("div", text, "why")) } }
  for (const [label, old, now, isEdited] of one.differences) {
    const line = make("div", `${label}: `)
    line.append(make("del", old || "unknown"), " → ", make("ins", now || "unknown"))
    if (isEdited) { line.append(make("span", " edited here", "edited")) }
    item.append(line)
  }
  return item
}
const keep = (parent, key, fill) => {
  const text = JSON.stringify(key)
  if (parent.dataset.key === text) { return }
  parent.dataset.key = text
  fill()
}
state.find = (found) => {
  keep(lists, [found.lists, found.shown], () => {
    const at = lists.contains(view.shadow_el.activeElement)
    lists.replaceChildren(...found.lists.map((one) => tab(one, found.shown)))
    if (at) { lists.querySelector("[aria-pressed=true]")?.focus() }
  })
  hint.textContent = found.hint
  only.hidden = !found.is_filtered
  keep(field, [found.fields, found.field], () => {
    field.replaceChildren(option("", "All fields"), ...found.fields.map(([name, text, count]) =>
      option(name, `${text} (${number(count)})`, name === found.field)))
  })
  keep(entries, [found.shown, found.entries, found.columns], () => {
    csv.disabled = false
    entries.replaceChildren(...found.entries.map(entry), ...found.columns.map((one) => make("li", one)))
  })
  const last = Math.min(found.first + found.page, found.count)
  pager.hidden = found.count <= found.page || found.shown === "others"
  range.textContent = `${number(found.first + 1)} to ${number(last)} of ${number(found.count)}`
  previous.disabled = found.first === 0
  next.disabled = last === found.count
  previous.onclick = () => state.ask("page", found.first - found.page)
  next.onclick = () => state.ask("page", last)
  csv.hidden = found.shown === "others" || found.count === 0
  csv.onclick = () => { csv.disabled = true; state.ask("csv", found.shown) }
}
field.onchange = () => state.ask("only", field.value)
let texts = []
let saving = 0
state.save = ({number: which, file: title, text}) => {
  if (which !== saving) { texts = []; saving = which }
  if (text) {
    texts.push(text)
    state.ask("csv more", title)
    return
  }
  const link = document.createElement("a")
  link.href = URL.createObjectURL(new Blob(["\ufeff", ...texts], {type: "text/csv;charset=utf-8"}))
  link.download = title
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10000)
  texts = []
  csv.disabled = false
}
