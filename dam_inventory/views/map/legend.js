const {label, entries: lines} = JSON.parse(data.legend)
key.hidden = lines.length === 0
title.textContent = label
const focused = [...entries.children].indexOf(view.shadow_el.activeElement)
entries.replaceChildren(...lines.map(([code, name, color, count, isChosen]) => {
  const entry = document.createElement("button")
  entry.type = "button"
  entry.ariaPressed = String(isChosen)
  entry.className = count === "0" && !isChosen ? "none" : ""
  entry.title = `Show only: ${name}`
  const mark = document.createElement("i")
  mark.style.background = color
  const [text, number] = [document.createElement("span"), document.createElement("b")]
  text.textContent = name
  number.textContent = count
  entry.append(mark, text, number)
  entry.onclick = () => state.ask(code)
  return entry
}))
entries.children[focused]?.focus()
