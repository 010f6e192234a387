list.onclick = (event) => {
  const button = event.target.closest("button")
  if (button === null) { return }
  const {name, value} = button.dataset
  if (value === undefined) { state.ask("clear", name) } else { state.ask("toggle", name, value) }
}
all.onclick = () => { state.ask("clear"); summary.focus() }
self.content()
