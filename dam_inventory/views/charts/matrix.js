// A matrix of counts: a row and a column for each value of two facets, with their heads.
const HEIGHT = 240
const HEAD = 34
state.kinds.matrix = (card, {rows, columns, counts, facets: [across, down]}, width, chosen) => {
  const beside = Math.min(Math.max(...rows.map(([, label]) => state.width(label, "bold"))) + 24, 0.36 * width)
  const wide = (width - beside) / columns.length
  const high = Math.min(Math.max(24, (HEIGHT - HEAD) / rows.length), 40)
  const most = Math.max(1, ...counts.flat())
  const isShort = columns.some(([, label]) => state.width(label, "bold") > wide - 4)
  const isIn = (facet, value) => chosen[facet].includes(value)
  const tick = (isChosen, label) => isChosen && state.width(`✓ ${label}`, "bold") <= wide - 2 ? `✓ ${label}` : label
  const heads = columns.map(([value, label, short, count], column) => ({
    key: JSON.stringify([across, value]), row: 0, column: column + 1,
    x: beside + column * wide, y: 0, width: wide, height: HEAD,
    isChosen: isIn(across, value), isHead: true, label: `${label}: ${state.dams(count)}`,
    children: [state.text(state.fitted(tick(isIn(across, value), isShort ? short : label), wide - 2),
      beside + (column + 0.5) * wide, HEAD / 2, {"text-anchor": "middle"})],
    ask: (isMore) => state.ask(isMore ? "toggle" : "only", across, value),
  }))
  const lines = rows.flatMap(([value, label, , count], row) => {
    const y = HEAD + row * high
    const head = {
      key: JSON.stringify([down, value]), row: row + 1, column: 0, x: 0, y, width: beside, height: high,
      isChosen: isIn(down, value), isHead: true, label: `${label}: ${state.dams(count)}`,
      children: [state.text(state.fitted(isIn(down, value) ? `✓ ${label}` : label, beside - 10), beside - 6, y + high / 2, {"text-anchor": "end"})],
      ask: (isMore) => state.ask(isMore ? "toggle" : "only", down, value),
    }
    return [head, ...columns.map(([other, otherLabel], column) => {
      const number = counts[row][column]
      const x = beside + column * wide
      return {
        key: JSON.stringify([other, value]), row: row + 1, column: column + 1, x, y, width: wide, height: high,
        isChosen: isIn(across, other) && isIn(down, value),
        label: `${otherLabel}, ${label}: ${state.dams(number)}`,
        children: [
          state.svg("rect", {class: "cell", x: x + 1, y: y + 1, width: wide - 2, height: high - 2,
            "fill-opacity": number ? 0.08 + 0.42 * Math.sqrt(number / most) : 0}),
          state.text(number ? state.compact(number) : "–", x + wide / 2, y + high / 2, {"text-anchor": "middle", class: number ? "count" : "nothing"}),
        ],
        ask: (isMore) => state.ask(isMore ? "pair too" : "pair", other, value),
      }
    })]
  })
  const back = [
    state.text("Hazard →", beside - 6, 8, {"text-anchor": "end", class: "tick"}),
    state.text("Condition ↓", beside - 6, 24, {"text-anchor": "end", class: "tick"}),
  ]
  return {marks: [...heads, ...lines], back, height: HEAD + high * rows.length}
}
