
// While the server can't be reached, what needs it looks disabled, does nothing, and says so where
// it is pressed. What is typed is kept.
const NEEDS_SERVER = ".side, .table, .rail, .line, .toast, .badge, .add"
const CONTROLS = "button, a[href], summary, select, input:is([type=checkbox], [type=radio], [type=file])"
app.setReach = (isReached) => {
  document.documentElement.style.setProperty("--reach", isReached ? "1" : ".45")
  if (isReached) { beside.hidden = true }
}
app.tellBeside = (target) => {
  const {left, bottom, top} = target.getBoundingClientRect()
  beside.textContent = "The connection is lost. This was not sent."
  beside.hidden = false
  const {offsetWidth: width, offsetHeight: height} = beside
  const isBelow = bottom + height + 12 < innerHeight
  beside.style.left = `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`
  beside.style.top = `${isBelow ? bottom + 4 : Math.max(8, top - height - 4)}px`
}
app.setReach(true)
const onUse = (event) => {
  if (!app.isAway) { return }
  const path = event.composedPath().filter((one) => one.matches)
  if (!path.some((one) => one.matches(NEEDS_SERVER))) { return }
  const [target] = path
  const used = event.type === "click"
    ? path.find((one) => one.matches(`${CONTROLS}, tr[data-id]`))
    : (event.key === "Enter" && target.matches("input, td") || event.key === " " && target.matches("td")) && target
  if (!used) { return }
  event.preventDefault()
  event.stopImmediatePropagation()
  app.tellBeside(used)
}
if (isFirst) {
  for (const kind of ["click", "keydown"]) { window.addEventListener(kind, onUse, {capture: true}) }
}
