search.value = JSON.parse(data.content).search
size.value = String(data.page_size)
search.oninput = () => {
  clearTimeout(state.timer)
  state.timer = setTimeout(() => { data.search = search.value }, 200)
}
const content = () => JSON.parse(data.content)

// Of several changes within a moment only the last is sent, so it holds all that wait for an answer.
state.ticking = Date.now()
state.waiting = []
const ask = (request) => {
  state.ticking += 1
  state.waiting = [...state.waiting.slice(-99), {...request, turn: state.ticking}]
  data.ticked = JSON.stringify(state.waiting)
}
const tick = (row, isStretch) => {
  const dam = Number(row.dataset.id)
  const on = row.ariaSelected !== "true"
  ask({on, dam, ...(isStretch && state.anchor ? {from: state.anchor} : {})})
  state.anchor = dam
  // At once, so that a second key press before the answer is one more change.
  row.ariaSelected = String(on)
  row.querySelector("input").checked = on
}
const tick_all = () => ask({on: !content().isWhole, all: true})
const open = (row) => { data.clicked = 0; data.clicked = Number(row.dataset.id) }
const plot = (row) => { data.plotted = 0; data.plotted = Number(row.dataset.id) }
const sort = (name, isAdded) => {
  // What was asked last; its answer may still be on the way.
  const parts = (data.sort || content().sort).split(",")
  const toggled = (part) => part.startsWith("-") ? part.slice(1) : `-${part}`
  const is_it = (part) => part.replace(/^-/, "") === name
  if (!isAdded) { data.sort = parts.length === 1 && is_it(parts[0]) ? toggled(parts[0]) : name }
  else if (parts.some(is_it)) { data.sort = parts.map((part) => is_it(part) ? toggled(part) : part).join() }
  else { data.sort = [...parts, name].join() }
}

// The columns are remembered in this browser, but only what somebody has chosen, not a link's.
const storage = "dam-inventory-columns"
const attempt = (work) => { try { return work() } catch { return null } }
state.arrange = (columns) => {
  state.arranged = columns.length ? columns : undefined
  data.columns = columns.map(({name, width, isSet}) => isSet ? `${name}:${width}` : name).join()
  attempt(() => data.columns ? localStorage.setItem(storage, data.columns) : localStorage.removeItem(storage))
  if (chooser.matches(":popover-open")) { state.choose() }
}
const remembered = attempt(() => localStorage.getItem(storage))
if (remembered && !data.columns) {
  const restoring = setInterval(() => {
    // A value that is set during the first draw of the page does not reach the server.
    if (!data.document.is_idle) { return }
    clearInterval(restoring)
    if (!data.columns) { data.columns = remembered }
  }, 50)
}

// One cell of the grid can have the focus, or its button or checkbox: the tab stop.
state.at ??= {row: 1, cell: 1}
state.lines = () => [...head.rows, ...body.rows]
state.target = (cell) => cell.querySelector("button, input") ?? cell
state.cell = () => {
  const lines = state.lines()
  const line = lines[Math.min(state.at.row, lines.length - 1)]
  const cell = line.cells[Math.min(state.at.cell, line.cells.length - 2)]
  return state.target(cell.checkVisibility() ? cell : line.cells[1])
}
state.stop = () => {
  const stop = state.cell()
  if (state.stopped !== stop) {
    if (state.stopped) { state.stopped.tabIndex = -1 }
    state.stopped = stop
  }
  stop.tabIndex = 0
  return stop
}
const go = (row, cell) => {
  const lines = state.lines()
  // On a phone most columns are hidden.
  const last = [...lines[0].cells].findLastIndex((one) => one.tagName === "TH" && one.checkVisibility())
  state.at = {
    row: Math.max(0, Math.min(row, lines.length - 1)),
    cell: Math.max(0, Math.min(cell, last)),
  }
  const stop = state.stop()
  stop.focus()
  stop.scrollIntoView({block: "nearest", inline: "nearest"})
}
const turn = (pages) => {
  // `data.page` may be past the last page by now.
  const last = content().pages - 1
  data.page = Math.max(0, Math.min(last, Math.min(last, data.page) + pages))
}
const place = (event) => {
  const cell = event.target.closest("td, th")
  const line = cell?.parentElement
  return cell ? {cell: line.cells[Math.min(cell.cellIndex, line.cells.length - 2)], line} : null
}
grid.addEventListener("focusin", (event) => {
  const {cell, line} = place(event) ?? {}
  if (!cell) { return }
  state.at = {row: state.lines().indexOf(line), cell: cell.cellIndex}
  state.stop()
})
const widen = (name, by) => {
  const {columns} = content()
  const index = columns.findIndex((one) => one.name === name)
  const width = Math.round(head.rows[0].cells[index + 1].offsetWidth + by)
  Object.assign(columns[index], {width: Math.max(48, Math.min(800, width)), isSet: true})
  state.arrange(columns)
}
const act = {
  ArrowUp: ({row, cell}) => go(row - 1, cell),
  ArrowDown: ({row, cell}) => go(row + 1, cell),
  ArrowLeft: ({row, cell}) => go(row, cell - 1),
  ArrowRight: ({row, cell}) => go(row, cell + 1),
  Home: ({row, cell}, event) => event.ctrlKey ? go(0, cell) : go(row, 0),
  End: ({row, cell}, event) => event.ctrlKey ? go(Infinity, cell) : go(row, Infinity),
  PageUp: () => turn(-1),
  PageDown: () => turn(1),
}
grid.onkeydown = (event) => {
  const {cell, line} = place(event) ?? {}
  if (!cell || event.metaKey) { return }
  const name = cell.dataset.name
  const isHead = line.parentElement === head
  if (event.altKey) {
    const by = {ArrowLeft: -16, ArrowRight: 16}[event.key]
    if (!by || !isHead || !name) { return }
    widen(name, by)
  } else if (event.key in act) { act[event.key](state.at, event) }
  else if (event.key === "Enter" || event.key === " ") {
    const isBox = cell.cellIndex === 0
    if (isHead) { isBox ? tick_all() : sort(name, event.shiftKey) }
    else if (event.key === " " || isBox) { tick(line, event.shiftKey) }
    else if (event.target.tagName === "BUTTON") { plot(line) }
    else { open(line) }
  } else { return }
  event.preventDefault()
}
grid.onclick = (event) => {
  const {cell, line} = place(event) ?? {}
  if (!cell || event.target.className === "edge") { return }
  const isHead = line.parentElement === head
  if (cell.cellIndex === 0) {
    // The server says what is ticked.
    event.preventDefault()
    isHead ? tick_all() : tick(line, event.shiftKey)
  } else if (isHead) { if (cell.dataset.name) { sort(cell.dataset.name, event.shiftKey) } }
  else if (event.target.tagName === "BUTTON") { plot(line) }
  else { open(line) }
}
// Shift + click must not mark text.
grid.onmousedown = (event) => { if (event.shiftKey) { event.preventDefault() } }

head.onpointerdown = (event) => {
  if (event.target.className !== "edge" || event.button !== 0) { return }
  event.preventDefault()
  const edge = event.target
  const cell = edge.closest("th")
  const width = widths.children[cell.cellIndex]
  const before = cell.offsetWidth
  const by = (moved) => Math.max(48 - before, Math.min(800 - before, moved.clientX - event.clientX))
  edge.setPointerCapture(event.pointerId)
  edge.onpointermove = (moved) => { width.style.width = `${before + by(moved)}px` }
  edge.onpointerup = edge.onpointercancel = (moved) => {
    edge.onpointermove = edge.onpointerup = edge.onpointercancel = null
    if (moved.type === "pointerup" && by(moved)) { widen(cell.dataset.name, 0) }
    else { width.style.width = `${before}px` }
  }
}

order.onchange = () => {
  // Of the largest dams, not of the smallest, a person wants to know.
  const {kind} = content().columns.find(({name}) => name === order.value)
  data.sort = kind === "number" ? `-${order.value}` : order.value
}
turned.onclick = () => sort(order.value)
previous.onclick = () => turn(-1)
next.onclick = () => turn(1)
size.onchange = () => { data.page_size = Number(size.value) }
all.onclick = () => ask({on: true, all: true})
side_by_side.onclick = () => ask({compare: true})
clear.onclick = () => ask({clear: true})
const answer = (what) => { state.ticking += 1; data.removal = `${what} ${state.ticking}` }
remove.onclick = () => answer("ask")
confirm.onclick = () => answer("remove")
keep.onclick = () => answer("keep")
question.onkeydown = (event) => { if (event.key === "Escape") { answer("keep"); event.stopPropagation() } }

chooser.popover = "auto"
opener.popoverTargetElement = chooser
done.onclick = () => chooser.hidePopover()
usual.onclick = () => state.arrange([])
wanted.oninput = () => state.choose()
chooser.ontoggle = (event) => {
  opener.ariaExpanded = String(event.newState === "open")
  if (event.newState !== "open") { if (state.isHeld) { opener.focus() } return }
  wanted.value = ""
  data.asked ? state.choose() : (data.asked = true)
  wanted.focus()
}
chooser.onbeforetoggle = (event) => {
  state.isHeld = chooser.contains(view.shadow_el.activeElement)
  if (event.newState !== "open") { return }
  const {bottom, top, right} = opener.getBoundingClientRect()
  const isAbove = window.innerHeight - bottom < 320 && top > window.innerHeight - bottom
  const room = (isAbove ? top : window.innerHeight - bottom) - 12
  Object.assign(chooser.style, {
    right: `${Math.max(8, document.documentElement.clientWidth - right)}px`,
    top: isAbove ? "auto" : `${bottom + 4}px`,
    bottom: isAbove ? `${window.innerHeight - top + 4}px` : "auto",
    maxHeight: `${Math.max(160, Math.min(520, room))}px`,
  })
}
state.choose = () => self.choices()
self.content()
