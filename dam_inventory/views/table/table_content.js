const {rows, search: words, selected, sort, descending, first, last, count, pages, page, size: most, summary} =
  JSON.parse(data.content)
const focused = view.shadow_el.activeElement?.dataset?.id
const cells = rows.map(([id, has_hydrograph, name, ...texts]) => {
  const row = document.createElement("tr")
  row.dataset.id = id
  row.tabIndex = 0
  row.ariaSelected = String(id === selected)
  for (const text of [name, ...texts]) {
    const cell = row.insertCell()
    cell.textContent = text
    cell.title = text
  }
  const last = row.insertCell()
  if (has_hydrograph) {
    const plot = document.createElement("button")
    plot.type = "button"
    plot.textContent = "Plot"
    plot.ariaLabel = `Plot the hydrograph of ${name}`
    plot.onclick = (event) => {
      event.stopPropagation()
      data.plotted = 0
      data.plotted = id
    }
    last.append(plot)
  }
  return row
})
body.replaceChildren(...cells)
if (focused) { body.querySelector(`[data-id="${focused}"]`)?.focus() }
none.hidden = rows.length > 0
for (const th of head.querySelectorAll("th")) {
  const key = th.firstElementChild.value
  if (key === undefined) { continue }
  th.ariaSort = key === sort ? (descending ? "descending" : "ascending") : "none"
}
total.textContent = summary
range.textContent = count === 0 ? "" : `${first}–${last} of ${count}`
previous.disabled = page === 0
next.disabled = page >= pages - 1
window.damInventory?.set("search", words)
window.damInventory?.set("selected", selected)
window.damInventory?.set("sort", sort === "dam_name" ? "" : sort)
window.damInventory?.set("descending", descending ? "1" : "")
// A URL with a selected dam and no page leads to the page with that dam.
window.damInventory?.set("page", page > 0 || selected !== null ? page + 1 : "")
window.damInventory?.set("rows", most === 10 ? "" : most)
