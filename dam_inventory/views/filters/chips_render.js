list.onclick = (event) => {
  const button = event.target.closest("button")
  if (button === null) { return }
  const {name, value} = button.dataset
  if (value === undefined) { state.ask("clear", name) } else { state.ask("toggle", name, value) }
}
keep.onclick = () => state.ask("keep")
all.onclick = () => { state.ask("clear"); summary.focus() }
self.content()
