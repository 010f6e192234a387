const {done, matching, folds: known, only: alone, near: circle, lists: hasLists} = JSON.parse(data.content)
if (known === undefined || state.folds === undefined) { return }
state.sent = state.sent.filter(([number]) => number > done)
// What the person has just chosen is still under way: its answer says what is chosen.
const isLate = state.sent.length > 0
const number = (count) => count.toLocaleString("en-US")
const focused = view.shadow_el.activeElement
const update = (item, [value, label, count, checked], most) => {
  const box = item.querySelector("input")
  if (!isLate && box.checked !== checked) { box.checked = checked }
  const name = item.querySelector(".name")
  name.textContent = name.title = label
  item.querySelector(".count").textContent = count === null ? "" : number(count)
  item.querySelector(".bar").style.width = count ? `${Math.max(1, 100 * count / most)}%` : "0"
  item.classList.toggle("none", count === 0)
}
const fill = (list, options, most) => {
  const items = new Map([...list.children].map((item) => [item.dataset.value, item]))
  const isHere = list.contains(focused)
  const wanted = new Set(options.map(([value]) => value))
  for (const [value, item] of items) {
    // The option with the focus stays, or the focus would be lost.
    if (!wanted.has(value) && !item.contains(focused)) { item.remove() }
    else if (!wanted.has(value)) { update(item, [value, item.querySelector(".name").textContent, 0, false], most) }
  }
  options.forEach((option, index) => {
    const item = items.get(option[0]) ?? state.option(option[0])
    update(item, option, most)
    // Nothing moves under the hands of a person who is in this list.
    if (isHere && item.isConnected) { return }
    if (list.children[index] !== item) { list.insertBefore(item, list.children[index] ?? null) }
  })
}
fill(only, alone, Infinity)
lists.hidden = hasLists
unit.textContent = circle.unit
const isTyping = [distance, coordinates].includes(focused)
if (near.dataset.system !== circle.system || (!isLate && !isTyping)) {
  distance.value = circle.distance
  coordinates.value = circle.place
}
if (!isLate && focused !== around) { around.value = circle.of; coordinates.hidden = circle.of !== "place" }
near.dataset.system = circle.system
around.options[0].disabled = !circle.hasDam
fault.textContent = circle.fault
for (const [name, fold] of state.folds) {
  const now = known[name]
  fold.hidden = now === undefined
  if (now === undefined) { continue }
  fold.querySelector(".chosen").textContent = now.chosen ? `${now.chosen} chosen` : ""
  const list = fold.querySelector("ul")
  if (now.bins === undefined) {
    const most = Math.max(1, ...now.options.map(([, , count]) => count))
    fill(list, now.options, most)
    const find = fold.querySelector(".find")
    find.hidden = !now.known
    find.placeholder = `Find among ${number(now.known ?? 0)}`
    fold.querySelector(".more").textContent = now.hidden ? `${number(now.hidden)} more` : ""
    continue
  }
  const body = fold.querySelector(".body")
  const most = Math.max(1, ...now.bins)
  fold.querySelectorAll(".bars i").forEach((bar, index) => {
    bar.style.height = now.bins[index] ? `${Math.max(4, 100 * now.bins[index] / most)}%` : "0"
  })
  const [from, to] = fold.querySelectorAll("input[type=range]")
  if (!isLate && body.timer === undefined) { from.value = now.low; to.value = now.high }
  body.show()
  fill(list, [["", "Unknown", now.unknown, now.is_unknown_too]], matching || 1)
}
