// Saves a chart as a picture that the browser draws, and its numbers as the server writes them.
const SCALE = 2
const EDGE = 16
const LINE = 17
const INLINED = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray"]
const hand = (blob, name) => {
  const link = document.createElement("a")
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10000)
}
state.file = ({file, text}) => hand(new Blob([text], {type: "text/csv;charset=utf-8"}), file)
// A picture knows no style sheet of the page.
const shapes = (drawing) => {
  const copy = drawing.cloneNode(true)
  const copies = [copy, ...copy.querySelectorAll("*")]
  ;[drawing, ...drawing.querySelectorAll("*")].forEach((element, index) => {
    const style = getComputedStyle(element)
    for (const name of INLINED) { copies[index].style.setProperty(name, style.getPropertyValue(name)) }
  })
  for (const one of copy.querySelectorAll("text, .hit, .brush")) { one.remove() }
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg")
  return `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(copy))}`
}
// Nor does it know the page's font: the canvas does.
const write = (brush, text) => {
  const {fill, opacity, fontWeight, fontSize, fontFamily, textAnchor} = getComputedStyle(text)
  brush.save()
  const turn = text.transform.baseVal.consolidate()?.matrix
  if (turn) { brush.transform(turn.a, turn.b, turn.c, turn.d, turn.e, turn.f) }
  Object.assign(brush, {
    fillStyle: fill, globalAlpha: Number(opacity), font: `${fontWeight} ${fontSize} ${fontFamily}`, textBaseline: "middle",
    textAlign: textAnchor === "middle" ? "center" : textAnchor,
  })
  brush.fillText(text.textContent, Number(text.getAttribute("x")), Number(text.getAttribute("y")))
  brush.restore()
}
const lines = (brush, text, width) => {
  const found = [""]
  for (const word of text.split(" ")) {
    const longer = `${found.at(-1)} ${word}`.trim()
    if (brush.measureText(longer).width > width && found.at(-1)) { found.push(word) } else { found[found.length - 1] = longer }
  }
  return found
}
state.picture = async (card) => {
  const width = card.plot.clientWidth
  const high = Number(card.drawing.getAttribute("height"))
  const {fontFamily: family, color} = getComputedStyle(root)
  const canvas = document.createElement("canvas")
  const brush = canvas.getContext("2d")
  const fonts = {title: `600 16px ${family}`, text: `12px ${family}`}
  brush.font = fonts.text
  const isEmpty = card.chart.none !== ""
  const above = [card.total, ...(isEmpty ? lines(brush, card.chart.none, width) : [])]
  const below = lines(brush, JSON.parse(data.numbers).filter, width)
  const top = EDGE + 22 + above.length * LINE + 6
  canvas.width = SCALE * (width + 2 * EDGE)
  canvas.height = SCALE * (top + (isEmpty ? 0 : high) + 10 + below.length * LINE + EDGE)
  brush.scale(SCALE, SCALE)
  brush.fillStyle = getComputedStyle(root).getPropertyValue("--ground")
  brush.fillRect(0, 0, canvas.width, canvas.height)
  brush.fillStyle = color
  brush.textBaseline = "top"
  brush.font = fonts.title
  brush.fillText(card.chart.title, EDGE, EDGE)
  brush.font = fonts.text
  above.forEach((line, index) => brush.fillText(line, EDGE, EDGE + 22 + index * LINE))
  below.forEach((line, index) => brush.fillText(line, EDGE, top + (isEmpty ? 0 : high) + 10 + index * LINE))
  if (!isEmpty) {
    const picture = new Image()
    picture.src = shapes(card.drawing)
    await picture.decode()
    brush.drawImage(picture, EDGE, top, width, high)
    brush.translate(EDGE, top)
    for (const text of card.drawing.querySelectorAll("text")) { write(brush, text) }
  }
  canvas.toBlob((blob) => hand(blob, `${card.chart.file}.png`), "image/png")
}
