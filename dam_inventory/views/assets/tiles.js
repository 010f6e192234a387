// bokehjs 3.9 asks again for a tile that failed, every millisecond and for ever: after the
// first failure its counter of attempts has passed the number that it is compared with.
const images = Bokeh.loader["core/util/image"]
if (images.ImageLoader.tries_once !== true) {
  images.ImageLoader = class {
    static tries_once = true
    constructor(src, {loaded, failed} = {}) {
      this.finished = false
      this.image = new Image()
      this.image.crossOrigin = "anonymous"
      this.promise = new Promise((resolve) => {
        this.image.onload = () => { this.finished = true; loaded?.(this.image); resolve(this.image) }
        this.image.onerror = () => failed?.()
      })
      this.image.src = src instanceof ArrayBuffer ? URL.createObjectURL(new Blob([src])) : src
    }
  }
}
const views = [...Bokeh.index.find(layer)]
// A tile that was panned out of view before it came would keep the page from ever being idle.
for (const view of views) { view.has_finished = () => true }
const use = (source) => {
  layer.tile_source = source
  // Bokeh only looks for attributions when a layer is shown or hidden.
  for (const view of views) { view.plot_view._update_attribution() }
}
const basemap = layer.name
window.damInventory?.set("basemap", basemap === usual ? "" : basemap)
use(blank)
if (!(basemap in sources)) { return }
const probe = new Image()
const report = (reached) => {
  clearTimeout(timer)
  if (layer.name !== basemap) { return }
  if (reached) { use(sources[basemap]) }
  layer.tags = [basemap, reached]
}
const timer = setTimeout(() => report(false), seconds * 1000)
probe.onload = () => report(true)
probe.onerror = () => report(false)
probe.src = sources[basemap].url.replace(/{[XYZ]}/g, "0")
