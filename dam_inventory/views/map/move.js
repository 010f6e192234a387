// Moves the map as a person does with a mouse. `fit.js` moves it for the server.
const figure = () => JSON.parse(data.figures).map((id) => data.document?.get_model_by_id(id)).find(Boolean)
// The figure once it is laid out: before that, to read its size is an error.
const laidOut = () => [figure()].find((one) => one && !one.properties.inner_width.is_unset)
const put = (start, end) => {
  const {x_range, y_range} = figure()
  x_range.setv({start: start[0], end: end[0]})
  y_range.setv({start: start[1], end: end[1]})
  moved(figure())
}
// right, up: in shares of the view. factor: above 1 to see more.
const move = (right, up, factor) => {
  const {x_range, y_range} = figure()
  const sizes = [x_range.end - x_range.start, y_range.end - y_range.start]
  const [low, high] = x_range.bounds
  const least = x_range.min_interval / Math.min(...sizes)
  const by = Math.min(Math.max(factor, least), (high - low) / Math.max(...sizes))
  const edges = [[x_range, right], [y_range, up]].map(([{start, end}, share], i) => {
    const size = sizes[i] * by
    const first = (start + end) / 2 + share * sizes[i] - size / 2
    return Math.min(Math.max(first, low), high - size)
  })
  put(edges, edges.map((edge, i) => edge + sizes[i] * by))
}
const goHome = () => {
  const {x_range: x, y_range: y} = figure()
  put([x.reset_start, y.reset_start], [x.reset_end, y.reset_end])
}
