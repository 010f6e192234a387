const WAIT = 150
state.number = 0
state.count = 0
state.active = -1

const ask = (what, ...rest) => {
  clearTimeout(state.timer)
  if (what !== "type") { state.chosenFor = input.value }
  state.count += 1
  data.asked = JSON.stringify([what, ...rest, state.count])
}
state.options = () => [...list.children]
// aria-controls can only refer to an id in the same shadow tree; Panel makes ids unique.
input.setAttribute("aria-controls", list.id)

state.place = () => {
  if (getComputedStyle(field).position === "fixed") {
    const bar = view.el.closest("header") ?? root.getRootNode().host
    field.style.top = `${Math.max(0, bar.getBoundingClientRect().bottom)}px`
  } else {
    field.style.top = ""
  }
}
state.activate = (at) => {
  const options = state.options()
  state.active = at
  options.forEach((option, i) => option.setAttribute("aria-selected", String(i === at)))
  if (at >= 0) {
    input.setAttribute("aria-activedescendant", options[at].id)
    options[at].scrollIntoView({block: "nearest"})
  } else {
    input.removeAttribute("aria-activedescendant")
  }
}
state.show = (isOpen) => {
  popup.hidden = !isOpen
  input.setAttribute("aria-expanded", String(isOpen && list.children.length > 0))
  if (!isOpen) { state.activate(-1) }
}
state.choose = (at) => {
  state.show(false)
  ask("choose", state.number, at)
}
const fold = () => { root.classList.remove("unfolded") }
const unfold = () => {
  root.classList.add("unfolded")
  state.place()
  input.focus()
  input.select()
}
const clean = () => {
  input.value = ""
  clear.hidden = true
  key.hidden = false
  state.show(false)
  ask("type", "")
}

input.oninput = () => {
  clear.hidden = input.value === ""
  key.hidden = !clear.hidden
  clearTimeout(state.timer)
  if (input.value.trim() === "") { state.show(false); live.textContent = ""; ask("type", ""); return }
  state.timer = setTimeout(() => ask("type", input.value), WAIT)
}
input.onfocus = () => {
  input.select()
  // The server prepares its index while the person types the first letters.
  if (!state.isPrepared) { state.isPrepared = true; ask("type", "") }
}
input.onblur = () => { state.show(false); fold() }
input.onkeydown = (event) => {
  const last = state.options().length - 1
  if (event.isComposing) { return }
  // No name begins with the key that leads here, so that it can be pressed again.
  const isAllSelected = input.selectionStart === 0 && input.selectionEnd === input.value.length
  if (event.key === "/" && isAllSelected) { event.preventDefault(); return }
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault()
    if (last < 0) { return }
    const isClosed = popup.hidden
    state.show(true)
    const isDown = event.key === "ArrowDown"
    if (isClosed && state.active < 0) { state.activate(isDown ? 0 : last); return }
    const next = state.active + (isDown ? 1 : -1)
    state.activate(next > last ? -1 : next < -1 ? last : next)
  } else if (event.key === "Enter") {
    event.preventDefault()
    if (input.value.trim() === "") { return }
    if (state.active >= 0) { state.choose(state.active) } else { ask("enter", input.value) }
  } else if (event.key === "Escape") {
    if (!popup.hidden) { state.show(false) } else if (input.value !== "") { clean() } else { input.blur() }
    event.stopPropagation()
  }
}
// Before the field loses the focus.
popup.onmousedown = (event) => { event.preventDefault() }
list.onclick = (event) => {
  const at = state.options().indexOf(event.target.closest("[role=option]"))
  if (at >= 0) { state.choose(at) }
}
clear.onmousedown = (event) => { event.preventDefault() }
clear.onclick = () => { clean(); input.focus() }
opener.onclick = unfold

const isField = (node) =>
  node?.matches?.("input, textarea, select, [contenteditable], [contenteditable] *, [role=textbox]")
const onKey = (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) { return }
  if (isField(event.composedPath()[0])) { return }
  event.preventDefault()
  unfold()
}
document.addEventListener("keydown", onKey)
addEventListener("resize", state.place)
state.forget = () => {
  document.removeEventListener("keydown", onKey)
  removeEventListener("resize", state.place)
}
