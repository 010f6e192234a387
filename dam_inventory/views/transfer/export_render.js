cancel.onclick = () => state.ask("cancel")
go.onclick = () => state.ask("export", go.textContent)
const choice = (name, verb) => ([value, text, hint, isPossible]) => {
  const label = make("label")
  const input = make("input")
  Object.assign(input, {type: "radio", name, value})
  input.disabled = !isPossible
  input.onchange = () => state.ask(verb, value)
  const words = make("span", text)
  if (hint) { words.append(make("span", hint, "hint")) }
  label.append(input, words)
  return label
}
// Only what differs is drawn, so that the focus stays where it is.
state.offer = (parent, verb, all, chosen) => {
  const key = JSON.stringify(all)
  if (parent.dataset.key !== key) {
    const at = parent.querySelector(":focus")?.value
    parent.dataset.key = key
    parent.replaceChildren(...all.map(choice(`${verb}-${data.id}`, verb)))
    if (at) { parent.querySelector(`[value="${at}"]`)?.focus({preventScroll: true}) }
  }
  for (const input of parent.querySelectorAll("input")) { input.checked = input.value === chosen }
}
// A server may lack the addresses, as that of a notebook or of another program.
state.look = async (isLogin) => {
  window.damExportLinks ??= isLogin ? Promise.resolve(true) : fetch("api", {method: "HEAD", headers: {Accept: "application/json"}})
    .then(({ok, headers}) => ok && (headers.get("content-type") ?? "").includes("json"), () => false)
  state.hasLinks = await window.damExportLinks
  // A server that is busy or restarts is asked again by the next card that opens.
  if (!state.hasLinks) { window.damExportLinks = undefined }
  self.content()
}
link.onclick = async () => {
  const {href} = new URL(JSON.parse(data.content).link.path, document.baseURI)
  told.textContent = ""
  try {
    await copy(href)
    byhand.hidden = true
    told.textContent = "Link copied."
  } catch {
    byhand.hidden = false
    address.value = href
    address.focus()
    address.select()
    told.textContent = "Copy this link."
  }
  clearTimeout(state.telling)
  state.telling = setTimeout(() => { told.textContent = "" }, 4000)
}
self.content()
