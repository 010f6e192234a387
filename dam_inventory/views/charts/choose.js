// A click, Enter or Space on a mark chooses it; arrow keys go from mark to mark, one stop for Tab.
const ARROWS = {ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1]}
const markOf = (event) => event.target.closest?.("[role=option]")
const next = (elements, {mark}, key) => {
  if (key === "Home") { return elements[0] }
  if (key === "End") { return elements.at(-1) }
  const [down, right] = ARROWS[key]
  const at = (row, column) => elements.find(({mark: one}) => one.row === row && one.column === column)
  return at(mark.row + down, mark.column + right) ?? at(mark.row + down + right, mark.column) ?? at(mark.row, mark.column + down + right)
}
state.choosing = (card, title) => {
  const {options} = card
  if (card.kind === "cells") { return }
  for (const [name, value] of Object.entries({role: "listbox", "aria-label": title, "aria-multiselectable": "true", "aria-describedby": hint.id})) {
    options.setAttribute(name, value)
  }
  if (card.kind === "columns") { options.setAttribute("aria-orientation", "horizontal") }
  options.onclick = (event) => {
    const element = markOf(event)
    if (!element || card.isBrushed) { return }
    go(element)
    element.mark.ask(event.shiftKey || event.ctrlKey || event.metaKey)
  }
  const go = (element) => {
    for (const one of options.children) { one.setAttribute("tabindex", one === element ? 0 : -1) }
    element.focus({preventScroll: true})
  }
  options.addEventListener("focusin", (event) => {
    state.tell(card, markOf(event)?.mark.label)
    if (event.target.matches(":focus-visible")) { event.target.scrollIntoView({block: "nearest"}) }
  })
  options.addEventListener("focusout", () => state.tell(card, ""))
  options.onpointerover = (event) => state.tell(card, markOf(event)?.mark.label)
  options.onpointerleave = () => state.tell(card, options.contains(view.shadow_el.activeElement) ? view.shadow_el.activeElement.mark.label : "")
  let anchor = null
  options.onkeydown = (event) => {
    const element = markOf(event)
    if (!element) { return }
    const {key, shiftKey} = event
    if (key === "Enter" || key === " ") {
      event.preventDefault()
      element.mark.ask(key === " " || shiftKey || event.ctrlKey || event.metaKey)
      return
    }
    if (!(key in ARROWS) && key !== "Home" && key !== "End") { return }
    event.preventDefault()
    const goal = next([...options.children], element, key)
    if (!goal) { return }
    const isRange = shiftKey && card.brush && !goal.mark.isApart && !element.mark.isApart
    anchor = isRange ? anchor ?? element.mark.index : null
    go(goal)
    if (isRange) { state.preview(card, anchor, goal.mark.index); state.askSoon(card, anchor, goal.mark.index) }
  }
  options.onkeyup = ({key}) => { if (key === "Shift") { anchor = null; state.askNow(card) } }
}
