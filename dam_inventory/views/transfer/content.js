const now = JSON.parse(data.content)
const {step, heading: said, file: about, progress, result: ended} = now
const isNew = step !== state.step
const hadFocus = card.contains(view.shadow_el.activeElement)
state.step = step
fault.textContent = now.fault
fault.hidden = now.fault === ""
heading.textContent = said
heading.hidden = said === ""
limits.textContent = now.limits
file.hidden = !about
name.textContent = about?.name ?? ""
facts.textContent = about?.facts ?? ""
if (notes.dataset.key !== JSON.stringify(about?.notes)) {
  notes.dataset.key = JSON.stringify(about?.notes)
  notes.replaceChildren(...(about?.notes ?? []).map((one) => {
    const item = document.createElement("li")
    item.textContent = one
    return item
  }))
}
choose.hidden = step !== "choose"
working.hidden = !progress
columns.hidden = !now.columns
seen.hidden = !now.findings
finished.hidden = !ended
if (progress) {
  bar.value = progress.share
  amount.textContent = progress.text
  cancel.disabled = progress.is_stopping
}
if (now.upload) { state.send(now.upload) } else { state.rest() }
if (now.columns) { state.columns(now.columns) }
if (now.findings) {
  state.find(now.findings)
  state.choose(now.choices)
}
if (ended) {
  result.textContent = ended.text
  undo.hidden = !ended.undo
  undo.disabled = ended.is_undoing
}
// The control that had the focus may be hidden now.
if (isNew && hadFocus) { (step === "choose" ? input : heading).focus({preventScroll: true}) }
// What the page tells a new server that it was in the middle of.
const isUnderWay = about && step !== "choose" && step !== "done"
if (window.damInventory) { window.damInventory.importing = isUnderWay ? {step, name: about.name} : undefined }
