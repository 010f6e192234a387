// A drag over a chart, or Shift with arrow keys, chooses a range.
const LEAST = 4
const SOON = 500
state.mark = (card) => {
  if (card.span) {
    state.preview(card, ...card.span)
  } else if (card.cursor && card.drawing.matches(":focus-visible")) {
    state.preview(card, card.cursor, card.cursor)
  }
}
state.preview = (card, from, to) => {
  card.front.replaceChildren(state.svg("rect", {class: "brush", ...card.brush.box(from, to)}))
  state.tell(card, card.brush.words(from, to))
}
state.askSoon = (card, from, to) => {
  clearTimeout(card.timer)
  card.span = [from, to]
  card.timer = setTimeout(() => state.askNow(card), SOON)
}
state.askNow = (card) => {
  clearTimeout(card.timer)
  if (!card.span) { return }
  card.brush.ask(...card.span)
  card.span = null
}
state.brushing = (card, title) => {
  if (card.kind !== "columns" && card.kind !== "cells") { return }
  const {drawing} = card
  drawing.classList.add("brushed")
  const at = ({clientX, clientY}) => {
    const {left, top} = drawing.getBoundingClientRect()
    return [clientX - left, clientY - top]
  }
  let start = null
  const end = () => {
    start = null
    card.span = null
    card.front.replaceChildren()
    state.tell(card, "")
  }
  drawing.onpointerdown = (event) => {
    card.isBrushed = false
    const [x, y] = at(event)
    if (event.button !== 0 || !card.brush.isIn(x, y)) { return }
    start = {x, y, from: card.brush.at(x, y)}
    // So that a drag does not mark text.
    if (event.pointerType === "mouse" && card.kind === "cells") { event.preventDefault(); drawing.focus({preventScroll: true}) }
  }
  drawing.onpointermove = (event) => {
    const [x, y] = at(event)
    if (event.buttons === 0) { start = null }
    if (start === null) {
      if (card.kind === "cells" && event.pointerType === "mouse") {
        const here = card.brush.at(x, y)
        state.tell(card, card.brush.isIn(x, y) ? card.brush.words(here, here) : "")
      }
      return
    }
    if (!card.isBrushed && Math.hypot(x - start.x, y - start.y) < LEAST) { return }
    if (!card.isBrushed) {
      card.isBrushed = true
      drawing.setPointerCapture(event.pointerId)
    }
    card.span = [start.from, card.brush.at(x, y)]
    state.preview(card, ...card.span)
  }
  drawing.onpointerup = () => {
    if (start === null) { return }
    const {from} = start
    const span = card.isBrushed ? card.span : card.kind === "cells" ? [from, from] : null
    // The click that ends a drag comes now, and is none; what a screen reader clicks later is one.
    setTimeout(() => { card.isBrushed = false })
    card.cursor = from
    end()
    if (span) { card.brush.ask(...span) }
  }
  drawing.onpointercancel = end
  drawing.onpointerleave = () => { if (start === null) { state.tell(card, "") } }
  if (card.kind === "cells") { keys(card, title, end) }
}
const keys = (card, title, end) => {
  const {drawing} = card
  drawing.setAttribute("role", "application")
  drawing.setAttribute("aria-roledescription", "chart")
  drawing.setAttribute("tabindex", 0)
  drawing.setAttribute("aria-label", `${title}. Arrow keys move a cursor, Shift and arrow keys mark a range, Enter filters by it.`)
  card.told.setAttribute("aria-live", "polite")
  let anchor = null
  const size = () => card.brush.size
  const show = () => state.preview(card, anchor ?? card.cursor, card.cursor)
  drawing.onfocus = () => {
    if (!drawing.matches(":focus-visible")) { return }
    card.cursor ??= size().map((one) => Math.floor(one / 2))
    show()
  }
  drawing.onblur = () => { anchor = null; end() }
  const STEPS = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1]}
  drawing.onkeydown = (event) => {
    const {key, shiftKey} = event
    card.cursor ??= size().map((one) => Math.floor(one / 2))
    if (key in STEPS) {
      event.preventDefault()
      anchor = shiftKey ? anchor ?? card.cursor : null
      card.cursor = card.cursor.map((one, axis) => Math.min(Math.max(one + STEPS[key][axis], 0), size()[axis] - 1))
      show()
    } else if (key === "Enter" || key === " ") {
      event.preventDefault()
      card.brush.ask(anchor ?? card.cursor, card.cursor)
      anchor = null
    } else if (key === "Escape" && anchor !== null) {
      event.stopPropagation()
      anchor = null
      show()
    }
  }
}
