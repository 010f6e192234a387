// What all kinds of charts are drawn with. Text is always text, never markup.
state.kinds = {}
const SVG = "http://www.w3.org/2000/svg"
const FONT = 12
const pen = document.createElement("canvas").getContext("2d")
state.svg = (tag, attributes = {}, ...children) => {
  const element = document.createElementNS(SVG, tag)
  for (const [name, value] of Object.entries(attributes)) { element.setAttribute(name, value) }
  element.append(...children)
  return element
}
state.text = (text, x, y, attributes = {}) => state.svg("text", {x, y, "dominant-baseline": "central", ...attributes}, text)
state.width = (text, weight = "") => {
  pen.font = `${weight} ${FONT}px ${getComputedStyle(root).fontFamily}`
  return pen.measureText(text).width
}
state.fitted = (text, room) => {
  if (state.width(text) <= room) { return text }
  const letters = [...text]
  while (letters.length > 1 && state.width(`${letters.join("")}…`) > room) { letters.pop() }
  return `${letters.join("").trimEnd()}…`
}
state.number = (count) => count.toLocaleString("en-US")
state.dams = (count) => count === 1 ? "1 dam" : `${state.number(count)} dams`
state.compact = (count) => count < 10000 ? state.number(count)
  : count.toLocaleString("en-US", {notation: "compact", maximumFractionDigits: 1})
// Round steps of an axis from 0: at most three, none of them a part of a dam.
state.steps = (most) => {
  const power = 10 ** Math.floor(Math.log10(most / 3))
  const step = Math.max(1, [1, 2, 5, 10].map((one) => one * power).find((one) => most / one <= 3.5))
  const steps = []
  for (let one = 0; one <= most; one += step) { steps.push(one) }
  return steps
}
