search.value = JSON.parse(data.content).search
size.value = String(data.page_size)
search.oninput = () => {
  clearTimeout(state.timer)
  state.timer = setTimeout(() => { data.search = search.value }, 200)
}
for (const button of head.querySelectorAll("button")) {
  button.onclick = () => {
    // Panel sends only properties that are assigned one by one, so no `data.setv`.
    data.descending = button.value === data.sort && !data.descending
    data.sort = button.value
  }
}
const select = (event) => {
  const row = event.target.closest("tr")
  if (!row?.dataset.id) { return }
  // Only changes are sent: reset it, so that the same dam can be clicked again.
  data.clicked = 0
  data.clicked = Number(row.dataset.id)
}
body.onclick = select
body.onkeydown = (event) => {
  if (event.target.tagName === "TR" && (event.key === "Enter" || event.key === " ")) { event.preventDefault(); select(event) }
}
// Count from the visible page: `data.page` may be past the last page by now.
const turn = (pages) => { data.page = JSON.parse(data.content).page + pages }
previous.onclick = () => turn(-1)
next.onclick = () => turn(1)
size.onchange = () => { data.page_size = Number(size.value) }
self.content()
