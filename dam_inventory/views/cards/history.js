const {title: text, error: sentence, entries: list, is_undoing, has_more, note: end} = JSON.parse(data.content)
const made = (tag, content, kind) => {
  const element = document.createElement(tag)
  element.textContent = content
  if (kind) { element.className = kind }
  return element
}
title.textContent = text ?? ""
error.textContent = sentence ?? ""
error.hidden = !sentence
more.hidden = !has_more
note.textContent = end ?? ""
note.hidden = !end
entries.replaceChildren(...(list ?? []).map((entry) => {
  const item = document.createElement("li")
  item.append(made("time", entry.at), made("p", entry.what))
  for (const [label, before, after] of entry.values) {
    const change = made("div", `${label}: `, "values")
    change.append(made("del", before || "unknown"), " → ", made("ins", after || "unknown"))
    item.append(change)
  }
  if (entry.undo) {
    const undo = made("button", "Undo")
    undo.type = "button"
    undo.disabled = is_undoing
    undo.onclick = () => {
      // One at a time: a second one would be lost on its way.
      for (const one of entries.querySelectorAll("button")) { one.disabled = true }
      data.undone = 0
      data.undone = entry.seq
    }
    item.append(undo)
  }
  return item
}))
