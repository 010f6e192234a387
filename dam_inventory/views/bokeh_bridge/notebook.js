// Patches for the page of a notebook, which a dashboard in a cell shares with other outputs.
(() => {
  const sheets = SHEETS
  const mend = () => {
    const {Models, require} = window.Bokeh
    // Panel's comm manager sends changes that come from Python back to Python, with the source of
    // every component: such a message is too long for a Jupyter server. Python also handles the
    // clicks in a message before its changes: "Add" before the last typed text. See
    // docs/upstream.md.
    const Manager = Models.get("panel.models.comm_manager.CommManager")
    const {_document_changed: changed, drops_echoes} = Manager.prototype
    if (!drops_echoes) {
      Manager.prototype.drops_echoes = true
      Manager.prototype._document_changed = function(event) {
        if (event.sync === false) { return }
        if (event.kind === "MessageSent" && this._event_buffer.length > 0) { this.process_events() }
        changed.call(this, event)
      }
    }
    // jupyter_bokeh does the same, and one click would be handled again and again. Its view has no
    // name here: what it asks of a document tells it.
    const {Document} = require("document")
    const {on_change, tells_no_echoes} = Document.prototype
    if (!tells_no_echoes) {
      Document.prototype.tells_no_echoes = true
      Document.prototype.on_change = function(callback, ...options) {
        const isTheirs = String(callback).includes("_change_event(")
        const hear = (event) => { if (event.sync !== false) { callback(event) } }
        on_change.call(this, isTheirs ? hear : callback, ...options)
      }
    }
    // Panel's style sheets have CDN URLs, and the CDN may be unreachable.
    const Imported = Models.get("ImportedStyleSheet")
    const {underlying, comes_along} = Imported.prototype
    if (!comes_along) {
      Imported.prototype.comes_along = true
      const {InlineStyleSheet} = require("core/dom")
      Imported.prototype.underlying = function() {
        const text = sheets[/\/(?:dist|extensions\/panel)\/([^?]+)/.exec(this.url)?.[1]]
        return text === undefined ? underlying.call(this) : new InlineStyleSheet(text)
      }
    }
  }
  const isLoaded = () => Boolean(window.Bokeh?.Models?.get("panel.models.comm_manager.CommManager"))
  if (isLoaded()) { mend(); return }
  const waiting = setInterval(() => { if (isLoaded()) { clearInterval(waiting); mend() } }, 5)
  setTimeout(() => clearInterval(waiting), 60_000)
})()
