// Describes what has the focus: whether it is seen, and how much of the page a finger can hit.
() => {
  const above = (one) => one.parentNode ?? one.host
  const isWithin = (one, other) => {
    for (let up = one; up; up = above(up)) { if (up === other) { return true } }
    return false
  }
  const deepest = (x, y) => {
    for (let hit = document.elementFromPoint(x, y); ;) {
      const inner = hit?.shadowRoot?.elementFromPoint(x, y)
      if (!inner || inner === hit) { return hit }
      hit = inner
    }
  }
  let one = document.activeElement
  while (one?.shadowRoot?.activeElement) { one = one.shadowRoot.activeElement }
  if (!one || one === document.body) { return null }
  const { left, top, width, height } = one.getBoundingClientRect()
  const places = [[0.5, 0.5], [0.1, 0.2], [0.9, 0.2], [0.1, 0.8], [0.9, 0.8]]
  const hits = places.map(([right, down]) => deepest(left + right * width, top + down * height))
  const related = [one, ...one.labels ?? []]
  const isAtHand = (hit) => hit && related.some((part) => isWithin(hit, part) || isWithin(part, hit))
  const isTransparent = getComputedStyle(one).pointerEvents === "none"
  // A custom control may draw its outline around a part of it or around the box that it is in.
  const frame = one.closest("[class*=InputBase-root]")?.querySelector("fieldset")
  const outlines = [
    getComputedStyle(one), getComputedStyle(one, "::after"),
    ...[one.closest("[class*=Mui-focusVisible]"), one.closest(".button")].filter(Boolean).map((part) => getComputedStyle(part)),
  ]
  const isOutlined = outlines.some((style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) ||
    (frame && parseFloat(getComputedStyle(frame).borderTopWidth) >= 2)
  const target = related.at(-1).getBoundingClientRect()
  return {
    what: `${one.tagName} ${one.ariaLabel ?? one.textContent.trim().slice(0, 40)}`,
    isSeen: isTransparent || hits.some(isAtHand),
    isOutlined: Boolean(isOutlined || one.type === "range"),
    size: Math.min(Math.max(width, target.width), Math.max(height, target.height)),
  }
}
