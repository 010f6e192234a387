if (figure.properties.inner_width.is_unset) { return }
const {x_range, inner_width: width} = figure
if (!(width > 0)) { return }
const perPixel = (x_range.end - x_range.start) / width
const [FAR, NEAR] = [12_000, 2_500]
const field = perPixel < NEAR ? "name" : "code"
const visible = perPixel < FAR
// The server need not know.
if (names.visible !== visible) { names.setv({visible}, {sync: false}) }
if (names.glyph.text.field !== field) { names.glyph.setv({text: {field}}, {sync: false}) }
