// What a dashboard in the output of a cell needs of its page, which it shares with other outputs.
(() => {
  const sheets = SHEETS
  const mend = () => {
    const {Models, require} = window.Bokeh
    // Panel's comm manager also sends back what has just come from Python, with the source of every
    // component in it: such a message is longer than a Jupyter server takes. And of what comes in
    // one message, Python takes clicks before changes: "Add" before what was typed last. See
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
    // Style sheets of Panel are addressed at a CDN, which may be out of reach.
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
