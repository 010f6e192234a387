if (data.session === "") { return }
// What of a page must outlive its connection: it stays in the window when the document is drawn
// anew after a short gap, and in the browser's storage when the page is loaded anew.
const isFirst = window.damInventory === undefined
const app = (window.damInventory ??= {attempts: 0, isAway: false, isReconnecting: false})
const storage = "dam-inventory"
app.seen = JSON.parse(data.content).seen
app.say = (text) => { offline.textContent = text; offline.hidden = text === "" }
app.say("")

app.set = (key, value) => {
  const url = new URL(window.location.href)
  if (value === "" || value === null) { url.searchParams.delete(key) }
  else { url.searchParams.set(key, value) }
  if (url.href !== window.location.href) { history.replaceState(history.state, "", url) }
}
const fields = () => [...data.document._all_models.values()].filter(({tags}) => tags?.[0] === "draft")
app.drafts = () => fields().map(({tags, data: field}) => [...tags.slice(1), field.value_input ?? ""])
const restore = (drafts) => {
  const texts = new Map(drafts.map((draft) => [draft.slice(0, -1).join(), draft.at(-1)]))
  for (const {tags, data: field} of fields()) {
    const text = texts.get(tags.slice(1).join())
    if (text !== undefined && text !== field.value_input) { field.value_input = text; field.value = text }
  }
}
app.reload = () => {
  app.say("The server answers again. Loading the page …")
  const {drafts, seen} = app.kept
  try { sessionStorage.setItem(storage, JSON.stringify(drafts)) } catch { /* full or forbidden */ }
  app.set("seen", seen)
  window.location.reload()
}
const tryLater = () => {
  // Five hundred pages that lost the same server must not ask all at once.
  const pause = Math.min(10_000, 500 * 2 ** app.attempts) * (0.5 + Math.random())
  app.attempts += 1
  setTimeout(app.look, pause)
}
const ask = async () => {
  const signal = AbortSignal.timeout(5000)
  const response = await fetch("health", {cache: "no-store", signal})
  // A server without this plugin answers, too, but can't tell whether it is the same as before.
  return response.status === 404 ? data.process : (await response.json()).process
}
app.look = async () => {
  let process
  try { process = await ask() } catch { tryLater(); return }
  app.kept = {drafts: app.drafts(), seen: app.seen}
  // The server was started anew, or has forgotten a page that was away for so long.
  const isForgotten = Date.now() - app.since > 1000 * data.patience
  if (process !== data.process || isForgotten) { app.reload(); return }
  app.isReconnecting = true
  const lost = app.lost, connection = lost.connection.deref()
  // bokehjs would take what begins to come now for the rest of a message that was cut off.
  connection._receiver = new connection._receiver.constructor()
  lost.reconnect()
  setTimeout(() => { if (app.isReconnecting && app.lost === lost) { app.reload() } }, 15_000)
}
const onLost = (_, event) => {
  app.lost = event
  // The server answers, but not to this page: its token is too old.
  if (app.isReconnecting) { app.reload(); return }
  app.isAway = true
  app.since = Date.now()
  app.attempts = 0
  setTimeout(() => { if (app.isAway) { app.say("The connection to the server is lost. Trying again …") } }, 1000)
  tryLater()
}
const onReconnected = () => { app.isAway = app.isReconnecting = false; app.say("") }

if (isFirst) {
  app.session = data.session
  data.document.on_event("connection_lost", onLost)
  data.document.on_event("client_reconnected", onReconnected)
  app.set("seen", "")
  const kept = sessionStorage.getItem(storage)
  sessionStorage.removeItem(storage)
  // What is set while a page is drawn for the first time does not reach the server.
  const send = () => {
    if (data.document.is_idle) { data.kept = kept } else { setTimeout(send, 100) }
  }
  if (kept !== null && kept !== "[]") { send() }
} else if (app.session !== data.session) {
  app.reload()
} else if (app.kept) {
  restore(app.kept.drafts)
  app.kept = undefined
}
