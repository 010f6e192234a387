only.onchange = () => self.content()
clear.onclick = () => state.ask("clear")
head.onclick = (event) => {
  const button = event.target.closest("button")
  if (button !== null) { state.ask(button.className === "remove" ? "remove" : "select", Number(button.dataset.dam)) }
}
// The panel may show something else until this moment: what is not displayed takes no focus.
state.focus = () => {
  const until = performance.now() + 3000
  const attempt = () => {
    box.focus({preventScroll: true})
    if (view.shadow_el.activeElement !== box && performance.now() < until) { requestAnimationFrame(attempt) }
  }
  attempt()
}
self.content()
if (data.opened > 0) { state.focus() }
