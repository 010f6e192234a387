const {columns, chosen, rows, search: words, selected, ticked: number, turn, isWhole, mayRemove,
  question: asked, refusal: refused, arrived, places, sort, first, last, count, pages, page, size: most, summary, reason} = JSON.parse(data.content)

// Cells stay and get other texts, so that the focus and a screen reader stay where they are.
const focused = view.shadow_el.activeElement
const isInside = focused !== null && grid.contains(focused)
const dam = isInside ? focused.closest("tr").dataset.id : undefined
const isLike = (element, key) => element.dataset.key === key
state.waiting = state.waiting.filter((one) => one.turn > turn)
// This content may have been made before the last ticks.
const unanswered = new Map(state.waiting.map(({dam, on}) => [dam, on]))
if (data.columns === chosen) { state.arranged = undefined }
const signature = columns.map(({name, unit}) => `${name} ${unit}`).join()

const written = (number) => number.toLocaleString("en-US")
const make = (tag, properties) => Object.assign(document.createElement(tag), properties)
if (!isLike(head, signature)) {
  const line = make("tr")
  const corner = make("th", {scope: "col", className: "tick"})
  corner.append(make("input", {type: "checkbox", tabIndex: -1}))
  line.append(corner)
  for (const {name, label, unit, kind} of columns) {
    const heading = unit ? `${label} (${unit})` : label
    const cell = make("th", {scope: "col", className: kind, ariaLabel: heading})
    cell.dataset.name = name
    const button = make("button", {type: "button", tabIndex: -1, ariaLabel: `Sort by ${heading}`, title: heading})
    button.append(make("span", {className: "label", textContent: label}))
    if (unit) { button.append(" ", make("span", {className: "unit", textContent: unit})) }
    cell.append(button, make("span", {className: "edge", ariaHidden: "true"}))
    line.append(cell)
  }
  line.append(make("td", {className: "rest", role: "presentation"}))
  head.replaceChildren(line)
  head.dataset.key = signature
  widths.replaceChildren(...[...columns, null, null].map(() => make("col")))
  body.replaceChildren()
}
// Names take the width that is left, but leave room for other columns on a phone.
const others = columns.slice(1).reduce((sum, {width}) => sum + width, 36)
const usual_name = `clamp(min(${columns[0].width}px, 44cqw), 100cqw - ${others}px, 340px)`
const name_width = columns[0].isSet ? `${columns[0].width}px` : usual_name
widths.firstElementChild.style.width = "36px"
grid.style.setProperty("--fixed", `calc(36px + ${name_width})`)
grid.style.minWidth = `calc(${others}px + ${name_width})`
columns.forEach(({width, sort: sign, place}, index) => {
  widths.children[index + 1].style.width = index ? `${width}px` : name_width
  const cell = head.rows[0].cells[index + 1]
  cell.ariaSort = {1: "ascending", "-1": "descending", 0: "none"}[sign]
  cell.firstElementChild.dataset.place = place || ""
})
// On a phone the heads of most columns are hidden.
order.replaceChildren(...columns.map(({name, label}) => make("option", {value: name, textContent: label})))
const [leading] = sort.split(",")
const isTurned = leading.startsWith("-")
order.value = leading.replace(/^-/, "")
turned.textContent = isTurned ? "↓" : "↑"
turned.ariaLabel = turned.title = isTurned ? "Descending" : "Ascending"
const sorted = columns.findIndex(({name}) => name === order.value)
const briefly = (texts) => {
  const [hazard, line] = texts[columns.length]
  const value = sorted > 0 && texts[sorted]
  const {unit} = columns[sorted] ?? {}
  return [hazard, value && !line.includes(value) ? `${unit ? `${value} ${unit}` : value} · ${line}` : line]
}
const every = head.rows[0].cells[0].firstElementChild
every.checked = isWhole
every.indeterminate = number !== "" && !isWhole
every.ariaLabel = every.title = `Select all ${written(count)} dams`

const drawn = () => {
  const line = make("tr")
  const corner = make("td", {className: "tick", tabIndex: -1})
  corner.append(make("input", {type: "checkbox", tabIndex: -1}))
  line.append(corner)
  for (const {kind} of columns) { line.append(make("td", {className: kind, tabIndex: -1})) }
  line.append(make("td", {className: "rest", role: "presentation"}))
  return line
}
const write = {
  name: (cell, text, place, _, [hazard, line]) => {
    cell.replaceChildren(text, ...(place ? [" ", make("span", {className: "place", textContent: place})] : []))
    Object.assign(cell.dataset, {letter: hazard[0] ?? "", brief: line})
    cell.title = place ? `${text}, ${place}` : text
  },
  hazard: (cell, text) => { cell.textContent = text; cell.dataset.letter = text[0] ?? "" },
  plot: (cell, text, place, name) => {
    cell.replaceChildren()
    if (text) { cell.append(make("button", {type: "button", tabIndex: -1, textContent: text, ariaLabel: `Plot the hydrograph of ${name}`})) }
  },
  text: (cell, text) => { cell.textContent = cell.title = text },
}
while (body.rows.length > rows.length) { body.lastElementChild.remove() }
while (body.rows.length < rows.length) { body.append(drawn()) }
// What a reload has brought is marked for some seconds, not again with the next sort.
if (state.arrivedAt !== arrived.at) { Object.assign(state, {arrivedAt: arrived.at, marksEnd: Date.now() + 10_000}) }
const isMarked = (id) => Date.now() < state.marksEnd && arrived.ids.includes(id)
rows.forEach(([id, wasTicked, place, ...texts], index) => {
  const isTicked = unanswered.get(id) ?? wasTicked
  const line = body.rows[index]
  line.dataset.id = id
  line.classList.toggle("arrived", isMarked(id))
  line.ariaRowIndex = String(first + index + 1)
  line.ariaSelected = String(isTicked)
  if (id === selected) { line.setAttribute("aria-current", "true") } else { line.removeAttribute("aria-current") }
  const box = line.cells[0].firstElementChild
  box.checked = isTicked
  box.ariaLabel = `Select ${texts[0]}`
  columns.forEach(({kind}, at) => {
    const cell = line.cells[at + 1]
    const brief = briefly(texts)
    const drawn = JSON.stringify([texts[at], kind === "name" && [place, brief], kind === "plot" && texts[0]])
    if (cell.drawn === drawn) { return }
    cell.drawn = drawn
    ;(write[kind] ?? write.text)(cell, texts[at], place, texts[0], brief)
  })
})
// The lines may show other dams now.
state.places = places
state.mark()
state.pointAt()
grid.ariaRowCount = String(count + 1)
if (isInside) {
  const there = dam === undefined ? -1 : rows.findIndex(([id]) => String(id) === dam)
  if (there >= 0) { state.at.row = there + 1 }
}
const stop = state.stop()
if (isInside && stop !== view.shadow_el.activeElement) { stop.focus({preventScroll: true}) }

none.hidden = rows.length > 0
none.textContent = reason
total.textContent = summary
ticks.hidden = number === ""
if (refusal.textContent !== refused) { refusal.textContent = refused }
ticked.textContent = number === "" ? "" : `${number} selected`
remove.hidden = !mayRemove
all.hidden = isWhole || count === 0
all.textContent = `Select all ${written(count)}`
range.textContent = count === 0 ? "" : `${written(first)}–${written(last)} of ${written(count)}`
previous.disabled = page === 0
next.disabled = page >= pages - 1
const wasAsked = !question.hidden
// A button that was disabled has lost the focus; but nobody who went elsewhere is called back.
const isHeld = question.contains(view.shadow_el.activeElement) || document.activeElement === document.body
question.hidden = asked === null
if (asked !== null) {
  sentence.textContent = asked.text || sentence.textContent
  confirm.hidden = asked.isRefused
  confirm.disabled = keep.disabled = asked.isBusy
  keep.textContent = asked.isRefused ? "Close" : "Keep"
  // The harmless answer has the focus when the question is asked, and after a refusal.
  if (!wasAsked || (asked.isRefused && isHeld)) { keep.focus() }
} else if (wasAsked && isHeld) {
  (ticks.hidden || remove.hidden ? stop : remove).focus()
}
if (chooser.matches?.(":popover-open")) { state.choose() }
const note = (key, value) => window.damInventory?.set(key, value)
note("search", words)
note("selected", selected)
note("sort", sort === "dam_name" ? "" : sort)
note("descending", "")
note("columns", chosen)
// A URL with a selected dam and no page leads to the page with that dam.
note("page", page > 0 || selected !== null ? page + 1 : "")
note("rows", most === 10 ? "" : most)
