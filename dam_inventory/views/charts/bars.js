// Bars, one below the other: a value of a facet each, the most frequent first.
const ROW = 24
const SHORT = 10
state.kinds.bars = (card, {name, marks: all}, width, chosen) => {
  const values = chosen[name]
  const shown = card.isWhole ? all : all.filter(([value], index) => index < SHORT || value === "" || values.includes(value))
  card.more.hidden = all.length <= shown.length && !card.isWhole
  card.more.textContent = card.isWhole ? "Show fewer" : `Show all ${all.length}`
  const most = Math.max(1, ...shown.map(([, , count]) => count))
  const beside = Math.min(Math.max(...shown.map(([, label]) => state.width(label, "bold"))) + 24, 0.44 * width)
  const after = state.width(state.number(most), "bold") + 8
  const room = width - beside - after
  const marks = shown.map(([value, label, count], row) => {
    const isChosen = values.includes(value)
    const y = row * ROW
    const long = count ? Math.max(2, room * count / most) : 0
    const kind = value === "" ? "bar unknown" : "bar"
    return {
      key: value, row, column: 0, x: 0, y, width, height: ROW, isChosen,
      label: `${label}: ${state.dams(count)}`,
      children: [
        state.text(state.fitted(isChosen ? `✓ ${label}` : label, beside - 10), beside - 6, y + ROW / 2, {"text-anchor": "end"}),
        state.svg("rect", {class: kind, x: beside, y: y + 4, width: long, height: ROW - 8}),
        state.text(state.number(count), beside + long + 5, y + ROW / 2, {class: "count"}),
      ],
      ask: (isMore) => state.ask(isMore ? "toggle" : "only", name, value),
    }
  })
  return {marks, height: ROW * shown.length}
}
