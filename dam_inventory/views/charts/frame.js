// The frame of a chart: its title, what is pointed at, the drawing, its numbers as a table.
const made = (tag, properties, ...children) => {
  const element = Object.assign(document.createElement(tag), properties)
  element.append(...children)
  return element
}
const button = (label, title) => made("button", {type: "button", textContent: label, title})
state.cards = new Map()
const frame = ({name, title, kind}) => {
  const id = `chart-${name}`
  const card = {name, kind, isWhole: false, marks: new Map()}
  card.told = made("p", {className: "told"})
  card.drawing = state.svg("svg", {width: 0, height: 0})
  card.back = state.svg("g", {"aria-hidden": "true"})
  card.options = state.svg("g")
  card.front = state.svg("g", {"aria-hidden": "true"})
  card.drawing.append(card.back, card.options, card.front)
  card.plot = made("div", {className: "plot"}, card.drawing)
  card.none = made("p", {className: "none"})
  card.more = button("Show all", "")
  card.more.hidden = true
  const png = button("Save PNG", `Save "${title}" as a picture`)
  const csv = button("Numbers as CSV", `Save the numbers of "${title}"`)
  card.open = button("Table", `Show the numbers of "${title}" in a table`)
  card.open.ariaPressed = "false"
  for (const one of [png, csv, card.open, card.more]) { one.setAttribute("aria-describedby", id) }
  card.caption = made("caption")
  card.head = made("thead")
  card.body = made("tbody")
  card.numbers = made("div", {className: "numbers unseen", ariaLabel: `Numbers: ${title}`}, made("table", {}, card.caption, card.head, card.body))
  card.numbers.setAttribute("role", "region")
  const stage = made("div", {className: "stage"}, card.plot, card.none, card.numbers)
  card.element = made("section", {}, made("h3", {id, textContent: title}), card.told, stage,
    made("div", {className: "tools"}, card.more, png, csv, card.open))
  card.element.setAttribute("aria-labelledby", id)
  card.element.dataset.chart = name
  png.onclick = () => state.picture(card)
  csv.onclick = () => state.ask("csv", name)
  card.open.onclick = () => {
    const isOpen = card.element.classList.toggle("read")
    card.numbers.classList.toggle("unseen", !isOpen)
    card.open.ariaPressed = `${isOpen}`
    // Only what is seen scrolls, and can have the focus.
    if (isOpen) { card.numbers.tabIndex = 0 } else { card.numbers.removeAttribute("tabindex") }
  }
  card.more.onclick = () => { card.isWhole = !card.isWhole; state.draw(card) }
  state.choosing(card, title)
  state.brushing(card, title)
  return card
}
const line = (texts, isHead) => made("tr", {}, ...texts.map((text, column) => {
  const cell = made(isHead || column === 0 ? "th" : "td", {textContent: typeof text === "number" ? state.number(text) : text})
  if (cell.tagName === "TH") { cell.scope = isHead ? "col" : "row" }
  return cell
}))
const resized = new ResizeObserver((entries) => {
  for (const {target} of entries) { state.draw(target.card) }
})
state.show = (charts) => {
  root.ariaBusy = "false"
  for (const chart of charts) {
    let card = state.cards.get(chart.name)
    if (card === undefined) {
      card = frame(chart)
      card.chart = chart
      state.cards.set(chart.name, card)
      list.append(card.element)
      card.plot.card = card
      resized.observe(card.plot)
    }
    card.chart = chart
    card.total = chart.total
    card.none.textContent = chart.none
    card.element.classList.toggle("empty", chart.none !== "")
    card.caption.textContent = chart.caption ?? chart.title
    card.head.replaceChildren(line(chart.table[0], true))
    card.body.replaceChildren(...chart.table.slice(1).map((texts) => line(texts, false)))
    state.draw(card)
  }
  if (wait.hidden) { return }
  wait.hidden = true
  // Texts are measured; the font of the page may come later.
  document.fonts.ready.then(() => { for (const card of state.cards.values()) { state.draw(card) } })
}
