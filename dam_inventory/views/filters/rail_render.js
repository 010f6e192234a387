const make = (tag, kind, parent) => {
  const element = document.createElement(tag)
  if (kind) { element.className = kind }
  parent?.append(element)
  return element
}
const optionsOf = (parent, onToggle) => {
  parent.onchange = ({target}) => {
    const item = target.closest("li")
    if (item !== null) { onToggle(item.dataset.value, target.checked) }
  }
  return parent
}
// An option is a checkbox with a label, a bar and a count; options that stay keep their elements.
state.option = (value) => {
  const item = make("li")
  item.dataset.value = value
  const label = make("label", "", item)
  make("input", "", label).type = "checkbox"
  make("span", "name", label)
  make("span", "count", label)
  make("span", "bar", label).ariaHidden = "true"
  return item
}
const histogram = (fold, name, [lows, highs]) => {
  const box = make("div", "histogram", fold)
  const bars = make("div", "bars", box)
  bars.ariaHidden = "true"
  lows.slice(1).forEach(() => make("i", "", bars))
  const handles = ["from", "to"].map((end) => {
    const handle = make("input", end, box)
    Object.assign(handle, {type: "range", min: 0, max: lows.length - 1, step: 1})
    handle.ariaLabel = `${fold.dataset.label}: ${end}`
    return handle
  })
  const [from, to] = handles
  fold.name = (marks) => { [lows, highs] = marks }
  const words = make("p", "words", fold)
  const list = make("ul", "", fold)
  const unknown = state.option("")
  list.append(unknown)
  const box_of_unknown = unknown.querySelector("input")
  fold.show = () => {
    const [low, high] = handles.map((handle) => Number(handle.value))
    const ends = [lows[low] || "any", highs[high] || "any"]
    from.ariaValueText = ends[0]
    to.ariaValueText = ends[1]
    const isAll = low === 0 && high === lows.length - 1
    const upTo = highs[high].startsWith("under") ? highs[high] : `to ${highs[high]}`
    words.textContent =
      isAll ? "All" : !highs[high] ? `from ${lows[low]}` : !lows[low] ? upTo : `${lows[low]} – ${highs[high]}`
    ;[...bars.children].forEach((bar, index) => bar.classList.toggle("out", index < low || index >= high))
    // Where both handles meet at an end, the one that can move away must be on top.
    from.style.zIndex = low > lows.length / 2 ? 2 : 1
    to.style.zIndex = low > lows.length / 2 ? 1 : 2
  }
  const send = () => state.ask("range", name, Number(from.value), Number(to.value), box_of_unknown.checked)
  const sendSoon = () => { clearTimeout(fold.timer); fold.timer = setTimeout(() => { fold.timer = undefined; send() }, 200) }
  from.oninput = () => { from.value = Math.min(Number(from.value), Number(to.value) - 1); fold.show(); sendSoon() }
  to.oninput = () => { to.value = Math.max(Number(to.value), Number(from.value) + 1); fold.show(); sendSoon() }
  optionsOf(list, send)
}
const facet = (fold, name) => {
  const find = make("input", "find", fold)
  Object.assign(find, {type: "search", maxLength: 200, hidden: true})
  find.ariaLabel = `Find in ${fold.dataset.label}`
  find.oninput = () => { clearTimeout(fold.timer); fold.timer = setTimeout(() => state.ask("find", name, find.value), 200) }
  optionsOf(make("ul", "", fold), (value) => state.ask("toggle", name, value))
  make("p", "more", fold)
}
state.folds = new Map()
folds.replaceChildren(...JSON.parse(data.setup).map(({name, label, marks, open}) => {
  const fold = make("details")
  Object.assign(fold, {open, hidden: true})
  fold.dataset.name = name
  fold.dataset.label = label
  const head = make("summary", "", fold)
  make("span", "label", head).textContent = label
  make("span", "chosen", head)
  fold.setAttribute("role", "group")
  fold.ariaLabel = label
  const body = make("div", "body", fold)
  body.dataset.label = label
  if (marks) { histogram(body, name, marks) } else { facet(body, name) }
  state.folds.set(name, fold)
  return fold
}))
lists.onclick = () => state.ask("lists")
optionsOf(only, (value, checked) => state.ask(value, checked))
// The unit that the person saw, which may change before the server reads the number.
const ask = () => state.ask("near", distance.value, around.value, coordinates.value, near.dataset.system)
distance.onchange = coordinates.onchange = ask
around.onchange = () => {
  coordinates.hidden = around.value !== "place"
  if (!coordinates.hidden) { coordinates.focus() }
  if (distance.value) { ask() }
}
self.content()
