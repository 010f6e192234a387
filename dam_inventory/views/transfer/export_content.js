const now = JSON.parse(data.content)
const {progress, link: offered} = now
const had = view.shadow_el.activeElement
fault.textContent = now.fault
fault.hidden = now.fault === ""
state.offer(whats, "what", now.whats.map(([what, text, isPossible]) => [what, text, "", isPossible]), now.what)
state.offer(kinds, "kind", now.kinds, now.kind)
file.hidden = now.kind === ""
chosen.disabled = file.disabled = Boolean(progress)
note.textContent = now.note
result.textContent = now.result
working.hidden = !progress
begin.hidden = Boolean(progress)
go.textContent = now.button
go.disabled = !now.is_ready
if (progress) {
  // Without a value, the bar says only that something is under way.
  if (progress.share === null) { bar.removeAttribute("value") } else { bar.value = progress.share }
  amount.textContent = progress.text
}
const path = offered && state.hasLinks ? offered.path : ""
link.hidden = path === ""
linknote.textContent = progress || !state.hasLinks ? "" : (offered?.note ?? "")
if (state.path !== path) {
  state.path = path
  byhand.hidden = true
  told.textContent = ""
}
if (offered && state.hasLinks === undefined) { state.hasLinks = false; state.look(offered.is_login) }
// The button that had the focus is hidden now.
if (progress && had === go) { cancel.focus({preventScroll: true}) }
if (!progress && had === cancel) { go.focus({preventScroll: true}) }
