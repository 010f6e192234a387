// A page that is drawn again after a short interruption has the like of what had the focus.
const called = (one) => `${one.tagName} ${one.ariaLabel ?? ""} ${one.type ?? ""}`
// Style sheets stand at other places among them.
const kind = (one) => `${one.tagName} ${one.classList[0] ?? ""}`
const like = (parent, wanted) => [...parent?.children ?? []].filter((one) => kind(one) === wanted)
const noteFocus = () => {
  const one = focused()
  if (!one) { return null }
  const path = []
  for (let at = one; at !== document.body; at = at.parentNode.host ?? at.parentNode) {
    if (!at.parentNode) { return null }
    path.unshift([at.parentNode.host !== undefined, kind(at), like(at.parentNode, kind(at)).indexOf(at)])
  }
  // Not all fields tell of their caret.
  return {path, name: called(one), text: one.value, from: one.selectionStart, to: one.selectionEnd}
}
const refocus = (noted) => {
  if (!noted) { return }
  const until = performance.now() + 5000
  const look = () => {
    if (performance.now() > until || focused()) { return }
    let one = document.body
    for (const [isShadow, wanted, place] of noted.path) { one = like(isShadow ? one?.shadowRoot : one, wanted)[place] }
    const isDrawn = one && called(one) === noted.name && one.value === noted.text && one.checkVisibility()
    if (!isDrawn) { requestAnimationFrame(look); return }
    one.focus({preventScroll: true})
    if (Number.isInteger(noted.from)) { one.setSelectionRange(noted.from, noted.to) }
  }
  look()
}
