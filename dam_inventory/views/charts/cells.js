// A raster on two logarithmic axes. It is one stop for Tab: arrow keys move a cursor in it.
const TALL = 240
const FOOT = 38
const RIGHT = 14
state.kinds.cells = (card, {x: across, y: down, cells}, width, chosen) => {
  const left = Math.max(...down.ticks.map(([, label]) => state.width(label))) + 24
  const bottom = TALL - FOOT
  const [wide, high] = [across.ends.length - 1, down.ends.length - 1]
  const [dx, dy] = [(width - left - RIGHT) / wide, bottom / high]
  const xAt = (column) => left + column * dx
  const yAt = (row) => bottom - row * dy
  const most = Math.log(Math.max(2, ...cells.map(([, , count]) => count)))
  const found = new Map(cells.map(([column, row, count]) => [`${column} ${row}`, count]))
  const back = [
    ...across.ticks.flatMap(([place, label]) => [
      state.svg("line", {class: "grid", x1: xAt(place), x2: xAt(place), y1: 0, y2: bottom}),
      state.text(label, xAt(place), bottom + 10, {"text-anchor": "middle", class: "tick"}),
    ]),
    ...down.ticks.flatMap(([place, label]) => [
      state.svg("line", {class: "grid", x1: left, x2: width - RIGHT, y1: yAt(place), y2: yAt(place)}),
      state.text(label, left - 5, yAt(place), {"text-anchor": "end", class: "tick"}),
    ]),
    state.text(across.label, (left + width) / 2, TALL - 8, {"text-anchor": "middle", class: "tick"}),
    state.text(down.label, 8, bottom / 2, {"text-anchor": "middle", class: "tick", transform: `rotate(-90 8 ${bottom / 2})`}),
    ...cells.map(([column, row, count]) => state.svg("rect", {
      class: "cell", x: xAt(column), y: yAt(row + 1), width: dx, height: dy, "fill-opacity": 0.2 + 0.8 * Math.log(count) / most,
    })),
  ]
  const ends = ({field, ends}) => {
    const range = chosen[field]
    return range === null ? [0, ends.length - 1] : [range.low, range.high]
  }
  if (across.field in chosen && (chosen[across.field] || chosen[down.field])) {
    const [[x0, x1], [y0, y1]] = [ends(across), ends(down)]
    back.push(state.svg("rect", {class: "chosen", x: xAt(x0), y: yAt(y1), width: (x1 - x0) * dx, height: (y1 - y0) * dy}))
  }
  const clamped = (value, most) => Math.min(Math.max(Math.floor(value), 0), most - 1)
  const spans = (from, to) => [0, 1].map((axis) => [Math.min(from[axis], to[axis]), Math.max(from[axis], to[axis]) + 1])
  const between = ({ends}, [low, high]) =>
    ends[low] === "" ? `under ${ends[high]}` : ends[high] === "" ? `${ends[low]} or more` : `${ends[low]} to ${ends[high]}`
  card.brush = {
    isIn: (x, y) => x >= left && y <= bottom,
    at: (x, y) => [clamped((x - left) / dx, wide), clamped((bottom - y) / dy, high)],
    box: (from, to) => {
      const [[x0, x1], [y0, y1]] = spans(from, to)
      return {x: xAt(x0), y: yAt(y1), width: (x1 - x0) * dx, height: (y1 - y0) * dy}
    },
    words: (from, to) => {
      const [xs, ys] = spans(from, to)
      let sum = 0
      for (let column = xs[0]; column < xs[1]; column++) {
        for (let row = ys[0]; row < ys[1]; row++) { sum += found.get(`${column} ${row}`) ?? 0 }
      }
      return `Storage ${between(across, xs)}, height ${between(down, ys)}: ${state.dams(sum)}`
    },
    ask: (from, to) => state.ask("cells", ...spans(from, to).flat()),
    size: [wide, high],
  }
  return {marks: [], back, height: TALL}
}
