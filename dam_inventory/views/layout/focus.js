// The focus goes into a card that a person opens, returns to what opened it, and is never lost.
// Escape closes what is on top; F6 and Alt+T lead to the toast and back.
const root = state.page
const inside = (top) => [top, ...top.querySelectorAll("*")].flatMap((one) => one.shadowRoot ? [one, ...inside(one.shadowRoot)] : [one])
const first = (selector, top) => top && inside(top).find((one) => one.matches?.(selector) && isUsable(one))
const isUsable = (one) => one.isConnected && !one.disabled && one.checkVisibility({visibilityProperty: true})
const around = (one, selector) => {
  for (; one; one = one.parentNode ?? one.host) { if (one.matches?.(selector)) { return one } }
  return null
}
const name = (one) => one.ariaLabel ?? one.textContent.trim()
// What a button does stays when its text changes: "Assign hydrograph" becomes "Add hydrograph".
const does = (one) => /\bdoes-\w+/.exec(one.getRootNode().host?.className)?.[0] ?? name(one)
const side = () => root()?.shadowRoot.querySelector(".side")
const toast = () => first(".toast:not([hidden])", document.body)
const press = (one) => { one?.click(); return Boolean(one) }

// What had the focus, newest last, with a way to find the like of what is drawn anew.
const trail = []
const note = () => {
  const one = focused()
  if (!one || one === trail.at(-1)?.one || !isOurs(one)) { return }
  const row = one.closest("tr[data-id]")
  const isInside = around(one, ".side, .toast") !== null
  const button = isInside && one.matches("button") ? does(one) : null
  trail.push({one, isInside, button, dam: row?.dataset.id, cell: one.closest("td")?.cellIndex, grid: one.closest("[role=grid]")})
  trail.splice(0, trail.length - 20)
}
const like = ({one, dam, cell, grid, button}) => {
  if (dam !== undefined && grid.isConnected) {
    const row = grid.querySelector(`tr[data-id="${dam}"]`)
    one = row ? (row.cells[cell].querySelector("button, input") ?? row.cells[cell]) : grid.querySelector("[tabindex='0']")
  } else if (button !== null && !isUsable(one)) {
    one = inside(side()).find((other) => other.matches?.("button") && does(other) === button && isUsable(other))
  }
  return one && isUsable(one) ? one : null
}
const go = (one) => { one.focus({preventScroll: around(one, ".side") === null}); return focused() === one }
const back = (isFit = () => true) => {
  for (const entry of trail.toReversed().filter(isFit)) {
    const one = like(entry)
    if (one && go(one)) { return }
  }
  const next = first("[role=grid] [tabindex='0']", root()) ?? first(".region", root())
  if (next) { go(next) }
}

let activated = null
let acts = 0
let actsThen = 0
const on_act = ({type, key}) => {
  note()
  acts += 1
  if (type === "click" || key === "Enter" || key === " ") { activated = trail.at(-1); actsThen = acts }
}
// What opened the cards that lie over each other, in this order.
const openers = []
const isFree = () => { const now = focused(); return !now || !isUsable(now) || around(now, ".side") !== null }
const ways = {
  card: (card) => first("h2", card) && go(card),
  field: (card) => { const field = first("input:not([type=file])", card); return field && go(field) },
  last: (card) => { const button = inside(card).findLast((one) => one.matches?.("button") && isUsable(one)); return button && go(button) },
  back: () => {
    const one = !isFree() || !openers.length ? true : like(openers.at(-1))
    if (one) { openers.pop() }
    return one === true || (one && go(one))
  },
  stay: () => true,
  none: () => {
    openers.length = 0
    if (isFree()) { back(({isInside}) => !isInside) }
    return true
  },
}
// A card is drawn step by step; it is shown at once, so that its parts do not move one another.
const isDrawn = (card) => {
  const all = inside(card)
  const parts = all.filter((one) => /ReactComponent/.test(one.className) && one.offsetParent)
  return all.some((one) => one.matches?.("h2")) && parts.every((one) => one.offsetHeight > 0)
}
const HIDDEN = {visibility: "hidden", contentVisibility: "hidden"}
const SHOWN = {visibility: "", contentVisibility: ""}
const SOON = 2000
const label = (card) => {
  const title = first("h2", card)
  if (title) { Object.assign(card, {tabIndex: -1, role: "region", ariaLabel: name(title)}) }
}
let isVeiled = false
const veil = () => {
  if (isVeiled) { return }
  isVeiled = true
  delete root().dataset.placing
  const card = side()
  const until = performance.now() + SOON
  let drawn = 0
  Object.assign(card.style, HIDDEN)
  const look = () => {
    drawn = isDrawn(card) ? drawn + 1 : 0
    isVeiled = drawn < 2 && performance.now() < until
    if (isVeiled) { requestAnimationFrame(look); return }
    Object.assign(card.style, SHOWN)
    label(card)
  }
  look()
}
let entering = 0
const enter = (card, way) => {
  if (way === "card" || way === "field") {
    if (activated) { openers.push(activated) }
    card.tabIndex = -1
    card.role = "region"
    // A link opened it: nobody has gone anywhere yet.
    if (!acts) { way = "stay" }
  }
  const number = (entering += 1)
  const until = performance.now() + 1.5 * SOON
  const actsBefore = actsThen
  const look = () => {
    if (number !== entering) { return }
    if (!isVeiled) {
      const now = focused()
      if (card.role === "region") { label(card) }
      // Nobody who has gone on with something else is called away from it.
      const isElsewhere = acts !== actsBefore && now && isUsable(now)
      if (isElsewhere || performance.now() > until || ways[way](card)) { entering = 0; return }
    }
    requestAnimationFrame(look)
  }
  look()
}
const attach = () => {
  if (!side()) { requestAnimationFrame(attach); return }
  root().enter = enter
  const hasCard = (nodes) => [...nodes].some((one) => one.shadowRoot)
  new MutationObserver((changes) => {
    if (changes.some(({addedNodes}) => hasCard(addedNodes))) { veil() }
  }).observe(side().shadowRoot, {childList: true})
  // The page is drawn again after a short interruption, with the card that was open.
  if (hasCard(side().shadowRoot.children)) { veil() }
}
attach()

let isLost = 0
const watch = () => {
  note()
  const last = trail.at(-1)?.one
  const isFine = focused() || !last || entering || isVeiled || isUsable(last)
  // A button that waits for an answer may get the focus back.
  const isWaiting = last?.disabled && last.isConnected && last.checkVisibility()
  isLost = isFine ? 0 : isLost + 1
  if (isLost > (isWaiting ? 50 : 6)) { isLost = 0; back() }
}

const escape = (here) => {
  if (around(here, ".toast")) { return closeToast() }
  if (around(here, ".side")) { return closeCard() }
  if (around(here, ".sidebar")) { return press(first("[aria-label='Close drawer']", document.body)) }
  return closeToast() || closeCard()
}
const closeToast = () => toast() && press(first("[id^=nevermind], [id^=close]", toast()))
const closeCard = () => {
  const card = side()
  if (!card || !isUsable(card)) { return false }
  const buttons = inside(card).filter((one) => one.matches?.("button") && isUsable(one))
  return press(buttons.find((one) => name(one) === "Keep") ?? buttons.find((one) => /^Close/.test(name(one))))
}
// In a notebook, keys are only for the dashboard that has the focus.
const isOurs = (one) => {
  const whole = root()?.getRootNode().host
  for (; one; one = one.parentNode ?? one.host) { if (one === whole) { return true } }
  return data.is_served
}
const on_key = (event) => {
  const isJump = event.key === "F6" || (event.altKey && event.code === "KeyT")
  const here = focused()
  if (!isJump && event.key !== "Escape" || !isOurs(here)) { return }
  note()
  if (isJump && toast()) {
    event.preventDefault()
    if (!around(here, ".toast")) { go(first("button.main", toast())) }
    else {
      const entry = trail.toReversed().find((one) => !around(one.one, ".toast") && like(one))
      if (entry) { go(like(entry)) }
    }
  } else if (event.key === "Escape" && !event.defaultPrevented && !first(":popover-open", document.body)) {
    if (escape(here)) { event.preventDefault() }
  }
}
const ending = new AbortController()
const watching = setInterval(() => {
  if (bar.isConnected) { watch() } else { clearInterval(watching); ending.abort() }
}, 100)
document.addEventListener("keydown", on_key, {signal: ending.signal})
for (const kind of ["keydown", "click"]) {
  document.addEventListener(kind, on_act, {capture: true, signal: ending.signal})
}
