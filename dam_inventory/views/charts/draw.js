// Draws a chart again, in the size that it has; marks that stay keep their elements and the focus.
const place = (element, attributes) => { for (const [name, value] of Object.entries(attributes)) { element.setAttribute(name, value) } }
state.draw = (card) => {
  const width = Math.floor(card.plot.clientWidth)
  if (width === 0 || card.chart === undefined) { return }
  const {marks, back = [], height} = state.kinds[card.kind](card, card.chart, width, state.chosen)
  place(card.drawing, {width, height})
  card.back.replaceChildren(...back)
  card.front.replaceChildren()
  const hasChosen = marks.some(({isChosen}) => isChosen)
  card.drawing.classList.toggle("some", hasChosen)
  const focused = view.shadow_el.activeElement
  const before = card.marks
  card.marks = new Map()
  for (const mark of marks) {
    const element = before.get(mark.key) ?? state.svg("g", {role: "option", tabindex: -1})
    element.mark = mark
    element.replaceChildren(state.svg("rect", {class: "hit", x: mark.x, y: mark.y, width: mark.width, height: mark.height}), ...mark.children)
    place(element, {"aria-label": mark.label, "aria-selected": `${mark.isChosen}`})
    element.classList.toggle("head", Boolean(mark.isHead))
    card.marks.set(mark.key, element)
  }
  const elements = [...card.marks.values()]
  if (elements.some((element, index) => card.options.children[index] !== element) || card.options.children.length !== elements.length) {
    card.options.replaceChildren(...elements)
    const kept = card.options.contains(focused) ? focused : null
    // Replaced elements lose the focus, even if they are the same ones.
    kept?.focus({preventScroll: true})
  }
  const current = elements.find((element) => element === focused) ?? elements.find(({tabIndex}) => tabIndex === 0) ?? elements[0]
  for (const element of elements) { element.setAttribute("tabindex", element === current ? 0 : -1) }
  state.tell(card, card.options.contains(focused) ? focused.mark?.label : "")
  state.mark(card)
}
state.tell = (card, text) => {
  const told = text || card.total
  if (card.told.textContent !== told) { card.told.textContent = told }
}
