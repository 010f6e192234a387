text.textContent = data.sentence
if (data.is_elsewhere) {
  next.textContent = "Reload this page in a minute."
  return
}
next.textContent = "This page tries again by itself."
document.documentElement.style.colorScheme = "light dark"
document.body.style.background = "Canvas"
const again = (seconds) => setTimeout(look, 1000 * seconds)
const since = Date.now()
const look = async () => {
  try {
    const {status} = await fetch("health", {cache: "no-store", signal: AbortSignal.timeout?.(5000)})
    // A server without the plugin has no /health: only a new page knows.
    if (status === 200 || (status === 404 && Date.now() - since > 20_000)) {
      window.location.reload()
      return
    }
  } catch {}
  again(3)
}
again(1)
