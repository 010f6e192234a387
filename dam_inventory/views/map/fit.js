// Only the browser moves the map: if the server moved it, too, each would undo the other's move.
if (figure.properties.inner_width.is_unset || figure.properties.inner_height.is_unset) { return }
const {tags: asked, inner_width: width, inner_height: height, x_range, y_range} = figure
const home = y_range.tags
if (!(width > 0 && height > 0) || asked.length === 0 || home.length === 0) { return }
const [rectangle, west, south, east, north, place, x, y] = asked
const [lastRectangle, lastPlace, lastWidth, lastHeight, ...kept] = x_range.tags

const before = [x_range.start, y_range.start, x_range.end, y_range.end]
const perPixel = (before[2] - before[0]) / (lastWidth ?? width)
const around = (x, y, scale) => {
  const [dx, dy] = [scale * width / 2, scale * height / 2]
  return [x - dx, y - dy, x + dx, y + dy]
}
const fitted = ([x0, y0, x1, y1]) =>
  around((x0 + x1) / 2, (y0 + y1) / 2, Math.max((x1 - x0) / width, (y1 - y0) / height))
const isNow = (view) => view.length === 4 && view.every((edge, i) => Math.abs(edge - before[i]) < perPixel)
const shows = ([x0, y0, x1, y1]) => x0 < x && x < x1 && y0 < y && y < y1
const middle = [(before[0] + before[2]) / 2, (before[1] + before[3]) / 2]

const isNew = rectangle !== lastRectangle
const isResized = width !== lastWidth || height !== lastHeight
// A requested rectangle stays in view at any size until a person moves the map.
const isKept = isNew || isNow(kept)
let view = before
if (isNew || (isResized && isKept)) {
  view = fitted([west, south, east, north])
} else if (isResized) {
  const wasHome = isNow([x_range.reset_start, y_range.reset_start, x_range.reset_end, y_range.reset_end])
  view = wasHome ? fitted(home) : around(...middle, perPixel)
}
// Selecting a dam opens a card, which makes the map narrower.
const isFollowed = place > (lastPlace ?? 0) || (place > 0 && isResized && shows(before))
const isMoved = isFollowed && !shows(view)
if (isMoved) { view = around(x, y, (view[2] - view[0]) / width) }

const [x0, y0, x1, y1] = fitted(home)
x_range.setv({start: view[0], end: view[2], reset_start: x0, reset_end: x1})
y_range.setv({start: view[1], end: view[3], reset_start: y0, reset_end: y1})
x_range.tags = [rectangle, place, width, height, ...(isKept && !isMoved ? view : [])]
