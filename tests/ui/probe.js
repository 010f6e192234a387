// Looks into the page for the tests: what is still under way, and where on the map things are.
{
  const unanswered = new Set()
  const tests = (window.tests = { received: 0, sent: 0, toasts: [], unanswered })

  const Native = window.WebSocket
  window.WebSocket = class extends Native {
    constructor(...args) {
      super(...args)
      // What was asked over a connection that is lost is never answered.
      this.addEventListener("close", () => unanswered.clear())
      this.addEventListener("message", ({ data }) => {
        tests.received += 1
        const answered = typeof data === "string" && /"reqid":\s*"([^"]+)"/.exec(data.slice(0, 400))
        if (answered) { unanswered.delete(answered[1]) }
      })
    }
    send(data) {
      tests.sent += data.length ?? data.byteLength
      const sent = typeof data === "string" && data.length < 400 && /"msgid":"([^"]+)"/.exec(data)
      if (sent) { unanswered.add(sent[1]) }
      super.send(data)
    }
  }

  // Whether the document is drawn, and the server has answered everything that it was told.
  // (bokehjs does not find out again that a document is idle that it has pulled a second time.)
  tests.isSettled = () =>
    Boolean(window.Bokeh?.documents[0]?._notified_idle) && unanswered.size === 0 && tests.map.isThere()

  // The clock of a confirmation stands still until a test lets the time pass.
  const animate = Element.prototype.animate
  Element.prototype.animate = function (frames, options) {
    const animation = animate.call(this, frames, options)
    if (options?.id === "leave") {
      tests.clock = animation
      animation.playbackRate = 0
    }
    return animation
  }
  tests.passTime = () => {
    tests.clock.playbackRate = 1
    tests.clock.finish()
    tests.clock.playbackRate = 0
  }

  tests.watchToasts = () => {
    const seen = () => {
      const toast = tests.find(".toast")
      const text = toast.hidden ? "" : toast.querySelector(".sentence").textContent
      if (text !== (tests.toasts.at(-1) ?? "")) { tests.toasts.push(text) }
    }
    seen()
    const changes = { attributes: true, childList: true, characterData: true, subtree: true }
    new MutationObserver(seen).observe(tests.find(".toast"), changes)
  }

  // The first element of a selector, in whichever shadow tree it is.
  tests.find = (selector, root = document) => {
    const found = root.querySelector(selector)
    if (found) { return found }
    for (const host of root.querySelectorAll("*")) {
      const inside = host.shadowRoot && tests.find(selector, host.shadowRoot)
      if (inside) { return inside }
    }
    return null
  }

  // The element at a point of the window, in whichever shadow tree it is.
  tests.hit = (x, y) => {
    let hit = document.elementFromPoint(x, y)
    for (;;) {
      const inner = hit?.shadowRoot?.elementFromPoint(x, y)
      // A shadow tree may answer with its own host.
      if (!inner || inner === hit) { return hit }
      hit = inner
    }
  }

  // Whether somebody who points at the middle of an element points at it, and not at what lies
  // over it or beside the window.
  tests.over = (element) => {
    const { left, top, width, height } = element.getBoundingClientRect()
    return tests.hit(left + width / 2, top + height / 2)
  }
  tests.isAtHand = (element) => {
    for (let one = tests.over(element); one; one = one.parentNode ?? one.host) {
      if (one === element) { return true }
    }
    return false
  }

  const everything = (root = document) => [...root.querySelectorAll("*")].flatMap((one) =>
    one.shadowRoot ? [one, ...everything(one.shadowRoot)] : [one])

  // What is cut off by the window or a pane, or covered, among the controls that can be seen.
  // A card, the filters over the map and a toast may cover what is below them.
  tests.misplaced = () => {
    const up = (one) => one.parentNode ?? one.host
    const overlays = ".side, .rail, .toast"
    const waiting = "nav[aria-label=Skip]" // It comes into view with the focus.
    const isIn = (one, selector) => {
      for (; one; one = up(one)) { if (one.matches?.(selector)) { return true } }
      return false
    }
    const box = (one) => one.getBoundingClientRect()
    const isWithin = (inner, outer) =>
      inner.left >= outer.left - 1 && inner.right <= outer.right + 1 &&
      inner.top >= outer.top - 1 && inner.bottom <= outer.bottom + 1
    const wrong = (control) => {
      const rect = box(control)
      if (rect.width < 2 || rect.height < 2) { return null }
      for (let one = up(control); one; one = up(one)) {
        if (one.nodeType !== 1) { continue }
        const { overflowX, overflowY } = getComputedStyle(one)
        const around = box(one)
        if (around.bottom - around.top < 2 && overflowY !== "visible") { return null } // It is folded.
        // A wheel brings it into view, or from under a bar that stays.
        if (/auto|scroll/.test(overflowY) && one.scrollHeight > one.clientHeight) { return null }
        if (/auto|scroll/.test(overflowX) && one.scrollWidth > one.clientWidth) { return null }
        if (overflowY !== "visible" && !isWithin(rect, around)) { return "cut off" }
      }
      const window_ = { left: 0, top: 0, right: innerWidth, bottom: innerHeight }
      if (!isWithin(rect, window_)) { return "cut off" }
      const hit = tests.hit(rect.left + rect.width / 2, rect.top + rect.height / 2)
      if (isIn(hit, overlays) && !isIn(control, overlays)) { return null }
      return tests.isAtHand(control) ? null : `covered by ${hit?.tagName}.${hit?.className}`
    }
    const panes = [".head", ".map", ".dock", ".table", ".side"].map((one) => tests.find(one))
    const bottom = (one) => one.checkVisibility() && box(one).bottom > innerHeight + 1
    if (panes.some(bottom)) { return [`${panes.find(bottom).className} reaches below the window`] }
    const controls = "button, input, select, summary, a[href]"
    return everything()
      .filter((one) => one.matches(controls) && !one.closest(waiting) && one.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
      .map((one) => [one.ariaLabel || one.textContent.trim() || one.id || one.className, wrong(one)])
      .filter(([, problem]) => problem)
      .map((parts) => parts.join(": "))
  }

  // The element with the focus, in whichever shadow tree it is.
  tests.focused = () => {
    let element = document.activeElement
    while (element?.shadowRoot?.activeElement) { element = element.shadowRoot.activeElement }
    return element
  }

  // A notebook has a document for each cell, and some more.
  const models = () => Bokeh.documents.flatMap((one) => [...one._all_models.values()])
  const figure = () => models().find((model) => model.type === "Figure" && model.name === "map")
  const view = () => Bokeh.index.find_one(figure())
  const renderer = (...columns) =>
    figure().renderers.find((one) => columns.every((c) => c in (one.data_source?.data ?? {})))

  // The plot of a hydrograph inside the element of a selector: times and flows that are drawn,
  // and the hours and flows in view.
  const plotIn = (selector) => {
    const isInside = (node) =>
      node && (node.matches?.(selector) || isInside(node.parentNode ?? node.host))
    return models().find((model) =>
      model.type === "Figure" && Bokeh.index.find(model).some(({ el }) => isInside(el)))
  }
  tests.curve = (selector) => {
    const { time, flow } = plotIn(selector).renderers[1].data_source.data
    return [Array.from(time), Array.from(flow)]
  }
  tests.hours = (selector) => {
    const { start, end } = plotIn(selector).x_range
    return [start, end]
  }

  tests.flows = (selector) => {
    const { start, end } = plotIn(selector).y_range
    return [start, end]
  }

  tests.map = {
    isThere: () => {
      const shown = view()
      return Boolean(shown?.frame) && tileLayer().name !== null
    },
    idle: () => Bokeh.documents[0].is_idle,
    figure,
    view,
    range: () => {
      const { x_range: x, y_range: y } = figure()
      return [x.start, y.start, x.end, y.end].map(Math.round)
    },
    // Rows of the layer that has these columns, each with its place on the page in pixels.
    rows: (...columns) => {
      const { visible, data_source: source, glyph } = renderer(...columns) ?? {}
      if (!visible) { return [] }
      const { frame, canvas_view: canvas } = view()
      const { left, top } = canvas.el.getBoundingClientRect()
      const names = Object.keys(source.data)
      return Array.from(source.data.x, (_, i) => {
        const row = Object.fromEntries(names.map((name) => [name, source.data[name][i]]))
        const at = [frame.x_scale.compute(row.x), frame.y_scale.compute(row.y)]
        row.is_in_view = frame.bbox.contains(...at)
        row.page_x = left + at[0]
        row.page_y = top + at[1]
        row.alpha = glyph.fill_alpha?.value ?? glyph.fill_alpha
        return row
      })
    },
    // The cells of the raster, and those of them that have dams.
    raster: () => {
      const { image } = renderer("image").data_source.data
      if (image.length === 0) { return null }
      const cells = Array.from(image[0])
      return { cells: cells.length, full: cells.filter((cell) => cell > 0).length }
    },
    // Where on the page a place in Web Mercator metres is.
    at: (x, y) => {
      const { frame, canvas_view: canvas } = view()
      const { left, top } = canvas.el.getBoundingClientRect()
      return [left + frame.x_scale.compute(x), top + frame.y_scale.compute(y)]
    },
    // Red, green and blue of the pixel at a place on the page.
    colour: (pageX, pageY) => {
      const canvas = view().canvas_view
      const { left, top } = canvas.el.getBoundingClientRect()
      const { ctx, pixel_ratio: ratio } = canvas.primary
      const pixel = ctx.getImageData((pageX - left) * ratio, (pageY - top) * ratio, 1, 1)
      return [...pixel.data.slice(0, 3)]
    },
    // Where on the page the frame is that shows the visible rectangle.
    frame: () => {
      const { frame, canvas_view: canvas } = view()
      const { left, top } = canvas.el.getBoundingClientRect()
      const { width, height } = frame.bbox
      return { x: left + frame.bbox.left, y: top + frame.bbox.top, width, height }
    },
    // The length of the scale bar in pixels, and what it says.
    scaleBar: () => {
      const bar = Bokeh.index.find_one(models().find((model) => model.type === "ScaleBar"))
      return [bar.axis_layout.bbox.width, bar.label_layout.text.text]
    },
    // How many tiles of the basemap are there to be drawn.
    tiles: () => [...tileLayer().tile_source.tiles.values()].filter((tile) => tile.loaded).length,
    of: (type) => models().filter((model) => model.type === type),
    basemap: () => tileLayer().name,
  }
  const tileLayer = () => models().find((model) => model.type === "TileRenderer")
}
