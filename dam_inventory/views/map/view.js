// The scale factor of the projection is cosh(y / radius) (Snyder 1987, eq. 7-2 and 7-4).
const middle = (figure.y_range.start + figure.y_range.end) / 2
scale.dimensional.basis.mercator[0] = 1 / Math.cosh(middle / radius)
const app = window.damInventory
if (app === undefined) { return }
// Called only when the URL is written, because this script runs on every frame of a pan.
app.view = (isNeeded) => {
  const {x_range, y_range} = figure
  const isHome = [x_range, y_range].every((range) => {
    const near = (range.end - range.start) / 500
    return Math.abs(range.start - range.reset_start) < near && Math.abs(range.end - range.reset_end) < near
  })
  if (isHome && !isNeeded) { return "" }
  const degrees = 180 / Math.PI
  const latitude = (y) => (2 * Math.atan(Math.exp(y / radius)) - Math.PI / 2) * degrees
  return [
    x_range.start / radius * degrees, latitude(y_range.start),
    x_range.end / radius * degrees, latitude(y_range.end),
  ].map((value) => value.toFixed(6)).join(",")
}
app.noteSoon()
