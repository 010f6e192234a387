// A ring at the dam whose row in the table is pointed at; null for none. It is not on the canvas,
// which would have to be drawn again.
const ring = () => {
  const {x_range, y_range, inner_width: width, inner_height: height} = laidOut() ?? {}
  if (!state.place || !width) { pointed.hidden = true; return }
  const [x, y] = state.place
  const right = (x - x_range.start) / (x_range.end - x_range.start) * width
  const down = (y_range.end - y) / (y_range.end - y_range.start) * height
  pointed.hidden = !(0 <= right && right <= width && 0 <= down && down <= height)
  pointed.style.translate = `${right}px ${down}px`
}
onPointed(data.document, "row", (place) => {
  const now = figure() // There is none while a page is drawn anew.
  if (place && now && state.followed !== now) {
    state.followed = now
    follow(now, ring)
  }
  state.place = place
  ring()
})
