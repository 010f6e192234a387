// Draws a region with mouse, pen or finger, on a pad above the map. Corners are places on the
// map, so that it can be moved meanwhile.
{
  const most = 100
  const SVG = "http://www.w3.org/2000/svg"
  const picture = document.createElementNS(SVG, "svg")
  const line = document.createElementNS(SVG, "polygon")
  picture.append(line)
  pad.replaceChildren(picture)
  let kind = ""
  let corners = []
  let pointer = null
  let pressed = null
  const size = () => pad.getBoundingClientRect()
  const place = ({clientX, clientY}) => {
    const {left, top, width, height} = size()
    const {x_range, y_range} = figure()
    return [
      x_range.start + (clientX - left) / width * (x_range.end - x_range.start),
      y_range.end - (clientY - top) / height * (y_range.end - y_range.start),
    ]
  }
  const pixel = ([x, y]) => {
    const {width, height} = size()
    const {x_range, y_range} = figure()
    return [
      (x - x_range.start) / (x_range.end - x_range.start) * width,
      (y_range.end - y) / (y_range.end - y_range.start) * height,
    ]
  }
  const apart = (one, other) => {
    const [[x0, y0], [x1, y1]] = [pixel(one), pixel(other)]
    return Math.hypot(x1 - x0, y1 - y0)
  }
  const rectangle = ([x0, y0], [x1, y1]) => {
    const [west, east] = x0 < x1 ? [x0, x1] : [x1, x0]
    const [south, north] = y0 < y1 ? [y0, y1] : [y1, y0]
    return [[west, south], [east, south], [east, north], [west, north]]
  }
  const show = () => {
    if (!kind) { return }
    const open = pointer === null ? corners : [...corners, pointer]
    const shape = kind === "rectangle" && open.length > 1 ? rectangle(open[0], open.at(-1)) : open
    line.setAttribute("points", shape.map((one) => pixel(one).join()).join(" "))
    finish.hidden = kind === "rectangle" || corners.length < 3
  }
  const stop = () => {
    kind = ""
    pad.hidden = drawing.hidden = true
    region.focus({preventScroll: true})
  }
  const send = (points) => {
    // Numbered, so that the same region can be sent again.
    state.regions = (state.regions ?? 0) + 1
    data.drawn = JSON.stringify([state.regions, points])
  }
  const end = (points) => { stop(); send(points) }
  const advices = {
    rectangle: "Drag a rectangle, or click two of its corners. Escape cancels.",
    polygon: "Click each corner; click the first one again to finish. Escape cancels.",
  }
  const begin = (shape) => {
    kind = shape
    corners = []
    pointer = pressed = null
    fold(false)
    pad.hidden = drawing.hidden = false
    advice.textContent = advices[shape]
    region.focus({preventScroll: true})
    show()
  }
  const fold = (isOpen) => {
    shapes.hidden = !isOpen
    draw.ariaExpanded = String(isOpen)
  }
  const add = (corner) => {
    const isClosed = corners.length > 2 && apart(corner, corners[0]) < 12
    // A double click ends a polygon; its second click adds no corner.
    const isAgain = corners.length > 0 && apart(corner, corners.at(-1)) < 4
    if (!isClosed && !isAgain) { corners.push(corner) }
    if (isClosed || corners.length === most) { end(corners) } else { show() }
  }
  pad.onpointerdown = (event) => {
    if (event.button !== 0 || pressed !== null) { return }
    event.preventDefault()
    pad.setPointerCapture(event.pointerId)
    pressed = event.pointerId
    pointer = place(event)
    if (kind === "rectangle" && corners.length === 0) { corners = [pointer] }
    show()
  }
  pad.onpointermove = (event) => {
    if (pressed !== null && event.pointerId !== pressed) { return }
    pointer = corners.length ? place(event) : null
    show()
  }
  pad.onpointerup = (event) => {
    if (event.pointerId !== pressed) { return }
    pressed = null
    pointer = place(event)
    if (kind === "polygon") { add(pointer); return }
    const [dx, dy] = pixel(pointer).map((one, i) => Math.abs(one - pixel(corners[0])[i]))
    if (Math.min(dx, dy) > 3) { end(rectangle(corners[0], pointer)) } else { show() }
  }
  pad.onpointercancel = () => { pressed = null; pointer = null; if (kind === "rectangle") { corners = [] } show() }
  // The pad lies above the map, whose wheel would do this.
  pad.onwheel = (event) => { event.preventDefault(); move(0, 0, event.deltaY > 0 ? 1.25 : 0.8) }
  pad.ondblclick = () => { if (kind === "polygon" && corners.length > 2) { end(corners) } }
  draw.onclick = () => {
    fold(shapes.hidden)
    if (shapes.hidden) { return }
    shapes.style.left = `${Math.max(8, Math.min(draw.offsetLeft + 8, region.clientWidth - shapes.offsetWidth - 8))}px`
    shapes.style.top = `${draw.offsetTop + draw.offsetHeight + 12}px`
    by_box.focus()
  }
  by_box.onclick = () => begin("rectangle")
  by_corners.onclick = () => begin("polygon")
  by_view.onclick = () => {
    const {x_range, y_range} = figure()
    fold(false)
    draw.focus()
    send(rectangle([x_range.start, y_range.start], [x_range.end, y_range.end]))
  }
  finish.onclick = () => end(corners)
  cancel.onclick = stop
  // Before others see the key: Escape also closes cards.
  view.parent.el.addEventListener("keydown", (event) => {
    const isOnButton = event.composedPath()[0].tagName === "BUTTON"
    if (event.key === "Escape" && kind) { stop() }
    else if (event.key === "Escape" && !shapes.hidden) { fold(false); draw.focus() }
    else if (event.key === "Enter" && kind === "polygon" && corners.length > 2 && !isOnButton) { end(corners) }
    else if (event.key === "Backspace" && kind === "polygon" && corners.length) { corners.pop(); show() }
    else { return }
    event.preventDefault()
    event.stopPropagation()
  }, true)
  const {x_range, y_range} = figure() ?? {}
  x_range?.change.connect(show)
  y_range?.change.connect(show)
}
