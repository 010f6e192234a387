// The page prints a sheet that is no part of what is on screen: its table shows few of the dams.
const make = (tag, properties, ...children) => {
  const element = Object.assign(document.createElement(tag), properties)
  element.append(...children)
  return element
}
// Bokeh draws the map once more, in the colors of a light page, without telling the server.
const picture = (plot, about) => {
  if (!plot || plot.bbox.width < 50 || plot.bbox.height < 50) { return "" }
  const wear = ([id, look]) => {
    const model = view.model.document.get_model_by_id(id)
    const before = Object.fromEntries(Object.keys(look).map((name) => [name, model[name]]))
    model.setv(look, {sync: false})
    return [id, before]
  }
  // Otherwise a glyph would take its new colors only after this script.
  const dress = () => plot.computed_renderer_views.forEach((one) => { if (one.glyph) { one.set_visuals() } })
  const before = JSON.parse(data.light).map(wear)
  try {
    dress()
    return Object.assign(plot.export("png").canvas, {role: "img", ariaLabel: about})
  } finally { before.forEach(wear); dress() }
}
const sourceOf = (plot) => {
  const tiles = plot?.model.renderers.find(({tile_source, visible}) => tile_source && visible)
  const html = tiles?.tile_source.attribution ?? "Land: Natural Earth"
  return new DOMParser().parseFromString(html, "text/html").body.textContent
}
const legendOf = ({legend: {label, entries}, remark}) => entries.length === 0 ? "" : make("div", {className: "legend"},
  make("b", {textContent: label}),
  ...entries.filter(([, , , count]) => count !== "0").map(([, name, color, count]) => {
    const mark = make("i")
    mark.style.background = color
    return make("span", {}, mark, `${name} `, make("small", {textContent: count}))
  }),
  remark && make("small", {textContent: remark}))
state.lay = ({title, summary, conditions, imprint, heads, rows, note, map}) => {
  const plot = Bokeh.index.find_one(view.model.document.get_model_by_name("map"))
  const image = picture(plot, map.about)
  const body = rows.map((row) => make("tr", {}, ...row.map((text, column) =>
    column === 0 ? make("th", {scope: "row", textContent: text}) : make("td", {className: heads[column]?.[1] ?? "", textContent: text}))))
  const sheet = make("section", {id: "dam-inventory-paper", lang: "en"},
    make("h1", {textContent: title}),
    make("p", {className: "summary", textContent: [summary, ...conditions].join(" · ")}),
    make("p", {className: "imprint", textContent: imprint}),
    make("figure", {}, image, make("figcaption", {}, legendOf(map), image && make("small", {textContent: sourceOf(plot)}))),
    make("table", {className: heads.length > 12 ? "many" : ""}, make("thead", {}, make("tr", {}, ...heads.map(([text, kind]) => make("th", {scope: "col", className: kind, textContent: text})))),
      make("tbody", {}, ...body)),
    make("p", {className: "note", textContent: note}))
  document.getElementById(sheet.id)?.remove()
  document.body.append(sheet)
}
const deep = (selector, top = document) => {
  for (const one of top.querySelectorAll("*")) {
    if (one.matches(selector)) { return one }
    const found = one.shadowRoot && deep(selector, one.shadowRoot)
    if (found) { return found }
  }
  return null
}
const texts = (selector, top) => [...top?.querySelectorAll(selector) ?? []].map((one) => one.textContent)
// What the menu of the browser prints, which can't wait for the server: one page of the table.
const shown = () => {
  const [line, grid, key] = [".line:has(> .summary)", "table[role=grid]", "details.legend"].map((one) => deep(one))
  const entries = [...key?.querySelectorAll(".entries button") ?? []]
  return {
    title: document.title, imprint: new Date().toISOString().slice(0, 10),
    summary: texts(".summary", line).join(), conditions: texts("li span", line),
    heads: texts("thead th", grid).map((text) => [text, ""]),
    rows: [...grid?.tBodies[0].rows ?? []].map((row) => texts("th, td", row)),
    note: "This is one page of the table. For more, choose Print map and table on the page, or press Ctrl+P.",
    map: {
      remark: "", about: "Map",
      legend: {label: texts("summary", key).join(), entries: entries.map((one) =>
        [0, texts("span", one).join(), one.querySelector("i").style.background, texts("b", one).join()])},
    },
  }
}
// What the address says of the dams that are shown: a sheet is good for as long as this is the same.
const now = () => {
  const {searchParams} = new URL(window.location.href)
  for (const name of ["selected", "page", "rows", "view", "tab"]) { searchParams.delete(name) }
  return `${searchParams} ${window.damInventory?.seen}`
}
state.take = (sheet) => {
  state.lay(sheet)
  window.damInventory?.note?.()
  Object.assign(state, {sheet, laid: now()})
  told.textContent = ""
  window.print()
}
if (data.is_served) {
  const first = window.damInventoryPaper === undefined
  window.damInventoryPaper = {
    ask: () => state.print(),
    prepare: () => {
      window.damInventory?.note?.()
      // Laid out again, for the map may have moved.
      state.lay(state.laid === now() ? state.sheet : shown())
    },
  }
  if (first) {
    document.head.append(make("style", {textContent: PAPER}))
    window.addEventListener("beforeprint", () => window.damInventoryPaper.prepare())
    window.addEventListener("keydown", (event) => {
      const isAsked = (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "p"
      if (isAsked) {
        event.preventDefault()
        window.damInventoryPaper.ask()
      }
    })
  }
}
