// Tell the server of a new view, once the last of several moves is made.
const moved = (figure) => {
  clearTimeout(state.moving)
  state.moving = setTimeout(() => Bokeh.index.find_one(figure)?.trigger_ranges_update_event(), 60)
}
// Take a map's canvas out of the tab order, where it would have no name.
const quiet = (figure) => {
  const events = Bokeh.index.find_one(figure)?.canvas_view?.events_el
  if (events) { events.tabIndex = -1 }
}
