// Columns beside one another: a bin of a histogram each; what is unknown stands below.
const HIGH = 240
const AXIS = 20
const BELOW = 28
state.kinds.columns = (card, {name, marks: bins, unknown}, width, chosen) => {
  const range = chosen[name]
  const most = Math.max(1, ...bins.map(([, , count]) => count))
  const steps = state.steps(most)
  const left = Math.max(...steps.map((step) => state.width(state.compact(step)))) + 8
  const bottom = HIGH - AXIS - BELOW
  const one = (width - left) / bins.length
  const up = (count) => bottom - (bottom - 10) * count / most
  const back = steps.flatMap((step) => [
    state.svg("line", {class: "grid", x1: left, x2: width, y1: up(step), y2: up(step)}),
    state.text(state.compact(step), left - 5, up(step), {"text-anchor": "end", class: "tick"}),
  ])
  let free = 0
  bins.forEach(([, tick], index) => {
    const x = Math.max(left + (index + 0.5) * one, left + state.width(tick) / 2)
    const half = state.width(tick) / 2
    if (x - half < free || x + half > width) { return }
    free = x + half + 8
    back.push(state.text(tick, x, bottom + AXIS / 2 + 1, {"text-anchor": "middle", class: "tick"}))
  })
  const marks = bins.map(([label, , count], index) => ({
    key: `${index}`, row: 0, column: index, x: left + index * one, y: 0, width: one, height: bottom, index,
    isChosen: range !== null && range.low <= index && index < range.high,
    label: `${label}: ${state.dams(count)}`,
    children: [state.svg("rect", {
      class: "bar", x: left + index * one + 1, width: Math.max(1, one - 2),
      y: count ? Math.min(up(count), bottom - 2) : bottom, height: count ? Math.max(2, bottom - up(count)) : 0,
    })],
    ask: (isMore) => {
      const [low, high] = isMore && range?.high ? [Math.min(range.low, index), Math.max(range.high, index + 1)] : [index, index + 1]
      state.ask("range", name, low, high, isMore && (range?.unknown ?? false))
    },
  }))
  const isUnknown = range?.unknown ?? false
  const words = `${isUnknown ? "✓ " : ""}Unknown ${state.number(unknown)}`
  marks.push({
    key: "unknown", row: 0, column: bins.length, x: left, y: HIGH - BELOW + 2, width: state.width(words, "bold") + 20, height: 24,
    isChosen: isUnknown, isApart: true, label: `Unknown: ${state.dams(unknown)}`,
    children: [
      state.svg("rect", {class: "pill", x: left + 0.5, y: HIGH - BELOW + 2.5, rx: 4, width: state.width(words, "bold") + 19, height: 23}),
      state.text(words, left + 10, HIGH - BELOW + 14),
    ],
    ask: (isMore) => {
      const [low, high] = isMore && range?.high ? [range.low, range.high] : [0, bins.length]
      state.ask("range", name, low, high, !(isMore && isUnknown))
    },
  })
  const at = (x) => Math.min(Math.max(Math.floor((x - left) / one), 0), bins.length - 1)
  const spanned = (from, to) => [Math.min(from, to), Math.max(from, to) + 1]
  card.brush = {
    isIn: (x, y) => x >= left && y <= bottom,
    at: (x) => at(x),
    box: (from, to) => {
      const [low, high] = spanned(from, to)
      return {x: left + low * one, y: 0, width: (high - low) * one, height: bottom}
    },
    words: (from, to) => {
      const [low, high] = spanned(from, to)
      const sum = bins.slice(low, high).reduce((all, [, , count]) => all + count, 0)
      return `${bins[low][0]} to ${bins[high - 1][0]}: ${state.dams(sum)}`
    },
    ask: (from, to) => state.ask("range", name, ...spanned(from, to), false),
  }
  return {marks, back, height: HIGH}
}
