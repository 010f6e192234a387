const {done, answered, fault, rows: lists, suggested, watching, is_quiet: isQuiet, has_links: hasLinks} = JSON.parse(data.content)
if (lists === undefined || state.row === undefined) { return }
state.sent = state.sent.filter(([number]) => number > done)
watched.textContent = watching ? `${watching} watched` : ""
const known = new Map([...rows.children].map((item) => [item.dataset.name, item]))
const wanted = new Set(lists.map(({name}) => name))
for (const [name, item] of known) {
  if (wanted.has(name)) { continue }
  if (item.contains(form)) { buttons.before(form) }
  item.remove()
}
lists.forEach((row, index) => {
  const {name, count, lacks} = row
  const item = known.get(name) ?? state.row()
  item.row = row
  item.dataset.name = name
  const [choose, bell, more] = item.children
  choose.children[0].textContent = name
  choose.children[1].textContent = lacks ? "no data" : count === null ? "…" : count.toLocaleString("en-US")
  choose.title = lacks
  choose.ariaPressed = `${row.is_chosen}`
  bell.ariaPressed = `${row.is_watched}`
  bell.title = row.is_watched ? "Watched. Click to stop." : "Watch: notifications lead with this list."
  bell.ariaLabel = `Watch ${name}`
  more.ariaLabel = `More for ${name}`
  more.ariaExpanded ??= "false"
  item.querySelector(".link").hidden = !hasLinks
  for (const kind of [".rename", ".remove"]) { item.querySelector(kind).hidden = !row.is_own }
  more.hidden = !hasLinks && !row.is_own
  if (rows.children[index] !== item) { rows.insertBefore(item, rows.children[index] ?? null) }
})
buttons.hidden = suggested === "" || !form.hidden
hint.hidden = suggested !== "" || lists.some((row) => row.is_chosen)
hush.hidden = watching === 0
quiet.checked = isQuiet
if (state.submitted && answered >= state.submitted) {
  state.submitted = 0
  if (fault) { note.textContent = fault; title.setAttribute("aria-invalid", "true"); title.focus() }
  else {
    title.removeAttribute("aria-invalid")
    const made = [...rows.children].find(({row}) => !state.before.has(row.name))
    state.shut()
    // The row with the form may have gone, and the focus with it.
    const isHere = document.activeElement === document.body || view.shadow_el.activeElement
    if (isHere) { made?.querySelector(".choose").focus() }
  }
} else if (fault && answered > (state.faulted ?? 0)) { state.say(fault) }
state.faulted = answered
