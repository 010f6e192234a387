if (data.session === "") {
  // Panel's JupyterLab extension removes a kernel that was restarted or has died.
  const isAlive = () => Boolean(window.PyViz?.kernels?.[data.cell])
  let wasAlive = false
  state.watching ??= setInterval(() => {
    wasAlive ||= isAlive()
    if (!wasAlive || isAlive()) { return }
    clearInterval(state.watching)
    offline.textContent = "The kernel of this dashboard has stopped. Run its cell again."
    offline.hidden = false
  }, 500)
  return
}
// State that must outlive the connection: it stays in the window when the document is drawn again
// after a short interruption, and in the browser's storage when the page is reloaded.
const isFirst = window.damInventory === undefined
const app = (window.damInventory ??= {attempts: 0, losses: 0, backAt: 0, isAway: false, isReconnecting: false, isRefused: false})
const storage = "dam-inventory"
// The newest change that the page knows (SEQ-TOKEN), and the inventory's epoch, which changes when
// the inventory is restored.
const {seen: newest, epoch} = JSON.parse(data.content)
Object.assign(app, {seen: newest, epoch})
app.say = (text) => { offline.textContent = text; offline.hidden = text === "" }
app.say("")

// The page also works if a browser denies storage or changes of the URL, or does not support them.
const attempt = (work) => { try { return work() } catch { return null } }
const stored = {
  get: () => attempt(() => sessionStorage.getItem(storage)),
  set: (text) => attempt(() => sessionStorage.setItem(storage, text)),
  remove: () => attempt(() => sessionStorage.removeItem(storage)),
}
// In a page of another site, its address, its history and its life are not ours: what a link needs
// to know is noted here, and `app.href` is the dashboard's own address.
const isOurs = data.elsewhere === ""
const place = () => isOurs ? window.location.href : app.href ?? new URL(data.elsewhere, window.location.href)
// Browsers let a page change its URL only about 100 times in 30 seconds.
app.unnoted ??= new Map()
app.set = (key, value) => { app.unnoted.set(key, value); app.noteSoon() }
app.noteSoon = () => { clearTimeout(app.noting); app.noting = setTimeout(() => app.note(), 300) }
app.note = () => {
  clearTimeout(app.noting)
  app.noting = undefined
  const url = new URL(place())
  const put = (key, value) => {
    if (Array.isArray(value)) {
      url.searchParams.delete(key)
      for (const one of value) { url.searchParams.append(key, one) }
    } else if (value === "" || value === null) { url.searchParams.delete(key) }
    else { url.searchParams.set(key, value) }
  }
  for (const [key, value] of app.unnoted) { put(key, value) }
  app.unnoted.clear()
  if (app.view) { put("view", app.view(url.searchParams.has("selected"))) }
  if (isOurs && url.href !== window.location.href) { attempt(() => history.replaceState(history.state, "", url)) }
  app.href = isOurs ? window.location.href : url.href
}
const known = () => [...data.document.all_models].filter(({tags}) => tags?.[0] === "draft")
// bokehjs keeps the models of a form that was closed: only those that are drawn count.
const fields = () => known().filter((field) => Bokeh.index.find_one(field)?.el.isConnected)
app.isChanged = () => fields().some(({tags, data: field}) => (field.value_input ?? "") !== tags.at(-1))
app.drafts = () => fields().map(({tags, data: field}) => [...tags.slice(1), field.value_input ?? ""])
const restore = (drafts) => {
  const texts = new Map(drafts.map((draft) => [draft.slice(0, -1).join(), draft.at(-1)]))
  for (const {tags, data: field} of known()) {
    const text = texts.get(tags.slice(1).join())
    if (text !== undefined && text !== field.value_input) { field.value_input = text; field.value = text }
  }
}
const keep = () => {
  const drafts = app.drafts()
  const {step, name} = app.importing ?? {}
  const others = step ? [["import", 0, app.seen, step, "", name]] : JSON.parse(app.unrestored ?? "[]")
  app.kept = {drafts: drafts.length ? drafts : others, seen: app.seen, focus: noteFocus()}
}
app.reload = () => {
  const {drafts, seen} = app.kept
  stored.set(JSON.stringify(drafts))
  if (!isOurs) {
    app.say("The server was restarted. Reload this page to go on with the dashboard.")
    return
  }
  app.say("The server is available again. Reloading the page …")
  app.set("seen", seen)
  app.note()
  app.isReloading = true
  window.location.reload()
}
const tryLater = () => {
  // Hundreds of pages that lost the same server must not send their requests at the same moment.
  const pause = Math.min(10_000, 500 * 2 ** app.attempts) * (0.5 + Math.random())
  app.attempts += 1
  setTimeout(() => app.look(), pause)
}
const ask = async () => {
  const signal = AbortSignal.timeout?.(5000)
  const response = await fetch(new URL("health", place()), {cache: "no-store", signal})
  // A server without this plugin has no /health: assume that it is the same process as before.
  if (response.status === 404) { return {process: data.process, seq: 0, epoch: app.epoch} }
  const health = await response.json()
  if (health.process === null) { throw new Error("It has not reached its database yet.") }
  return health
}
app.look = async () => {
  let health
  try { health = await ask() } catch { tryLater(); return }
  keep()
  // The server was restarted, or it has already discarded this page's session.
  const isForgotten = Date.now() - app.since > 1000 * data.patience
  // What the page says at once when it is back may be what the server does not take.
  const isThrownOut = app.losses > 3
  if (app.isRefused || isThrownOut || health.process !== data.process || isForgotten) { app.reload(); return }
  app.isReconnecting = true
  const lost = app.lost
  forgetHalfMessage(lost.connection.deref())
  keepDocument(lost.connection.deref()?.session, keep)
  lost.reconnect()
  setTimeout(() => { if (app.isReconnecting && app.lost === lost) { refuse(); tryLater() } }, 60_000)
}
// The server responds, but refuses this page, for example because its token has expired. Only a
// reload helps, as soon as the server is available.
const refuse = () => { app.isReconnecting = false; app.isRefused = true; app.attempts = 0 }
const onLost = (_, event) => {
  app.lost = event
  if (app.isReconnecting) { refuse(); tryLater(); return }
  app.isAway = true
  app.since = Date.now()
  app.losses = app.since - app.backAt < 5000 ? app.losses + 1 : 1
  app.attempts = 0
  setTimeout(() => { if (app.isAway) { app.say("The connection to the server is lost. Reconnecting …"); app.setReach(false) } }, 1000)
  tryLater()
}
// A connection may break while a laptop sleeps, without an event in the page.
app.wake = async () => {
  if (app.isAway || app.isWaking) { return }
  app.isWaking = true
  // A message that can't be delivered closes a connection that only seems to be open.
  data.wakes += 1
  try {
    const {process, seq, epoch} = await ask()
    const isDeaf = () => process !== data.process || seq > parseInt(app.seen) || epoch !== app.epoch
    if (!isDeaf()) { return }
    await new Promise((resolve) => setTimeout(resolve, 3000))
    if (isDeaf() && !app.isAway) { keep(); app.reload() }
  } catch {
    if (!document.hidden) { setTimeout(() => app.wake(), 5000) }
  } finally { app.isWaking = false }
}
const onReconnected = () => { app.backAt = Date.now(); app.isAway = app.isReconnecting = app.isRefused = false; app.say(""); app.setReach(true) }

if (isFirst) {
  app.session = data.session
  data.document.on_event("connection_lost", onLost)
  data.document.on_event("client_reconnected", onReconnected)
  app.set("seen", "")
  const kept = stored.get()
  if (kept !== null && kept !== "[]") {
    app.unrestored = kept
    const until = Date.now() + 60_000
    let isSent = false
    const restoring = setInterval(() => {
      // A value that is set during the first draw of the page does not reach the server.
      if (!isSent && data.document.is_idle) { data.kept = kept; isSent = true }
      const isRestored = isSent && (fields().length > 0 || kept.startsWith('[["import"'))
      if (!isRestored && Date.now() < until) { return }
      clearInterval(restoring)
      stored.remove()
      app.unrestored = undefined
    }, 100)
  }
  let ticked = Date.now()
  setInterval(() => {
    if (Date.now() - ticked > 20_000) { app.wake() }
    ticked = Date.now()
  }, 5000)
  window.addEventListener("pagehide", () => app.note())
  window.addEventListener("online", () => app.wake())
  document.addEventListener("visibilitychange", () => { if (!document.hidden) { app.wake() } })
} else if (app.session !== data.session) {
  app.reload()
} else if (app.kept) {
  restore(app.kept.drafts)
  refocus(app.kept.focus)
  app.kept = undefined
}
