const page = () => {
  let host = box
  while (host && !host.classList?.contains("side")) { host = host.parentNode ?? host.host }
  return host?.getRootNode().host
}
begin.onclick = () => {
  page().dataset.placing = ""
  bar.hidden = false
  center.focus()
}
state.stop = () => {
  if (bar.hidden) { return }
  bar.hidden = true
  delete page()?.dataset.placing
  begin.focus()
}
stop.onclick = () => state.stop()
center.onclick = () => {
  const map = [...data.document.all_models].find(({type, name}) => type === "Figure" && name === "map")
  data.middle = [map.x_range, map.y_range].map(({start, end}) => (start + end) / 2)
}
bar.onkeydown = (event) => {
  if (event.key !== "Escape") { return }
  event.stopPropagation()
  state.stop()
}
