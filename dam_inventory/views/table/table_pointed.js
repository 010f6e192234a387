// The dam that is pointed at, here or on the map.
const lineOf = (element) => element?.closest?.("tbody tr") ?? null
state.pointAt = () => {
  const focused = grid.matches(":focus-within") ? view.shadow_el.activeElement : null
  const line = [state.hovered, focused?.matches(":focus-visible") ? lineOf(focused) : null]
    .find((one) => one?.isConnected)
  const place = line ? state.places[line.sectionRowIndex] : null
  if (JSON.stringify(state.place ?? null) !== JSON.stringify(place ?? null)) { point(data.document, "row", place ?? null) }
  state.place = place
}
grid.addEventListener("pointerover", (event) => {
  // A finger leaves no mark: it does not hover.
  state.hovered = event.pointerType === "touch" ? null : lineOf(event.target)
  state.pointAt()
})
grid.addEventListener("pointerleave", () => { state.hovered = null; state.pointAt() })
grid.addEventListener("focusin", () => state.pointAt())
grid.addEventListener("focusout", () => queueMicrotask(() => state.pointAt()))
// Whoever uses the keys wants to see where they are, wherever the mouse rests.
grid.addEventListener("keydown", () => { state.hovered = null; state.pointAt() })
state.dots = []
state.mark = () => {
  for (const line of body.rows) { line.classList.toggle("pointed", state.dots.includes(Number(line.dataset.id))) }
}
onPointed(data.document, "dots", (dams) => { state.dots = dams; state.mark() })
