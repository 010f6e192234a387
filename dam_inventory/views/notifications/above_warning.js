// What the window's lower edge has must stay above the warning: the buttons of a form, the table's pager.
const edge = new ResizeObserver(() => {
  const height = Math.max(offline.offsetHeight, warning.offsetHeight)
  document.documentElement.style.setProperty("--warning-height", `${height}px`)
})
edge.observe(offline)
edge.observe(warning)
