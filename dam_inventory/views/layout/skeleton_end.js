// The skeleton gives way when the whole page is drawn. It says what keeps it, and goes on waiting.
{
  const skeleton = document.getElementById("skeleton")
  const LATE = 30_000
  const say = (text) => {
    document.getElementById("skeleton-note").textContent = text
    skeleton.classList.add("failed")
  }
  const look = () => {
    const doc = window.Bokeh?.documents?.[0]
    const isLate = performance.now() > LATE
    if (doc?.roots().length && (doc.is_idle && document.fonts.status === "loaded" || isLate && !_wsError)) {
      skeleton.remove()
      return
    }
    if (_wsError && !doc?.is_idle) { say("The server could not be reached. Reload the page in a moment.") }
    else if (!window.Bokeh) { say("The page could not be loaded completely. Check the connection and reload the page.") }
    setTimeout(look, 50)
  }
  look()
}
