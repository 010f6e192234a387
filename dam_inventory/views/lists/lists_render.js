state.say = (text, canUndo = false) => { told.textContent = text; undo.hidden = !canUndo }
// The form gives a new list its name, or, in its row, a list another one.
state.open = (item = null) => {
  state.renamed = item?.row.name ?? null
  what.textContent = item ? "New name" : "Name of the list"
  title.value = item ? item.row.name : JSON.parse(data.content).suggested
  note.textContent = item ? "" : JSON.parse(data.content).note
  if (item) { item.append(form) } else { buttons.before(form) }
  form.hidden = false
  buttons.hidden = true
  state.say("")
  title.focus()
  title.select()
  title.scrollLeft = 0
}
state.shut = () => {
  if (form.hidden) { return }
  const isHere = form.contains(view.shadow_el.activeElement)
  const {suggested} = JSON.parse(data.content)
  buttons.hidden = suggested === ""
  const goal = form.closest("li")?.querySelector(".choose") ?? (suggested ? save : fold.querySelector("summary"))
  form.hidden = true
  buttons.before(form)
  if (isHere) { goal.focus() }
}
form.onsubmit = (event) => {
  event.preventDefault()
  if (state.renamed === null) { state.ask("save", title.value) } else { state.ask("rename", state.renamed, title.value) }
  state.before = new Set([...rows.children].map(({row}) => row.name))
  state.submitted = state.sent.at(-1)[0]
}
form.onkeydown = (event) => {
  if (event.key !== "Escape") { return }
  state.shut()
  event.stopPropagation()
}
cancel.onclick = () => state.shut()
save.onclick = () => state.open()
watch.onclick = () => {
  state.ask("watch filter")
  state.say("The filter is a list now, and watched.")
  fold.querySelector("summary").focus()
}
quiet.onchange = () => state.ask("quiet", quiet.checked)
undo.onclick = () => {
  const {name, query, is_watched: isWatched} = state.removed
  state.ask("restore", name, query, isWatched)
  state.say(`"${name}" is back.`)
  fold.querySelector("summary").focus()
}
fold.ontoggle = () => {
  const {is_open: isOpen} = JSON.parse(data.content)
  if (fold.open !== isOpen) { state.ask("open", fold.open) }
}
self.content()
// The focus was on the button that has asked for the lists, which is hidden then.
const begin = () => {
  if (!fold.isConnected) { requestAnimationFrame(begin); return }
  const one = focused()
  if (one === null || one.matches("button.lists")) { fold.querySelector("summary").focus({preventScroll: true}) }
}
begin()
