const {tags: [x, y], x_range, y_range} = figure
const isIn = (range, at) => range.start < at && at < range.end
if (isIn(x_range, x) && isIn(y_range, y)) { return }
for (const [range, at] of [[x_range, x], [y_range, y]]) {
  const half = (range.end - range.start) / 2
  range.setv({start: at - half, end: at + half})
}
for (const view of Bokeh.index.find(figure)) { view.trigger_ranges_update_event() }
